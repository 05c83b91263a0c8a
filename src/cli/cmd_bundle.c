/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/bundle_case.h"
#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/exchange_file.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/receive_desk.h"
#include "ekigaku/bundle.h"

enum { MOST_TRUSTED = 256, KEY_BYTES = 32, KEY_TEXT = 2 * KEY_BYTES };

struct request {
    const char *key, *by, *output, *time, *to, *records, *store, *directory, *as;
    int64_t of_case;
    bool json;
    uint8_t trusted[MOST_TRUSTED * EKI_BUNDLE_KEY];
    size_t trusted_count;
    enum eki_tlp_audience audience;
    enum eki_tlp label;
    bool labelled, help;
};

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_bundle, format, what);
}

/* The value of a hexadecimal digit, -1 for what is none. */
static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A key file is a line: a word that says which key it is, and its bytes in hexadecimal. */
static bool read_key(const char *path, const char *word, uint8_t ret_key[KEY_BYTES])
{
    char line[128] = "", head[32];
    FILE *in = fopen(path, "r");
    if (!in) {
        fprintf(stderr, "ekigaku bundle: %s: %s\n", path, strerror(errno));
        return false;
    }
    size_t length = (size_t)snprintf(head, sizeof head, "ekigaku %s ", word);
    bool good = fgets(line, sizeof line, in) && !strncmp(line, head, length) &&
                strcspn(line + length, "\r\n") == KEY_TEXT;
    fclose(in);
    for (size_t i = 0; good && i < KEY_BYTES; i++) {
        int high = digit(line[length + 2 * i]), low = digit(line[length + 2 * i + 1]);
        good = high >= 0 && low >= 0;
        if (good) ret_key[i] = (uint8_t)(high << 4 | low);
    }
    if (!good) fprintf(stderr, "ekigaku bundle: %s: holds no %s key of ekigaku\n", path, word);
    return good;
}

/* Never over a file that is there: a lost secret key is lost for good. */
static bool write_key(const char *path, const char *word, const uint8_t key[KEY_BYTES], mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    FILE *out = file < 0 ? NULL : fdopen(file, "w");
    bool good = out;
    if (out) {
        fprintf(out, "ekigaku %s ", word);
        for (size_t i = 0; i < KEY_BYTES; i++) fprintf(out, "%02x", key[i]);
        fputc('\n', out);
        good = !fflush(out) && !fsync(file);
        good = !fclose(out) && good;
    }
    if (!good) fprintf(stderr, "ekigaku bundle: %s: %s\n", path, strerror(errno));
    return good;
}

static int make_key(const char *path, struct request *request)
{
    uint8_t seed[EKI_BUNDLE_SEED], key[EKI_BUNDLE_KEY];
    char other[4096];
    (void)request;
    if (snprintf(other, sizeof other, "%s.pub", path) >= (int)sizeof other)
        return misused("%s: too long", path);
    if (getrandom(seed, sizeof seed, 0) != sizeof seed) {
        fputs("ekigaku bundle: no randomness\n", stderr);
        return EKI_EXIT_FAILED;
    }
    eki_bundle_public(seed, key);
    bool secret = write_key(path, "secret", seed, 0600);
    bool good = secret && write_key(other, "public", key, 0644);
    if (secret && !good) unlink(path); /* half a pair helps nobody */
    explicit_bzero(seed, sizeof seed);
    return good ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}

static enum eki_error describe(struct eki_incident *incident, const struct request *request, eki_time now)
{
    enum eki_tlp label = incident->tlp;
    if (request->labelled)
        label = incident->marked ? eki_tlp_stricter(label, request->label) : request->label;
    eki_incident_mark(incident, label);
    enum eki_error error = eki_incident_report_by(incident, request->by, NULL, NULL);
    return error ? error : eki_incident_complete(incident, now);
}

static int sign(struct eki_incident *incident, const struct request *request,
                struct eki_bundle_making *making)
{
    struct eki_output output = {.file = stdout};
    making->incident = incident;
    making->audience = request->audience;
    making->decision =
        eki_tlp_leave(EKI_TLP_EXIT_BUNDLE, &(struct eki_tlp_request){.label = incident->tlp,
                                                                     .audience = request->audience,
                                                                     .carries = EKI_TLP_ALL});
    if (!making->decision.allowed) {
        fprintf(stderr, "ekigaku bundle: refused: %s to audience \"%s\": %s\n", eki_tlp_text(incident->tlp),
                eki_tlp_audience_name(request->audience), eki_tlp_reason_text(making->decision.reason));
        return EKI_EXIT_REFUSED;
    }
    if (request->output && !eki_output_open(request->output, &output)) return EKI_EXIT_FAILED;
    enum eki_error error = eki_bundle_write(making, output.file);
    if (error)
        fprintf(stderr, "ekigaku bundle: %s: %s\n", request->output ? request->output : "standard output",
                eki_error_text(error));
    bool kept = !request->output || eki_output_close(&output, !error);
    return error || !kept ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

/* Out of the store, or out of a file; what a recipient is for a case may widen the audience. */
static int read_content(const char *path, struct request *request, eki_time now,
                        struct eki_incident **ret_incident)
{
    const struct eki_bundle_case wanted = {request->store, request->by, request->to, request->of_case, now};
    enum eki_tlp_audience audience = EKI_AUDIENCE_NAMED;
    if (!request->of_case)
        return eki_exchange_file_analyze(path, ret_incident) ? EKI_EXIT_NOTHING : EKI_EXIT_UNREADABLE;
    int status = eki_bundle_case_read(&wanted, ret_incident, &audience);
    if (!status && audience > request->audience) request->audience = audience;
    return status;
}

/* Records of the directory go along as they stand in the file. False after a message. */
static bool read_records(const struct request *request, char **ret_records)
{
    size_t length;
    *ret_records = NULL;
    if (!request->records) return true;
    char *bytes = eki_exchange_file_slurp(request->records, &length);
    if (!bytes) return false;
    bool text = !memchr(bytes, 0, length) && length < EKI_EXCHANGE_BYTES;
    char *lines = text ? realloc(bytes, length + 1) : NULL;
    if (!lines) {
        free(bytes);
        fprintf(stderr, "ekigaku bundle: %s: no file of records\n", request->records);
        return false;
    }
    lines[length] = '\0';
    /* The line that says that it is a directory is none of its records. */
    size_t first = strncmp(lines, "{\"schema\"", 9) ? 0 : strcspn(lines, "\n") + 1;
    memmove(lines, lines + (first < length ? first : length), length - (first < length ? first : length) + 1);
    *ret_records = lines;
    return true;
}

static int make(const char *path, struct request *request)
{
    char *records;
    uint8_t seed[EKI_BUNDLE_SEED];
    struct eki_bundle_making making = {.seed = seed};
    struct eki_incident *incident;
    if (!request->key) return misused("--key is needed to sign%s", "");
    if (!eki_exchange_file_time(request->time, &making.made))
        return misused("--time is like 2017-05-12T07:44:00Z, not \"%s\"", request->time);
    if (!read_key(request->key, "secret", seed)) return EKI_EXIT_UNREADABLE;
    if (!read_records(request, &records)) return EKI_EXIT_UNREADABLE;
    making.to = request->to;
    making.records = records;
    int status = read_content(path, request, making.made, &incident);
    if (!status) {
        enum eki_error error = describe(incident, request, making.made);
        if (error) fprintf(stderr, "ekigaku bundle: %s\n", eki_error_text(error));
        status = error ? EKI_EXIT_FAILED : sign(incident, request, &making);
        eki_incident_free(incident);
    }
    free(records);
    explicit_bzero(seed, sizeof seed);
    return status;
}

static bool open_bundle(const char *path, const struct request *request, struct eki_bundle *ret_bundle)
{
    const struct eki_bundle_trust trust = {request->trusted, request->trusted_count};
    struct eki_fault fault = {0};
    size_t length;
    char *bytes = eki_exchange_file_slurp(path, &length);
    if (!bytes) return false;
    enum eki_error error = eki_bundle_read(bytes, length, &trust, ret_bundle, &fault);
    free(bytes);
    if (error) eki_inputs_complain_of(path, error, &fault);
    return !error;
}

static int verify(const char *path, struct request *request)
{
    struct eki_bundle bundle = {0};
    char made[EKI_TIME_TEXT];
    if (!request->trusted_count) return misused("--trust is needed: whose bundles are believed%s", "");
    if (!open_bundle(path, request, &bundle)) return EKI_EXIT_UNREADABLE;
    for (size_t i = 0; i < sizeof bundle.signer; i++) printf("%02x", bundle.signer[i]);
    printf(" %s %s %s %s\n", eki_time_format(bundle.made, made), eki_tlp_text(bundle.label),
           eki_tlp_audience_name(bundle.audience), bundle.incident->id);
    eki_bundle_done(&bundle);
    return EKI_EXIT_NOTHING;
}

static int read_bundle(const char *path, struct request *request)
{
    struct eki_bundle bundle = {0};
    struct eki_tlp_request leaving = {.audience = EKI_AUDIENCE_NAMED};
    if (!request->trusted_count) return misused("--trust is needed: whose bundles are believed%s", "");
    if (!open_bundle(path, request, &bundle)) return EKI_EXIT_UNREADABLE;
    int status = eki_exchange_file_write(EKI_TLP_EXIT_BUNDLE_READ, eki_exchange_find("incident"),
                                         bundle.incident, &leaving, stdout);
    eki_bundle_done(&bundle);
    return status;
}

/* The time that --time says, or now. False after a message. */
static bool read_now(const struct request *request, eki_time *ret_now)
{
    if (eki_exchange_file_time(request->time, ret_now)) return true;
    misused("--time is like 2017-05-12T07:44:00Z, not \"%s\"", request->time);
    return false;
}

static int receive(const char *path, struct request *request)
{
    struct eki_receive_desk desk;
    struct eki_receive_request into = {.command = "bundle",
                                       .store = request->store,
                                       .directory = request->directory,
                                       .as = request->as,
                                       .json = request->json};
    if (!read_now(request, &into.now)) return EKI_EXIT_USAGE;
    int status = eki_receive_desk_open(&into, &desk);
    if (!status) status = eki_receive_desk_file(&desk, path);
    eki_receive_desk_close(&desk);
    return status;
}

static int set_own(const char *team, struct request *request)
{
    eki_time now;
    return read_now(request, &now) ? eki_bundle_case_own(request->store, team, now) : EKI_EXIT_USAGE;
}

static int take_case(struct request *r)
{
    char *end;
    r->of_case = strtoll(optarg, &end, 10);
    return *end || r->of_case < 1 ? misused("--case is the number of a case, not \"%s\"", optarg) : 0;
}

static int take(int option, struct request *r)
{
    switch (option) {
    case 's': r->store = optarg; return 0;
    case 'd': r->directory = optarg; return 0;
    case 'j': r->json = true; return 0;
    case 'A': r->as = optarg; return 0;
    case 'O': r->to = optarg; return 0;
    case 'R': r->records = optarg; return 0;
    case 'C': return take_case(r);
    case 'k': r->key = optarg; return 0;
    case 'b': r->by = optarg; return 0;
    case 'o': r->output = optarg; return 0;
    case 'w': r->time = optarg; return 0;
    case 't':
        r->labelled = true;
        if (!eki_tlp_parse(optarg, &r->label)) return 0;
        return misused("--tlp is red, amber+strict, amber, green or clear, not \"%s\"", optarg);
    case 'a':
        if (!eki_tlp_audience_parse(optarg, &r->audience)) return 0;
        return misused("--audience is named, organisation, clients, community or world, not \"%s\"", optarg);
    case 'T':
        if (r->trusted_count == MOST_TRUSTED) return misused("--trust: %s is one too many (256)", optarg);
        if (!read_key(optarg, "public", r->trusted + r->trusted_count * EKI_BUNDLE_KEY))
            return EKI_EXIT_UNREADABLE;
        r->trusted_count++;
        return 0;
    default: r->help = true; return 0;
    }
}

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"key", required_argument, NULL, 'k'},
                                            {"trust", required_argument, NULL, 'T'},
                                            {"tlp", required_argument, NULL, 't'},
                                            {"audience", required_argument, NULL, 'a'},
                                            {"by", required_argument, NULL, 'b'},
                                            {"time", required_argument, NULL, 'w'},
                                            {"output", required_argument, NULL, 'o'},
                                            {"store", required_argument, NULL, 's'},
                                            {"directory", required_argument, NULL, 'd'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"as", required_argument, NULL, 'A'},
                                            {"to", required_argument, NULL, 'O'},
                                            {"records", required_argument, NULL, 'R'},
                                            {"case", required_argument, NULL, 'C'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":k:o:s:d:jh", options, NULL)) != -1;) {
        if (option == ':') return misused("%s needs a value", arguments[optind - 1]);
        if (option == '?') return misused("unknown option %s", arguments[optind - 1]);
        int status = take(option, request);
        if (status) return status;
    }
    int operands = count - optind, wanted = request->of_case ? 1 : 2;
    if (request->of_case && optind < count && strcmp(arguments[optind], "make") != 0)
        return misused("--case goes with make%s", "");
    if (request->help || operands == wanted) return 0;
    return misused("key, make, read, verify, receive or us, and one operand are needed%s", "");
}

static int run(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(const char *path, struct request *request);
    } verbs[] = {{"key", make_key},  {"make", make},       {"read", read_bundle},
                 {"verify", verify}, {"receive", receive}, {"us", set_own}};
    struct request request = {.audience = EKI_AUDIENCE_NAMED, .store = "ekigaku.db"};
    int status = parse(count, arguments, &request);
    if (status) return status;
    if (request.help) {
        fputs(eki_command_bundle.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (!strcmp(arguments[optind], verbs[i].name)) return verbs[i].run(arguments[optind + 1], &request);
    return misused("\"%s\" is none of key, make, read, verify, receive, us", arguments[optind]);
}

const struct eki_command eki_command_bundle = {
    .name = "bundle",
    .summary = "signed files between teams: make, verify, read",
    .help =
        "Usage: ekigaku bundle key KEYFILE\n"
        "       ekigaku bundle make --key KEYFILE [OPTION...] FILE\n"
        "       ekigaku bundle make --key KEYFILE --case CASE [--to TEAM] [OPTION...]\n"
        "       ekigaku bundle verify|read --trust KEYFILE.pub... BUNDLE\n"
        "       ekigaku bundle receive [OPTION...] BUNDLE\n"
        "       ekigaku bundle us TEAM\n\n"
        "Tells another team of an incident by a file that is signed (Ed25519) and bears its label. key makes a pair: KEYFILE\n"
        "is secret, KEYFILE.pub is for those who are to believe you. make signs what FILE holds (facts, a capture, anything\n"
        "that \"ekigaku import\" reads). verify prints signer, time, label, audience and id; read prints the incident. A bundle\n"
        "that was changed, cut, or signed by nobody who is trusted is refused before its content is looked at. receive takes a bundle\n"
        "into the store as a case, when a team of the directory signed it; records of the directory in it become proposals. us\n"
        "says whose desk the store is. What another team sent is passed on as its label and the tiers permit.\n\n"
        "      --key KEYFILE     who signs\n"
        "      --trust FILE      whose bundles are believed; may be given several times\n"
        "      --audience WHO    who gets it: named (default), organisation, clients, community or world\n"
        "      --tlp LABEL       red, amber+strict, amber, green or clear; one that was there stays when it is stricter\n"
        "      --by NAME         who tells it\n"
        "      --time TIME       made then, not now: the same input gives the same bytes\n"
        "  -o, --output FILE     write to FILE, which appears only when it is whole\n"
        "      --to TEAM         id of the team it is meant for; others refuse it\n"
        "      --records FILE    records of the directory that go along\n"
        "      --case CASE       a case of the store instead of FILE\n"
        "  -s, --store URL       the store; default: ekigaku.db\n"
        "  -d, --directory FILE  owners and keys out of this file instead of the store\n"
        "      --as NAME         the account that acts\n"
        "  -j, --json            receive: one JSON object\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file could not be read or was refused, 4 it could not be written,\n"
        "5 the label does not permit it.\n",
    .run = run,
};
