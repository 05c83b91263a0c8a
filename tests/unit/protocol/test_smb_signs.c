/* SPDX-License-Identifier: Apache-2.0 */
/* Signs of SMB and RPC, said message by message: what must be found, and what comes near and must not. */
#include "support_trace.h"

#include <string.h>

#define ATTACKER        "192.0.2.66"
#define VICTIM          "192.0.2.7"
#define NOT_IMPLEMENTED 0xc0000002u
#define LOGON_FAILURE   0xc000006du

static struct trace trace;

static int begin(void **state)
{
    (void)state;
    trace_begin(&trace);
    return 0;
}

static int end(void **state)
{
    (void)state;
    if (trace.engine) trace_end(&trace);
    return 0;
}

static int grade_of(const char *name)
{
    const struct eki_sign *s = trace_find(&trace, name);
    return s ? s->grade : -1;
}

static struct smb1 plain(uint8_t command, uint16_t mid, uint32_t status)
{
    return (struct smb1){.command = command, .pid = 0xfeff, .mid = mid, .status = status};
}

static void say(struct talk *talk, int side, struct smb1 m)
{
    smb1_say(talk, side, &m);
}

static void check_is_a_peek_at_handle_zero(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, smb1_transaction(0x25, 5, 0x23, 0x4000));
    say(&talk, SERVER, plain(0x25, 5, 0));
    assert_null(trace_find(&trace, "ms17-010-check"));
    say(&talk, CLIENT, smb1_transaction(0x25, 6, 0x23, 0));
    say(&talk, SERVER, plain(0x25, 6, 0xc0000205));
    const struct eki_sign *s = trace_between(&trace, "ms17-010-check", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_CHECK);
    assert_int_equal(s->service, 445);
    assert_non_null(strstr(s->detail, "not patched"));
}

static struct smb1 opening(uint8_t command, uint16_t mid)
{
    struct smb1 m = {.command = command, .pid = 0xfeff, .mid = mid, .word_count = 20, .wire = 1200};
    return m;
}

static void eternalblue_mixes_two_transactions(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, opening(0xa0, 65));
    say(&talk, SERVER, plain(0xa0, 65, 0));
    for (int i = 0; i < 15; i++) say(&talk, CLIENT, opening(0x33, 65));
    const struct eki_sign *s = trace_between(&trace, "eternalblue", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_ATTEMPT);
    assert_int_equal(s->count, 15);
}

static void a_transaction2_may_have_secondaries(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, opening(0xa0, 64));
    say(&talk, CLIENT, opening(0x32, 65));
    for (int i = 0; i < 15; i++) say(&talk, CLIENT, opening(0x33, 65));
    assert_null(trace_find(&trace, "eternalblue"));
}

static void eternalblue_is_seen_without_its_start(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    talk.inferred = true;
    for (int i = 0; i < 5; i++) {
        say(&talk, CLIENT, opening(0x33, 65));
        talk_lose(&talk, CLIENT, 3000);
    }
    assert_int_equal(grade_of("eternalblue"), EKI_GRADE_ATTEMPT);
}

static void repeated_packets_count_once(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, opening(0xa0, 65));
    for (int i = 0; i < 3; i++) {
        uint32_t here = talk.next[CLIENT];
        say(&talk, CLIENT, opening(0x33, 65));
        talk.next[CLIENT] = here;
        say(&talk, CLIENT, opening(0x33, 65));
    }
    assert_int_equal(trace_find(&trace, "eternalblue")->count, 3);
}

static void ping(struct talk *talk, uint16_t mid, uint16_t answer)
{
    say(talk, CLIENT, smb1_transaction(0x32, mid, 0x0e, 0));
    say(talk, SERVER, plain(0x32, answer, NOT_IMPLEMENTED));
}

static void doublepulsar_answers_sixteen_higher(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    ping(&talk, 65, 65);
    assert_int_equal(grade_of("doublepulsar"), EKI_GRADE_CHECK);
    ping(&talk, 65, 81);
    assert_int_equal(grade_of("doublepulsar"), EKI_GRADE_EXPLOIT);
    assert_false(trace_find(&trace, "doublepulsar")->vector); /* who put it there was not seen */
    eki_time found = trace_find(&trace, "doublepulsar")->last;
    trace_wait(&trace, 5);
    ping(&talk, 65, 81);
    assert_int_equal(trace_find(&trace, "doublepulsar")->last, found); /* when it was first found counts */
    ping(&talk, 66, 82);
    ping(&talk, 66, 82);
    eki_time last = trace.now - EKI_SECOND / 1000;
    trace_wait(&trace, 5);
    ping(&talk, 65, 81);
    const struct eki_sign *s = trace_between(&trace, "doublepulsar", ATTACKER, VICTIM);
    assert_int_equal(s->grade, EKI_GRADE_IMPLANT);
    assert_true(s->vector);
    assert_int_equal(s->last, last); /* a later ping does not move the infection */
}

static void an_exploit_before_makes_the_implant_its_work(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, opening(0xa0, 65));
    say(&talk, CLIENT, opening(0x33, 65));
    struct talk other = talk_begin(&trace, ATTACKER, VICTIM, 445);
    ping(&other, 65, 81);
    assert_int_equal(grade_of("doublepulsar"), EKI_GRADE_EXPLOIT);
    assert_true(trace_find(&trace, "doublepulsar")->vector);
}

static void an_answer_with_the_id_asked_is_no_implant(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    ping(&talk, 82, 82);
    ping(&talk, 81, 81);
    assert_null(trace_find(&trace, "doublepulsar"));
}

static void answers_alone_name_the_right_victim(void **state)
{
    (void)state;
    /* Only one direction was captured, and port numbers led to the wrong client. */
    struct talk talk = talk_begin(&trace, VICTIM, ATTACKER, 445);
    talk.inferred = true;
    struct smb1 answer = plain(0x32, 82, NOT_IMPLEMENTED);
    uint8_t bytes[39] = {0, 0, 0, 35, 0xff, 'S', 'M', 'B', 0x32, 2, 0, 0, 0xc0, 0x98};
    bytes[4 + 30] = (uint8_t)answer.mid;
    talk_bytes(&talk, CLIENT, bytes, sizeof bytes, sizeof bytes);
    assert_non_null(trace_between(&trace, "doublepulsar", ATTACKER, VICTIM));
    assert_int_equal(grade_of("doublepulsar"), EKI_GRADE_IMPLANT);
}

static struct smb1 unfinished(uint16_t mid)
{
    struct smb1 m = smb1_transaction(0x25, mid, 0x26, 0x4000);
    m.words[3] = 0x54; /* total data 0x5400, none in this message */
    return m;
}

static struct smb1 write_andx(uint16_t mid)
{
    struct smb1 m = {.command = 0x2f, .pid = 0xfeff, .mid = mid, .word_count = 14};
    return m;
}

static void romance_writes_inside_a_transaction(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, unfinished(70));
    say(&talk, CLIENT, write_andx(71));
    assert_null(trace_find(&trace, "eternalromance"));
    say(&talk, CLIENT, write_andx(70));
    assert_int_equal(grade_of("eternalromance"), EKI_GRADE_ATTEMPT);
    say(&talk, CLIENT, smb1_transaction(0x32, 129, 0x0e, 0));
    say(&talk, SERVER, plain(0x32, 129, 0));
    assert_int_equal(grade_of("eternalromance"), EKI_GRADE_EXPLOIT);
}

static void a_complete_transaction_is_not_open(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, smb1_transaction(0x25, 70, 0x26, 0x4000));
    say(&talk, CLIENT, write_andx(70));
    say(&talk, CLIENT, smb1_transaction(0x32, 129, 0x0e, 0));
    say(&talk, SERVER, plain(0x32, 129, 0));
    assert_null(trace_find(&trace, "eternalromance"));
}

static void champion_renames(void **state)
{
    (void)state;
    struct smb1 rename = opening(0xa0, 9), other = opening(0xa0, 9);
    rename.words[36] = 5;
    other.words[36] = 6; /* query security descriptor */
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, other);
    say(&talk, CLIENT, opening(0xa1, 9));
    assert_null(trace_find(&trace, "eternalchampion"));
    say(&talk, CLIENT, rename);
    assert_null(trace_find(&trace, "eternalchampion"));
    say(&talk, CLIENT, opening(0xa1, 9));
    assert_int_equal(grade_of("eternalchampion"), EKI_GRADE_ATTEMPT);
}

static void answers_to_nobody_break_the_invariant(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, plain(0x2b, 3, 0));
    say(&talk, SERVER, plain(0x2b, 3, 0));
    say(&talk, SERVER, plain(0x24, 0xffff, 0)); /* an oplock break */
    assert_null(trace_find(&trace, "smb-invariant"));
    say(&talk, SERVER, plain(0x2b, 99, 0));
    assert_int_equal(grade_of("smb-invariant"), EKI_GRADE_CHECK);
}

static void a_lost_question_breaks_nothing(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    say(&talk, CLIENT, plain(0x2b, 3, 0));
    talk_lose(&talk, CLIENT, 39);
    say(&talk, CLIENT, plain(0x2b, 5, 0));
    say(&talk, SERVER, plain(0x2b, 4, 0));
    assert_null(trace_find(&trace, "smb-invariant"));
}

static void log_in(const char *server, int failures, bool success)
{
    struct talk talk = talk_begin(&trace, ATTACKER, server, 445);
    uint64_t message = 1;
    for (int i = 0; i < failures; i++) smb2_login(&talk, message++, LOGON_FAILURE);
    if (success) smb2_login(&talk, message, 0);
}

static void a_mistyped_password_is_no_spray(void **state)
{
    (void)state;
    log_in(VICTIM, 3, true);
    assert_int_equal(trace.count, 0);
}

static void many_failures_on_one_host_are_guesses(void **state)
{
    (void)state;
    log_in(VICTIM, 5, false);
    assert_int_equal(grade_of("smb-logon-spray"), EKI_GRADE_ATTEMPT);
    assert_false(trace_find(&trace, "smb-logon-spray")->automated);
    log_in(VICTIM, 0, true);
    assert_int_equal(grade_of("smb-logon-spray"), EKI_GRADE_ACCESS);
}

static void failures_over_hosts_are_a_dictionary(void **state)
{
    (void)state;
    log_in("192.0.2.11", 2, false);
    log_in("192.0.2.12", 2, false);
    assert_int_equal(trace.count, 0);
    log_in("192.0.2.13", 2, false);
    const struct eki_sign *s = trace_between(&trace, "smb-logon-spray", ATTACKER, "192.0.2.13");
    assert_non_null(s);
    assert_true(s->automated);
}

/* A drop and a service made of it. */
static struct talk drop(const char *source, const char *server, const char *share, const char *name)
{
    struct talk talk = talk_begin(&trace, source, server, 445);
    smb2_share(&talk, 1, share, 11);
    smb2_open(&talk, 2, 11, name, 100);
    smb2_write(&talk, 3, 11, 100, "filler", 6);
    return talk;
}

static void start(struct talk *talk, bool with_bind)
{
    uint8_t unit[128];
    smb2_share(talk, 10, "\\\\h\\IPC$", 12);
    smb2_open(talk, 11, 12, "svcctl", 200);
    if (with_bind) smb2_write(talk, 12, 12, 200, unit, rpc_bind(unit, rpc_svcctl));
    smb2_write(talk, 13, 12, 200, unit, rpc_request(unit, 15));
    smb2_write(talk, 14, 12, 200, unit, rpc_request(unit, 12));
    smb2_write(talk, 15, 12, 200, unit, rpc_request(unit, 19));
}

static void a_drop_and_a_start_are_an_implant(void **state)
{
    (void)state;
    struct talk talk = drop(ATTACKER, VICTIM, "\\\\h\\ADMIN$", "x.dat");
    assert_int_equal(grade_of("admin-share-write"), EKI_GRADE_NOTE);
    eki_time first = trace_find(&trace, "admin-share-write")->first;
    start(&talk, true);
    const struct eki_sign *s = trace_between(&trace, "admin-share-exec", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_IMPLANT);
    assert_int_equal(s->service, 445);
    assert_int_equal(s->first, first);
    assert_int_equal(s->last, trace.now - EKI_SECOND / 1000);
    assert_false(s->automated); /* once may be anybody */
}

static void the_pipe_name_stands_for_a_lost_bind(void **state)
{
    (void)state;
    struct talk talk = drop(ATTACKER, VICTIM, "\\\\h\\c$", "temp\\x.exe");
    assert_int_equal(grade_of("admin-share-write"), EKI_GRADE_ATTEMPT);
    start(&talk, false);
    assert_int_equal(grade_of("admin-share-exec"), EKI_GRADE_IMPLANT);
}

static void an_ordinary_share_is_no_drop(void **state)
{
    (void)state;
    struct talk talk = drop(ATTACKER, VICTIM, "\\\\h\\public", "x.exe");
    assert_null(trace_find(&trace, "admin-share-write"));
    start(&talk, true);
    assert_int_equal(grade_of("remote-exec"), EKI_GRADE_ACCESS);
    assert_null(trace_find(&trace, "admin-share-exec"));
}

static void an_old_drop_does_not_count(void **state)
{
    (void)state;
    struct talk talk = drop(ATTACKER, VICTIM, "\\\\h\\ADMIN$", "x.exe");
    trace_wait(&trace, 601);
    start(&talk, true);
    assert_null(trace_find(&trace, "admin-share-exec"));
}

static void the_same_on_two_hosts_is_a_program(void **state)
{
    (void)state;
    struct talk one = drop(ATTACKER, VICTIM, "\\\\h\\ADMIN$", "x.dat");
    start(&one, true);
    struct talk two = drop(ATTACKER, "192.0.2.8", "\\\\h\\ADMIN$", "x.dat");
    start(&two, true);
    assert_true(trace_between(&trace, "admin-share-exec", ATTACKER, "192.0.2.8")->automated);
    const struct eki_sign *again = trace_between(&trace, "admin-share-exec", ATTACKER, VICTIM);
    assert_true(again->automated); /* told again */
    struct eki_sign_shown shown = {0};
    assert_true(eki_sign_shows(again, &shown)); /* others can look for what it put there */
    assert_string_equal(shown.kind, "file");
    assert_string_equal(shown.value, "x.dat");
}

static void a_fallen_host_that_does_the_same_is_a_program(void **state)
{
    (void)state;
    struct talk one = drop(ATTACKER, VICTIM, "\\\\h\\ADMIN$", "x.dat");
    start(&one, true);
    struct talk two = drop(VICTIM, "192.0.2.8", "\\\\h\\ADMIN$", "x.dat");
    start(&two, true);
    assert_true(trace_between(&trace, "admin-share-exec", VICTIM, "192.0.2.8")->automated);
}

static void a_session_afterwards_is_a_person(void **state)
{
    (void)state;
    const char *servers[] = {"192.0.2.8", "192.0.2.9", "192.0.2.10"};
    for (int i = 0; i < 3; i++) {
        struct talk talk = drop(ATTACKER, servers[i], "\\\\h\\ADMIN$", "PSEXESVC.exe");
        start(&talk, true);
        smb2_open(&talk, 30, 12, "PSEXESVC-stdin", 300);
    }
    struct eki_sign_shown shown;
    for (size_t i = 0; i < trace.count; i++) assert_false(trace.signs[i].automated);
    for (size_t i = 0; i < trace.count; i++) assert_false(eki_sign_shows(&trace.signs[i], &shown));
}

static void slow_steps_are_a_person(void **state)
{
    (void)state;
    const char *servers[] = {"192.0.2.8", "192.0.2.9", "192.0.2.10"};
    for (int i = 0; i < 3; i++) {
        struct talk talk = drop(ATTACKER, servers[i], "\\\\h\\ADMIN$", "x.exe");
        trace_wait(&trace, 40);
        start(&talk, true);
    }
    assert_int_equal(grade_of("admin-share-exec"), EKI_GRADE_IMPLANT);
    for (size_t i = 0; i < trace.count; i++) assert_false(trace.signs[i].automated);
}

static void wmi_over_tcp_is_remote_execution(void **state)
{
    (void)state;
    uint8_t unit[128];
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 49154);
    size_t length = rpc_bind(unit, rpc_wmi);
    talk_bytes(&talk, CLIENT, unit, length, length);
    length = rpc_request(unit, 6); /* GetObject */
    talk_bytes(&talk, CLIENT, unit, length, length);
    assert_null(trace_find(&trace, "remote-exec"));
    length = rpc_request(unit, 24);
    talk_bytes(&talk, CLIENT, unit, length, length);
    const struct eki_sign *s = trace_between(&trace, "remote-exec", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_string_equal(s->technique, "T1047");
}

static void a_request_without_its_bind_says_nothing(void **state)
{
    (void)state;
    uint8_t unit[128];
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 49154);
    size_t length = rpc_request(unit, 24);
    talk_bytes(&talk, CLIENT, unit, length, length);
    assert_int_equal(trace.count, 0);
}

static void both_headers_in_one_segment_are_read(void **state)
{
    (void)state;
    /* EternalBlue's start and two secondaries, small enough for one segment. */
    uint8_t bytes[3 * 39];
    for (int i = 0; i < 3; i++) {
        uint8_t *at = bytes + (ptrdiff_t)i * 39;
        memset(at, 0, 39);
        at[3] = 35;
        memcpy(at + 4, "\xffSMB", 4);
        at[8] = i ? 0x33 : 0xa0;
    }
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 139);
    talk_bytes(&talk, CLIENT, bytes, sizeof bytes, sizeof bytes);
    const struct eki_sign *s = trace_find(&trace, "eternalblue");
    assert_non_null(s);
    assert_int_equal(s->count, 2);
    assert_int_equal(s->service, 139);
}

static void a_cut_packet_does_not_lose_the_next(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
    struct smb1 start_of_it = opening(0xa0, 65);
    start_of_it.wire = 1460;
    say(&talk, CLIENT, start_of_it);
    /* The rest of a longer frame follows in a segment of which nothing looks like a header. */
    uint8_t rest[60];
    memset(rest, 0x41, sizeof rest);
    talk_bytes(&talk, CLIENT, rest, sizeof rest, 900);
    say(&talk, CLIENT, opening(0x33, 65));
    assert_int_equal(grade_of("eternalblue"), EKI_GRADE_ATTEMPT);
}

/* Every message above, cut at every length: nothing may be read beyond, nothing may be found in the void. */
static void anything_may_be_cut(void **state)
{
    (void)state;
    uint8_t unit[128], message[400] = {0};
    size_t length = rpc_bind(unit, rpc_svcctl);
    memcpy(message + 4, "\xfeSMB", 4);
    message[4 + 12] = 9;
    message[4 + 64] = 49;
    message[4 + 66] = 64 + 48;
    message[4 + 68] = (uint8_t)length;
    memcpy(message + 4 + 64 + 48, unit, length);
    for (size_t captured = 1; captured < sizeof message; captured++) {
        message[2] = 1;
        message[3] = 0x8c;
        struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
        talk_bytes(&talk, CLIENT, message, captured, sizeof message);
        struct talk tcp = talk_begin(&trace, ATTACKER, VICTIM, 135);
        talk_bytes(&tcp, CLIENT, unit, captured < sizeof unit ? captured : sizeof unit, sizeof unit);
    }
    for (uint8_t command = 0; command < 0xff; command++) {
        struct smb1 m = {.command = command, .mid = 1, .word_count = 32};
        memset(m.words, 0xff, sizeof m.words);
        struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
        say(&talk, CLIENT, m);
        m.word_count = 3;
        say(&talk, CLIENT, m);
        say(&talk, SERVER, m);
    }
    assert_true(trace_highest(&trace) <= EKI_GRADE_CHECK);
}

static void too_many_conversations_push_out_the_silent(void **state)
{
    (void)state;
    for (int i = 0; i < 9000; i++) {
        struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
        smb2_share(&talk, 1, "\\\\h\\IPC$", 12);
    }
    assert_int_equal(eki_sign_engine_dropped(trace.engine), 9000 - 8192);
}

static void ended_conversations_make_room(void **state)
{
    (void)state;
    for (int i = 0; i < 9000; i++) {
        struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 445);
        smb2_share(&talk, 1, "\\\\h\\IPC$", 12);
        assert_int_equal(eki_sign_engine_flow_end(trace.engine, talk.conversation), EKI_OK);
    }
    assert_int_equal(eki_sign_engine_dropped(trace.engine), 0);
}

/* The flow stage tells an end before the last batch of packets is looked into. */
static void an_end_does_not_forget_what_is_open(void **state)
{
    (void)state;
    struct talk talk = drop(ATTACKER, VICTIM, "\\\\h\\ADMIN$", "x.exe");
    assert_int_equal(eki_sign_engine_flow_end(trace.engine, talk.conversation), EKI_OK);
    smb2_open(&talk, 5, 11, "y.exe", 101);
    smb2_write(&talk, 6, 11, 101, "filler", 6);
    assert_int_equal(trace_find(&trace, "admin-share-write")->count, 2);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(check_is_a_peek_at_handle_zero),
        TEST(eternalblue_mixes_two_transactions),
        TEST(a_transaction2_may_have_secondaries),
        TEST(eternalblue_is_seen_without_its_start),
        TEST(repeated_packets_count_once),
        TEST(doublepulsar_answers_sixteen_higher),
        TEST(an_exploit_before_makes_the_implant_its_work),
        TEST(an_answer_with_the_id_asked_is_no_implant),
        TEST(answers_alone_name_the_right_victim),
        TEST(romance_writes_inside_a_transaction),
        TEST(a_complete_transaction_is_not_open),
        TEST(champion_renames),
        TEST(answers_to_nobody_break_the_invariant),
        TEST(a_lost_question_breaks_nothing),
        TEST(a_mistyped_password_is_no_spray),
        TEST(many_failures_on_one_host_are_guesses),
        TEST(failures_over_hosts_are_a_dictionary),
        TEST(a_drop_and_a_start_are_an_implant),
        TEST(the_pipe_name_stands_for_a_lost_bind),
        TEST(an_ordinary_share_is_no_drop),
        TEST(an_old_drop_does_not_count),
        TEST(the_same_on_two_hosts_is_a_program),
        TEST(a_fallen_host_that_does_the_same_is_a_program),
        TEST(a_session_afterwards_is_a_person),
        TEST(slow_steps_are_a_person),
        TEST(wmi_over_tcp_is_remote_execution),
        TEST(a_request_without_its_bind_says_nothing),
        TEST(both_headers_in_one_segment_are_read),
        TEST(a_cut_packet_does_not_lose_the_next),
        TEST(anything_may_be_cut),
        TEST(too_many_conversations_push_out_the_silent),
        TEST(ended_conversations_make_room),
        TEST(an_end_does_not_forget_what_is_open),
    };
    return cmocka_run_group_tests_name("signs of smb and rpc", tests, NULL, NULL);
}
