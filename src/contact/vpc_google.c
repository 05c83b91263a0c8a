/* SPDX-License-Identifier: Apache-2.0 */
/* Logs of Google Cloud: VPC flow logs (a record for each direction, sampled) and firewall rules logging, as
 * JSON lines or one array (cloud.google.com, "VPC Flow Logs: record format", "Firewall Rules Logging"). */
#include <string.h>

#include "contact/json_records.h"
#include "contact/mirror.h"
#include "contact/lacks.h"

enum google_field {
    SOURCE,
    SOURCE_PORT,
    TARGET,
    TARGET_PORT,
    PROTO,
    FIRST,
    LAST,
    PACKETS,
    BYTES,
    REPORTER,
    DISPOSITION,
    STAMP,
    FIELDS
};

static const char *const names[FIELDS + 1] = {[SOURCE] = "jsonPayload.connection.src_ip",
                                              [SOURCE_PORT] = "jsonPayload.connection.src_port",
                                              [TARGET] = "jsonPayload.connection.dest_ip",
                                              [TARGET_PORT] = "jsonPayload.connection.dest_port",
                                              [PROTO] = "jsonPayload.connection.protocol",
                                              [FIRST] = "jsonPayload.start_time",
                                              [LAST] = "jsonPayload.end_time",
                                              [PACKETS] = "jsonPayload.packets_sent",
                                              [BYTES] = "jsonPayload.bytes_sent",
                                              [REPORTER] = "jsonPayload.reporter",
                                              [DISPOSITION] = "jsonPayload.disposition",
                                              [STAMP] = "timestamp"};

struct google {
    struct eki_field_names wanted;
    struct eki_json_records records;
    struct eki_mirror mirror;
};

static bool fits(const char *head, size_t length)
{
    const char *object;
    size_t whole;
    return eki_json_records_first(head, length, &object, &whole) &&
           eki_log_has(object, whole, "\"jsonPayload\"") && eki_log_has(object, whole, "\"connection\"") &&
           eki_log_has(object, whole, "\"src_ip\"");
}

static void take_record(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    struct google *g = r->state;
    struct eki_field f[FIELDS];
    struct eki_field_fault fault;
    struct eki_field_reader v = {0};
    if (!eki_fields_json(&g->wanted, text, length, f, &fault)) {
        eki_log_reject(r, at + fault.offset, fault.what);
        return;
    }
    if (!eki_field_there(f[SOURCE])) return; /* another log of the same project */
    bool rule = eki_field_there(f[DISPOSITION]);
    struct eki_log_half h = {.source = eki_field_address(&v, f[SOURCE]),
                             .target = eki_field_address(&v, f[TARGET]),
                             .source_port = (uint16_t)eki_field_unsigned(&v, f[SOURCE_PORT], UINT16_MAX),
                             .target_port = (uint16_t)eki_field_unsigned(&v, f[TARGET_PORT], UINT16_MAX),
                             .protocol = eki_log_protocol(f[PROTO]),
                             .first = eki_field_date(&v, f[eki_field_there(f[FIRST]) ? FIRST : STAMP]),
                             .last = eki_field_date(&v, f[LAST]),
                             .packets = eki_field_unsigned(&v, f[PACKETS], UINT32_MAX),
                             .place = eki_log_place(f[REPORTER]),
                             .denied = rule && eki_field_is(f[DISPOSITION], "DENIED")};
    uint64_t bytes = eki_field_unsigned(&v, f[BYTES], UINT64_MAX / 2);
    h.bytes = eki_log_payload(h.protocol, h.source, h.packets, bytes, 0);
    h.bare = h.protocol == EKI_PROTOCOL_TCP && eki_log_is_bare(h.source, h.packets, bytes);
    if (v.wrong)
        eki_log_reject(r, v.at >= text ? at + (size_t)(v.at - text) : at, v.wrong);
    else
        eki_mirror_take(r, &g->mirror, &h);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct google *g = r->state;
    g->wanted = eki_field_names(names);
    g->records.each = take_record;
    return EKI_OK;
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct google *g = r->state;
    return eki_json_records_take(&g->records, r, bytes, length, ended);
}

static void end(struct eki_log_reading *r)
{
    struct google *g = r->state;
    eki_mirror_end(r, &g->mirror);
}

static void stop(struct eki_log_reading *r)
{
    struct google *g = r->state;
    if (g) eki_mirror_done(&g->mirror);
}

#define SAMPLES                                                                                              \
    EKI_TEXT("what was not sampled: an answer may be missing, so that some attempts look unanswered")
#define ALLOWED EKI_TEXT("of firewall rules, whether what was allowed was answered: it counts as answered")

const struct eki_log_format eki_log_vpc_google = {
    .kind = {"vpc-google", "Google Cloud VPC flow logs and firewall rules logs, JSON",
             SAMPLES "; " EKI_TEXT("flags of TCP") "; " ALLOWED},
    .fits = fits,
    .state_size = sizeof(struct google),
    .start = start,
    .take = take,
    .end = end,
    .stop = stop,
};
