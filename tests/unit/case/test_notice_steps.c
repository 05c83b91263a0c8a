/* SPDX-License-Identifier: Apache-2.0 */
/* Released by persons, sent once, answered by owners, passed on when they are silent. */
#include "desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/case.h"
#include "ekigaku/desk_directory.h"

#define MINUTE   INT64_C(60000000)
#define HOUR     (60 * MINUTE)
#define HEAD     "{\"schema\":\"ekigaku.directory/1\"}\n"
#define TEAM(id) "{\"kind\":\"team\",\"id\":\"" id "\",\"name\":\"Team " id "\"}\n"
#define MAIL(id, team, role)                                                                                 \
    "{\"kind\":\"contact\",\"id\":\"" id "\",\"team\":\"" team "\",\"role\":\"" role                         \
    "\",\"medium\":\"email\",\"address\":\"" id "@example.jp\"}\n"
#define NET(what, more) "{\"kind\":\"network\"," what more "}\n"
/* clang-format off */
static const char world[] = HEAD TEAM("a") TEAM("b") TEAM("isp") TEAM("jp")
    MAIL("a-poc", "a", "poc") MAIL("a-noc", "a", "noc") MAIL("b-poc", "b", "poc")
    MAIL("isp-noc", "isp", "noc") MAIL("jp-poc", "jp", "poc")
    NET("\"prefix\":\"192.0.2.0/24\",\"team\":\"a\"", ",\"origin\":64500,\"in_country\":\"JP\"")
    NET("\"prefix\":\"198.51.100.0/24\",\"team\":\"b\"", "")
    NET("\"asn\":64500,\"team\":\"isp\"", "") NET("\"country\":\"JP\",\"team\":\"jp\"", "");
/* clang-format on */

static const char *const hosts[] = {"192.0.2.1", "192.0.2.2", "198.51.100.9"};

struct scene {
    struct desk *desk;
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    struct eki_notice_setup setup;
    struct eki_notice_post post;
    int64_t of_case, hours[3], ada, grace, now;
    enum eki_notice_outcome outcome; /* what the relay will say */
    unsigned carried;
    bool answers; /* the owner answers while the relay still talks */
};

static struct eki_store_act act_of(const struct scene *s, int64_t account)
{
    return (struct eki_store_act){.at = s->now, .account = account, .who = "test"};
}

static struct eki_store_work *write_as(struct scene *s, int64_t account)
{
    struct eki_store_work *work;
    struct eki_store_act act = act_of(s, account);
    struct eki_fault fault = {0};
    assert_int_equal(eki_store_begin(s->desk->store, &act, &work, &fault), EKI_OK);
    return work;
}

static struct eki_store_notice get(struct scene *s, int64_t id)
{
    static struct eki_store_notice notice;
    static char state[40], address[100], message[500], label[20];
    struct eki_store_work *work = desk_read(s->desk);
    assert_int_equal(eki_store_get(work, &notice, id), EKI_OK);
    snprintf(state, sizeof state, "%s", notice.state);
    snprintf(address, sizeof address, "%s", notice.address);
    snprintf(message, sizeof message, "%s", notice.message);
    snprintf(label, sizeof label, "%s", notice.tlp);
    eki_store_end(work);
    notice.tlp = label;
    notice.state = state;
    notice.address = address;
    notice.message = message;
    return notice;
}

static enum eki_notice_outcome carry(void *user, const struct eki_notice_message *message,
                                     char ret_reply[EKI_NOTICE_REPLY])
{
    struct scene *s = user;
    s->carried++;
    /* It is on record before anything is said. */
    assert_string_equal(get(s, message->notice).state, "sending");
    snprintf(ret_reply, EKI_NOTICE_REPLY, "250 2.0.0\r\nOk \xff");
    if (s->answers) {
        struct eki_store_act act = act_of(s, 0);
        struct eki_store_work *work = write_as(s, 0);
        struct eki_notice_answer answer = {.state = EKI_NOTICE_HANDLING};
        assert_int_equal(eki_notice_answer(work, &act, message->notice, &answer), EKI_OK);
        desk_commit(work);
    }
    return s->outcome;
}

static struct scene begin(void **state, const char *lines)
{
    struct scene s = {.desk = *state, .directory = desk_directory(lines), .now = DESK_NOW / 1000};
    struct eki_fault fault = {0};
    struct eki_notice_summary summary;
    assert_int_equal(eki_notice_templates_load(NULL, &s.templates, &fault), EKI_OK);
    s.of_case = desk_case(s.desk, hosts, 3);
    s.ada = desk_account(s.desk, "ada");
    s.grace = desk_account(s.desk, "grace");
    for (int i = 0; i < 3; i++) s.hours[i] = 24;
    s.setup = (struct eki_notice_setup){.directory = s.directory,
                                        .templates = s.templates,
                                        .sender = {.mail = "csirt@desk.example"},
                                        .now = DESK_NOW};
    struct eki_store_work *work = desk_write(s.desk);
    struct eki_desk_kept kept;
    struct eki_store_act act = act_of(&s, 0);
    assert_int_equal(eki_desk_keep(work, &act, s.directory, &kept, &fault), EKI_OK);
    assert_int_equal(eki_notice_draft(work, s.of_case, s.directory, NULL, &summary), EKI_OK);
    assert_int_equal(summary.notices, 2);
    desk_commit(work);
    return s;
}

static void end(struct scene *s)
{
    eki_notice_templates_free(s->templates);
    eki_directory_free(s->directory);
}

static enum eki_error release(struct scene *s, int64_t account, int64_t id, unsigned *ret_waits)
{
    struct eki_store_act act = act_of(s, account);
    struct eki_store_work *work = write_as(s, account);
    enum eki_error error = eki_notice_release(work, &act, id, EKI_NOTICE_MASS, ret_waits);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    return error;
}

static uint32_t enqueue(struct scene *s)
{
    struct eki_store_act act = act_of(s, s->ada);
    struct eki_store_work *work = write_as(s, s->ada);
    struct eki_notice_settings settings = {.relay = ""};
    uint32_t queued;
    assert_int_equal(eki_notice_enqueue(work, &act, &settings, 0, &queued),
                     EKI_ERROR_UNSUPPORTED); /* mail is off */
    settings.relay = "smtp://127.0.0.1:25";
    assert_int_equal(eki_notice_enqueue(work, &act, &settings, 0, &queued), EKI_OK);
    desk_commit(work);
    return queued;
}

static enum eki_error send_next(struct scene *s, struct eki_store_notice *ret_notice)
{
    struct eki_fault fault = {0};
    struct eki_notice_post post = {.store = s->desk->store,
                                   .act = act_of(s, 0),
                                   .setup = &s->setup,
                                   .hours = s->hours,
                                   .carry = carry,
                                   .user = s};
    return eki_notice_send_next(&post, ret_notice, &fault);
}

static void persons(void **state)
{
    struct scene s = begin(state, world);
    unsigned waits;
    assert_int_equal(release(&s, 0, 1, &waits), EKI_ERROR_ARGUMENT); /* nobody */
    assert_int_equal(release(&s, s.ada, 1, &waits), EKI_OK);         /* two owners are no mass */
    assert_int_equal(waits, 0);
    assert_int_equal(release(&s, s.ada, 1, &waits), EKI_ERROR_CONFLICT);
    struct eki_store_notice row;
    struct eki_store_work *work = write_as(&s, s.ada);
    assert_int_equal(eki_store_get(work, &row, 2), EKI_OK);
    row.tlp = "RED";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
    assert_int_equal(release(&s, s.ada, 2, &waits), EKI_OK);
    assert_int_equal(waits, 1);
    assert_string_equal(get(&s, 2).state, "draft");
    assert_int_equal(release(&s, s.ada, 2, &waits), EKI_ERROR_CONFLICT); /* not the same twice */
    assert_int_equal(release(&s, s.grace, 2, &waits), EKI_OK);
    assert_string_equal(get(&s, 2).state, "released");
    end(&s);
}

/* The first mass notice of a case: each of them needs two, later follow-ups one. */
static void mass(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_act act = act_of(&s, s.ada);
    struct eki_store_work *work = write_as(&s, s.ada);
    struct eki_notice_released counts;
    assert_int_equal(eki_notice_release_case(work, &act, s.of_case, 2, &counts), EKI_OK);
    assert_int_equal(counts.waiting, 2);
    assert_int_equal(eki_notice_release_case(work, &act, s.of_case, 2, &counts), EKI_OK);
    assert_int_equal(counts.refused, 2);
    act.account = s.grace;
    struct eki_store_notice first;
    unsigned waits, needs;
    assert_int_equal(eki_notice_release(work, &act, 1, 2, &waits), EKI_OK);
    assert_int_equal(eki_store_get(work, &first, 1), EKI_OK);
    first.state = "sent";
    first.sent = s.now + 1;
    assert_int_equal(eki_store_change(work, &first), EKI_OK);
    struct eki_store_notice second;
    assert_int_equal(eki_store_get(work, &second, 2), EKI_OK);
    assert_int_equal(eki_notice_needs(work, &second, 2, &needs), EKI_OK);
    assert_int_equal(needs, 2); /* of the same batch: still two */
    second.created++;
    assert_int_equal(eki_notice_needs(work, &second, 1, &needs), EKI_OK);
    assert_int_equal(needs, 1);
    desk_commit(work);
    end(&s);
}

static void release_both(struct scene *s)
{
    unsigned waits;
    assert_int_equal(release(s, s->ada, 1, &waits), EKI_OK);
    assert_int_equal(release(s, s->ada, 2, &waits), EKI_OK);
    assert_int_equal(enqueue(s), 2);
}

static void sent_once(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING); /* drafts stay */
    release_both(&s);
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_string_equal(n.state, "sent");
    n = get(&s, 1);
    assert_string_equal(n.message, "250 2.0.0  Ok  ");
    assert_int_equal(n.sent, s.now);
    assert_int_equal(n.due, s.now + 24 * HOUR);
    s.outcome = EKI_CARRIED_UNKNOWN;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_string_equal(n.state, "unknown");
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING);
    s.now += 365 * 24 * HOUR;
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING); /* never by itself */
    assert_int_equal(s.carried, 2);
    struct eki_store_act act = act_of(&s, s.ada);
    struct eki_store_work *work = write_as(&s, s.ada);
    assert_int_equal(eki_notice_say(work, &act, 2, EKI_NOTICE_QUEUED, "he called: nothing came"), EKI_OK);
    desk_commit(work);
    s.outcome = EKI_CARRIED_ACCEPTED;
    assert_int_equal(send_next(&s, &n), EKI_OK); /* by a person's word */
    assert_string_equal(n.state, "sent");
    assert_int_equal(n.attempts, 2);
    end(&s);
}

static void refused(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    s.outcome = EKI_CARRIED_LATER;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_string_equal(n.state, "queued");
    assert_int_equal(n.due, s.now + 5 * MINUTE);
    assert_int_equal(send_next(&s, &n), EKI_OK); /* the other one */
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING);
    int64_t before = s.now;
    unsigned tries = 1;
    for (; strcmp(get(&s, 1).state, "bounced"); tries++) {
        assert_true(tries < 100);
        s.now = get(&s, 1).due;
        assert_int_equal(send_next(&s, &n), EKI_OK);
        while (send_next(&s, &n) == EKI_OK) {
        }
    }
    assert_int_equal(tries, EKI_NOTICE_TRIES);
    assert_in_range(s.now - before, 4 * 24 * HOUR, 6 * 24 * HOUR); /* RFC 5321, 4.5.4.1 */
    end(&s);
}

/* A process that ended while it talked: its notice is not known, not sent again. */
static void ended_in_the_middle(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    struct eki_store_work *work = write_as(&s, 0);
    assert_int_equal(eki_store_get(work, &n, 1), EKI_OK);
    n.state = "sending";
    n.attempts = 1;
    n.due = s.now + EKI_NOTICE_LEASE_S * INT64_C(1000000);
    assert_int_equal(eki_store_change(work, &n), EKI_OK);
    desk_commit(work);
    struct eki_store_act act = act_of(&s, 0);
    uint32_t unknown;
    work = write_as(&s, 0);
    assert_int_equal(eki_notice_recover(work, &act, &unknown), EKI_OK);
    assert_int_equal(unknown, 0); /* another process may still be at it */
    desk_commit(work);
    s.now += 11 * MINUTE;
    act = act_of(&s, 0);
    work = write_as(&s, 0);
    assert_int_equal(eki_notice_recover(work, &act, &unknown), EKI_OK);
    assert_int_equal(unknown, 1);
    desk_commit(work);
    assert_string_equal(get(&s, 1).state, "unknown");
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_int_equal(n.id, 2);
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING);
    end(&s);
}

static void answered_meanwhile(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    s.answers = true;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_string_equal(n.state, "handling");
    n = get(&s, 1);
    assert_int_equal(n.sent, s.now);
    assert_int_equal(n.due, 0); /* no ladder */
    end(&s);
}

static enum eki_error close_case(struct scene *s, struct eki_fault *fault)
{
    struct eki_store_act act = act_of(s, s->ada);
    struct eki_store_work *work = write_as(s, s->ada);
    enum eki_error error = eki_case_close(work, &act, s->of_case, "patch sooner", fault);
    if (!error) error = eki_store_commit(work);
    eki_store_end(work);
    return error;
}

/* A case is not closed under what is being sent; once it is closed, nothing is sent for it any more. */
static void closed_meanwhile(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    struct eki_fault fault = {0};
    unsigned waits;
    assert_int_equal(release(&s, s.ada, 1, &waits), EKI_OK);
    assert_int_equal(enqueue(&s), 1);
    assert_int_equal(close_case(&s, &fault), EKI_ERROR_CONFLICT);
    assert_string_equal(fault.what, "1 of its notices are still being sent");
    s.outcome = EKI_CARRIED_UNKNOWN;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_int_equal(release(&s, s.ada, 2, &waits), EKI_OK);
    assert_int_equal(close_case(&s, &fault), EKI_OK);
    assert_int_equal(enqueue(&s), 0);
    assert_string_equal(get(&s, 2).state, "released");
    struct eki_store_act act = act_of(&s, s.ada);
    struct eki_store_work *work = write_as(&s, s.ada);
    assert_int_equal(eki_notice_say(work, &act, 1, EKI_NOTICE_QUEUED, "again"), EKI_ERROR_CONFLICT);
    eki_store_end(work);
    assert_int_equal(send_next(&s, &n), EKI_ERROR_MISSING);
    assert_int_equal(s.carried, 1);
    end(&s);
}

static struct eki_notice_climbed climb(struct scene *s)
{
    struct eki_notice_climbed climbed;
    struct eki_store_act act = act_of(s, 0);
    struct eki_store_work *work = write_as(s, 0);
    assert_int_equal(eki_notice_ladder(work, &act, s->directory, &climbed), EKI_OK);
    desk_commit(work);
    return climbed;
}

/* Who is silent in a case that is over is not passed on, until it is opened again. */
static void closed_while_silent(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    struct eki_fault fault = {0};
    release_both(&s);
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_int_equal(send_next(&s, &n), EKI_OK);
    assert_int_equal(close_case(&s, &fault), EKI_OK);
    s.now += 25 * HOUR;
    assert_int_equal(climb(&s).moved, 0);
    assert_string_equal(get(&s, 1).state, "sent");
    struct eki_store_act act = act_of(&s, s.ada);
    struct eki_store_work *work = write_as(&s, s.ada);
    assert_int_equal(eki_case_reopen(work, &act, s.of_case, &fault), EKI_OK);
    desk_commit(work);
    assert_int_equal(climb(&s).moved, 1);
    assert_string_equal(get(&s, 1).state, "queued");
    end(&s);
}

static void ladder(void **state)
{
    static const char *const whom[] = {"a-noc@example.jp", "isp-noc@example.jp", "jp-poc@example.jp"};
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    while (send_next(&s, &n) == EKI_OK) {
    }
    assert_int_equal(climb(&s).moved, 0);
    struct eki_store_act act = act_of(&s, s.ada);
    struct eki_store_work *work = write_as(&s, s.ada);
    struct eki_notice_answer answer = {.state = EKI_NOTICE_RECEIVED};
    assert_int_equal(eki_notice_answer(work, &act, 2, &answer), EKI_OK);
    desk_commit(work);
    for (unsigned step = 1; step <= 3; step++) {
        s.now += 24 * HOUR - 1;
        assert_int_equal(climb(&s).moved, 0); /* not before */
        s.now++;
        assert_int_equal(climb(&s).moved, 1); /* the one that answered stays */
        n = get(&s, 1);
        assert_int_equal(n.step, step);
        assert_string_equal(n.address, whom[step - 1]);
        assert_string_equal(n.state, "queued");
        assert_int_equal(send_next(&s, &n), EKI_OK);
    }
    s.now += 24 * HOUR;
    struct eki_notice_climbed climbed = climb(&s);
    assert_int_equal(climbed.moved, 0);
    assert_int_equal(climbed.ended, 1);
    assert_int_equal(climb(&s).ended, 0); /* told once */
    end(&s);
}

/* A case that became stricter: what is tried again or passed on follows it, and RED is not passed on. */
static void stricter_meanwhile(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    struct eki_store_case row;
    release_both(&s);
    s.outcome = EKI_CARRIED_LATER;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    s.outcome = EKI_CARRIED_ACCEPTED;
    assert_int_equal(send_next(&s, &n), EKI_OK);
    int64_t sent = n.id;
    struct eki_store_work *work = write_as(&s, s.ada);
    assert_int_equal(eki_store_get(work, &row, s.of_case), EKI_OK);
    row.tlp = "RED";
    assert_int_equal(eki_store_change(work, &row), EKI_OK);
    desk_commit(work);
    s.now += 25 * HOUR;
    assert_int_equal(climb(&s).moved, 0);
    assert_string_equal(get(&s, sent).state, "sent");
    assert_int_equal(send_next(&s, &n), EKI_OK); /* not in clear */
    assert_string_equal(get(&s, 3 - sent).tlp, "RED");
    assert_string_equal(get(&s, 3 - sent).state, "released");
    assert_int_equal(s.carried, 2);
    end(&s);
}

/* What comes back goes on at once, and the contact's health says why. */
static void bounce(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    while (send_next(&s, &n) == EKI_OK) {
    }
    struct eki_store_act act = act_of(&s, 0);
    for (int i = 0; i < 2; i++) {
        struct eki_store_work *work = write_as(&s, 0);
        assert_int_equal(eki_notice_bounced(work, &act, 1, "550 5.1.1 no such user"), EKI_OK);
        desk_commit(work);
    }
    assert_string_equal(get(&s, 1).state, "bounced");
    assert_int_equal(climb(&s).moved, 1);
    assert_string_equal(get(&s, 1).address, "a-noc@example.jp");
    struct eki_store_work *work = desk_read(s.desk);
    struct eki_directory *kept;
    struct eki_fault fault = {0};
    size_t count;
    assert_int_equal(eki_desk_directory(work, s.now * 1000, &kept, &fault), EKI_OK);
    const struct eki_contact_point *contacts = eki_directory_contacts(kept, &count);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(eki_directory_contact_state(kept, i)->health == EKI_HEALTH_DEAD,
                         !strcmp(contacts[i].id, "a-poc"));
    eki_directory_free(kept);
    eki_store_end(work);
    end(&s);
}

static void not_ours(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_notice n;
    release_both(&s);
    while (send_next(&s, &n) == EKI_OK) {
    }
    struct eki_store_act act = act_of(&s, 0);
    struct eki_store_work *work = write_as(&s, 0);
    struct eki_notice_answer answer = {
        .state = EKI_NOTICE_DISPUTED, .who = "Team b", .text = "moved\x01 in May\n"};
    assert_int_equal(eki_notice_answer(work, &act, 1, &answer), EKI_OK);
    assert_int_equal(eki_notice_answer(work, &act, 1, &answer), EKI_OK); /* said twice: proposed once */
    desk_commit(work);
    work = write_as(&s, s.grace);
    struct eki_store_proposal *proposals;
    struct eki_store_page page;
    struct eki_store_query query = {.limit = 100};
    assert_int_equal(eki_store_list(work, &query, &proposals, &page), EKI_OK);
    assert_int_equal(page.count, 2); /* one for each host */
    struct eki_fault fault = {0};
    act = act_of(&s, s.grace);
    for (size_t i = 0; i < page.count; i++) {
        assert_int_equal(proposals[i].notice, 1);
        assert_non_null(strstr(proposals[i].why, "moved  in May"));
        enum eki_error error = eki_proposal_approve(work, &act, proposals[i].id, NULL, &fault);
        if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    }
    struct eki_directory *repaired;
    struct eki_notice_summary summary;
    assert_int_equal(eki_desk_directory(work, s.now * 1000, &repaired, &fault), EKI_OK);
    assert_int_equal(eki_notice_draft(work, s.of_case, repaired, NULL, &summary), EKI_OK);
    assert_int_equal(summary.notices, 1);
    assert_int_equal(summary.hosts, 2);
    struct eki_store_notice again;
    assert_int_equal(eki_store_get(work, &again, 3), EKI_OK);
    assert_string_equal(again.team, "b");
    desk_commit(work);
    eki_directory_free(repaired);
    end(&s);
}

static void refused_answers(void **state)
{
    struct scene s = begin(state, world);
    struct eki_store_act act = act_of(&s, 0);
    struct eki_notice_answer answer = {.state = EKI_NOTICE_DONE};
    struct eki_store_work *work = write_as(&s, 0);
    assert_int_equal(eki_notice_answer(work, &act, 1, &answer),
                     EKI_ERROR_CONFLICT); /* a draft: nobody was told */
    answer.state = EKI_NOTICE_SENT;
    assert_int_equal(eki_notice_answer(work, &act, 1, &answer), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_notice_say(work, &act, 1, EKI_NOTICE_WITHDRAWN, NULL), EKI_OK);
    answer.state = EKI_NOTICE_RECEIVED;
    assert_int_equal(eki_notice_answer(work, &act, 1, &answer), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_notice_say(work, &act, 1, EKI_NOTICE_QUEUED, NULL), EKI_ERROR_CONFLICT);
    assert_int_equal(eki_notice_answer(work, &act, 99, &answer), EKI_ERROR_MISSING);
    desk_commit(work);
    end(&s);
}

static void settings(void **state)
{
    struct desk *desk = *state;
    struct eki_fault fault = {0};
    struct eki_notice_settings s;
    struct eki_store_work *work = desk_write(desk);
    assert_int_equal(eki_notice_settings_read(work, &s), EKI_OK);
    assert_string_equal(s.relay, "");
    assert_int_equal(s.mass, EKI_NOTICE_MASS);
    struct eki_notice_settings bad[] = {s, s, s, s, s, s, s};
    bad[0].relay = "http://x";
    bad[1].relay = "smtp://user:password@x";
    bad[2].relay = "smtp://x"; /* and no sender */
    bad[3].sender.mail = "a@b\r\nBcc: c@d";
    bad[4].sender.url = "javascript:alert(1)";
    bad[5].mass = 1;
    bad[6].hours[1] = 0;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(eki_notice_settings_choose(work, &bad[i], &fault), EKI_ERROR_ARGUMENT);
    s.relay = "smtp://relay.example:587";
    s.relay_password = "hunter22";
    s.sender.mail = "csirt@desk.example";
    s.hours[2] = 72;
    assert_int_equal(eki_notice_settings_choose(work, &s, &fault), EKI_OK);
    s.relay_password = NULL; /* stays */
    assert_int_equal(eki_notice_settings_choose(work, &s, &fault), EKI_OK);
    desk_commit(work);
    work = desk_read(desk);
    assert_int_equal(eki_notice_settings_read(work, &s), EKI_OK);
    assert_string_equal(s.relay, "smtp://relay.example:587");
    assert_string_equal(s.relay_password, "hunter22");
    assert_int_equal(s.hours[2], 72);
    eki_store_end(work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(persons),
        DESK_TEST(mass),
        DESK_TEST(sent_once),
        DESK_TEST(refused),
        DESK_TEST(ended_in_the_middle),
        DESK_TEST(answered_meanwhile),
        DESK_TEST(closed_meanwhile),
        DESK_TEST(closed_while_silent),
        DESK_TEST(ladder),
        DESK_TEST(stricter_meanwhile),
        DESK_TEST(bounce),
        DESK_TEST(not_ours),
        DESK_TEST(refused_answers),
        DESK_TEST(settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
