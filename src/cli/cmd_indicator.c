/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/desk_call.h"
#include "ekigaku/case.h"
#include "ekigaku/case_indicator.h"

struct request {
    struct eki_desk_call call;
    const char *comment, *kind, *tlp, *detect;
};

static void show_row(const struct request *r, const struct eki_store_indicator *i)
{
    if (r->call.json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:I,s:s,s:s,s:s,s:s,s:I,s:b,s:o,s:o}", "type", "indicator",
                                    "id", (json_int_t)i->id, "case", (json_int_t)i->of_case, "kind", i->kind,
                                    "value", i->value, "comment", i->comment, "tlp", i->tlp, "sightings",
                                    (json_int_t)i->sightings, "detect", i->detect, "first",
                                    eki_desk_time(i->first), "last", eki_desk_time(i->last)));
        return;
    }
    printf("%5lld  %-8s %4lld x  %s%s  ", (long long)i->id, i->kind, (long long)i->sightings,
           i->detect ? "" : "seen beside  ", i->tlp);
    eki_desk_put_line(i->value);
    printf("  ");
    eki_desk_put_line(i->comment);
    putchar('\n');
}

static int list_all(struct request *r, int64_t of_case)
{
    struct eki_store_case of;
    struct eki_store_indicator *rows;
    struct eki_store_page page = {0};
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &of, of_case);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)of_case);
    if (!error && !eki_desk_may_show(&r->call, work, of_case)) {
        eki_store_end(work);
        return EKI_EXIT_REFUSED;
    }
    if (!error) error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) show_row(r, &rows[i]);
    if (!error && !page.count && !r->call.json) puts("No indicator.");
    return eki_desk_end(&r->call, work, error, &fault);
}

static int enter(struct request *r, int64_t of_case, const struct eki_indicator_list *list)
{
    struct eki_case_sightings found;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error =
        eki_case_indicators(work, &r->call.act, &(struct eki_case_paste){of_case, list}, &found, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)of_case);
    int status = eki_desk_end(&r->call, work, error, &fault);
    if (status) return status;
    if (r->call.json)
        eki_desk_put_json(json_pack("{s:s,s:I,s:I,s:I,s:I}", "type", "paste", "case", (json_int_t)of_case,
                                    "added", (json_int_t)found.added, "again", (json_int_t)found.again,
                                    "passed", (json_int_t)list->passed));
    else
        printf("%zu new, %zu known already, %zu words are no indicator\n", found.added, found.again,
               list->passed);
    return EKI_EXIT_NOTHING;
}

static int add(struct request *r, int64_t of_case)
{
    struct eki_indicator_list *list;
    struct eki_fault fault = {0};
    if (r->call.count > 2) return eki_desk_misused(&r->call, "%s", "add: a case, and one text or -");
    char *text =
        eki_desk_text(&r->call, r->call.count == 2 ? r->call.words[1] : "-", EKI_INDICATOR_LIST_BYTES);
    if (!text) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_indicator_list_read(text, strlen(text), &list, &fault);
    free(text);
    if (error) {
        fprintf(stderr, "ekigaku indicator: %s: %.100s\n", eki_error_text(error), fault.what);
        return error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_USAGE;
    }
    int status = enter(r, of_case, list);
    eki_indicator_list_free(list);
    return status;
}

/* To let more people know is for coordinators, as it is for cases. */
static enum eki_error check_rank(const struct request *r, struct eki_store_work *work, int64_t id,
                                 const struct eki_indicator_change *wanted, struct eki_fault *fault)
{
    bool widens;
    enum eki_error error = eki_indicator_widens(work, id, wanted, &widens);
    if (error || !widens || r->call.rank >= EKI_RANK_COORDINATOR) return error;
    return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "to widen a label is for coordinators");
}

static int change(struct request *r, int64_t id, bool removes)
{
    struct eki_fault fault = {0};
    struct eki_store_indicator row;
    const struct eki_indicator_change wanted = {r->comment, r->kind, r->tlp,
                                                !r->detect ? -1 : !strcmp(r->detect, "yes")};
    if (r->call.count != 1) return eki_desk_misused(&r->call, "%s", "one number of an indicator");
    if (r->detect && strcmp(r->detect, "yes") && strcmp(r->detect, "no"))
        return eki_desk_misused(&r->call, "--detect is yes or no, not \"%s\"", r->detect);
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, id);
    int64_t of_case = error ? 0 : row.of_case;
    if (!error && !removes) error = check_rank(r, work, id, &wanted, &fault);
    if (!error)
        error = removes ? eki_indicator_remove(work, &r->call.act, id)
                        : eki_indicator_change(work, &r->call.act, id, &wanted, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "indicator %lld", (long long)id);
    int status = eki_desk_end(&r->call, work, error, &fault);
    return status ? status : list_all(r, of_case);
}

static int act(struct request *r)
{
    const char *verb = r->call.count ? r->call.words[0] : "";
    bool known =
        !strcmp(verb, "add") || !strcmp(verb, "list") || !strcmp(verb, "change") || !strcmp(verb, "remove");
    int64_t number = r->call.count > 1 ? eki_desk_number(r->call.words[1]) : 0;
    if (!known) return eki_desk_misused(&r->call, "%s", "what? add, list, change or remove");
    if (!number) return eki_desk_misused(&r->call, "%s: which? a number", verb);
    int status = eki_desk_open(&r->call, strcmp(verb, "list") ? EKI_RANK_ANALYST : EKI_RANK_VIEWER);
    if (status) return status;
    r->call.words++;
    r->call.count--;
    if (!strcmp(verb, "add")) return add(r, number);
    return !strcmp(verb, "list") ? list_all(r, number) : change(r, number, !strcmp(verb, "remove"));
}

static int run(int count, char **arguments)
{
    struct request r = {.call = {.command = &eki_command_indicator}};
    const struct eki_desk_option own[] = {{"comment", &r.comment, NULL},
                                          {"kind", &r.kind, NULL},
                                          {"tlp", &r.tlp, NULL},
                                          {"detect", &r.detect, NULL},
                                          {NULL, NULL, NULL}};
    int status = eki_desk_parse(&r.call, count, arguments, own);
    if (!status && r.call.help) {
        fputs(eki_command_indicator.help, stdout);
    } else if (!status) {
        status = act(&r);
        eki_desk_close(&r.call);
    }
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku indicator: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status;
}

const struct eki_command eki_command_indicator = {
    .name = "indicator",
    .summary = "indicators of a case: pasted, explained, taken out",
    .help =
        "Usage: ekigaku indicator [OPTION...] add CASE [TEXT]\n"
        "       ekigaku indicator [OPTION...] list CASE\n"
        "       ekigaku indicator [OPTION...] change INDICATOR\n"
        "       ekigaku indicator [OPTION...] remove INDICATOR\n\n"
        "\"add\" reads addresses, networks, domains, pages, mail addresses, AS numbers, hashes and names of programs out of a text (without\n"
        "TEXT: standard input), defanged or not: each is kept once and counted. \"change\" says what is known about one.\n\n"
        "      --comment TEXT      change: for people\n"
        "      --kind KIND         change: address, network, domain, url, mail, as, md5, sha1, sha256, file, ...\n"
        "      --tlp LABEL         change: stricter than the case: it then leaves with nothing that bears a wider label; \"\": as the case\n"
        "      --detect yes|no     change: meant for detection, or only seen beside\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku.db\n"
        "      --as NAME           the account that acts\n"
        "      --now TIME          as if it were then\n"
        "  -j, --json              one JSON object a line\n"
        "  -h, --help              this text\n\n"
        "Exit status: 0 done, 2 unusable arguments or not permitted, 3 the store or the text cannot be read, 4 the output could not be\n"
        "written, 5 a label does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku indicator --as ada add 1 < mail.txt\n"
        "  ekigaku indicator --as ada change 3 --comment \"first stage\" --tlp RED\n",
    .run = run,
};
