/* SPDX-License-Identifier: Apache-2.0 */
/* Zeek's conn.log as tab-separated values: any order of fields, headers in mid-file, clusters, labels behind
 * (docs.zeek.org, "Zeek Log Formats and Inspection" and conn.log). */
#include "contact/zeek.h"
#include "contact/lacks.h"

#include <string.h>

enum { COLUMNS_MOST = 64 };

const char *const eki_zeek_names[EKI_ZEEK_FIELDS + 1] = {
    [EKI_ZEEK_TS] = "ts",
    [EKI_ZEEK_CLIENT] = "id.orig_h",
    [EKI_ZEEK_CLIENT_PORT] = "id.orig_p",
    [EKI_ZEEK_SERVER] = "id.resp_h",
    [EKI_ZEEK_SERVICE] = "id.resp_p",
    [EKI_ZEEK_CLIENT_JOINED] = "id_orig_h",
    [EKI_ZEEK_CLIENT_PORT_JOINED] = "id_orig_p",
    [EKI_ZEEK_SERVER_JOINED] = "id_resp_h",
    [EKI_ZEEK_SERVICE_JOINED] = "id_resp_p",
    [EKI_ZEEK_PROTO] = "proto",
    [EKI_ZEEK_DURATION] = "duration",
    [EKI_ZEEK_CLIENT_BYTES] = "orig_bytes",
    [EKI_ZEEK_SERVER_BYTES] = "resp_bytes",
    [EKI_ZEEK_STATE] = "conn_state",
    [EKI_ZEEK_HISTORY] = "history",
    [EKI_ZEEK_CLIENT_PACKETS] = "orig_pkts",
    [EKI_ZEEK_SERVER_PACKETS] = "resp_pkts",
    [EKI_ZEEK_PATH] = "_path",
    [EKI_ZEEK_STREAM] = "@stream",
    [EKI_ZEEK_QUERY] = "query",
    [EKI_ZEEK_SERVER_NAME] = "server_name",
    [EKI_ZEEK_NOTE] = "note",
    [EKI_ZEEK_MESSAGE] = "msg",
    [EKI_ZEEK_SOURCE] = "src",
    [EKI_ZEEK_TARGET] = "dst",
    [EKI_ZEEK_TARGET_PORT] = "p",
    [EKI_ZEEK_ACTION] = "action",
    [EKI_ZEEK_SHARE] = "path",
    [EKI_ZEEK_FILE] = "name",
    [EKI_ZEEK_SHARE_TYPE] = "share_type",
    [EKI_ZEEK_OPERATION] = "operation",
};

/* What a conn_state says (docs.zeek.org, conn.log). */
struct zeek_state {
    char name[8];
    uint8_t length, outcome, flags;
    bool refused;
};

static const struct zeek_state states[] = {
    {"S0", 2, EKI_OUTCOME_NONE, 0, false},
    {"REJ", 3, EKI_OUTCOME_REFUSED, 0, true},
    {"SF", 2, EKI_OUTCOME_ESTABLISHED, 0, false},
    {"S1", 2, EKI_OUTCOME_ESTABLISHED, 0, false},
    {"S2", 2, EKI_OUTCOME_ESTABLISHED, 0, false},
    {"S3", 2, EKI_OUTCOME_ESTABLISHED, 0, false},
    {"RSTO", 4, EKI_OUTCOME_ESTABLISHED, 0, true},
    {"RSTR", 4, EKI_OUTCOME_ESTABLISHED, 0, true},
    {"RSTOS0", 6, EKI_OUTCOME_NONE, 0, false},
    {"SH", 2, EKI_OUTCOME_NONE, EKI_CONTACT_ODD, false},
    {"RSTRH", 5, EKI_OUTCOME_ANSWERED, EKI_CONTACT_UNASKED, true},
    {"SHR", 3, EKI_OUTCOME_ANSWERED, EKI_CONTACT_UNASKED, false},
};

static bool has_letter(struct eki_field history, char letter)
{
    return eki_field_there(history) && memchr(history.at, letter, history.length);
}

/* Half-open: the client answered the SYN-ACK by RST and no more; a scanner's way (nmap -sS). */
static bool is_half_open(struct eki_field history)
{
    return has_letter(history, 'h') && !has_letter(history, 'A') && !has_letter(history, 'D');
}

static void judge_tcp(const struct eki_field *f, struct eki_log_conversation *c)
{
    struct eki_field state = f[EKI_ZEEK_STATE], history = f[EKI_ZEEK_HISTORY];
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (states[i].length != state.length || memcmp(states[i].name, state.at, state.length)) continue;
        c->outcome = states[i].outcome;
        c->flags |= states[i].flags;
        c->refused = states[i].refused;
        if (c->outcome == EKI_OUTCOME_ESTABLISHED && is_half_open(history)) c->outcome = EKI_OUTCOME_ANSWERED;
        if (c->outcome == EKI_OUTCOME_ESTABLISHED && c->client_bytes && c->server_bytes)
            c->outcome = EKI_OUTCOME_DATA;
        return;
    }
    /* OTH: the beginning was not seen; or no state is told. */
    if (!has_letter(history, 'S') && !has_letter(history, 's')) c->flags |= EKI_CONTACT_INFERRED;
    c->outcome = (uint8_t)eki_log_outcome(c);
    c->refused = has_letter(history, 'R') || has_letter(history, 'r');
}

/* ICMP stands with its type and code for ports: only questions are contacts. */
static bool asks(const struct eki_log_conversation *c)
{
    if (c->protocol == EKI_PROTOCOL_ICMP) return c->client_port == 8;
    return c->protocol != EKI_PROTOCOL_ICMP6 || c->client_port == 128;
}

static struct eki_field either(const struct eki_field *f, enum eki_zeek_field usual,
                               enum eki_zeek_field joined)
{
    return eki_field_there(f[usual]) ? f[usual] : f[joined];
}

/* "-" and "(empty)" were made absent. */
struct eki_zeek_ends eki_zeek_ends(struct eki_field_reader *v, const struct eki_field *f)
{
    bool dated = f[EKI_ZEEK_TS].length > 10 && f[EKI_ZEEK_TS].at[4] == '-';
    struct eki_zeek_ends ends = {
        .client = eki_field_address(v, either(f, EKI_ZEEK_CLIENT, EKI_ZEEK_CLIENT_JOINED)),
        .server = eki_field_address(v, either(f, EKI_ZEEK_SERVER, EKI_ZEEK_SERVER_JOINED)),
        .client_port = (uint16_t)eki_field_unsigned(
            v, either(f, EKI_ZEEK_CLIENT_PORT, EKI_ZEEK_CLIENT_PORT_JOINED), UINT16_MAX),
        .service =
            (uint16_t)eki_field_unsigned(v, either(f, EKI_ZEEK_SERVICE, EKI_ZEEK_SERVICE_JOINED), UINT16_MAX),
        .time = dated ? eki_field_date(v, f[EKI_ZEEK_TS]) : eki_field_seconds(v, f[EKI_ZEEK_TS])};
    return ends;
}

static struct eki_log_conversation connection(struct eki_field_reader *v, const struct eki_field *f)
{
    struct eki_zeek_ends ends = eki_zeek_ends(v, f);
    struct eki_log_conversation c = {
        .client = ends.client,
        .server = ends.server,
        .client_port = ends.client_port,
        .service = ends.service,
        .time = ends.time,
        .end = EKI_TIME_NONE,
        .client_bytes = eki_field_unsigned(v, f[EKI_ZEEK_CLIENT_BYTES], UINT64_MAX / 2),
        .server_bytes = eki_field_unsigned(v, f[EKI_ZEEK_SERVER_BYTES], UINT64_MAX / 2),
        .client_packets = eki_field_unsigned(v, f[EKI_ZEEK_CLIENT_PACKETS], UINT32_MAX),
        .server_packets = eki_field_unsigned(v, f[EKI_ZEEK_SERVER_PACKETS], UINT32_MAX)};
    eki_time duration = eki_field_seconds(v, f[EKI_ZEEK_DURATION]);
    if (duration != EKI_TIME_NONE && duration >= 0 && c.time != EKI_TIME_NONE &&
        c.time <= EKI_TIME_LATEST - duration)
        c.end = c.time + duration;
    return c;
}

static void take_connection(struct eki_log_reading *r, const char *line, const struct eki_field *f)
{
    struct eki_field_reader v = {0};
    struct eki_log_conversation c = connection(&v, f);
    if (v.wrong) {
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
        return;
    }
    c.protocol = eki_log_protocol(f[EKI_ZEEK_PROTO]);
    if (c.protocol == EKI_PROTOCOL_ICMP && c.client.hi) c.protocol = EKI_PROTOCOL_ICMP6;
    if (c.protocol == EKI_PROTOCOL_TCP) {
        judge_tcp(f, &c);
    } else {
        c.outcome = (uint8_t)eki_log_outcome(&c);
        if (eki_field_is(f[EKI_ZEEK_STATE], "SHR")) c.flags |= EKI_CONTACT_UNASKED;
    }
    if (!asks(&c)) c.protocol = 0; /* counted, but no contact */
    eki_log_conversation(r, &c);
}

void eki_zeek_record(struct eki_log_reading *r, struct eki_log_steps *steps, const char *line,
                     const struct eki_field *fields, struct eki_field path)
{
    bool is_connection = eki_field_is(path, "conn") ||
                         (!eki_field_there(path) && (eki_field_there(fields[EKI_ZEEK_STATE]) ||
                                                     eki_field_there(fields[EKI_ZEEK_CLIENT_PACKETS])));
    if (is_connection)
        take_connection(r, line, fields);
    else
        eki_zeek_side(r, steps, line, fields, path);
}

_Static_assert((int)EKI_ZEEK_FIELDS <= (int)EKI_FIELDS_MOST, "all names are wanted at once");

struct zeek {
    struct eki_log_steps steps;
    struct {
        uint8_t column, field; /* enum eki_zeek_field */
    } wanted[COLUMNS_MOST];
    uint8_t wanted_count;
    uint8_t columns; /* how many a line has; 0 before the first header */
    char separator, path[32];
};

static bool fits(const char *head, size_t length)
{
    return eki_log_has_line(head, length, "#fields\t") ||
           (eki_log_has_line(head, length, "#fields") && eki_log_has_line(head, length, "#separator"));
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct zeek *z = r->state;
    z->separator = '\t';
    return EKI_OK;
}

/* "#separator \x09" */
static char separator_of(const char *text, size_t length)
{
    static const char hex[] = "0123456789abcdef";
    if (length < 4 || text[0] != '\\' || text[1] != 'x') return length == 1 ? text[0] : '\t';
    const char *high = strchr(hex, text[2] | 0x20), *low = strchr(hex, text[3] | 0x20);
    return high && low ? (char)((high - hex) << 4 | (low - hex)) : '\t';
}

static void take_fields(struct eki_log_reading *r, struct zeek *z, const char *text, size_t length)
{
    struct eki_field names[COLUMNS_MOST];
    size_t count = eki_fields_split(text, length, z->separator, names, COLUMNS_MOST);
    struct eki_field_names wanted = eki_field_names(eki_zeek_names);
    z->wanted_count = 0;
    z->columns = (uint8_t)(count < COLUMNS_MOST ? count : COLUMNS_MOST);
    for (size_t i = 0; i < z->columns; i++) {
        int position = eki_field_position(&wanted, names[i].at, names[i].length);
        if (position < 0) continue;
        z->wanted[z->wanted_count].column = (uint8_t)i;
        z->wanted[z->wanted_count++].field = (uint8_t)position;
    }
    if (count > COLUMNS_MOST) eki_log_reject(r, 0, "more than 64 fields: those behind are not read");
}

static void take_header(struct eki_log_reading *r, const char *line, size_t length)
{
    struct zeek *z = r->state;
    const char *end = line + length, *value = memchr(line, z->separator, length);
    if (length > 11 && !memcmp(line, "#separator ", 11)) z->separator = separator_of(line + 11, length - 11);
    if (!value || value + 1 > end) return;
    value++;
    size_t name = (size_t)(value - 1 - line), rest = (size_t)(end - value);
    if (name == 7 && !memcmp(line, "#fields", 7)) take_fields(r, z, value, rest);
    if (name != 5 || memcmp(line, "#path", 5)) return;
    if (rest >= sizeof z->path) rest = sizeof z->path - 1;
    memcpy(z->path, value, rest);
    z->path[rest] = 0;
}

/* "-", "(empty)" and nothing at all are not there. */
static bool is_set(struct eki_field value)
{
    return value.length && !(value.length == 1 && *value.at == '-') && !eki_field_is(value, "(empty)");
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct zeek *z = r->state;
    struct eki_field values[COLUMNS_MOST], fields[EKI_ZEEK_FIELDS];
    if (*line == '#') {
        take_header(r, line, length);
        return;
    }
    if (!z->columns) {
        eki_log_reject(r, 0, "no #fields line before it");
        return;
    }
    size_t count = eki_fields_split(line, length, z->separator, values, z->columns);
    /* Labels are sometimes put behind by blanks instead of separators, as one field less or more. */
    if (count + 2 < z->columns || count > (size_t)z->columns + 2) {
        eki_log_reject(r, 0,
                       count < z->columns ? "fewer fields than the #fields line names"
                                          : "more fields than the #fields line names");
        return;
    }
    for (size_t i = count; i < z->columns; i++)
        values[i] = (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
    memset(fields, 0, sizeof fields);
    for (unsigned i = 0; i < z->wanted_count; i++) {
        struct eki_field value = values[z->wanted[i].column];
        if (!is_set(value)) value = (struct eki_field){.kind = EKI_FIELD_ABSENT};
        fields[z->wanted[i].field] = value;
    }
    struct eki_field path = {z->path, (uint32_t)strlen(z->path), *z->path ? EKI_FIELD_TEXT : EKI_FIELD_ABSENT,
                             false};
    eki_zeek_record(r, &z->steps, line, fields, path);
}

static void stop(struct eki_log_reading *r)
{
    struct zeek *z = r->state;
    if (z) eki_log_steps_done(&z->steps);
}

const struct eki_log_format eki_log_zeek = {
    .kind = {"zeek",
             "Zeek logs as tab-separated values: conn, dns, ssl, notice, smb_files, smb_mapping, dce_rpc",
             EKI_LACKS_TOGETHER},
    .fits = fits,
    .state_size = sizeof(struct zeek),
    .start = start,
    .line = take_line,
    .stop = stop,
};
