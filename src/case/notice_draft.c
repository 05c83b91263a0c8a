/* SPDX-License-Identifier: Apache-2.0 */
/* Grouping: the free hosts of a case, by who answers for them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/notice_contact.h"
#include "ekigaku/notice.h"

/* Whose a host is, and whether it already hears of it. */
struct placed {
    struct eki_store_case_host *host;
    uint32_t team, department, contact;
    bool told;            /* a living notice names it */
    const char *disputed; /* team and department that said "not ours": of the row of the notice; or NULL */
    const char *disputed_department;
};

struct drafting {
    struct eki_store_work *work;
    const struct eki_directory *directory;
    const struct eki_notice_options *options;
    int64_t of_case;
    const char *tlp;
    int64_t now;
    struct placed *hosts; /* in order of the hosts' ids */
    size_t count;
    struct eki_answer *answer;
    struct eki_notice_summary summary;
};

static enum eki_error read_hosts(struct drafting *d)
{
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "of_case", .number = d->of_case},
                                              {.column = "id", .is = '>', .number = d->options->after}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(d->work, &query, &rows, &page);
    if (error) return error;
    d->hosts = eki_allocate(page.count + 1, sizeof *d->hosts);
    if (!d->hosts) return EKI_ERROR_MEMORY;
    d->count = page.count;
    for (size_t i = 0; i < page.count; i++)
        d->hosts[i] = (struct placed){&rows[i], EKI_NOWHERE, EKI_NOWHERE, EKI_NOWHERE, false, NULL, NULL};
    return EKI_OK;
}

static struct placed *find_host(struct drafting *d, int64_t id)
{
    size_t from = 0, to = d->count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (d->hosts[middle].host->id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return from < d->count && d->hosts[from].host->id == id ? &d->hosts[from] : NULL;
}

/* What one earlier notice says about its hosts. */
static enum eki_error mark_notice(struct drafting *d, const struct eki_store_notice *notice)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    enum eki_notice_state state = eki_notice_state_parse(notice->state);
    struct eki_store_query query = {.where = {{.column = "notice", .number = notice->id}},
                                    .limit = EKI_NOTICE_HOSTS};
    if (state == EKI_NOTICE_WITHDRAWN) return EKI_OK;
    enum eki_error error = eki_store_list(d->work, &query, &rows, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count; i++) {
        struct placed *placed = find_host(d, rows[i].case_host);
        if (!placed) continue;
        if (state != EKI_NOTICE_DISPUTED) placed->told = true;
        if (state != EKI_NOTICE_DISPUTED) continue;
        placed->disputed = notice->team;
        placed->disputed_department = notice->department;
    }
    return EKI_OK;
}

static enum eki_error read_notices(struct drafting *d)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "of_case", .number = d->of_case}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(d->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = mark_notice(d, &rows[i]);
    return error;
}

static void leave(struct drafting *d, const struct placed *placed, enum eki_notice_left why)
{
    d->summary.left[why]++;
    if (d->options->left) d->options->left(d->options->user, placed->host, why);
}

static const char *team_id(const struct drafting *d, uint32_t team)
{
    size_t count;
    return team == EKI_NOWHERE ? "" : eki_directory_teams(d->directory, &count)[team].id;
}

static const char *department_id(const struct drafting *d, uint32_t department)
{
    size_t count;
    return department == EKI_NOWHERE ? "" : eki_directory_departments(d->directory, &count)[department].id;
}

static const struct eki_contact_point *contact_at(const struct drafting *d, uint32_t contact)
{
    size_t count;
    return contact == EKI_NOWHERE ? NULL : &eki_directory_contacts(d->directory, &count)[contact];
}

/* The contact of the answer, or, when that is no mailbox, a mailbox beside it. */
static uint32_t choose_contact(const struct drafting *d, const struct eki_answer *answer)
{
    const struct eki_contact_point *c = contact_at(d, answer->contact);
    if (!c || c->medium == EKI_MEDIUM_EMAIL || c->team_at == EKI_NOWHERE) return answer->contact;
    uint32_t department = c->team_at == answer->team ? answer->department : c->department_at;
    uint32_t mailbox = eki_notice_mailbox(d->directory, c->team_at, department, EKI_NOWHERE);
    return mailbox == EKI_NOWHERE ? answer->contact : mailbox;
}

/* Notes the owner on the row of the host, when it says something else. */
static enum eki_error note_owner(struct drafting *d, struct placed *placed)
{
    struct eki_store_case_host *host = placed->host;
    const char *team = team_id(d, placed->team), *department = department_id(d, placed->department);
    if (!strcmp(host->team, team) && !strcmp(host->department, department)) return EKI_OK;
    host->team = team;
    host->department = department;
    return eki_store_change(d->work, host);
}

/* Asks for the owner. *ret_free: it belongs to a notice that is to be made. */
static enum eki_error place_host(struct drafting *d, struct placed *placed, bool *ret_free)
{
    struct eki_address address;
    struct eki_question question = {.address = &address};
    bool is_address = !eki_address_parse(placed->host->host, &address);
    if (!is_address) question = (struct eki_question){.domain = placed->host->host};
    enum eki_error error = eki_directory_ask(d->directory, &question, d->answer);
    if (error && is_address) return error;
    *ret_free = false;
    if (error || d->answer->team == EKI_NOWHERE) {
        leave(d, placed, EKI_LEFT_NOBODY);
        return EKI_OK;
    }
    placed->team = d->answer->team;
    placed->department = d->answer->department;
    placed->contact = choose_contact(d, d->answer);
    bool same = placed->disputed && !strcmp(placed->disputed, team_id(d, placed->team)) &&
                !strcmp(placed->disputed_department, department_id(d, placed->department));
    if (same)
        leave(d, placed, EKI_LEFT_DISPUTED);
    else if (d->answer->inhibited)
        leave(d, placed, EKI_LEFT_INHIBITED);
    else if (placed->contact == EKI_NOWHERE)
        leave(d, placed, EKI_LEFT_UNREACHABLE);
    else
        *ret_free = true;
    return note_owner(d, placed);
}

static int compare(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->team != y->team) return x->team < y->team ? -1 : 1;
    if (x->department != y->department) return x->department < y->department ? -1 : 1;
    if (x->contact != y->contact) return x->contact < y->contact ? -1 : 1;
    return x->host->id < y->host->id ? -1 : x->host->id > y->host->id;
}

/* The hosts that are free come to the front, in order of their owners. */
static enum eki_error place_hosts(struct drafting *d, size_t *ret_free)
{
    size_t free_count = 0;
    for (size_t i = 0; i < d->count; i++) {
        bool is_free;
        if (d->hosts[i].told) {
            d->summary.told++;
            continue;
        }
        enum eki_error error = place_host(d, &d->hosts[i], &is_free);
        if (error) return error;
        if (is_free) d->hosts[free_count++] = d->hosts[i];
    }
    qsort(d->hosts, free_count, sizeof *d->hosts, compare);
    *ret_free = free_count;
    return EKI_OK;
}

/* One notice for hosts [0, count) of one owner. */
static enum eki_error add_notice(struct drafting *d, const struct placed *hosts, size_t count)
{
    const struct eki_contact_point *c = contact_at(d, hosts->contact);
    struct eki_store_notice notice = {
        .of_case = d->of_case,
        .team = team_id(d, hosts->team),
        .department = department_id(d, hosts->department),
        .contact = c->id,
        .address = c->address,
        .language =
            d->options->language ? d->options->language : eki_notice_language(d->directory, hosts->contact),
        .format = d->options->format ? d->options->format : eki_notice_format(d->directory, hosts->contact),
        .tlp = d->tlp,
        .state = eki_notice_state_name(EKI_NOTICE_DRAFT),
        .hosts = (int64_t)count,
        .created = d->now,
        .expires = d->now + (int64_t)EKI_NOTICE_LINK_DAYS * 86400 * 1000000,
    };
    enum eki_error error = eki_store_add(d->work, &notice);
    for (size_t i = 0; !error && i < count; i++) {
        struct eki_store_notice_host row = {.notice = notice.id, .case_host = hosts[i].host->id};
        error = eki_store_add(d->work, &row);
    }
    d->summary.notices++;
    d->summary.hosts += (uint32_t)count;
    return error;
}

static enum eki_error add_notices(struct drafting *d, size_t free_count)
{
    enum eki_error error = EKI_OK;
    for (size_t from = 0, to; !error && from < free_count; from = to) {
        const struct placed *first = &d->hosts[from];
        for (to = from + 1; to < free_count; to++)
            if (d->hosts[to].team != first->team || d->hosts[to].department != first->department ||
                d->hosts[to].contact != first->contact)
                break;
        error = add_notice(d, first, to - from);
    }
    return error;
}

enum eki_error eki_notice_draft(struct eki_store_work *work, int64_t of_case,
                                const struct eki_directory *directory,
                                const struct eki_notice_options *options,
                                struct eki_notice_summary *ret_summary)
{
    static const struct eki_notice_options usual = {0};
    struct drafting d = {.work = work,
                         .directory = directory,
                         .options = options ? options : &usual,
                         .of_case = of_case,
                         .now = eki_directory_now(directory) / 1000};
    struct eki_store_case row;
    size_t free_count = 0;
    if (eki_directory_now(directory) == EKI_TIME_NONE) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (error) return error;
    if (!strcmp(row.state, "closed") || !strcmp(row.state, "merged")) return EKI_ERROR_CONFLICT;
    d.tlp = row.tlp[0] ? row.tlp : eki_tlp_word(EKI_TLP_UNMARKED);
    d.answer = eki_allocate(1, sizeof *d.answer);
    error = d.answer ? read_hosts(&d) : EKI_ERROR_MEMORY;
    if (!error) error = read_notices(&d);
    if (!error) error = place_hosts(&d, &free_count);
    if (!error) error = add_notices(&d, free_count);
    eki_free(d.hosts);
    eki_free(d.answer);
    if (!error) *ret_summary = d.summary;
    return error;
}
