/* SPDX-License-Identifier: Apache-2.0 */
/* Two cases become one. */
#include "ekigaku/case_merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/case_mark.h"
#include "case/case_move.h"
#include "case/indicator_row.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_indicator.h"
#include "ekigaku/case_task.h"

/* A host that both cases have: its row in `from` and in `into`. */
struct pair {
    struct eki_store_case_host *gone, *kept;
};

/* Which pair a row of a host belongs to. */
struct member {
    int64_t case_host;
    size_t pair;
};

struct merging {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    struct eki_store_case from, into;
    struct pair *pairs;
    struct member *members; /* two of each pair, by id */
    size_t pair_count, hosts;
    bool *told; /* by pair: a notice that counts names it */
};

/* Moves each row of a table as it is. */
#define MOVE_ALL(m, type)                                                                                    \
    static enum eki_error move_##type(struct merging *m)                                                     \
    {                                                                                                        \
        struct eki_store_##type *rows;                                                                       \
        size_t count = 0;                                                                                    \
        enum eki_error error = eki_case_rows(m->work, m->from.id, &rows, &count);                            \
        for (size_t i = 0; !error && i < count; i++) {                                                       \
            rows[i].of_case = m->into.id;                                                                    \
            error = eki_store_change(m->work, &rows[i]);                                                     \
        }                                                                                                    \
        return error;                                                                                        \
    }
MOVE_ALL(m, case_entry)
MOVE_ALL(m, evidence)
MOVE_ALL(m, enquiry)
MOVE_ALL(m, notice)
MOVE_ALL(m, received)

static int by_host(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    return strcmp(x->host, y->host);
}

static int by_id(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return x->case_host < y->case_host ? -1 : x->case_host > y->case_host;
}

/* What was done counts more than that nothing was, and later more than earlier; the first infection counts.
 */
static enum eki_error unite(struct merging *m, const struct pair *pair)
{
    struct eki_store_case_host *kept = pair->kept;
    const struct eki_store_case_host *gone = pair->gone;
    bool idle = !strcmp(kept->state, "affected"), done = strcmp(gone->state, "affected") != 0;
    if (done && (idle || gone->changed > kept->changed)) {
        kept->state = gone->state;
        kept->changed = gone->changed;
    }
    if (gone->at && (!kept->at || gone->at < kept->at)) {
        kept->at = gone->at;
        kept->parent = gone->parent;
        kept->evidence = gone->evidence;
    }
    if (!kept->account) kept->account = gone->account;
    if (!kept->team[0]) {
        kept->team = gone->team;
        kept->department = gone->department;
    }
    return eki_store_change(m->work, kept);
}

/* Moves the hosts that only `from` has, and pairs the others. */
static enum eki_error move_hosts(struct merging *m)
{
    struct eki_store_case_host *gone, *kept;
    size_t gone_count = 0, kept_count = 0;
    enum eki_error error = eki_case_rows(m->work, m->from.id, &gone, &gone_count);
    if (!error) error = eki_case_rows(m->work, m->into.id, &kept, &kept_count);
    if (error) return error;
    m->pairs = eki_allocate(gone_count + 1, sizeof *m->pairs);
    m->members = eki_allocate(2 * gone_count + 1, sizeof *m->members);
    m->told = eki_allocate(gone_count + 1, sizeof *m->told);
    if (!m->pairs || !m->members || !m->told) return EKI_ERROR_MEMORY;
    qsort(kept, kept_count, sizeof *kept, by_host);
    for (size_t i = 0; !error && i < gone_count; i++) {
        struct eki_store_case_host *known = bsearch(&gone[i], kept, kept_count, sizeof *kept, by_host);
        m->hosts += !known;
        if (known) {
            m->members[2 * m->pair_count] = (struct member){gone[i].id, m->pair_count};
            m->members[2 * m->pair_count + 1] = (struct member){known->id, m->pair_count};
            m->pairs[m->pair_count++] = (struct pair){&gone[i], known};
            error = unite(m, &m->pairs[m->pair_count - 1]);
            continue;
        }
        gone[i].of_case = m->into.id;
        error = eki_store_change(m->work, &gone[i]);
    }
    qsort(m->members, 2 * m->pair_count, sizeof *m->members, by_id);
    return error;
}

/* The position of the pair that a name of a notice is about; pair_count when it is about another host. */
static size_t pair_of(const struct merging *m, int64_t case_host)
{
    const struct member wanted = {.case_host = case_host};
    const struct member *found = bsearch(&wanted, m->members, 2 * m->pair_count, sizeof wanted, by_id);
    return found ? found->pair : m->pair_count;
}

/* Names in one notice of hosts that both cases have: the first notice that counts keeps the name, and a later
 * one that was not sent loses it. */
static enum eki_error settle_notice(struct merging *m, struct eki_store_notice *notice)
{
    struct eki_store_notice_host *names;
    size_t count = 0;
    enum eki_error error = eki_notice_names(m->work, notice->id, &names, &count);
    for (size_t i = 0; !error && i < count; i++) {
        size_t which = pair_of(m, names[i].case_host);
        if (which == m->pair_count) continue;
        if (m->told[which] && eki_notice_unsent(notice)) {
            error = eki_notice_forget(m->work, notice, &names[i]);
            continue;
        }
        m->told[which] = m->told[which] || eki_notice_lives(notice);
        names[i].case_host = m->pairs[which].kept->id;
        error = eki_store_change(m->work, &names[i]);
    }
    return error;
}

static enum eki_error settle_notices(struct merging *m, int64_t of_case, bool sent)
{
    struct eki_store_notice *rows;
    size_t count = 0;
    enum eki_error error = eki_case_rows(m->work, of_case, &rows, &count);
    for (size_t i = 0; !error && i < count; i++)
        if (eki_notice_unsent(&rows[i]) != sent) error = settle_notice(m, &rows[i]);
    return error;
}

/* What was sent of either case comes before what was not. */
static enum eki_error settle_pairs(struct merging *m)
{
    enum eki_error error = EKI_OK;
    if (!m->pair_count) return EKI_OK;
    error = settle_notices(m, m->into.id, true);
    if (!error) error = settle_notices(m, m->from.id, true);
    if (!error) error = settle_notices(m, m->into.id, false);
    if (!error) error = settle_notices(m, m->from.id, false);
    for (size_t i = 0; !error && i < m->pair_count; i++) error = eki_store_remove(m->work, m->pairs[i].gone);
    return error;
}

/* A step that both have and that nobody began is dropped in the one that moves. */
static enum eki_error move_tasks(struct merging *m)
{
    struct eki_store_task *rows, *kept;
    size_t count = 0, kept_count = 0;
    enum eki_error error = eki_case_rows(m->work, m->from.id, &rows, &count);
    if (!error) error = eki_case_rows(m->work, m->into.id, &kept, &kept_count);
    if (!error && count + kept_count > EKI_CASE_TASKS) error = EKI_ERROR_LIMIT;
    for (size_t i = 0; !error && i < count; i++) {
        bool again = false;
        for (size_t k = 0; rows[i].playbook[0] && k < kept_count; k++)
            again = again || !strcmp(kept[k].playbook, rows[i].playbook);
        if (again && !strcmp(rows[i].state, "open")) {
            rows[i].state = "dropped";
            rows[i].ended = m->act->at;
        }
        rows[i].of_case = m->into.id;
        error = eki_store_change(m->work, &rows[i]);
    }
    return error;
}

static int by_value(const void *a, const void *b)
{
    const struct eki_store_indicator *x = a, *y = b;
    int order = strcmp(x->kind, y->kind);
    return order ? order : strcmp(x->value, y->value);
}

/* One that has no label bears that of its case, which the other case may not have. The stricter one stays on
 * the row: it holds even when the case that goes on is widened later. */
static void unite_labels(const struct merging *m, struct eki_store_indicator *known,
                         const struct eki_store_indicator *gone)
{
    if (!known->tlp[0] && !gone->tlp[0]) return; /* as strict as the two cases together */
    known->tlp = eki_tlp_word(eki_tlp_stricter(eki_indicator_label(known, eki_case_label(&m->into)),
                                               eki_indicator_label(gone, eki_case_label(&m->from))));
}

static enum eki_error move_indicators(struct merging *m)
{
    struct eki_store_indicator *rows, *kept;
    size_t count = 0, kept_count = 0;
    enum eki_error error = eki_case_rows(m->work, m->from.id, &rows, &count);
    if (!error) error = eki_case_rows(m->work, m->into.id, &kept, &kept_count);
    if (!error) qsort(kept, kept_count, sizeof *kept, by_value);
    for (size_t i = 0; !error && i < count; i++) {
        struct eki_store_indicator *known = bsearch(&rows[i], kept, kept_count, sizeof *kept, by_value);
        if (!known) {
            rows[i].of_case = m->into.id;
            error = eki_store_change(m->work, &rows[i]);
            continue;
        }
        known->sightings += rows[i].sightings;
        if (rows[i].first < known->first) known->first = rows[i].first;
        if (rows[i].last > known->last) known->last = rows[i].last;
        known->detect = known->detect || rows[i].detect;
        if (!known->comment[0]) known->comment = rows[i].comment;
        unite_labels(m, known, &rows[i]);
        error = eki_store_change(m->work, known);
        if (!error) error = eki_store_remove(m->work, &rows[i]);
    }
    return error;
}

/* What is said of the two in their timelines. */
static enum eki_error tell(struct merging *m)
{
    char from[24], into[24], hosts[24];
    snprintf(from, sizeof from, "%lld", (long long)m->from.id);
    snprintf(into, sizeof into, "%lld", (long long)m->into.id);
    snprintf(hosts, sizeof hosts, "%zu", m->hosts);
    const struct eki_case_saying there = {
        .of_case = m->from.id, .kind = "decision", .saying = EKI_SAYING_MERGED_INTO, .values = {into}};
    const struct eki_case_saying here = {.of_case = m->into.id,
                                         .kind = "decision",
                                         .saying = EKI_SAYING_MERGED_FROM,
                                         .values = {from, m->from.title, hosts}};
    enum eki_error error = eki_case_say(m->work, m->act, &there);
    return error ? error : eki_case_say(m->work, m->act, &here);
}

static enum eki_error close_from(struct merging *m)
{
    struct eki_store_case *from = &m->from, *into = &m->into;
    bool labelled = from->tlp[0] || into->tlp[0];
    if (labelled) into->tlp = eki_tlp_word(eki_tlp_stricter(eki_case_label(from), eki_case_label(into)));
    if (from->handling_class < into->handling_class) into->handling_class = from->handling_class;
    if (from->aware && (!into->aware || from->aware < into->aware)) into->aware = from->aware;
    from->state = "merged";
    from->merged_into = into->id;
    if (!from->closed) from->closed = m->act->at;
    enum eki_error error = eki_store_change(m->work, into);
    if (!error) error = eki_store_change(m->work, from);
    /* Those of both are there by now. */
    return error ? error : eki_case_tighten_notices(m->work, into->id, eki_case_label(into));
}

static enum eki_error check(struct merging *m, struct eki_fault *fault)
{
    if (m->from.id == m->into.id)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "a case is not merged into itself");
    if (!strcmp(m->from.state, "merged"))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "case %lld was merged already",
                             (long long)m->from.id);
    if (!strcmp(m->into.state, "merged") || !strcmp(m->into.state, "closed"))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "case %lld is %s", (long long)m->into.id,
                             m->into.state);
    enum eki_error error = eki_case_still(m->work, m->from.id, fault);
    return error ? error : eki_case_still(m->work, m->into.id, fault);
}

enum eki_error eki_case_merge(struct eki_store_work *work, const struct eki_store_act *act, int64_t from,
                              int64_t into, struct eki_fault *ret_fault)
{
    struct merging m = {.work = work, .act = act};
    enum eki_error error = eki_store_get(work, &m.from, from);
    if (!error) error = eki_store_get(work, &m.into, into);
    if (!error) error = check(&m, ret_fault);
    if (!error) error = move_hosts(&m);
    if (!error) error = settle_pairs(&m);
    if (!error) error = move_notice(&m);
    if (!error) error = move_case_entry(&m);
    if (!error) error = move_tasks(&m);
    if (!error) error = move_indicators(&m);
    if (!error) error = eki_indicator_labels_move(work, m.from.id, m.into.id);
    if (!error) error = move_evidence(&m);
    if (!error) error = move_enquiry(&m);
    if (!error) error = move_received(&m);
    if (!error) error = close_from(&m);
    if (!error) error = tell(&m);
    eki_free(m.pairs);
    eki_free(m.members);
    eki_free(m.told);
    return error;
}
