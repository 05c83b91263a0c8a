/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/evidence_act.h"

#include "cli/evidence_keep.h"
#include "ekigaku/case_words.h"
#include "ekigaku/evidence.h"

static void show_step(const struct eki_evidence_request *r, const struct eki_store_custody *c)
{
    if (r->call.json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:o,s:s,s:s,s:s,s:s,s:s}", "type", "custody", "evidence",
                                    (json_int_t)c->evidence, "at", eki_desk_time(c->at), "giver", c->giver,
                                    "taker", c->taker, "why", c->why, "seen", c->seen, "sha256", c->sha256));
        return;
    }
    printf("       ");
    eki_desk_put_time(c->at);
    printf("  ");
    eki_desk_put_line(*c->giver ? c->giver : "?");
    printf(" -> ");
    eki_desk_put_line(c->taker);
    printf("%s%s  ", *c->seen ? "  " : "", eki_case_word_in(r->call.language, "seen", c->seen));
    eki_desk_put_line(c->why);
    putchar('\n');
}

static enum eki_error show_one(const struct eki_evidence_request *r, struct eki_store_work *work,
                               const struct eki_store_evidence *e)
{
    struct eki_store_custody *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "evidence", .number = e->id}},
                                          .limit = EKI_STORE_MOST_ROWS};
    if (r->call.json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:I,s:s,s:I,s:I,s:s,s:I,s:o}", "type", "evidence", "id",
                                    (json_int_t)e->id, "case", (json_int_t)e->of_case, "name", e->name,
                                    "input", (json_int_t)e->input, "size", (json_int_t)e->size, "sha256",
                                    e->sha256, "handling_class", (json_int_t)e->handling_class, "taken",
                                    eki_desk_time(e->taken)));
    } else {
        const char *what = *e->path     ? EKI_TEXT("copy kept")
                           : *e->sha256 ? EKI_TEXT("recorded")
                                        : EKI_TEXT("a thing");
        printf("%5lld  ", (long long)e->id);
        eki_desk_say(&r->call, EKI_TEXT("class {1}"), EKI_VALUES(eki_say_number(e->handling_class).text));
        printf("  ");
        eki_say_column(eki_report_text_in(r->call.language, what), 10);
        eki_desk_put_line(e->name);
        printf("  %s\n", e->sha256);
    }
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) show_step(r, &rows[i]);
    return error;
}

static int list_all(struct eki_evidence_request *r, int64_t of_case)
{
    struct eki_store_evidence *rows;
    struct eki_store_page page = {0};
    int status;
    struct eki_store_work *work = eki_desk_begin_case(&r->call, of_case, NULL, &status);
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = of_case}},
                                          .limit = EKI_STORE_MOST_ROWS};
    if (!work) return status;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = show_one(r, work, &rows[i]);
    if (!error && !page.count && !r->call.json)
        eki_desk_say_line(&r->call, EKI_TEXT("No evidence."), EKI_NO_VALUES);
    return eki_desk_end(&r->call, work, error, NULL);
}

/* The row of the copy, as the service makes one of an upload. */
static enum eki_error add_input(struct eki_evidence_request *r, struct eki_store_work *work,
                                const struct eki_evidence_keep *kept, struct eki_evidence_adding *adding)
{
    struct eki_store_input input = {.name = adding->name,
                                    .size = adding->size,
                                    .sha256 = adding->sha256,
                                    .handling_class = adding->handling_class,
                                    .kept = true,
                                    .path = kept->name,
                                    .account = r->call.act.account,
                                    .created = r->call.act.at};
    enum eki_error error = eki_store_add(work, &input);
    if (!error) adding->input = input.id;
    return error;
}

static int enter(struct eki_evidence_request *r, const struct eki_evidence_keep *kept,
                 struct eki_evidence_adding *adding)
{
    int64_t id;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = kept ? add_input(r, work, kept, adding) : EKI_OK;
    if (!error) error = eki_evidence_add(work, &r->call.act, adding, &id, &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)adding->of_case);
    int status = eki_desk_end(&r->call, work, error, &fault);
    return status ? status : list_all(r, adding->of_case);
}

static int add(struct eki_evidence_request *r, int64_t of_case)
{
    struct eki_evidence_look look = {0};
    struct eki_evidence_keep kept;
    struct eki_fault fault = {0};
    const char *file = r->call.count == 1 ? r->call.words[0] : NULL,
               *slash = file ? strrchr(file, '/') : NULL;
    struct eki_evidence_adding adding = {.of_case = of_case,
                                         .name = r->name ? r->name
                                                 : slash ? slash + 1
                                                         : file,
                                         .handling_class = r->class ? eki_desk_number(r->class) : 4,
                                         .giver = r->from,
                                         .why = r->why};
    if (!file) return eki_desk_misused(&r->call, "%s", "add: a case and a file, or --thing and what it is");
    if (r->thing) return enter(r, NULL, &adding);
    if (eki_evidence_look(file, &look, &fault)) {
        eki_desk_warn(&r->call, EKI_TEXT("{1} cannot be read"), EKI_VALUES(file));
        return EKI_EXIT_UNREADABLE;
    }
    adding.size = look.size;
    adding.sha256 = look.sha256;
    adding.sealed = look.sealed;
    adding.looked = true;
    if (!r->keep) return enter(r, NULL, &adding);
    int status = eki_evidence_copy(r->data, file, &kept);
    if (status) return status;
    status = enter(r, &kept, &adding);
    if (status) unlink(kept.path);
    return status;
}

/* Where its file is: the one that is named, or the copy in the data folder. */
static const char *place_of(const struct eki_evidence_request *r, const struct eki_store_evidence *e,
                            const char *named, char room[EKI_KEPT_PATH])
{
    if (named) return named;
    return *e->path && eki_evidence_path(r->data, e->path, room) ? room : NULL;
}

/* Looks at the file while others may write: a large one takes minutes. */
static int compare(struct eki_evidence_request *r, int64_t id, const char *named,
                   struct eki_evidence_step *step)
{
    char room[EKI_KEPT_PATH];
    struct eki_store_evidence row;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_desk_begin_reading(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, id);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "evidence %lld", (long long)id);
    if (!error) error = eki_evidence_compare(&row, place_of(r, &row, named, room), &step->seen, r->sha256);
    step->sha256 = r->sha256;
    /* What somebody names may be any file: that it is another one says nothing about the evidence. */
    bool unread = !error && named && step->seen == EKI_EVIDENCE_GONE;
    if (named && step->seen == EKI_EVIDENCE_CHANGED) step->seen = EKI_EVIDENCE_OTHER;
    if (error) return eki_desk_end(&r->call, work, error, &fault);
    eki_store_end(work);
    if (unread) eki_desk_warn(&r->call, EKI_TEXT("{1} cannot be read"), EKI_VALUES(named));
    return unread ? EKI_EXIT_UNREADABLE : EKI_EXIT_NOTHING;
}

static void tell_seen(struct eki_evidence_request *r, int64_t id, const struct eki_evidence_step *step)
{
    bool bad = step->seen >= EKI_EVIDENCE_CHANGED;
    r->changed += bad;
    if (!bad) return;
    eki_desk_warn(
        &r->call,
        step->seen == EKI_EVIDENCE_GONE ? EKI_TEXT("evidence {1} is gone")
        : step->seen == EKI_EVIDENCE_OTHER
            ? EKI_TEXT("this file is not evidence {1}: its SHA-256 is {2}. Nothing is said by that about "
                       "the evidence itself; that it was tried stands in the timeline")
            : EKI_TEXT("evidence {1} is not any more what was entered: SHA-256 {2}"),
        EKI_VALUES(eki_say_number(id).text, step->sha256));
}

static int give(struct eki_evidence_request *r, int64_t id)
{
    struct eki_fault fault = {0};
    struct eki_evidence_step step = {.giver = r->from, .why = r->why};
    if (r->call.count != 1) return eki_desk_misused(&r->call, "%s", "give: which, and to whom?");
    step.taker = r->call.words[0];
    int status = compare(r, id, NULL, &step);
    if (status) return status;
    struct eki_store_evidence row = {0};
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_evidence_hand(work, &r->call.act, id, &step, &fault);
    if (!error) error = eki_store_get(work, &row, id);
    int64_t of_case = row.of_case;
    status = eki_desk_end(&r->call, work, error, &fault);
    if (!status) tell_seen(r, id, &step);
    return status ? status : list_all(r, of_case);
}

static int verify(struct eki_evidence_request *r, int64_t id)
{
    struct eki_evidence_step step = {0};
    if (r->call.count > 1) return eki_desk_misused(&r->call, "%s", "verify: which, and perhaps the file");
    int status = compare(r, id, r->call.count ? r->call.words[0] : NULL, &step);
    if (status) return status;
    if (!step.seen) {
        eki_desk_warn(&r->call, EKI_TEXT("evidence {1} has no copy here: name its file"),
                      EKI_VALUES(eki_say_number(id).text));
        return EKI_EXIT_UNREADABLE;
    }
    struct eki_store_work *work = eki_desk_begin(&r->call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_evidence_verified(work, &r->call.act, id, step.seen, step.sha256);
    status = eki_desk_end(&r->call, work, error, NULL);
    if (status) return status;
    tell_seen(r, id, &step);
    if (r->call.json)
        eki_desk_put_json(json_pack("{s:s,s:I,s:s,s:s}", "type", "verified", "evidence", (json_int_t)id,
                                    "seen", eki_evidence_seen_name(step.seen), "sha256", step.sha256));
    else
        printf("%5lld  %s  %s\n", (long long)id,
               eki_case_word_in(r->call.language, "seen", eki_evidence_seen_name(step.seen)), step.sha256);
    return EKI_EXIT_NOTHING;
}

int eki_evidence_act(struct eki_evidence_request *r)
{
    enum { ADD, LIST, GIVE, VERIFY };
    static const struct eki_desk_verb verbs[] = {[ADD] = {"add", EKI_RANK_ANALYST, true},
                                                 [LIST] = {"list", EKI_RANK_VIEWER, true},
                                                 [GIVE] = {"give", EKI_RANK_ANALYST, true},
                                                 [VERIFY] = {"verify", EKI_RANK_ANALYST, true},
                                                 {NULL, EKI_RANK_VIEWER, false}};
    struct eki_desk_chosen chosen;
    int status = eki_desk_choose(&r->call, verbs, &chosen);
    if (status) return status;
    switch (chosen.verb) {
    case ADD: return add(r, chosen.number);
    case LIST: return list_all(r, chosen.number);
    case GIVE: return give(r, chosen.number);
    default: return verify(r, chosen.number);
    }
}
