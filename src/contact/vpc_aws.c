/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flow logs of Amazon VPC: a record for each direction, sums over one to ten minutes, as fields separated by
 * blanks (docs.aws.amazon.com, "Flow log records": version 2 in its default order, any fields with a header).
 * What CloudWatch exports has a date before each line.
 */
#include <string.h>

#include "contact/log_format.h"
#include "contact/mirror.h"
#include "contact/lacks.h"

enum { COLUMNS_MOST = 64, NOWHERE = 255, DEFAULT_COLUMNS = 14 };

enum aws_field {
    PLACE,
    SOURCE,
    TARGET,
    SOURCE_PORT,
    TARGET_PORT,
    PROTO,
    PACKETS,
    BYTES,
    FIRST,
    LAST,
    ACTION,
    STATUS,
    TCP_FLAGS,
    PACKET_SOURCE,
    PACKET_TARGET,
    FIELDS
};

static const char *const names[FIELDS + 1] = {[PLACE] = "interface-id",
                                              [SOURCE] = "srcaddr",
                                              [TARGET] = "dstaddr",
                                              [SOURCE_PORT] = "srcport",
                                              [TARGET_PORT] = "dstport",
                                              [PROTO] = "protocol",
                                              [PACKETS] = "packets",
                                              [BYTES] = "bytes",
                                              [FIRST] = "start",
                                              [LAST] = "end",
                                              [ACTION] = "action",
                                              [STATUS] = "log-status",
                                              [TCP_FLAGS] = "tcp-flags",
                                              [PACKET_SOURCE] = "pkt-srcaddr",
                                              [PACKET_TARGET] = "pkt-dstaddr"};

/* Version 2: version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end
 * action log-status. */
static const uint8_t default_columns[FIELDS] = {2,  3,  4,  5,  6,       7,       8,      9,
                                                10, 11, 12, 13, NOWHERE, NOWHERE, NOWHERE};

struct aws {
    struct eki_mirror mirror;
    uint8_t column_of[FIELDS];
    uint8_t columns;
};

static bool is_header(const struct eki_field *values, size_t count)
{
    bool source = false, target = false;
    for (size_t i = 0; i < count && i < COLUMNS_MOST; i++) {
        source |= eki_field_is(values[i], "srcaddr") || eki_field_is(values[i], "pkt-srcaddr");
        target |= eki_field_is(values[i], "dstaddr") || eki_field_is(values[i], "pkt-dstaddr");
    }
    return source && target;
}

/* A date that CloudWatch put before the record. */
static size_t dates_before(const struct eki_field *values, size_t count)
{
    return count && values[0].length > 10 && values[0].at[4] == '-' && values[0].at[10] == 'T';
}

static bool is_default(const struct eki_field *values, size_t count)
{
    if (count != DEFAULT_COLUMNS || !eki_field_is(values[0], "2")) return false;
    bool action = eki_field_is(values[12], "ACCEPT") || eki_field_is(values[12], "REJECT") ||
                  eki_field_is(values[12], "-");
    return action && (eki_field_is(values[13], "OK") || eki_field_is(values[13], "NODATA") ||
                      eki_field_is(values[13], "SKIPDATA"));
}

static bool fits(const char *head, size_t length)
{
    struct eki_field values[COLUMNS_MOST];
    const char *stop = memchr(head, '\n', length);
    size_t line = stop ? (size_t)(stop - head) : length;
    if (line && head[line - 1] == '\r') line--;
    size_t count = eki_fields_split(head, line, ' ', values, COLUMNS_MOST);
    if (count > COLUMNS_MOST) return false;
    size_t before = dates_before(values, count);
    return is_header(values, count) || is_default(values + before, count - before);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct aws *a = r->state;
    memcpy(a->column_of, default_columns, sizeof a->column_of);
    a->columns = DEFAULT_COLUMNS;
    return EKI_OK;
}

static void take_header(struct aws *a, const struct eki_field *values, size_t count)
{
    struct eki_field_names wanted = eki_field_names(names);
    memset(a->column_of, NOWHERE, sizeof a->column_of);
    a->columns = (uint8_t)(count < COLUMNS_MOST ? count : COLUMNS_MOST);
    for (size_t i = 0; i < a->columns; i++) {
        int position = eki_field_position(&wanted, values[i].at, values[i].length);
        if (position >= 0) a->column_of[position] = (uint8_t)i;
    }
}

static struct eki_log_half half_of(struct eki_field_reader *v, const struct eki_field *f)
{
    bool inner = eki_field_there(f[PACKET_SOURCE]) && eki_field_there(f[PACKET_TARGET]);
    struct eki_log_half h = {.source = eki_field_address(v, f[inner ? PACKET_SOURCE : SOURCE]),
                             .target = eki_field_address(v, f[inner ? PACKET_TARGET : TARGET]),
                             .source_port = (uint16_t)eki_field_unsigned(v, f[SOURCE_PORT], UINT16_MAX),
                             .target_port = (uint16_t)eki_field_unsigned(v, f[TARGET_PORT], UINT16_MAX),
                             .protocol = eki_log_protocol(f[PROTO]),
                             .first = eki_field_seconds(v, f[FIRST]),
                             .last = eki_field_seconds(v, f[LAST]),
                             .packets = eki_field_unsigned(v, f[PACKETS], UINT32_MAX),
                             .tcp_flags = (uint8_t)eki_field_unsigned(v, f[TCP_FLAGS], 255),
                             .place = eki_log_place(f[PLACE]),
                             .denied = eki_field_is(f[ACTION], "REJECT")};
    uint64_t bytes = eki_field_unsigned(v, f[BYTES], UINT64_MAX / 2);
    h.bytes = eki_log_payload(h.protocol, h.source, h.packets, bytes, 0);
    h.bare = h.protocol == EKI_PROTOCOL_TCP && eki_log_is_bare(h.source, h.packets, bytes);
    return h;
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct aws *a = r->state;
    struct eki_field all[COLUMNS_MOST], f[FIELDS];
    struct eki_field_reader v = {0};
    size_t count = eki_fields_split(line, length, ' ', all, COLUMNS_MOST);
    if (is_header(all, count)) {
        take_header(a, all, count);
        return;
    }
    size_t before = count == a->columns + 1u && count <= COLUMNS_MOST ? dates_before(all, count) : 0;
    if (count - before != a->columns) {
        eki_log_reject(r, 0,
                       count - before < a->columns ? "fewer fields than a record has"
                                                   : "more fields than a record has");
        return;
    }
    for (unsigned i = 0; i < FIELDS; i++) {
        f[i] = (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
        if (a->column_of[i] == NOWHERE) continue;
        f[i] = all[a->column_of[i] + before];
        if (f[i].length == 1 && *f[i].at == '-') f[i].kind = EKI_FIELD_ABSENT;
    }
    /* Nothing was there in this interval, or it was not recorded. */
    if (eki_field_is(f[STATUS], "NODATA") || eki_field_is(f[STATUS], "SKIPDATA")) return;
    struct eki_log_half h = half_of(&v, f);
    if (v.wrong)
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
    else
        eki_mirror_take(r, &a->mirror, &h);
}

static void end(struct eki_log_reading *r)
{
    struct aws *a = r->state;
    eki_mirror_end(r, &a->mirror);
}

static void stop(struct eki_log_reading *r)
{
    struct aws *a = r->state;
    if (a) eki_mirror_done(&a->mirror);
}

#define SINGLE                                                                                               \
    EKI_TEXT("single packets: sums over one to ten minutes, so order and times within are not known")
#define LACKS SINGLE "; " EKI_TEXT("without tcp-flags, who asked: it is inferred from ports")

const struct eki_log_format eki_log_vpc_aws = {
    .kind = {"vpc-aws", "Amazon VPC flow logs, version 2 or by their header", LACKS},
    .fits = fits,
    .state_size = sizeof(struct aws),
    .start = start,
    .line = take_line,
    .end = end,
    .stop = stop,
};
