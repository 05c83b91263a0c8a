/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that runs out at the n-th allocation while a form is read: an error comes back, nothing leaks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/exchange.h"

static enum eki_error read_all(const char *text)
{
    struct eki_incident *incident = NULL;
    enum eki_error error = eki_exchange_read(text, strlen(text), NULL, &incident, NULL);
    if (!error) error = eki_incident_complete(incident, 0);
    eki_incident_free(incident);
    return error;
}

static void until_success(const char *text)
{
    unsigned long nth = 0;
    enum eki_error error;
    do {
        eki_fault_inject(++nth);
        error = read_all(text);
        if (error && error != EKI_ERROR_MEMORY) fail_msg("%lu: %s: %.60s", nth, eki_error_text(error), text);
        assert_true(nth < 1000);
    } while (error || eki_fault_count() >= nth);
    eki_fault_inject(0);
    assert_true(nth > 3); /* the injection was at work */
}

static void forms(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "{\"schema\":\"ekigaku.analysis/1\",\"outbreaks\":[{\"port\":445,\"infections\":[{\"host\":\"10.0.0.2\","
        "\"parent\":\"10.0.0.1\",\"at\":\"2020-01-01T00:00:00Z\",\"packets\":[1,2]}]}],\"signs\":[{\"target\":\"10.0.0.2\","
        "\"name\":\"x\",\"grade\":\"exploit\",\"technique\":\"T1210\"}]}",
        "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"infrastructure\",\"id\":\"i--1\",\"name\":\"a\"},"
        "{\"type\":\"indicator\",\"id\":\"n--1\",\"pattern_type\":\"stix\",\"pattern\":\"[url:value = 'u']\"}]}",
        "{\"Event\":{\"info\":\"x\",\"Attribute\":[{\"type\":\"filename|md5\",\"value\":\"a|b\"}]}}",
        "{\"xarf_version\":\"4.2.0\",\"source_identifier\":\"192.0.2.1\",\"type\":\"infected_host\"}",
        "{\"classification.type\":\"scanner\",\"source.ip\":\"192.0.2.1\"}\n{\"classification.type\":\"scanner\"}",
        "<IODEF-Document><Incident><EventData><Flow><System category=\"source\"><Node><Address>192.0.2.1</Address></Node>"
        "</System></Flow></EventData></Incident></IODEF-Document>",
        "cve,epss,percentile\nCVE-2017-0144,0.9,0.9\n",
        "Contact: mailto:a@example.org\nExpires: 2030-01-01T00:00:00Z\n"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) until_success(texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(forms)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
