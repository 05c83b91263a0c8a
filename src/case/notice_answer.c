/* SPDX-License-Identifier: Apache-2.0 */
/* What people say about a notice: its owner, and the desk. */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "case/notice_row.h"
#include "ekigaku/desk_directory.h"

static void become(struct eki_store_notice *notice, enum eki_notice_state state)
{
    notice->state = eki_notice_state_name(state);
}

static enum eki_notice_state state_of(const struct eki_store_notice *notice)
{
    return eki_notice_state_parse(notice->state);
}

bool eki_notice_may_say(enum eki_notice_state from, enum eki_notice_state to)
{
    static const bool sayable[EKI_NOTICE_STATES] = {[EKI_NOTICE_RECEIVED] = true,
                                                    [EKI_NOTICE_HANDLING] = true,
                                                    [EKI_NOTICE_DONE] = true,
                                                    [EKI_NOTICE_DISPUTED] = true,
                                                    [EKI_NOTICE_WITHDRAWN] = true};
    if (to == EKI_NOTICE_QUEUED) return from == EKI_NOTICE_UNKNOWN || from == EKI_NOTICE_BOUNCED;
    if (to == EKI_NOTICE_SENT) return from == EKI_NOTICE_RELEASED || from == EKI_NOTICE_UNKNOWN;
    if ((unsigned)to >= EKI_NOTICE_STATES || !sayable[to] || from == to) return false;
    return eki_notice_may(from, to);
}

/* A cleaned copy of a stranger's text, cut at EKI_NOTICE_SAID bytes: control characters become blanks. */
static void take_text(const char *text, char ret_text[EKI_NOTICE_SAID + 1])
{
    size_t used = 0;
    for (const unsigned char *at = (const unsigned char *)(text ? text : ""); *at;) {
        size_t length = eki_utf8_length(at);
        size_t step = length ? length : 1;
        if (used + step > EKI_NOTICE_SAID) break;
        bool plain = length > 1 || (*at >= 0x20 && *at != 0x7f) || *at == '\n';
        if (plain && length)
            memcpy(ret_text + used, at, length);
        else
            memset(ret_text + used, ' ', step);
        used += step;
        at += step;
    }
    ret_text[used] = '\0';
}

enum eki_error eki_notice_say(struct eki_store_work *work, const struct eki_store_act *act, int64_t id,
                              enum eki_notice_state state, const char *text)
{
    struct eki_store_notice notice;
    char said[EKI_NOTICE_SAID + 1];
    enum eki_error error = eki_store_get(work, &notice, id);
    if (error) return error;
    if (!eki_notice_may_say(state_of(&notice), state)) return EKI_ERROR_CONFLICT;
    bool over = false;
    if (state == EKI_NOTICE_QUEUED) error = eki_notice_over(work, &notice, &over);
    if (error) return error;
    if (over) return EKI_ERROR_CONFLICT;
    if (state == EKI_NOTICE_SENT && !notice.sent) notice.sent = act->at;
    if (state == EKI_NOTICE_SENT || state == EKI_NOTICE_QUEUED)
        notice.due = act->at;
    else
        notice.due = 0;
    if (state == EKI_NOTICE_SENT) notice.due = eki_notice_later(act->at, (int64_t)EKI_NOTICE_HOURS * 3600);
    bool answer = state != EKI_NOTICE_SENT && state != EKI_NOTICE_QUEUED && state != EKI_NOTICE_WITHDRAWN;
    if (answer && !notice.answered) notice.answered = act->at;
    become(&notice, state);
    take_text(text, said);
    error = eki_store_change(work, &notice);
    if (error) return error;
    return eki_notice_log(work, act, &notice, EKI_SAYING_NOTICE_SAID,
                          EKI_NOTICE_VALUES(notice.state, act->who ? act->who : "ekigaku", said));
}

enum eki_error eki_notice_opened(struct eki_store_work *work, const struct eki_store_act *act, int64_t id)
{
    struct eki_store_notice notice;
    enum eki_error error = eki_store_get(work, &notice, id);
    if (error || !eki_notice_may(state_of(&notice), EKI_NOTICE_OPENED)) return error;
    become(&notice, EKI_NOTICE_OPENED);
    error = eki_store_change(work, &notice);
    if (error) return error;
    return eki_notice_log(work, act, &notice, EKI_SAYING_NOTICE_OPENED, NULL);
}

/* The team that a stranger names, by id or name; EKI_NOWHERE. */
static uint32_t named_team(const struct eki_directory *directory, const char *who)
{
    size_t count;
    uint32_t team = who && *who ? eki_directory_team(directory, who) : EKI_NOWHERE;
    const struct eki_team *teams = eki_directory_teams(directory, &count);
    for (uint32_t i = 0; who && *who && team == EKI_NOWHERE && i < count; i++)
        if (!strcasecmp(teams[i].name, who) || (teams[i].name_ja && !strcmp(teams[i].name_ja, who))) team = i;
    return team;
}

struct disputing {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_store_notice *notice;
    struct eki_directory *directory; /* of the store */
    const char *why;
    uint32_t team;                           /* that was named */
    uint32_t networks[EKI_NOTICE_PROPOSALS]; /* proposed for already */
    unsigned count;
};

/* Without a name the network is wrong for all hosts in it: one proposal says so. */
static bool is_proposed(struct disputing *d, const struct eki_address *address)
{
    struct eki_owner owner;
    if (d->team != EKI_NOWHERE) return false;
    eki_directory_find(d->directory, address, 1, &owner);
    for (unsigned i = 0; i < d->count; i++)
        if (d->networks[i] == owner.network) return true;
    d->networks[d->count] = owner.network;
    return owner.network == EKI_NOWHERE;
}

static enum eki_error propose(struct disputing *d, const char *host)
{
    struct eki_address address;
    int64_t proposal;
    struct eki_fault fault;
    size_t teams;
    if (d->count == EKI_NOTICE_PROPOSALS || eki_address_parse(host, &address)) return EKI_OK;
    if (is_proposed(d, &address)) return EKI_OK;
    struct eki_proposal_not_ours dispute = {
        .host = address,
        .team = d->team == EKI_NOWHERE ? NULL : eki_directory_teams(d->directory, &teams)[d->team].id,
        .why = d->why,
        .notice = d->notice->id};
    d->count++;
    enum eki_error error = eki_proposal_dispute(d->work, d->act, &dispute, &proposal, &fault);
    return error == EKI_ERROR_MISSING || error == EKI_ERROR_CORRUPT ? EKI_OK : error;
}

/* The hosts are disputed, and the directory is to be corrected. */
static enum eki_error dispute_hosts(struct disputing *d)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "notice", .number = d->notice->id}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(d->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case_host host;
        error = eki_store_get(d->work, &host, rows[i].case_host);
        if (error) break;
        host.state = "disputed";
        host.changed = d->act->at;
        error = eki_store_change(d->work, &host);
        if (!error) error = propose(d, host.host);
    }
    return error;
}

/* They are the owner's after all. */
static enum eki_error take_back(struct eki_store_work *work, const struct eki_store_act *act, int64_t notice)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "notice", .number = notice}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case_host host;
        error = eki_store_get(work, &host, rows[i].case_host);
        if (error || strcmp(host.state, "disputed") != 0) continue;
        host.state = "affected";
        host.changed = act->at;
        error = eki_store_change(work, &host);
    }
    return error;
}

static enum eki_error dispute(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_store_notice *notice, const struct eki_notice_answer *answer)
{
    char why[EKI_NOTICE_SAID + 1], who[EKI_NOTICE_SAID + 1], both[EKI_NOTICE_SAID + 1];
    struct eki_fault fault;
    struct disputing d = {.work = work, .act = act, .notice = notice, .why = both};
    take_text(answer->text, why);
    take_text(answer->who, who);
    snprintf(both, sizeof both, "%.600s%s%.800s", who, who[0] && why[0] ? ": " : "", why);
    eki_notice_whole(both);
    enum eki_error error = eki_desk_directory(work, act->at * 1000, &d.directory, &fault);
    if (error) return error;
    d.team = named_team(d.directory, answer->who);
    error = dispute_hosts(&d);
    eki_directory_free(d.directory);
    return error;
}

static bool is_answer(enum eki_notice_state state)
{
    return state == EKI_NOTICE_RECEIVED || state == EKI_NOTICE_HANDLING || state == EKI_NOTICE_DONE ||
           state == EKI_NOTICE_DISPUTED;
}

enum eki_error eki_notice_answer(struct eki_store_work *work, const struct eki_store_act *act, int64_t id,
                                 const struct eki_notice_answer *answer)
{
    struct eki_store_notice notice;
    char who[EKI_NOTICE_SAID + 1], text[EKI_NOTICE_SAID + 1];
    if (!is_answer(answer->state)) return EKI_ERROR_ARGUMENT;
    enum eki_error error = eki_store_get(work, &notice, id);
    if (error) return error;
    enum eki_notice_state before = state_of(&notice);
    if (!eki_notice_may(before, answer->state)) return EKI_ERROR_CONFLICT;
    become(&notice, answer->state);
    if (!notice.answered) notice.answered = act->at;
    notice.due = 0; /* the ladder ends */
    error = eki_store_change(work, &notice);
    if (!error) error = eki_notice_health(work, act, &notice, true);
    if (!error && answer->state == EKI_NOTICE_DISPUTED && before != EKI_NOTICE_DISPUTED)
        error = dispute(work, act, &notice, answer);
    if (!error && answer->state != EKI_NOTICE_DISPUTED && before == EKI_NOTICE_DISPUTED)
        error = take_back(work, act, id);
    take_text(answer->who, who);
    take_text(answer->text, text);
    if (error) return error;
    return eki_notice_log(work, act, &notice, EKI_SAYING_NOTICE_ANSWERED,
                          EKI_NOTICE_VALUES(notice.state, who, text));
}

enum eki_error eki_notice_bounced(struct eki_store_work *work, const struct eki_store_act *act, int64_t id,
                                  const char *why)
{
    struct eki_store_notice notice;
    char text[EKI_NOTICE_SAID + 1];
    enum eki_error error = eki_store_get(work, &notice, id);
    if (error) return error;
    take_text(why, text);
    error = eki_notice_health(work, act, &notice, false);
    if (error || !eki_notice_may(state_of(&notice), EKI_NOTICE_BOUNCED)) return error;
    become(&notice, EKI_NOTICE_BOUNCED);
    notice.message = text;
    notice.due = act->at;
    error = eki_store_change(work, &notice);
    if (error) return error;
    return eki_notice_log(work, act, &notice, EKI_SAYING_NOTICE_BOUNCED, EKI_NOTICE_VALUES(text));
}
