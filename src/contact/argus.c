/* SPDX-License-Identifier: Apache-2.0 */
/* Argus' flows as comma-separated values, what `ra -c ,` writes and the CTU data sets hold (ra(1), fields and
 * states; Garcia 2014 for the data sets). Both directions are in a line. */
#include <string.h>

#include "contact/log_format.h"
#include "contact/mirror.h"
#include "contact/lacks.h"

enum { COLUMNS_MOST = 64, NOWHERE = 255, ETHERNET = 14 };

enum argus_field {
    TIME,
    DURATION,
    PROTO,
    SOURCE,
    SOURCE_PORT,
    WAY,
    TARGET,
    TARGET_PORT,
    STATE,
    PACKETS,
    BYTES,
    SOURCE_BYTES,
    SOURCE_PACKETS,
    FIELDS
};

static const char *const names[FIELDS + 1] = {
    [TIME] = "StartTime",        [DURATION] = "Dur",    [PROTO] = "Proto",    [SOURCE] = "SrcAddr",
    [SOURCE_PORT] = "Sport",     [WAY] = "Dir",         [TARGET] = "DstAddr", [TARGET_PORT] = "Dport",
    [STATE] = "State",           [PACKETS] = "TotPkts", [BYTES] = "TotBytes", [SOURCE_BYTES] = "SrcBytes",
    [SOURCE_PACKETS] = "SrcPkts"};

struct argus {
    uint8_t column_of[FIELDS];
    uint8_t columns; /* 0 before the header */
};

static bool fits(const char *head, size_t length)
{
    return eki_log_first_line_has(head, length, "StartTime,") &&
           eki_log_first_line_has(head, length, ",SrcAddr,") && eki_log_first_line_has(head, length, ",Dir,");
}

static void take_header(struct argus *a, const struct eki_field *values, size_t count)
{
    struct eki_field_names wanted = eki_field_names(names);
    memset(a->column_of, NOWHERE, sizeof a->column_of);
    a->columns = (uint8_t)(count < COLUMNS_MOST ? count : COLUMNS_MOST);
    for (size_t i = 0; i < a->columns; i++) {
        int position = eki_field_position(&wanted, values[i].at, values[i].length);
        if (position >= 0) a->column_of[position] = (uint8_t)i;
    }
}

/* Without blanks around it; empty is absent. */
static struct eki_field trimmed(struct eki_field field)
{
    while (field.length && *field.at == ' ') field.at++, field.length--;
    while (field.length && field.at[field.length - 1] == ' ') field.length--;
    if (!field.length) field.kind = EKI_FIELD_ABSENT;
    return field;
}

/* Decimal, or hexadecimal with 0x: so are types of ICMP, and sometimes ports. */
static uint16_t port_of(struct eki_field_reader *v, struct eki_field field)
{
    static const char digits[] = "0123456789abcdef";
    if (field.length < 3 || field.at[0] != '0' || (field.at[1] | 0x20) != 'x')
        return (uint16_t)eki_field_unsigned(v, field, UINT16_MAX);
    unsigned port = 0;
    for (uint32_t i = 2; i < field.length && field.length <= 6; i++) {
        const char *digit = strchr(digits, field.at[i] | 0x20);
        if (!digit || !*digit) break;
        port = port << 4 | (unsigned)(digit - digits);
    }
    return (uint16_t)port;
}

static bool has(struct eki_field flags, char flag)
{
    return flags.length && memchr(flags.at, flag, flags.length);
}

/* The flags of either side, as in SRPA_FSPA; absent when the state is a word. */
static bool split_flags(struct eki_field state, struct eki_field *ret_asked, struct eki_field *ret_answer)
{
    const char *line = eki_field_there(state) ? memchr(state.at, '_', state.length) : NULL;
    if (!line) return false;
    *ret_asked = *ret_answer = state;
    ret_asked->length = (uint32_t)(line - state.at);
    ret_answer->at = line + 1;
    ret_answer->length = state.length - ret_asked->length - 1;
    return true;
}

static uint64_t at_least(uint64_t bytes, bool some)
{
    return some ? (bytes ? bytes : 1) : 0;
}

static void judge_flags(struct eki_log_conversation *c, struct eki_field asked, struct eki_field answer)
{
    c->client_bytes = at_least(c->client_bytes, has(asked, 'P'));
    c->server_bytes = at_least(c->server_bytes, has(answer, 'P'));
    c->refused = has(asked, 'R') || has(answer, 'R');
    if (!has(asked, 'S') && !has(answer, 'S')) c->flags |= EKI_CONTACT_INFERRED;
    if (!answer.length)
        c->outcome = EKI_OUTCOME_NONE;
    else if (c->client_bytes && c->server_bytes)
        c->outcome = EKI_OUTCOME_DATA;
    else if (has(answer, 'R') && !has(answer, 'S') && has(asked, 'S') && !has(asked, 'A'))
        c->outcome = EKI_OUTCOME_REFUSED;
    else
        c->outcome = has(asked, 'A') ? EKI_OUTCOME_ESTABLISHED : EKI_OUTCOME_ANSWERED;
}

/* States as words (ra(1), -Z not given); S0 and REJ are Zeek's, which some converters leave. */
static void judge_word(struct eki_log_conversation *c, struct eki_field state)
{
    static const struct {
        const char *word;
        uint8_t least, most; /* bounds of the outcome */
    } words[] = {{"INT", EKI_OUTCOME_NONE, EKI_OUTCOME_NONE},
                 {"REQ", EKI_OUTCOME_NONE, EKI_OUTCOME_NONE},
                 {"S0", EKI_OUTCOME_NONE, EKI_OUTCOME_NONE},
                 {"REJ", EKI_OUTCOME_REFUSED, EKI_OUTCOME_REFUSED},
                 {"URP", EKI_OUTCOME_REFUSED, EKI_OUTCOME_REFUSED},
                 {"ACC", EKI_OUTCOME_ANSWERED, EKI_OUTCOME_ANSWERED},
                 {"CON", EKI_OUTCOME_ANSWERED, EKI_OUTCOME_DATA},
                 {"FIN", EKI_OUTCOME_ESTABLISHED, EKI_OUTCOME_DATA}};
    c->outcome = (uint8_t)eki_log_outcome(c);
    c->refused = eki_field_is(state, "RST");
    bool bare =
        !c->client_bytes && !c->server_bytes && c->server_packets && c->server_packets <= c->client_packets;
    if (c->refused && bare) c->outcome = EKI_OUTCOME_REFUSED;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!eki_field_is(state, words[i].word)) continue;
        if (c->outcome < words[i].least) c->outcome = words[i].least;
        if (c->outcome > words[i].most) c->outcome = words[i].most;
    }
}

/* Where only sums are told, half of them: the outcome comes from the state. */
static void count(struct eki_field_reader *v, const struct eki_field *f, struct eki_log_conversation *c)
{
    uint64_t packets = eki_field_unsigned(v, f[PACKETS], UINT32_MAX);
    uint64_t bytes = eki_field_unsigned(v, f[BYTES], UINT64_MAX / 2);
    uint64_t asked = eki_field_unsigned(v, f[SOURCE_BYTES], UINT64_MAX / 2);
    uint64_t sent = eki_field_unsigned(v, f[SOURCE_PACKETS], UINT32_MAX);
    bool two_ways = packets > 1 && !eki_field_is(f[STATE], "INT");
    if (!eki_field_there(f[SOURCE_BYTES])) asked = two_ways ? bytes / 2 : bytes;
    if (asked > bytes) asked = bytes;
    if (!eki_field_there(f[SOURCE_PACKETS]))
        sent = two_ways && asked < bytes ? packets - packets / 2 : packets;
    if (sent > packets) sent = packets;
    c->client_packets = sent;
    c->server_packets = packets - sent;
    c->client_bytes = eki_log_payload(c->protocol, c->client, sent, asked, ETHERNET);
    c->server_bytes = eki_log_payload(c->protocol, c->client, packets - sent, bytes - asked, ETHERNET);
}

static void turn_round(struct eki_log_conversation *c)
{
    struct eki_log_conversation was = *c;
    c->client = was.server, c->server = was.client;
    c->client_port = was.service, c->service = was.client_port;
    c->client_bytes = was.server_bytes, c->server_bytes = was.client_bytes;
    c->client_packets = was.server_packets, c->server_packets = was.client_packets;
}

/* `->`, `<->`: the source asked; `<-`: it answered; with a question mark Argus did not see who began. */
static void orient(struct eki_field way, struct eki_log_conversation *c)
{
    bool unsure = has(way, '?'), back = has(way, '<') && !has(way, '>');
    if (unsure) c->flags |= EKI_CONTACT_INFERRED;
    bool ports = c->protocol == EKI_PROTOCOL_TCP || c->protocol == EKI_PROTOCOL_UDP;
    if (unsure && ports) back = !eki_log_service_is_target(c->client_port, c->service);
    if (back) turn_round(c);
}

static struct eki_log_conversation conversation(struct eki_field_reader *v, const struct eki_field *f)
{
    bool dated = f[TIME].length > 10 && (f[TIME].at[4] == '/' || f[TIME].at[4] == '-');
    struct eki_log_conversation c = {.client = eki_field_address(v, f[SOURCE]),
                                     .server = eki_field_address(v, f[TARGET]),
                                     .client_port = port_of(v, f[SOURCE_PORT]),
                                     .service = port_of(v, f[TARGET_PORT]),
                                     .protocol = eki_log_protocol(f[PROTO]),
                                     .end = EKI_TIME_NONE};
    c.time = dated ? eki_field_date(v, f[TIME]) : eki_field_seconds(v, f[TIME]);
    eki_time duration = eki_field_seconds(v, f[DURATION]);
    if (duration != EKI_TIME_NONE && duration >= 0 && c.time != EKI_TIME_NONE &&
        c.time <= EKI_TIME_LATEST - duration)
        c.end = c.time + duration;
    if (eki_field_is(f[PROTO], "arp")) c.protocol = EKI_PROTOCOL_ARP;
    count(v, f, &c);
    return c;
}

static void judge(const struct eki_field *f, struct eki_log_conversation *c)
{
    struct eki_field asked, answer;
    if (c->protocol == EKI_PROTOCOL_TCP && split_flags(f[STATE], &asked, &answer))
        judge_flags(c, asked, answer);
    else
        judge_word(c, f[STATE]);
    /* Of ICMP only a question is a contact; an error or a router's message is none. */
    bool icmp = c->protocol == EKI_PROTOCOL_ICMP || c->protocol == EKI_PROTOCOL_ICMP6;
    if (icmp && eki_field_is(f[STATE], "ECO"))
        c->outcome = c->server_packets ? EKI_OUTCOME_ANSWERED : EKI_OUTCOME_NONE;
    else if (icmp)
        c->protocol = 0;
    orient(f[WAY], c);
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct argus *a = r->state;
    struct eki_field values[COLUMNS_MOST], f[FIELDS];
    struct eki_field_reader v = {0};
    size_t found = eki_fields_split(line, length, ',', values, COLUMNS_MOST);
    if (found && eki_field_is(values[0], "StartTime")) {
        take_header(a, values, found);
        return;
    }
    for (unsigned i = 0; i < FIELDS; i++) {
        uint8_t column = a->columns ? a->column_of[i] : NOWHERE;
        bool there = column < found && column < COLUMNS_MOST;
        f[i] = there ? trimmed(values[column]) : (struct eki_field){.at = line, .kind = EKI_FIELD_ABSENT};
    }
    if (!a->columns || !eki_field_there(f[TARGET])) {
        eki_log_reject(r, 0, a->columns ? "fewer fields than the header names" : "no header line before it");
        return;
    }
    /* What is below IP stands there by hardware addresses. */
    bool below = !eki_log_protocol(f[PROTO]) && !eki_field_is(f[PROTO], "arp");
    if (below) return;
    struct eki_log_conversation c = conversation(&v, f);
    if (v.wrong) {
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
        return;
    }
    judge(f, &c);
    eki_log_conversation(r, &c);
}

const struct eki_log_format eki_log_argus = {
    .kind = {"argus-csv", "Argus flows as comma-separated values (binetflow)",
             EKI_LACKS_ZONE "; " EKI_LACKS_PAYLOAD},
    .fits = fits,
    .state_size = sizeof(struct argus),
    .line = take_line,
};
