/* SPDX-License-Identifier: Apache-2.0 */
/* Feeds and pages that are only read: fixtures after the public descriptions of each form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "support_incident.h"

static void kev(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "{\"title\":\"KEV\",\"catalogVersion\":\"2025.08.25\",\"dateReleased\":\"2025-08-25T17:00:00.0Z\","
        "\"count\":2,\"vulnerabilities\":[{\"cveID\":\"CVE-2017-0144\",\"vendorProject\":\"Microsoft\","
        "\"product\":\"SMBv1\",\"vulnerabilityName\":\"SMBv1 Remote Code Execution\",\"dateAdded\":\"2022-02-10\","
        "\"shortDescription\":\"<b>x</b>\",\"requiredAction\":\"Apply updates.\",\"dueDate\":\"2022-08-10\","
        "\"knownRansomwareCampaignUse\":\"Known\"},{\"cveID\":\"CVE-2020-0001\",\"dueDate\":7,"
        "\"knownRansomwareCampaignUse\":\"Unknown\"},{\"product\":\"no id\"},3]}");
    assert_int_equal(i->vulnerability_count, 2);
    const struct eki_vulnerability *v = &i->vulnerabilities[0];
    assert_string_equal(v->id, "CVE-2017-0144");
    assert_string_equal(v->action, "Apply updates.");
    assert_true(v->exploited && v->ransomware);
    assert_int_equal(v->due, INT64_C(1660089600) * EKI_SECOND);
    assert_false(i->vulnerabilities[1].ransomware);
    assert_int_equal(i->vulnerabilities[1].due, EKI_TIME_NONE);
    assert_int_equal(i->note_count, 1); /* two entries passed over */
    assert_int_equal(i->tlp, EKI_TLP_CLEAR);
    eki_incident_free(i);
}

static void epss(void **state)
{
    (void)state;
    struct eki_incident *i =
        incident_of("#model_version:v2025.03.14,score_date:2025-08-25T00:00:00+0000\r\n"
                    "cve,epss,percentile\r\nCVE-2017-0144,0.94400,0.99991\r\n"
                    "CVE-2020-0001,1.5,0.5\r\nCVE-2020-0002,x,0.5\r\n\r\nCVE-2020-0003,0,\r\n");
    assert_int_equal(i->vulnerability_count, 2);
    assert_true(fabs(i->vulnerabilities[0].epss - .944) < 1e-12);
    assert_true(fabs(i->vulnerabilities[0].epss_centile - .99991) < 1e-12);
    assert_true(isnan(i->vulnerabilities[1].epss_centile));
    eki_incident_free(i);
}

#define RDF                                                                                                  \
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rdf:RDF xmlns=\"http://purl.org/rss/1.0/\" "               \
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dcterms=\"http://purl.org/dc/terms/\" " \
    "xmlns:sec=\"http://jvn.jp/rss/mod_sec/3.0/\" xmlns:status=\"http://jvndb.jvn.jp/myjvn/Status\">"

static void jvnrss(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        RDF
        "<channel><title>JVNDB \xe8\x84\x86\xe5\xbc\xb1\xe6\x80\xa7</title></channel>"
        "<item><title>SMB &lt;x&gt;</title><link>https://jvndb.jvn.jp/ja/contents/2017/JVNDB-2017-001842.html</link>"
        "<description>d</description><sec:identifier>JVNDB-2017-001842</sec:identifier>"
        "<sec:references source=\"CVE\" id=\"CVE-2017-0144\">https://cve.example/1</sec:references>"
        "<sec:cpe version=\"2.2\" vendor=\"V\" product=\"P\">cpe:/a:v:p</sec:cpe>"
        "<sec:cvss score=\"9.3\" version=\"2.0\"/><sec:cvss score=\"8.1\" version=\"3.0\"/>"
        "<dcterms:issued>2017-04-04T14:45:58+09:00</dcterms:issued></item>"
        "<item><title>no id</title></item><status:Status errMsg=\"\" retCd=\"0\"/></rdf:RDF>");
    assert_int_equal(i->vulnerability_count, 1);
    const struct eki_vulnerability *v = &i->vulnerabilities[0];
    assert_string_equal(v->id, "JVNDB-2017-001842");
    assert_string_equal(v->title, "SMB <x>");
    assert_string_equal(v->vendor, "V");
    assert_true(v->score == 9.3);
    assert_int_equal(v->published, INT64_C(1491284758) * EKI_SECOND);
    assert_int_equal(i->reference_count, 1);
    assert_string_equal(i->references[0].id, "CVE-2017-0144");
    eki_incident_free(i);
}

static void vuldef(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "<VULDEF-Document version=\"3.2\" xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo><VulinfoID>JVNDB-2017-009608</VulinfoID>"
        "<VulinfoData><Title>T</Title><VulinfoDescription><Overview>O</Overview></VulinfoDescription><Affected><AffectedItem>"
        "<Name>N</Name><ProductName>PN</ProductName></AffectedItem></Affected><Impact><Cvss version=\"2.0\"><Base>4.3</Base></Cvss>"
        "<Cvss version=\"3.0\"><Base>6.1</Base></Cvss></Impact><Solution><SolutionItem><Description>update</Description>"
        "</SolutionItem></Solution><Related><RelatedItem type=\"advisory\"><Name>CVE</Name><VulinfoID>CVE-2017-1</VulinfoID>"
        "<URL>https://x</URL></RelatedItem></Related><DatePublic>2017-11-20T00:00:00+09:00</DatePublic></VulinfoData></Vulinfo>"
        "</VULDEF-Document>");
    assert_int_equal(i->vulnerability_count, 1);
    assert_string_equal(i->vulnerabilities[0].summary, "O");
    assert_string_equal(i->vulnerabilities[0].action, "update");
    assert_true(i->vulnerabilities[0].score == 6.1);
    assert_string_equal(i->references[0].id, "CVE-2017-1");
    eki_incident_free(i);
}

static void shadowserver(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "\"timestamp\",\"ip\",\"protocol\",\"port\",\"hostname\",\"tag\",\"asn\",\"geo\",\"infection\"\n"
        "\"2024-01-01 00:00:02\",\"192.0.2.7\",\"tcp\",\"445\",\"a.example\",\"smb\",\"64496\",\"JP\",\"\"\n"
        "\"2024-01-01 00:00:05\",\"192.0.2.8\",\"tcp\",\"99999\",,,,\"JP\",\"mirai, \"\"the\"\" worm\"\n"
        "\"2024-01-01 00:00:05\",,,,,,,,\n");
    assert_int_equal(i->host_count, 2);
    assert_int_equal(i->hosts[0].role, EKI_ROLE_EXPOSED);
    assert_int_equal(i->hosts[0].port, 445);
    assert_string_equal(i->hosts[0].detail, "smb, a.example, AS64496, JP");
    assert_int_equal(i->hosts[0].first, INT64_C(1704067202) * EKI_SECOND);
    assert_int_equal(i->hosts[1].role, EKI_ROLE_INFECTED);
    assert_int_equal(i->hosts[1].port, 0);
    assert_string_equal(i->family, "mirai, \"the\" worm");
    assert_false(i->marked);
    eki_incident_free(i);
}

static void security_txt(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "-----BEGIN PGP SIGNED MESSAGE-----\r\nHash: SHA256\r\n\r\n# our security address\r\n"
        "Contact: mailto:security@example.com\r\ncontact: tel:+81-3-0000-0000\r\n"
        "Contact: http://example.com/report\r\nExpires: 2030-01-01T00:00:00+09:00\r\n"
        "Encryption: https://example.com/key.asc\r\nPreferred-Languages: ja, en\r\n"
        "Canonical: https://www.example.com/.well-known/security.txt\r\nPolicy: https://example.com/p\r\n");
    assert_int_equal(i->team_count, 1);
    const struct eki_incident_team *t = &i->teams[0];
    assert_string_equal(t->name, "www.example.com");
    assert_string_equal(t->mail, "security@example.com");
    assert_string_equal(t->phone, "+81-3-0000-0000");
    assert_string_equal(t->languages, "ja, en");
    assert_int_equal(t->expires, INT64_C(1893423600) * EKI_SECOND);
    assert_int_equal(i->note_count, 1); /* http */
    eki_incident_free(i);
    i = incident_as("securitytxt", "Contact: mailto:a@example.com\n", 30);
    assert_int_equal(i->note_count, 1); /* no Expires */
    eki_incident_free(i);
}

static void rfc2350(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "1. Document Information\n1.1 Date of Last Update\n  Version 1.2, 2024/03/09.\n\n2. Contact Information\n"
        "2.1. Name of the Team\n  Example-CSIRT:\n  the team of Example\n2.3 Time Zone\n  Asia/Tokyo (UTC+9)\n"
        "2.4 Telephone Number\n  +81 3 0000 0000\n2.7 Electronic Mail Address\n   Write to <csirt@example.org>.\n"
        "2.8 Public Keys and Encryption Information\n  0x12345678\n2.10 Other Information\n  see https://example.org/csirt\n"
        "3.2 Constituency\n  Hosts under example.org.\n4.3 Communication and Authentication\n  PGP\n");
    assert_int_equal(i->team_count, 1);
    const struct eki_incident_team *t = &i->teams[0];
    assert_string_equal(t->name, "Example-CSIRT: the team of Example");
    assert_string_equal(t->mail, "csirt@example.org");
    assert_string_equal(t->domain, "example.org");
    assert_string_equal(t->url, "https://example.org/csirt");
    assert_string_equal(t->constituency, "Hosts under example.org.");
    assert_string_equal(t->hours, "Asia/Tokyo (UTC+9)");
    assert_int_equal(t->updated, INT64_C(1709942400) * EKI_SECOND);
    eki_incident_free(i);
}

/* MISP of others: roles are unknown, so addresses are indicators; combined types are two. */
static void misp(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "{\"response\":[{\"Event\":{\"info\":\"x\",\"uuid\":\"u\",\"date\":\"2020-02-03\",\"timestamp\":\"1580688000\",\"Attribute\":["
        "{\"type\":\"ip-dst|port\",\"value\":\"192.0.2.1|445\",\"to_ids\":true},"
        "{\"type\":\"filename|sha1\",\"value\":\"a.exe|da39a3ee5e6b4b0d3255bfef95601890afd80709\"},"
        "{\"type\":\"ip-src\",\"value\":\"192.0.2.0/24\"},{\"type\":\"url\",\"value\":\"u\",\"deleted\":true},"
        "{\"type\":\"vulnerability\",\"value\":\"CVE-2017-0144\"},{\"type\":7,\"value\":[]},{\"type\":\"yara\",\"value\":\"r\"}],"
        "\"Object\":[{\"name\":\"file\",\"Attribute\":[{\"type\":\"md5\",\"value\":\"d41d8cd98f00b204e9800998ecf8427e\"}]}]}}]}");
    assert_int_equal(i->indicator_count, 5);
    assert_string_equal(i->indicators[0].value, "192.0.2.1");
    assert_true(i->indicators[0].detect);
    assert_int_equal(i->indicators[1].kind, EKI_INDICATOR_FILE);
    assert_int_equal(i->indicators[2].kind, EKI_INDICATOR_SHA1);
    assert_int_equal(i->indicators[3].kind, EKI_INDICATOR_NETWORK);
    assert_int_equal(i->indicators[4].kind, EKI_INDICATOR_MD5);
    assert_int_equal(i->vulnerability_count, 1);
    assert_int_equal(i->first, INT64_C(1580688000) * EKI_SECOND);
    eki_incident_free(i);
}

/* A list of RFC 7970, 7.2: many indicators in one, and a number that is no UUID. */
static void iodef_bulk(void **state)
{
    (void)state;
    struct eki_incident *i = incident_of(
        "<IODEF-Document version=\"2.00\" xmlns=\"urn:ietf:params:xml:ns:iodef-2.0\"><Incident purpose=\"watch\" "
        "restriction=\"green\"><IncidentID name=\"csirt.example.com\">897923</IncidentID><Contact><ContactName>C</ContactName>"
        "</Contact><IndicatorData><Indicator><IndicatorID>G</IndicatorID><Description>C2 domains</Description><StartTime>"
        "2014-12-02T11:18:00-05:00</StartTime><Observable><BulkObservable type=\"fqdn\"><BulkObservableList>\n a.example.com\n"
        " b.example.net \n</BulkObservableList></BulkObservable></Observable></Indicator><Indicator><Observable>"
        "<BulkObservable type=\"file-hash\"><BulkObservableList>d41d8cd98f00b204e9800998ecf8427e</BulkObservableList>"
        "</BulkObservable></Observable></Indicator></IndicatorData></Incident></IODEF-Document>");
    assert_int_equal(i->indicator_count, 3);
    assert_string_equal(i->indicators[1].value, "b.example.net");
    assert_string_equal(i->indicators[1].comment, "C2 domains");
    assert_int_equal(i->indicators[1].kind, EKI_INDICATOR_DOMAIN);
    assert_int_equal(i->indicators[2].kind, EKI_INDICATOR_MD5);
    assert_string_equal(i->id, "897923");
    assert_int_equal(eki_incident_complete(i, 0), EKI_OK);
    assert_int_equal(strlen(i->id), 36);
    assert_string_equal(i->references[0].id, "897923");
    assert_string_equal(i->references[0].source, "C");
    assert_int_equal(eki_incident_complete(i, 0), EKI_OK); /* once is enough */
    assert_int_equal(i->reference_count, 1);
    eki_incident_free(i);
}

static void stix_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *value;
        enum eki_indicator_kind kind;
    } rows[] = {{"[ipv4-addr:value = '192.0.2.1']", "192.0.2.1", EKI_INDICATOR_ADDRESS},
                {"[ipv4-addr:value='192.0.2.0/24']", "192.0.2.0/24", EKI_INDICATOR_NETWORK},
                {"[ domain-name:value = 'a.example' ]", "a.example", EKI_INDICATOR_DOMAIN},
                {"[url:value = 'http://x/\\\\'y\\\\\\\\']", "http://x/'y\\", EKI_INDICATOR_URL},
                {"[file:hashes.'SHA-256' = 'ab']", "ab", EKI_INDICATOR_SHA256},
                {"[url:value = 'a'] AND [url:value = 'b']", "[url:value = 'a'] AND [url:value = 'b']",
                 EKI_INDICATOR_PATTERN},
                {"[url:value = 'a' OR url:value = 'b']", "[url:value = 'a' OR url:value = 'b']",
                 EKI_INDICATOR_PATTERN},
                {"[url:value = 'open", "[url:value = 'open", EKI_INDICATOR_PATTERN},
                {"[", "[", EKI_INDICATOR_PATTERN}};
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        char text[512];
        snprintf(
            text, sizeof text,
            "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"indicator\",\"id\":\"indicator--1\","
            "\"pattern_type\":\"stix\",\"pattern\":\"%s\"}]}",
            rows[k].pattern);
        struct eki_incident *i = incident_of(text);
        assert_int_equal(i->indicator_count, 1);
        assert_int_equal(i->indicators[0].kind, rows[k].kind);
        if (k != 3) assert_string_equal(i->indicators[0].value, rows[k].value);
        if (k == 3) assert_string_equal(i->indicators[0].value, "http://x/'y\\");
        eki_incident_free(i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(kev),          cmocka_unit_test(epss),
                                       cmocka_unit_test(jvnrss),       cmocka_unit_test(vuldef),
                                       cmocka_unit_test(shadowserver), cmocka_unit_test(security_txt),
                                       cmocka_unit_test(rfc2350),      cmocka_unit_test(misp),
                                       cmocka_unit_test(iodef_bulk),   cmocka_unit_test(stix_patterns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
