/* SPDX-License-Identifier: Apache-2.0 */
/* One case becomes two. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_move.h"
#include "case/saying.h"
#include "ekigaku/case_merge.h"
#include "ekigaku/case_task.h"

struct splitting {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_case_splitting *wish;
    struct eki_store_case of, made;
    struct eki_store_case_host *hosts; /* of the case, by id */
    bool *chosen;                      /* by position */
    size_t count, moving;
    struct eki_store_notice *notices;
    size_t notice_count;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int by_id(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    return x->id < y->id ? -1 : x->id > y->id;
}

/* Which hosts are meant; each that is named must be there. */
static enum eki_error choose(struct splitting *s, struct eki_fault *fault)
{
    size_t wanted = 0;
    const char **names = eki_allocate(s->wish->count + 1, sizeof *names);
    if (!names) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < s->wish->count; i++) names[i] = s->wish->hosts[i];
    qsort(names, s->wish->count, sizeof *names, by_name);
    for (size_t i = 0; i < s->wish->count; i++)
        if (!wanted || strcmp(names[wanted - 1], names[i]) != 0) names[wanted++] = names[i];
    for (size_t i = 0; i < s->count; i++) {
        const char *name = s->hosts[i].host;
        s->chosen[i] = bsearch(&name, names, wanted, sizeof *names, by_name) != NULL;
        s->moving += s->chosen[i];
    }
    eki_free(names);
    if (s->moving != wanted)
        return eki_fault_set(fault, EKI_ERROR_MISSING, 0, "%zu of these hosts are not of the case",
                             wanted - s->moving);
    if (!wanted) return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "no host was named");
    return s->moving < s->count
               ? EKI_OK
               : eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "no host of the case would stay");
}

static enum eki_error read_rows(struct splitting *s, struct eki_fault *fault)
{
    enum eki_error error = eki_store_get(s->work, &s->of, s->wish->of_case);
    if (!error && (!strcmp(s->of.state, "merged") || !strcmp(s->of.state, "closed")))
        error = eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "the case is over");
    if (!error) error = eki_case_still(s->work, s->of.id, fault);
    if (!error) error = eki_case_rows(s->work, s->of.id, &s->hosts, &s->count);
    if (!error) error = eki_case_rows(s->work, s->of.id, &s->notices, &s->notice_count);
    if (error) return error;
    qsort(s->hosts, s->count, sizeof *s->hosts, by_id);
    s->chosen = eki_allocate(s->count + 1, sizeof *s->chosen);
    return s->chosen ? choose(s, fault) : EKI_ERROR_MEMORY;
}

static bool is_chosen(const struct splitting *s, int64_t case_host)
{
    const struct eki_store_case_host wanted = {.id = case_host};
    const struct eki_store_case_host *found = bsearch(&wanted, s->hosts, s->count, sizeof wanted, by_id);
    return found && s->chosen[found - s->hosts];
}

/* Nobody was told by it: it holds nothing together. */
static bool may_part(const struct eki_store_notice *notice)
{
    bool withdrawn = eki_notice_state_parse(notice->state) == EKI_NOTICE_WITHDRAWN;
    return eki_notice_unsent(notice) || (withdrawn && !notice->sent);
}

/* A notice of chosen hosts only moves; one of both sides lets them go, or, when it was sent, forbids it all.
 */
static enum eki_error settle(struct splitting *s, struct eki_store_notice *notice, struct eki_fault *fault)
{
    struct eki_store_notice_host *names;
    size_t count = 0, chosen = 0;
    enum eki_error error = eki_notice_names(s->work, notice->id, &names, &count);
    for (size_t i = 0; !error && i < count; i++) chosen += is_chosen(s, names[i].case_host);
    if (error || !chosen) return error;
    if (chosen == count) {
        notice->of_case = s->made.id;
        return eki_store_change(s->work, notice);
    }
    if (!may_part(notice))
        return eki_fault_set(
            fault, EKI_ERROR_CONFLICT, 0,
            "notice %lld was sent and names hosts of both sides: choose all of its hosts or none",
            (long long)notice->id);
    for (size_t i = 0; !error && i < count; i++)
        if (is_chosen(s, names[i].case_host)) error = eki_notice_forget(s->work, notice, &names[i]);
    return error;
}

static enum eki_error move_hosts(struct splitting *s)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; !error && i < s->count; i++) {
        if (!s->chosen[i]) continue;
        s->hosts[i].of_case = s->made.id;
        error = eki_store_change(s->work, &s->hosts[i]);
    }
    return error;
}

/* Entries that are about a chosen host. */
static enum eki_error move_entries(struct splitting *s)
{
    struct eki_store_case_entry *rows;
    size_t count = 0;
    const char **names = eki_allocate(s->moving + 1, sizeof *names);
    enum eki_error error = names ? eki_case_rows(s->work, s->of.id, &rows, &count) : EKI_ERROR_MEMORY;
    for (size_t i = 0, n = 0; !error && i < s->count; i++)
        if (s->chosen[i]) names[n++] = s->hosts[i].host;
    if (!error) qsort(names, s->moving, sizeof *names, by_name);
    for (size_t i = 0; !error && i < count; i++) {
        if (!bsearch(&rows[i].host, names, s->moving, sizeof *names, by_name)) continue;
        rows[i].of_case = s->made.id;
        error = eki_store_change(s->work, &rows[i]);
    }
    eki_free(names);
    return error;
}

static enum eki_error open_new(struct splitting *s)
{
    bool titled = s->wish->title && *s->wish->title;
    s->made = s->of;
    s->made.id = 0;
    s->made.title = titled ? s->wish->title : s->of.title;
    s->made.split_from = s->of.split_from ? s->of.split_from : s->of.id;
    s->made.summary = "";
    s->made.state = "open";
    s->made.account = s->act->account;
    s->made.created = s->act->at;
    return eki_store_add(s->work, &s->made);
}

static enum eki_error tell(struct splitting *s)
{
    char of[24], made[24], hosts[24];
    snprintf(of, sizeof of, "%lld", (long long)s->of.id);
    snprintf(made, sizeof made, "%lld", (long long)s->made.id);
    snprintf(hosts, sizeof hosts, "%zu", s->moving);
    const struct eki_case_saying there = {
        .of_case = s->of.id, .kind = "decision", .saying = EKI_SAYING_SPLIT_INTO, .values = {hosts, made}};
    const struct eki_case_saying here = {
        .of_case = s->made.id, .kind = "decision", .saying = EKI_SAYING_SPLIT_FROM, .values = {hosts, of}};
    enum eki_error error = eki_case_say(s->work, s->act, &there);
    return error ? error : eki_case_say(s->work, s->act, &here);
}

enum eki_error eki_case_split(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_case_splitting *splitting, int64_t *ret_case,
                              struct eki_fault *ret_fault)
{
    struct splitting s = {.work = work, .act = act, .wish = splitting};
    enum eki_error error = read_rows(&s, ret_fault);
    if (!error) error = open_new(&s);
    for (size_t i = 0; !error && i < s.notice_count; i++) error = settle(&s, &s.notices[i], ret_fault);
    if (!error) error = move_hosts(&s);
    if (!error) error = move_entries(&s);
    if (!error && splitting->catalogue)
        error = eki_case_tasks_lay(work, act, s.made.id, splitting->catalogue, NULL);
    if (!error) error = tell(&s);
    eki_free(s.chosen);
    if (!error) *ret_case = s.made.id;
    return error;
}
