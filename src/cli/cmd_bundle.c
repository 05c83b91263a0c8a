/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/bundle_case.h"
#include "cli/bundle_key.h"
#include "cli/bundle_make.h"
#include "cli/bundle_request.h"
#include "cli/command.h"
#include "cli/exchange_file.h"
#include "cli/inputs.h"
#include "cli/receive_desk.h"
#include "ekigaku/bundle.h"
#include "ekigaku/tlp_exit.h"

static int misused(const char *format, const char *what)
{
    return eki_command_misused(&eki_command_bundle, format, what);
}

static bool open_bundle(const char *path, const struct eki_bundle_request *request,
                        struct eki_bundle *ret_bundle)
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

static int verify(const char *path, struct eki_bundle_request *request)
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

static int read_bundle(const char *path, struct eki_bundle_request *request)
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
static bool read_now(const struct eki_bundle_request *request, eki_time *ret_now)
{
    if (eki_exchange_file_time(request->time, ret_now)) return true;
    misused("--time is like 2017-05-12T07:44:00Z, not \"%s\"", request->time);
    return false;
}

static int receive(const char *path, struct eki_bundle_request *request)
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

static int set_own(const char *team, struct eki_bundle_request *request)
{
    eki_time now;
    return read_now(request, &now) ? eki_bundle_case_own(request->store, team, now) : EKI_EXIT_USAGE;
}

static int run(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(const char *path, struct eki_bundle_request *request);
    } verbs[] = {{"key", eki_bundle_key_make}, {"make", eki_bundle_make}, {"read", read_bundle},
                 {"verify", verify},           {"receive", receive},      {"us", set_own}};
    struct eki_bundle_request request;
    int status = eki_bundle_request_parse(count, arguments, &request);
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
        "  -s, --store URL       the store; default: ekigaku-data/ekigaku.db\n"
        "  -d, --directory FILE  owners and keys out of this file instead of the store\n"
        "      --as NAME         the account that acts\n"
        "  -l, --language LANG   of what is shown to people: en or ja; else as the environment says\n"
        "  -j, --json            receive: one JSON object\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file could not be read or was refused, 4 it could not be written,\n"
        "5 the label does not permit it.\n",
    .run = run,
};
