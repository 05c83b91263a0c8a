/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "support_incident.h"

static const char sample[] =
    "{\"schema\":\"ekigaku.incident/1\",\"title\":\"<b>\\u611f\\u67d3</b> & \\\"x\\\", ]]>\",\"family\":\"wannacry\","
    "\"created\":\"2020-01-01T00:00:00Z\",\"first\":\"2020-01-01T00:00:00Z\",\"last\":\"2020-01-02T00:00:00Z\",\"proto\":\"tcp\","
    "\"port\":445,\"reporter\":{\"name\":\"Team <1>\",\"mail\":\"a@example.org\",\"domain\":\"example.org\"},\"hosts\":["
    "{\"host\":\"192.0.2.1\",\"role\":\"infected\",\"first\":\"2020-01-01T00:00:00Z\",\"last\":\"2020-01-01T01:00:00Z\",\"detail\":\"=1+1\"},"
    "{\"host\":\"2001:db8::2\",\"role\":\"infected\",\"first\":\"2020-01-01T02:00:00Z\",\"last\":\"2020-01-01T02:00:00Z\"}],"
    "\"edges\":[{\"from\":\"192.0.2.1\",\"to\":\"2001:db8::2\",\"at\":\"2020-01-01T02:00:00Z\",\"confidence\":0.5}],"
    "\"indicators\":[{\"kind\":\"domain\",\"value\":\"bad.example\",\"detect\":true},{\"kind\":\"url\",\"value\":\"http://e/'\\\\x\",\"detect\":true}],"
    "\"events\":[{\"kind\":\"ransomware\",\"status\":\"occurred\",\"name\":\"<b>\",\"first\":\"2020-01-01T00:00:00Z\"}],"
    "\"tasks\":[{\"outcome\":\"pending\",\"name\":\"=1+1\",\"role\":\"network\"}],"
    "\"impacts\":[{\"category\":\"availability\",\"level\":50}],"
    "\"teams\":[{\"name\":\"Owner\",\"mail\":\"b@example.org\",\"phone\":\"+81\"}],"
    "\"techniques\":[{\"id\":\"T1210\"}]}";

struct eki_incident *incident_as(const char *form, const char *bytes, size_t length)
{
    struct eki_incident *incident = NULL;
    struct eki_fault fault = {0};
    const struct eki_exchange_format *format = form ? eki_exchange_find(form) : NULL;
    enum eki_error error = eki_exchange_read(bytes, length, format, &incident, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return incident;
}

struct eki_incident *incident_of(const char *text)
{
    return incident_as(NULL, text, strlen(text));
}

enum eki_error error_of(const char *form, const char *bytes, size_t length, struct eki_fault *ret_fault)
{
    struct eki_incident *incident = NULL;
    *ret_fault = (struct eki_fault){0};
    enum eki_error error =
        eki_exchange_read(bytes, length, form ? eki_exchange_find(form) : NULL, &incident, ret_fault);
    if (error) assert_null(incident);
    eki_incident_free(incident);
    return error;
}

struct eki_incident *sample_incident(enum eki_tlp label)
{
    struct eki_incident *incident = incident_of(sample);
    eki_incident_mark(incident, label);
    assert_int_equal(eki_incident_complete(incident, 0), EKI_OK);
    return incident;
}

char *written_as(const struct eki_exchange_format *format, const struct eki_incident *incident,
                 const struct eki_tlp_decision *decision, size_t *ret_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);
    assert_non_null(out);
    enum eki_error error = eki_exchange_write(format, incident, decision, out);
    fclose(out);
    if (!error) return text;
    assert_int_equal(*ret_length, 0); /* nothing half written for what was refused */
    free(text);
    return NULL;
}
