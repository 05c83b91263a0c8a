/* SPDX-License-Identifier: Apache-2.0 */
/* The log of the Windows firewall, pfirewall.log: W3C extended, one line a packet that was dropped or a
 * connection that was let through (learn.microsoft.com, "Configure Windows Firewall logging"). */
#include <stdio.h>
#include <string.h>

#include "contact/log_format.h"
#include "contact/lacks.h"

enum { COLUMNS_MOST = 32, NOWHERE = 255, DATE_TEXT = 32 };

enum firewall_field {
    DATE,
    TIME,
    ACTION,
    PROTO,
    SOURCE,
    TARGET,
    SOURCE_PORT,
    TARGET_PORT,
    FLAGS,
    TYPE,
    FIELDS
};

static const char *const names[FIELDS + 1] = {
    [DATE] = "date",      [TIME] = "time",     [ACTION] = "action",        [PROTO] = "protocol",
    [SOURCE] = "src-ip",  [TARGET] = "dst-ip", [SOURCE_PORT] = "src-port", [TARGET_PORT] = "dst-port",
    [FLAGS] = "tcpflags", [TYPE] = "icmptype"};

struct firewall {
    uint8_t column_of[FIELDS];
    uint8_t columns; /* 0 before the header */
};

static bool fits(const char *head, size_t length)
{
    return eki_log_has_line(head, length, "#Fields: date time action protocol src-ip dst-ip");
}

static void take_header(struct firewall *w, const char *text, size_t length)
{
    struct eki_field values[COLUMNS_MOST];
    size_t count = eki_fields_split(text, length, ' ', values, COLUMNS_MOST);
    struct eki_field_names wanted = eki_field_names(names);
    memset(w->column_of, NOWHERE, sizeof w->column_of);
    w->columns = (uint8_t)(count < COLUMNS_MOST ? count : COLUMNS_MOST);
    for (size_t i = 0; i < w->columns; i++) {
        int position = eki_field_position(&wanted, values[i].at, values[i].length);
        if (position >= 0) w->column_of[position] = (uint8_t)i;
    }
}

/* Date and time stand next to one another; the separator is one blank. */
static eki_time time_of(struct eki_field_reader *v, const struct eki_field *f)
{
    char text[DATE_TEXT];
    if (!eki_field_there(f[DATE]) || !eki_field_there(f[TIME])) return EKI_TIME_NONE;
    int length = snprintf(text, sizeof text, "%.*s %.*s", (int)f[DATE].length, f[DATE].at,
                          (int)f[TIME].length, f[TIME].at);
    if (length < 0 || (size_t)length >= sizeof text) return EKI_TIME_NONE;
    eki_time time = eki_field_date(v, (struct eki_field){text, (uint32_t)length, EKI_FIELD_TEXT, false});
    if (v->wrong) v->at = f[DATE].at; /* the joined text is gone soon */
    return time;
}

/* A dropped packet is an attempt only when it opens something: stray packets of old connections are not. */
static bool is_attempt(const struct eki_field *f, uint8_t protocol, bool allowed)
{
    if (protocol == EKI_PROTOCOL_ICMP) return !eki_field_there(f[TYPE]) || eki_field_is(f[TYPE], "8");
    if (protocol == EKI_PROTOCOL_ICMP6) return !eki_field_there(f[TYPE]) || eki_field_is(f[TYPE], "128");
    if (protocol != EKI_PROTOCOL_TCP || allowed || !eki_field_there(f[FLAGS])) return true;
    return eki_field_is(f[FLAGS], "S");
}

static void take_packet(struct eki_log_reading *r, const char *line, const struct eki_field *f)
{
    struct eki_field_reader v = {0};
    bool allowed = eki_field_is(f[ACTION], "ALLOW"), dropped = eki_field_is(f[ACTION], "DROP");
    if (!allowed && !dropped) return; /* INFO-EVENTS-LOST, OPEN and CLOSE of Windows XP */
    struct eki_log_conversation c = {.protocol = eki_log_protocol(f[PROTO]),
                                     .time = time_of(&v, f),
                                     .end = EKI_TIME_NONE,
                                     .outcome = allowed ? EKI_OUTCOME_ANSWERED : EKI_OUTCOME_NONE,
                                     .client_packets = 1};
    if (!c.protocol) return;
    c.client = eki_field_address(&v, f[SOURCE]);
    c.server = eki_field_address(&v, f[TARGET]);
    c.client_port = (uint16_t)eki_field_unsigned(&v, f[SOURCE_PORT], UINT16_MAX);
    c.service = (uint16_t)eki_field_unsigned(&v, f[TARGET_PORT], UINT16_MAX);
    if (v.wrong) {
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
        return;
    }
    if (!is_attempt(f, c.protocol, allowed)) c.protocol = 0; /* counted, but no contact */
    eki_log_conversation(r, &c);
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    static const char header[] = "#Fields: ";
    struct firewall *w = r->state;
    struct eki_field values[COLUMNS_MOST], f[FIELDS];
    if (*line == '#') {
        if (length > sizeof header - 1 && !memcmp(line, header, sizeof header - 1))
            take_header(w, line + sizeof header - 1, length - (sizeof header - 1));
        return;
    }
    size_t count = eki_fields_split(line, length, ' ', values, COLUMNS_MOST);
    for (unsigned i = 0; i < FIELDS; i++) {
        uint8_t column = w->columns ? w->column_of[i] : NOWHERE;
        bool there = column < count && column < COLUMNS_MOST && values[column].length;
        bool told = there && !(values[column].length == 1 && *values[column].at == '-');
        f[i] = told ? values[column] : (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
    }
    if (!eki_field_there(f[ACTION]))
        eki_log_reject(r, 0,
                       w->columns ? "fewer fields than the #Fields line names" : "no #Fields line before it");
    else
        take_packet(r, line, f);
}

const struct eki_log_format eki_log_pfirewall = {
    .kind = {"windows-firewall", "the Windows firewall's pfirewall.log",
             EKI_LACKS_ZONE "; " EKI_LACKS_ANSWERS "; " EKI_TEXT("how much moved")},
    .fits = fits,
    .state_size = sizeof(struct firewall),
    .line = take_line,
};
