/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/desk_call.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/directory_file.h"
#include "cli/output.h"
#include "ekigaku/case_exchange.h"

int eki_desk_misused(const struct eki_desk_call *call, const char *what, const char *which)
{
    return eki_command_misused(call->command, what, which);
}

enum { COMMON = 6, OWN = 256, NOW = 512, AS };

static int take(struct eki_desk_call *call, const struct eki_desk_option *own, int option, const char *word)
{
    switch (option) {
    case 's': call->url = optarg; return 0;
    case 'j': call->json = true; return 0;
    case 'h': call->help = true; return 0;
    case AS: call->as = optarg; return 0;
    case 'l':
        return eki_say_language(optarg, &call->language)
                   ? 0
                   : eki_desk_misused(call, "--language is en or ja, not \"%s\"", optarg);
    case NOW:
        call->now = eki_directory_moment(optarg);
        return call->now == EKI_TIME_NONE ? eki_desk_misused(call, "--now is no moment: \"%s\"", optarg) : 0;
    case ':': return eki_desk_misused(call, "%s needs a value", word);
    case '?': return eki_desk_misused(call, "unknown option %s", word);
    default:
        if (own[option - OWN].value) *own[option - OWN].value = optarg;
        if (own[option - OWN].given) *own[option - OWN].given = true;
        return 0;
    }
}

int eki_desk_parse(struct eki_desk_call *call, int count, char **arguments, const struct eki_desk_option *own)
{
    struct option options[COMMON + EKI_DESK_OPTIONS + 1] = {
        {"store", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},        {"as", required_argument, NULL, AS},
        {"now", required_argument, NULL, NOW},   {"language", required_argument, NULL, 'l'}};
    for (int i = 0; own && own[i].name && i < EKI_DESK_OPTIONS; i++)
        options[COMMON + i] =
            (struct option){own[i].name, own[i].value ? required_argument : no_argument, NULL, OWN + i};
    call->url = eki_store_place();
    call->language = eki_output_language();
    call->now = eki_directory_moment(NULL);
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":s:l:jh", options, NULL)) != -1;) {
        int status = take(call, own, option, arguments[optind - 1]);
        if (status || call->help) return status;
    }
    call->words = arguments + optind;
    call->count = count - optind;
    return 0;
}

static struct eki_store_opening opening_of(const struct eki_desk_call *call)
{
    return (struct eki_store_opening){.command = call->command->name, .url = call->url, .now = call->now};
}

static int complain(const struct eki_desk_call *call, enum eki_error error, const char *what)
{
    const struct eki_store_opening opening = opening_of(call);
    return eki_store_place_complain(&opening, error, what);
}

int eki_desk_open(struct eki_desk_call *call, enum eki_desk_rank least)
{
    struct eki_desk_actor actor;
    const struct eki_store_opening opening = opening_of(call);
    call->act = (struct eki_store_act){.at = call->now / 1000, .who = call->as ? call->as : "ekigaku"};
    int status = eki_store_place_open(&opening, &call->store);
    if (!status) status = eki_store_place_actor(&opening, call->store, call->as, &actor);
    if (status) return status;
    call->rank = actor.rank;
    call->act.account = actor.account;
    return actor.rank < least ? eki_store_place_refuse(&opening, call->as) : EKI_EXIT_NOTHING;
}

/* "add, list, remove" */
static void name_all(const struct eki_desk_verb *verbs, char *ret_names, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; verbs[i].name && used < size; i++) {
        used += (size_t)snprintf(ret_names + used, size - used, "%s%s", i ? ", " : "", verbs[i].name);
    }
}

int eki_desk_choose(struct eki_desk_call *call, const struct eki_desk_verb *verbs,
                    struct eki_desk_chosen *ret_chosen)
{
    char names[120];
    struct eki_desk_chosen chosen = {0};
    const char *verb = call->count ? call->words[0] : "";
    while (verbs[chosen.verb].name && strcmp(verb, verbs[chosen.verb].name) != 0) chosen.verb++;
    const struct eki_desk_verb *v = &verbs[chosen.verb];
    name_all(verbs, names, sizeof names);
    if (!v->name) return eki_desk_misused(call, "what? %s", names);
    if (v->numbered && call->count > 1) chosen.number = eki_desk_number(call->words[1]);
    if (v->numbered && !chosen.number) return eki_desk_misused(call, "%s: which? a number", verb);
    int status = eki_desk_open(call, v->least);
    if (status) return status;
    call->words += 1 + v->numbered;
    call->count -= 1 + v->numbered;
    *ret_chosen = chosen;
    return EKI_EXIT_NOTHING;
}

void eki_desk_close(struct eki_desk_call *call)
{
    eki_store_close(call->store);
}

static struct eki_store_work *begin(const struct eki_desk_call *call, const struct eki_store_act *act)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    enum eki_error error = eki_store_begin(call->store, act, &work, &fault);
    if (!error) return work;
    complain(call, error, fault.what);
    return NULL;
}

struct eki_store_work *eki_desk_begin(const struct eki_desk_call *call)
{
    return begin(call, &call->act);
}

struct eki_store_work *eki_desk_begin_reading(const struct eki_desk_call *call)
{
    return begin(call, NULL);
}

int eki_desk_end(const struct eki_desk_call *call, struct eki_store_work *work, enum eki_error error,
                 const struct eki_fault *fault)
{
    if (!error) error = eki_store_commit(work);
    const char *what = fault && *fault->what ? fault->what : eki_store_why(work)->what;
    int status = error ? complain(call, error, what) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

int64_t eki_desk_number(const char *word)
{
    char *end;
    long long value = strtoll(word, &end, 10);
    return *word && !*end && value > 0 ? value : 0;
}

/* All of it, when it is text and not too long; NULL otherwise. */
static char *read_text(FILE *in, size_t most)
{
    char *text = malloc(most + 2);
    size_t length = text ? fread(text, 1, most + 1, in) : 0;
    if (!text || ferror(in) || length > most || memchr(text, 0, length)) {
        free(text);
        return NULL;
    }
    text[length] = 0;
    return text;
}

char *eki_desk_text(const struct eki_desk_call *call, const char *word, size_t most)
{
    if (strcmp(word, "-") != 0) return strdup(word);
    char *text = read_text(stdin, most);
    if (!text)
        eki_desk_warn(call,
                      EKI_TEXT("standard input cannot be read, is no text, or is longer than {1} bytes"),
                      EKI_VALUES(eki_say_number((int64_t)most).text));
    return text;
}

char *eki_desk_file_text(const struct eki_desk_call *call, const char *path, size_t most)
{
    FILE *in = strcmp(path, "-") ? fopen(path, "rbe") : stdin;
    char *text = in ? read_text(in, most) : NULL;
    if (in && in != stdin) fclose(in);
    if (!text)
        eki_desk_warn(call, EKI_TEXT("{1} cannot be read, is no text, or is longer than {2} bytes"),
                      EKI_VALUES(path, eki_say_number((int64_t)most).text));
    return text;
}

bool eki_desk_may_show(const struct eki_desk_call *call, struct eki_store_work *work, int64_t of_case)
{
    struct eki_store_case row = {.tlp = ""};
    if (of_case && eki_store_get(work, &row, of_case)) return true; /* its absence is told elsewhere */
    const struct eki_tlp_request asked = {.label = eki_case_label(&row), .carries = EKI_TLP_ALL};
    struct eki_tlp_decision decision = eki_tlp_leave(EKI_TLP_EXIT_CASE_SHOW, &asked);
    if (!decision.allowed)
        eki_desk_warn(call, EKI_TEXT("case {1} is {2}: {3}"),
                      EKI_VALUES(eki_say_number(of_case).text, eki_tlp_text(asked.label),
                                 eki_report_text_in(call->language, eki_tlp_reason_text(decision.reason))));
    return decision.allowed;
}

struct eki_store_work *eki_desk_begin_case(const struct eki_desk_call *call, int64_t of_case,
                                           struct eki_store_case *ret_case, int *ret_status)
{
    struct eki_store_case row;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin_reading(call);
    *ret_status = EKI_EXIT_UNREADABLE;
    if (!work) return NULL;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (error) {
        if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)of_case);
        *ret_status = eki_desk_end(call, work, error, &fault);
        return NULL;
    }
    if (!eki_desk_may_show(call, work, of_case)) {
        eki_store_end(work);
        *ret_status = EKI_EXIT_REFUSED;
        return NULL;
    }
    if (ret_case) *ret_case = row;
    return work;
}

void eki_desk_put_time(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    if (microseconds)
        printf("%.19sZ", eki_time_format(microseconds * 1000, text));
    else
        printf("%-20s", "-");
}

json_t *eki_desk_time(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    return microseconds ? json_string(eki_time_format(microseconds * 1000, text)) : json_null();
}

void eki_desk_put_json(json_t *object)
{
    if (object) json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (object) putchar('\n');
    json_decref(object);
}

void eki_desk_put_line(const char *text)
{
    eki_say(stdout, EKI_ENGLISH, "{1}", EKI_VALUES(text));
}

void eki_desk_say(const struct eki_desk_call *call, const char *english, const char *const *values)
{
    eki_say(stdout, call->language, english, values);
}

void eki_desk_say_line(const struct eki_desk_call *call, const char *english, const char *const *values)
{
    eki_say_line(stdout, call->language, english, values);
}

void eki_desk_warn(const struct eki_desk_call *call, const char *english, const char *const *values)
{
    eki_warn(call->command->name, english, values);
}
