/* SPDX-License-Identifier: Apache-2.0 */
/* Captures of real attacks, and of calm networks, against what is known of them. */
#define _GNU_SOURCE
#include "support_trace.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORM "worm/"

struct expectation {
    const char *file, *name, *source, *target;
    int grade;
    bool automated;
    double last; /* seconds after the first packet; negative: not told */
};

static const struct expectation expected[] = {
    {WORM "tklab-tud_ID2T__Win7_eternalblue_exploit.pcap", "doublepulsar", "192.168.189.138",
     "192.168.189.140", EKI_GRADE_IMPLANT, false, 21.0957},
    {WORM "tklab-tud_ID2T__Win7_eternalblue_exploit.pcap", "eternalblue", "192.168.189.138",
     "192.168.189.140", EKI_GRADE_ATTEMPT, false, -1},
    {WORM "tklab-tud_ID2T__Win7_eternalblue_scan.pcap", "ms17-010-check", "192.168.189.138",
     "192.168.189.140", EKI_GRADE_CHECK, false, -1},
    {WORM "0xl3x1_zeek-EternalSafety__eternalblue-success-unpatched-win7.pcap", "doublepulsar",
     "192.168.198.204", "192.168.198.203", EKI_GRADE_IMPLANT, false, 34.1521},
    {WORM "0xl3x1_zeek-EternalSafety__eternalromance-doublepulsar-meterpreter.pcap", "doublepulsar",
     "10.99.99.8", "172.23.33.10", EKI_GRADE_IMPLANT, false, 29.5931},
    {WORM "0xl3x1_zeek-EternalSafety__eternalromance-doublepulsar-meterpreter.pcap", "eternalromance",
     "10.99.99.8", "172.23.33.10", EKI_GRADE_EXPLOIT, false, -1},
    {WORM "0xl3x1_zeek-EternalSafety__eternalromance-success-2008r2.pcap", "eternalromance", "10.99.99.8",
     "172.23.33.10", EKI_GRADE_EXPLOIT, false, 9.7498},
    {WORM "0xl3x1_zeek-EternalSafety__doublepulsar-backdoor-connect-win7.pcap", "doublepulsar",
     "192.168.198.204", "192.168.198.203", EKI_GRADE_EXPLOIT, false, -1},
    {WORM "OISF_suricata-verify__smb2-09-trunc-file-logging.pcap", "eternalblue", "10.7.9.103", "10.7.9.6",
     EKI_GRADE_ATTEMPT, false, 1596.9756},
    {WORM "OISF_suricata-verify__smb-mimetype-detection.pcap", "admin-share-exec", "10.7.5.101", "10.7.5.5",
     EKI_GRADE_IMPLANT, true, 0.3806},
    {WORM "OISF_suricata-verify__smb-mimetype-detection.pcap", "eternalchampion", "10.7.5.101", "10.7.5.5",
     EKI_GRADE_ATTEMPT, false, -1},
    {WORM "tklab-tud_ID2T__mirai_botnet.pcap", "mirai-login", "172.20.0.1", "172.20.0.5", EKI_GRADE_ACCESS,
     true, -1},
    {WORM "tklab-tud_ID2T__mirai_botnet.pcap", "mirai-loader", "49.182.192.4", "172.20.0.5",
     EKI_GRADE_IMPLANT, true, 4.1893},
    {WORM "tklab-tud_ID2T__mirai_botnet.pcap", "mirai-probe", "172.20.0.1", "172.20.0.5", EKI_GRADE_NOTE,
     true, -1},
    {WORM "markofu_pcaps__blaster.pcap", "blaster", "10.234.0.239", "10.234.2.116", EKI_GRADE_IMPLANT, true,
     3.7139},
    {WORM "Montimage_mmt-security__37.WannaCry.pcap", "killswitch-dns", "192.168.0.69", "8.8.8.8",
     EKI_GRADE_NOTE, true, -1},
    {WORM "401trg_detections__20171220_smb_psexec_mimikatz_ticket_dump.pcap", "admin-share-exec",
     "192.168.10.31", "192.168.10.30", EKI_GRADE_IMPLANT, false, -1},
    {WORM "401trg_detections__20171220_smb_metasploit_psexec_pth_download_meterpreter.pcap", "remote-exec",
     "192.168.10.50", "192.168.10.31", EKI_GRADE_ACCESS, false, -1},
    {WORM "sbousseaden_PCAP-ATTACK__LM_psexec_smb_dcerpc_epm_svcctl.pcapng", "admin-share-exec",
     "172.16.66.1", "172.16.66.36", EKI_GRADE_IMPLANT, false, -1},
    {WORM "sbousseaden_PCAP-ATTACK__LM_WMI_ProcessCallCreate.pcapng", "remote-exec", "172.16.66.1",
     "172.16.66.36", EKI_GRADE_ACCESS, false, -1},
    {WORM "OTRF_Security-Datasets__empire_psexec_dcerpc_tcp_svcctl_WORKSTATION6_2020-09-20121608.cap",
     "remote-exec", "172.18.39.5", "172.18.39.6", EKI_GRADE_ACCESS, false, -1},
    {WORM "OTRF_Security-Datasets__schtask_create_2020-12-1907003032.pcapng", "remote-exec", "172.18.39.5",
     "172.18.39.6", EKI_GRADE_ACCESS, false, -1},
    {"calm/zeek_zeek__sshguess.pcap", "ssh-brute", "192.168.56.1", "192.168.56.103", EKI_GRADE_ATTEMPT, false,
     -1},
};

static void shows_what_is_known(void **state)
{
    const struct expectation *e = *state;
    struct trace t;
    trace_begin(&t);
    trace_capture(&t, e->file);
    const struct eki_sign *s = trace_between(&t, e->name, e->source, e->target);
    assert_non_null(s);
    assert_int_equal(s->grade, e->grade);
    assert_int_equal(s->automated, e->automated);
    if (e->last >= 0)
        assert_true(trace_at(&t, s->last) > e->last - .0005 && trace_at(&t, s->last) < e->last + .0015);
    trace_end(&t);
}

/* Files in which no attack got further than a grade. */
static const struct {
    const char *file;
    int most;
} bounds[] = {
    {WORM "0xl3x1_zeek-EternalSafety__eternalblue-failed-patched-win7.pcap", EKI_GRADE_ATTEMPT},
    {WORM "0xl3x1_zeek-EternalSafety__esteemedaudit-failed-XPSP2.pcap", EKI_GRADE_NOTE},
    {WORM "tklab-tud_ID2T__Win7_eternalblue_scan.pcap", EKI_GRADE_CHECK},
    {WORM "OISF_suricata-verify__smb2-09-trunc-file-logging.pcap", EKI_GRADE_ATTEMPT},
    {WORM "0xl3x1_zeek-EternalSafety__doublepulsar-backdoor-connect-win7.pcap", EKI_GRADE_CHECK},
    {WORM "Montimage_mmt-security__37.WannaCry.pcap", EKI_GRADE_CHECK},
    {WORM "401trg_detections__20171220_smb_net_user.pcap", EKI_GRADE_CHECK},
    {WORM "OTRF_Security-Datasets__covenant_copy_smb_CreateRequest_2020-09-22145302.cap", EKI_GRADE_ATTEMPT},
};

static void shows_no_more_than_happened(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++) {
        struct trace t;
        trace_begin(&t);
        trace_capture(&t, bounds[i].file);
        if (trace_highest(&t) > bounds[i].most) fail_msg("%s: grade %d", bounds[i].file, trace_highest(&t));
        trace_end(&t);
    }
}

static void each_file(const char *folder, void check(struct trace *t, const char *file))
{
    const char *captures = getenv("EKIGAKU_CAPTURES");
    char pattern[1024];
    glob_t files;
    if (!captures) captures = "../shared/captures";
    snprintf(pattern, sizeof pattern, "%s/%s/*.{pcap,pcapng,cap}", captures, folder);
    if (glob(pattern, GLOB_BRACE, NULL, &files)) skip();
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct trace *t = malloc(sizeof *t);
        assert_non_null(t);
        trace_begin(t);
        trace_capture(t, files.gl_pathv[i] + strlen(captures) + 1);
        check(t, files.gl_pathv[i]);
        trace_end(t);
        free(t);
    }
    globfree(&files);
}

static void is_calm(struct trace *t, const char *file)
{
    bool guesses =
        strstr(file, "sshguess") != NULL; /* eleven logins by a list: an attempt, if nothing more */
    if (trace_highest(t) >= (guesses ? EKI_GRADE_ACCESS : EKI_GRADE_ATTEMPT))
        fail_msg("%s: grade %d", file, trace_highest(t));
}

static void calm_networks_show_nothing(void **state)
{
    (void)state;
    each_file("calm", is_calm);
}

/* Scans alone are no signs of a way in beyond a check. */
static void is_scan(struct trace *t, const char *file)
{
    if (trace_highest(t) >= EKI_GRADE_ACCESS) fail_msg("%s: grade %d", file, trace_highest(t));
}

static void scans_show_no_infection(void **state)
{
    (void)state;
    each_file("scan", is_scan);
}

/* People at a keyboard: nothing of theirs may look like a program that spreads. */
static void is_by_hand(struct trace *t, const char *file)
{
    bool hands = strstr(file, "401trg") || strstr(file, "sbousseaden") || strstr(file, "OTRF");
    for (size_t i = 0; hands && i < t->count; i++)
        if (t->signs[i].automated && t->signs[i].vector)
            fail_msg("%s: %s is called automated", file, t->signs[i].name);
}

static void work_by_hand_is_not_automated(void **state)
{
    (void)state;
    each_file("worm", is_by_hand);
}

int main(void)
{
    enum { KNOWN = sizeof expected / sizeof *expected };
    struct CMUnitTest tests[KNOWN + 4];
    static char names[KNOWN][160];
    for (int i = 0; i < KNOWN; i++) {
        snprintf(names[i], sizeof names[i], "%s in %s", expected[i].name, expected[i].file);
        tests[i] = (struct CMUnitTest){names[i], shows_what_is_known, NULL, NULL, (void *)&expected[i]};
    }
    tests[KNOWN] = (struct CMUnitTest)cmocka_unit_test(shows_no_more_than_happened);
    tests[KNOWN + 1] = (struct CMUnitTest)cmocka_unit_test(calm_networks_show_nothing);
    tests[KNOWN + 2] = (struct CMUnitTest)cmocka_unit_test(scans_show_no_infection);
    tests[KNOWN + 3] = (struct CMUnitTest)cmocka_unit_test(work_by_hand_is_not_automated);
    return cmocka_run_group_tests_name("signs in captures", tests, NULL, NULL);
}
