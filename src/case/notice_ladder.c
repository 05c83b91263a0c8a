/* SPDX-License-Identifier: Apache-2.0 */
/* The ladder: who stays silent is passed on. */
#include <string.h>

#include "base/memory.h"
#include "case/notice_contact.h"
#include "case/notice_row.h"

enum { SECOND = 1, UPSTREAM, NATIONAL, STEPS };

struct climbing {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_directory *directory;
    struct eki_answer *answer;
    struct eki_notice_climbed counts;
};

static uint32_t team_of(const struct climbing *c, uint32_t contact)
{
    size_t count;
    return contact == EKI_NOWHERE ? EKI_NOWHERE
                                  : eki_directory_contacts(c->directory, &count)[contact].team_at;
}

/* The team that answers for a host by its AS or its country; never the silent owner. */
static uint32_t claimed(struct climbing *c, const char *host, enum eki_resource resource, uint32_t owner)
{
    struct eki_address address;
    size_t count;
    const struct eki_network *networks = eki_directory_networks(c->directory, &count);
    struct eki_question question = {.address = &address};
    if (eki_address_parse(host, &address) || eki_directory_ask(c->directory, &question, c->answer))
        return EKI_NOWHERE;
    for (size_t i = 0; i < c->answer->claim_count; i++) {
        const struct eki_claim *claim = &c->answer->claims[i];
        uint32_t team = networks[claim->network].team_at;
        if (claim->resource == resource && claim->verdict != EKI_CLAIM_GUARDED && team != owner) return team;
    }
    return EKI_NOWHERE;
}

/* The same for all hosts of the notice, else nobody: no one hears of hosts that are not theirs. */
static enum eki_error common(struct climbing *c, const struct eki_store_notice *notice,
                             enum eki_resource resource, uint32_t *ret_team)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    uint32_t owner = eki_directory_team(c->directory, notice->team);
    struct eki_store_query query = {.where = {{.column = "notice", .number = notice->id}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(c->work, &query, &rows, &page);
    *ret_team = EKI_NOWHERE;
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case_host host;
        error = eki_store_get(c->work, &host, rows[i].case_host);
        if (error) return error;
        uint32_t team = claimed(c, host.host, resource, owner);
        if (i && team != *ret_team) team = EKI_NOWHERE;
        *ret_team = team;
        if (team == EKI_NOWHERE) break;
    }
    return error;
}

/* The mailbox of a step, EKI_NOWHERE when it has none. */
static enum eki_error step_contact(struct climbing *c, const struct eki_store_notice *notice, int64_t step,
                                   uint32_t *ret_contact)
{
    uint32_t now = eki_notice_contact_of(c->directory, notice->contact), team;
    uint32_t owner = eki_directory_team(c->directory, notice->team);
    *ret_contact = EKI_NOWHERE;
    if (step == SECOND) {
        bool own = team_of(c, now) == owner; /* else it was a second choice already */
        uint32_t department = eki_notice_department_of(c->directory, notice->department);
        if (owner != EKI_NOWHERE && own)
            *ret_contact = eki_notice_mailbox(c->directory, owner, department, now);
        return EKI_OK;
    }
    enum eki_error error =
        common(c, notice, step == UPSTREAM ? EKI_RESOURCE_AS : EKI_RESOURCE_COUNTRY, &team);
    if (!error && team != EKI_NOWHERE && team != team_of(c, now))
        *ret_contact = eki_notice_mailbox(c->directory, team, EKI_NOWHERE, now);
    return error;
}

/* No one is left: somebody must take the telephone. */
static enum eki_error end(struct climbing *c, struct eki_store_notice *notice, enum eki_saying why)
{
    notice->due = 0;
    c->counts.ended++;
    enum eki_error error = eki_store_change(c->work, notice);
    if (error) return error;
    return eki_notice_log(c->work, c->act, notice, why, NULL);
}

static enum eki_error pass_on(struct climbing *c, struct eki_store_notice *notice, int64_t step,
                              uint32_t contact)
{
    static const enum eki_saying sayings[STEPS] = {EKI_SAYINGS, EKI_SAYING_NOTICE_TO_SECOND,
                                                   EKI_SAYING_NOTICE_TO_UPSTREAM,
                                                   EKI_SAYING_NOTICE_TO_NATIONAL};
    size_t count;
    const struct eki_contact_point *to = &eki_directory_contacts(c->directory, &count)[contact];
    const char *before = notice->address;
    notice->step = step;
    notice->contact = to->id;
    notice->address = to->address;
    notice->language = eki_notice_language(c->directory, contact);
    notice->format = eki_notice_format(c->directory, contact);
    notice->state = eki_notice_state_name(EKI_NOTICE_QUEUED);
    notice->attempts = 0;
    notice->due = c->act->at;
    c->counts.moved++;
    enum eki_error error = eki_store_change(c->work, notice);
    if (error) return error;
    return eki_notice_log(c->work, c->act, notice, sayings[step], EKI_NOTICE_VALUES(before));
}

static enum eki_error climb(struct climbing *c, struct eki_store_notice *notice)
{
    enum eki_tlp label;
    bool over;
    enum eki_error error = eki_notice_over(c->work, notice, &over);
    if (!error && !over) error = eki_notice_tighten(c->work, notice);
    if (error || over) return error; /* it goes on when the case is opened again */
    bool red = notice->tlp[0] && (eki_tlp_parse(notice->tlp, &label) || label == EKI_TLP_RED);
    if (red) return end(c, notice, EKI_SAYING_NOTICE_SILENT_RED);
    for (int64_t step = notice->step + 1; step < STEPS; step++) {
        uint32_t contact;
        error = step_contact(c, notice, step, &contact);
        if (error) return error;
        if (contact != EKI_NOWHERE) return pass_on(c, notice, step, contact);
    }
    return end(c, notice, EKI_SAYING_NOTICE_SILENT);
}

static enum eki_error climb_all(struct climbing *c, const char *state)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "state", .text = state},
                                              {.column = "due", .is = '<', .number = c->act->at + 1},
                                              {.column = "due", .is = '>', .number = 0}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(c->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = climb(c, &rows[i]);
    return error;
}

enum eki_error eki_notice_ladder(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_directory *directory,
                                 struct eki_notice_climbed *ret_climbed)
{
    static const char *const silent[] = {"sent", "delivered", "bounced", "opened"};
    struct climbing c = {.work = work, .act = act, .directory = directory};
    if (eki_directory_now(directory) == EKI_TIME_NONE) return EKI_ERROR_ARGUMENT;
    c.answer = eki_allocate(1, sizeof *c.answer);
    enum eki_error error = c.answer ? EKI_OK : EKI_ERROR_MEMORY;
    for (size_t i = 0; !error && i < sizeof silent / sizeof *silent; i++) error = climb_all(&c, silent[i]);
    eki_free(c.answer);
    if (!error) *ret_climbed = c.counts;
    return error;
}
