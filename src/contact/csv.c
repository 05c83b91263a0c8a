/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any table with a header line: separated by commas, semicolons, tabs or bars (RFC 4180 for quotes). Which
 * column is what comes from the mapping file, or from the names that are usual. A line is a conversation.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "contact/log_format.h"
#include "contact/mapping.h"
#include "contact/lacks.h"

enum {
    COLUMNS_MOST = 128,
    NOWHERE = 255,
    COLUMN_NAME = 64,
    MILLI_DIGITS = 12,
    MICRO_DIGITS = 15,
    NANO_DIGITS = 18
};

enum csv_field {
    TIME,
    CLIENT,
    SERVER,
    CLIENT_PORT,
    PORT,
    PROTO,
    CLIENT_BYTES,
    SERVER_BYTES,
    CLIENT_PACKETS,
    SERVER_PACKETS,
    DURATION,
    OUTCOME,
    FIELDS
};

/* Names in the mapping file, and names of columns without blanks, points, bars and in lower case. */
static const struct {
    const char *name;
    const char *usual; /* separated by blanks */
} known[FIELDS] = {
    [TIME] = {"time",
              " time timestamp ts starttime start datetime date firstseen flowstart eventtime receivetime "},
    [CLIENT] = {"client",
                " client clientip src srcip srcaddr srcaddress source sourceip sourceaddr sourceaddress "
                "idorigh origh "},
    [SERVER] = {"server", " server serverip dst dstip dstaddr dstaddress dest destip destaddr destination "
                          "destinationip destinationaddress idresph resph "},
    [CLIENT_PORT] = {"client_port", " clientport srcport sourceport sport spt idorigp origp "},
    [PORT] = {"port", " port serverport dstport destport destinationport dport dpt idrespp respp "},
    [PROTO] = {"proto", " proto protocol ipproto ipprotocol transport "},
    [CLIENT_BYTES] = {"client_bytes",
                      " clientbytes srcbytes sentbytes bytessent bytesout origbytes bytestoserver "},
    [SERVER_BYTES] = {"server_bytes",
                      " serverbytes dstbytes rcvdbytes receivedbytes bytesreceived bytesin respbytes "
                      "bytestoclient "},
    [CLIENT_PACKETS] = {"client_packets",
                        " clientpackets srcpkts srcpackets sentpkt packetssent pktssent origpkts "
                        "pktstoserver "},
    [SERVER_PACKETS] = {"server_packets",
                        " serverpackets dstpkts dstpackets rcvdpkt packetsreceived pktsreceived "
                        "resppkts pktstoclient "},
    [DURATION] = {"duration", " duration dur elapsed elapsedtime "},
    [OUTCOME] = {"outcome", " outcome action verdict disposition "}};

struct csv {
    struct eki_mapping mapping;
    uint8_t column_of[FIELDS];
    uint8_t columns; /* 0 before the header */
    char separator;
};

/* The one that stands in the line most often. */
static char separator_of(const char *line, size_t length)
{
    static const char candidates[] = ",;\t|";
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof candidates - 1; i++) {
        size_t count = 0;
        for (size_t k = 0; k < length; k++) count += line[k] == candidates[i];
        if (count > most) most = count, best = candidates[i];
    }
    return best;
}

/* " sourceip ", so that it can be looked for in a list. */
static void plain_name(struct eki_field field, char ret_name[COLUMN_NAME])
{
    size_t length = 0;
    ret_name[length++] = ' ';
    for (uint32_t i = 0; i < field.length && length < COLUMN_NAME - 2; i++) {
        char c = field.at[i];
        if (c >= 'A' && c <= 'Z') c = (char)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) ret_name[length++] = c;
    }
    ret_name[length++] = ' ';
    ret_name[length] = 0;
}

static void guess_columns(const struct eki_field *values, size_t count, uint8_t ret_columns[FIELDS])
{
    char name[COLUMN_NAME];
    memset(ret_columns, NOWHERE, FIELDS);
    for (size_t i = 0; i < count && i < COLUMNS_MOST; i++) {
        plain_name(values[i], name);
        for (unsigned k = 0; k < FIELDS && strlen(name) > 2; k++)
            if (ret_columns[k] == NOWHERE && strstr(known[k].usual, name)) ret_columns[k] = (uint8_t)i;
    }
}

static bool has_needed(const uint8_t columns[FIELDS])
{
    return columns[TIME] != NOWHERE && columns[CLIENT] != NOWHERE && columns[SERVER] != NOWHERE;
}

/* Some editors put a mark before the first name. */
static size_t mark_before(const char *line, size_t length)
{
    return length >= 3 && !memcmp(line, "\xef\xbb\xbf", 3) ? 3 : 0;
}

static bool fits(const char *head, size_t length)
{
    struct eki_field values[COLUMNS_MOST];
    uint8_t columns[FIELDS];
    size_t mark = mark_before(head, length);
    const char *stop = memchr(head, '\n', length);
    size_t line = (stop ? (size_t)(stop - head) : length) - mark;
    if (!stop || memchr(head, '{', line + mark)) return false;
    size_t count = eki_fields_csv(head + mark, line, separator_of(head + mark, line), values, COLUMNS_MOST);
    guess_columns(values, count, columns);
    return count <= COLUMNS_MOST && has_needed(columns);
}

static int field_named(const char *name)
{
    for (int i = 0; i < FIELDS; i++)
        if (!strcasecmp(known[i].name, name)) return i;
    return -1;
}

/* Files and lines are named, because the mistake is in the mapping and not in the table. */
static enum eki_error blame(struct eki_log_reading *r, const struct eki_mapping_entry *entry,
                            const char *what)
{
    char text[sizeof r->fault.what];
    snprintf(text, sizeof text, "%.60s:%u: %s \"%.40s\"", r->mapping, entry->line, what,
             field_named(entry->name) < 0 ? entry->name : entry->value);
    eki_log_fail(r, EKI_ERROR_ARGUMENT, 0, text);
    return r->error;
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct csv *c = r->state;
    enum eki_error error = r->mapping ? eki_mapping_read(r->mapping, &c->mapping, &r->fault) : EKI_OK;
    for (size_t i = 0; i < c->mapping.count && !error; i++)
        if (field_named(c->mapping.entries[i].name) < 0)
            error = blame(r, &c->mapping.entries[i], "no field is named");
    return error;
}

static bool is_text(struct eki_field field, const char *text)
{
    return field.length == strlen(text) && !strncasecmp(field.at, text, field.length);
}

static void map_columns(struct eki_log_reading *r, struct csv *c, const struct eki_field *values,
                        size_t count)
{
    memset(c->column_of, NOWHERE, sizeof c->column_of);
    for (size_t i = 0; i < c->mapping.count; i++) {
        const struct eki_mapping_entry *entry = &c->mapping.entries[i];
        size_t column = 0;
        while (column < count && !is_text(values[column], entry->value)) column++;
        if (column == count) {
            blame(r, entry, "the header has no column");
            return;
        }
        c->column_of[field_named(entry->name)] = (uint8_t)column;
    }
}

static void take_header(struct eki_log_reading *r, struct csv *c, const char *line, size_t length)
{
    struct eki_field values[COLUMNS_MOST];
    size_t mark = mark_before(line, length);
    c->separator = separator_of(line + mark, length - mark);
    size_t count = eki_fields_csv(line + mark, length - mark, c->separator, values, COLUMNS_MOST);
    if (count > COLUMNS_MOST) count = COLUMNS_MOST;
    c->columns = (uint8_t)count;
    if (c->mapping.count)
        map_columns(r, c, values, count);
    else
        guess_columns(values, count, c->column_of);
    if (!r->error && !has_needed(c->column_of))
        eki_log_fail(r, EKI_ERROR_FORMAT, 0,
                     "line 1: no columns for time, client and server: a --mapping file names them");
}

/* A date, or a number since 1970 whose length tells its unit. */
static eki_time time_of(struct eki_field_reader *v, struct eki_field field)
{
    bool dated = field.length > 10 && (field.at[4] == '-' || field.at[4] == '/');
    if (dated) return eki_field_date(v, field);
    bool whole = eki_field_there(field) && !memchr(field.at, '.', field.length);
    if (!whole || field.length <= MILLI_DIGITS - 1) return eki_field_seconds(v, field);
    int64_t unit = field.length < MICRO_DIGITS ? EKI_SECOND / 1000 : field.length < NANO_DIGITS ? 1000 : 1;
    return (eki_time)eki_field_unsigned(v, field, (uint64_t)(EKI_TIME_LATEST / unit)) * unit;
}

/* Words of firewalls and of contact lines; nothing known leaves it to the counts. */
static bool told_outcome(struct eki_field field, uint8_t *ret_outcome)
{
    static const struct {
        const char *word;
        uint8_t outcome;
    } words[] = {{"none", EKI_OUTCOME_NONE},         {"timeout", EKI_OUTCOME_NONE},
                 {"drop", EKI_OUTCOME_NONE},         {"dropped", EKI_OUTCOME_NONE},
                 {"deny", EKI_OUTCOME_NONE},         {"denied", EKI_OUTCOME_NONE},
                 {"block", EKI_OUTCOME_NONE},        {"blocked", EKI_OUTCOME_NONE},
                 {"refused", EKI_OUTCOME_REFUSED},   {"reject", EKI_OUTCOME_REFUSED},
                 {"rejected", EKI_OUTCOME_REFUSED},  {"reset", EKI_OUTCOME_REFUSED},
                 {"answered", EKI_OUTCOME_ANSWERED}, {"established", EKI_OUTCOME_ESTABLISHED},
                 {"data", EKI_OUTCOME_DATA}};
    for (size_t i = 0; i < sizeof words / sizeof *words && eki_field_there(field); i++) {
        if (!is_text(field, words[i].word)) continue;
        *ret_outcome = words[i].outcome;
        return true;
    }
    return false;
}

static void judge(const struct csv *c, const struct eki_field *f, struct eki_log_conversation *ret)
{
    bool counted = c->column_of[SERVER_BYTES] != NOWHERE || c->column_of[SERVER_PACKETS] != NOWHERE;
    ret->outcome = counted ? (uint8_t)eki_log_outcome(ret) : EKI_OUTCOME_ANSWERED;
    told_outcome(f[OUTCOME], &ret->outcome);
}

static void take_row(struct eki_log_reading *r, const char *line, const struct eki_field *f)
{
    struct eki_field_reader v = {0};
    struct eki_log_conversation c = {
        .time = time_of(&v, f[TIME]),
        .end = EKI_TIME_NONE,
        .client = eki_field_address(&v, f[CLIENT]),
        .server = eki_field_address(&v, f[SERVER]),
        .client_port = (uint16_t)eki_field_unsigned(&v, f[CLIENT_PORT], UINT16_MAX),
        .service = (uint16_t)eki_field_unsigned(&v, f[PORT], UINT16_MAX),
        .client_bytes = eki_field_unsigned(&v, f[CLIENT_BYTES], UINT64_MAX / 2),
        .server_bytes = eki_field_unsigned(&v, f[SERVER_BYTES], UINT64_MAX / 2),
        .client_packets = eki_field_unsigned(&v, f[CLIENT_PACKETS], UINT32_MAX),
        .server_packets = eki_field_unsigned(&v, f[SERVER_PACKETS], UINT32_MAX),
        .protocol = eki_field_there(f[PROTO]) ? eki_log_protocol(f[PROTO]) : EKI_PROTOCOL_TCP};
    eki_time duration = eki_field_seconds(&v, f[DURATION]);
    if (v.wrong) {
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
        return;
    }
    if (duration != EKI_TIME_NONE && duration >= 0 && c.time != EKI_TIME_NONE &&
        c.time <= EKI_TIME_LATEST - duration)
        c.end = c.time + duration;
    judge(r->state, f, &c);
    eki_log_conversation(r, &c);
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct csv *c = r->state;
    struct eki_field values[COLUMNS_MOST], f[FIELDS];
    if (!c->columns) {
        take_header(r, c, line, length);
        return;
    }
    size_t count = eki_fields_csv(line, length, c->separator, values, COLUMNS_MOST);
    if (count < c->columns || count > (size_t)c->columns + 1) {
        eki_log_reject(r, 0,
                       count < c->columns ? "fewer fields than the header names"
                                          : "more fields than the header names");
        return;
    }
    for (unsigned i = 0; i < FIELDS; i++) {
        bool there = c->column_of[i] != NOWHERE && values[c->column_of[i]].length;
        bool told = there && !eki_field_is(values[c->column_of[i]], "-");
        f[i] = told ? values[c->column_of[i]] : (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
    }
    take_row(r, line, f);
}

static void stop(struct eki_log_reading *r)
{
    struct csv *c = r->state;
    if (c) eki_mapping_done(&c->mapping);
}

const struct eki_log_format eki_log_csv = {
    .kind =
        {"csv", "any table with a header line, a conversation a line (see --mapping)",
         EKI_TEXT(
             "what has no column: without the answer's bytes, packets or an outcome, every attempt counts as "
             "answered") "; " EKI_TEXT("without a protocol TCP is taken, without a zone UTC")},
    .fits = fits,
    .state_size = sizeof(struct csv),
    .start = start,
    .line = take_line,
    .stop = stop,
};
