/* SPDX-License-Identifier: Apache-2.0 */
/* Suricata's EVE: one event an object, as lines or as one array (docs.suricata.io, "EVE JSON Format"). */
#define _GNU_SOURCE
#include <string.h>

#include "contact/json_records.h"
#include "contact/log_sign.h"
#include "contact/mirror.h"
#include "contact/lacks.h"

enum eve_field {
    TIMESTAMP,
    EVENT,
    SOURCE,
    SOURCE_PORT,
    TARGET,
    TARGET_PORT,
    PROTO,
    START,
    END,
    STATE,
    ASKED_PACKETS,
    ANSWER_PACKETS,
    ASKED_BYTES,
    ANSWER_BYTES,
    ASKING,
    TCP_ASKED,
    TCP_ANSWER,
    HALF_PACKETS,
    HALF_BYTES,
    HALF_START,
    HALF_END,
    HALF_FLAGS,
    SIGNATURE,
    CATEGORY,
    ATTACKER,
    DNS_TYPE,
    DNS_NAME,
    SMB_COMMAND,
    SMB_SHARE,
    SMB_FILE,
    SMB_DISPOSITION,
    RPC_OPERATION,
    RPC_KIND,
    ICMP_TYPE,
    FIELDS
};

static const char *const names[FIELDS + 1] = {
    [TIMESTAMP] = "timestamp",
    [EVENT] = "event_type",
    [SOURCE] = "src_ip",
    [SOURCE_PORT] = "src_port",
    [TARGET] = "dest_ip",
    [TARGET_PORT] = "dest_port",
    [PROTO] = "proto",
    [START] = "flow.start",
    [END] = "flow.end",
    [STATE] = "flow.state",
    [ASKED_PACKETS] = "flow.pkts_toserver",
    [ANSWER_PACKETS] = "flow.pkts_toclient",
    [ASKED_BYTES] = "flow.bytes_toserver",
    [ANSWER_BYTES] = "flow.bytes_toclient",
    [ASKING] = "flow.src_ip",
    [TCP_ASKED] = "tcp.tcp_flags_ts",
    [TCP_ANSWER] = "tcp.tcp_flags_tc",
    [HALF_PACKETS] = "netflow.pkts",
    [HALF_BYTES] = "netflow.bytes",
    [HALF_START] = "netflow.start",
    [HALF_END] = "netflow.end",
    [HALF_FLAGS] = "tcp.tcp_flags",
    [SIGNATURE] = "alert.signature",
    [CATEGORY] = "alert.category",
    [ATTACKER] = "alert.source.ip",
    [DNS_TYPE] = "dns.type",
    [DNS_NAME] = "dns.rrname",
    [SMB_COMMAND] = "smb.command",
    [SMB_SHARE] = "smb.share",
    [SMB_FILE] = "smb.filename",
    [SMB_DISPOSITION] = "smb.disposition",
    [RPC_OPERATION] = "smb.dcerpc.opnum",
    [RPC_KIND] = "smb.dcerpc.request",
    [ICMP_TYPE] = "icmp_type",
};

_Static_assert((int)FIELDS <= (int)EKI_FIELDS_MOST, "all names are wanted at once");

struct eve {
    struct eki_field_names wanted;
    struct eki_json_records records;
    struct eki_mirror mirror;
    struct eki_log_steps steps;
};

/* What all events have in common. */
struct event {
    const struct eki_field *f;
    const char *text;
    size_t length;
    struct eki_field_reader v;
    struct eki_address source, target;
    eki_time time;
    uint16_t source_port, target_port;
    uint8_t protocol;
};

enum { ETHERNET = 14, FIN = 1, SYN = 2, RST = 4, ACK = 16, ALERT_TEXT = 256 };

static bool fits(const char *head, size_t length)
{
    const char *object;
    size_t whole;
    if (!eki_json_records_first(head, length, &object, &whole)) return false;
    return eki_log_has(object, whole, "\"event_type\"") && eki_log_has(object, whole, "\"timestamp\"") &&
           (eki_log_has(object, whole, "\"src_ip\"") || eki_log_has(object, whole, "\"stats\""));
}

/* Flags as two hexadecimal digits, "1b". */
static uint8_t flags_of(struct eki_field field)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t flags = 0;
    for (uint32_t i = 0; i < field.length && field.kind == EKI_FIELD_TEXT; i++) {
        const char *digit = strchr(digits, field.at[i] | 0x20);
        if (!digit || !*digit) return 0;
        flags = (uint8_t)(flags << 4 | (digit - digits));
    }
    return flags;
}

static void judge_tcp(const struct event *e, struct eki_log_conversation *c)
{
    uint8_t asked = flags_of(e->f[TCP_ASKED]), answer = flags_of(e->f[TCP_ANSWER]);
    bool was_new = eki_field_is(e->f[STATE], "new");
    if (!asked && !answer) { /* the flow log was told to leave them out, or nothing was seen */
        c->outcome = (uint8_t)eki_log_outcome(c);
        if (was_new && c->outcome > EKI_OUTCOME_ANSWERED) c->outcome = EKI_OUTCOME_ANSWERED;
        return;
    }
    c->refused = (asked | answer) & RST;
    if (!((asked | answer) & SYN)) c->flags |= EKI_CONTACT_INFERRED;
    if (asked && !(asked & (SYN | ACK))) c->flags |= EKI_CONTACT_ODD;
    c->outcome = (uint8_t)eki_log_outcome(c);
    if (!c->server_packets) return;
    if (answer & RST && !(answer & SYN) && asked & SYN) c->outcome = EKI_OUTCOME_REFUSED;
    /* Half-open: the client answered by RST and no more. */
    bool half_open = !(asked & ACK) || (asked & RST && c->client_packets <= 2 && !c->client_bytes);
    if (answer & SYN && c->outcome < EKI_OUTCOME_DATA)
        c->outcome = half_open ? EKI_OUTCOME_ANSWERED : EKI_OUTCOME_ESTABLISHED;
}

/* Suricata writes `src` for who sent the first packet it saw. */
static void take_flow(struct eki_log_reading *r, struct event *e)
{
    struct eki_log_conversation c = {
        .client = e->source,
        .server = e->target,
        .client_port = e->source_port,
        .service = e->target_port,
        .protocol = e->protocol,
        .time = eki_field_date(&e->v, e->f[START]),
        .end = eki_field_date(&e->v, e->f[END]),
        .client_packets = eki_field_unsigned(&e->v, e->f[ASKED_PACKETS], UINT32_MAX),
        .server_packets = eki_field_unsigned(&e->v, e->f[ANSWER_PACKETS], UINT32_MAX)};
    uint64_t asked = eki_field_unsigned(&e->v, e->f[ASKED_BYTES], UINT64_MAX / 2);
    uint64_t answer = eki_field_unsigned(&e->v, e->f[ANSWER_BYTES], UINT64_MAX / 2);
    unsigned type = (unsigned)eki_field_unsigned(&e->v, e->f[ICMP_TYPE], UINT16_MAX);
    if (e->v.wrong) return;
    c.client_bytes = eki_log_payload(c.protocol, c.client, c.client_packets, asked, ETHERNET);
    c.server_bytes = eki_log_payload(c.protocol, c.client, c.server_packets, answer, ETHERNET);
    if (c.time == EKI_TIME_NONE) c.time = e->time;
    c.outcome = (uint8_t)eki_log_outcome(&c);
    if (c.protocol == EKI_PROTOCOL_TCP) judge_tcp(e, &c);
    bool told = eki_field_there(e->f[ICMP_TYPE]);
    if (told &&
        ((c.protocol == EKI_PROTOCOL_ICMP && type != 8) || (c.protocol == EKI_PROTOCOL_ICMP6 && type != 128)))
        c.protocol = 0; /* no question: counted, but no contact */
    eki_log_conversation(r, &c);
}

static void take_half(struct eki_log_reading *r, struct event *e)
{
    struct eve *state = r->state;
    struct eki_log_half h = {.source = e->source,
                             .target = e->target,
                             .source_port = e->source_port,
                             .target_port = e->target_port,
                             .protocol = e->protocol,
                             .tcp_flags = flags_of(e->f[HALF_FLAGS]),
                             .first = eki_field_date(&e->v, e->f[HALF_START]),
                             .last = eki_field_date(&e->v, e->f[HALF_END]),
                             .packets = eki_field_unsigned(&e->v, e->f[HALF_PACKETS], UINT32_MAX)};
    uint64_t bytes = eki_field_unsigned(&e->v, e->f[HALF_BYTES], UINT64_MAX / 2);
    if (e->v.wrong) return;
    if (h.first == EKI_TIME_NONE) h.first = e->time;
    h.bytes = eki_log_payload(h.protocol, h.source, h.packets, bytes, ETHERNET);
    if (h.packets) eki_mirror_take(r, &state->mirror, &h); /* the side that never answered has no packets */
}

/* Words of signatures and categories, strongest first; the first row that fits counts. A signature says
 * "possible" more often than not, so that none is more than an attempt. */
static const struct {
    const char *words;
    struct eki_sign like;
} meanings[] = {
    {"wannacry",
     {.family = "wannacry", .technique = "", .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true}},
    {"wcry",
     {.family = "wannacry", .technique = "", .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true}},
    {"mirai",
     {.family = "mirai", .technique = "", .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true}},
    {"doublepulsar", {.family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {"eternal", {.family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {"ms17-010", {.family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {" worm ",
     {.family = "", .technique = "", .grade = EKI_GRADE_ATTEMPT, .vector = true, .automated = true}},
    {"et exploit", {.family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {"gpl exploit", {.family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {"brute force", {.family = "", .technique = "T1110", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {" scan", {.family = "", .technique = "T1046", .grade = EKI_GRADE_NOTE}},
    {"network scan", {.family = "", .technique = "T1046", .grade = EKI_GRADE_NOTE}},
    {"", {.family = "", .technique = "", .grade = EKI_GRADE_NOTE}},
};

/* The packet that fires a rule may be the answer of the one that was attacked. */
static bool is_answer(struct event *e)
{
    struct eki_field told = eki_field_there(e->f[ATTACKER]) ? e->f[ATTACKER] : e->f[ASKING];
    if (eki_field_there(told)) return eki_address_equal(eki_field_address(&e->v, told), e->target);
    return !eki_log_service_is_target(e->source_port, e->target_port);
}

static void take_alert(struct eki_log_reading *r, struct event *e)
{
    char signature[ALERT_TEXT], category[ALERT_TEXT];
    eki_field_text(e->f[SIGNATURE], signature, sizeof signature);
    eki_field_text(e->f[CATEGORY], category, sizeof category);
    size_t i = 0, last = sizeof meanings / sizeof *meanings - 1;
    while (i < last && !eki_log_says(signature, meanings[i].words) &&
           !eki_log_says(category, meanings[i].words))
        i++;
    struct eki_sign like = meanings[i].like;
    like.name = "ids-alert";
    bool answer = is_answer(e);
    struct eki_log_where where = {.source = answer ? e->target : e->source,
                                  .target = answer ? e->source : e->target,
                                  .service = answer ? e->source_port : e->target_port,
                                  .protocol = e->protocol,
                                  .kind = (uint8_t)(i + 1),
                                  .time = e->time};
    struct eve *state = r->state;
    if (!e->v.wrong) eki_log_tell_again(r, &state->steps, &like, &where, signature);
}

static struct eki_log_where forward(const struct event *e)
{
    return (struct eki_log_where){e->source, e->target, e->time, e->target_port, e->protocol, 0};
}

/* From Suricata 8 on the questions stand in an array, which the field picker passes over. */
static struct eki_field first_question(const struct event *e)
{
    static const char key[] = "\"rrname\":";
    const char *end = e->text + e->length;
    struct eki_field name = {.at = e->text, .kind = EKI_FIELD_ABSENT};
    const char *at = memmem(e->text, e->length, key, sizeof key - 1);
    if (!at) return name;
    for (at += sizeof key - 1; at < end && *at == ' '; at++) {
    }
    if (at == end || *at++ != '"') return name;
    const char *stop = memchr(at, '"', (size_t)(end - at));
    return stop ? (struct eki_field){at, (uint32_t)(stop - at), EKI_FIELD_TEXT, false} : name;
}

static void take_dns(struct eki_log_reading *r, const struct event *e)
{
    struct eve *state = r->state;
    struct eki_log_where where = forward(e);
    struct eki_field name = e->f[DNS_NAME], type = e->f[DNS_TYPE];
    bool asks = eki_field_is(type, "query") || eki_field_is(type, "request");
    if (!eki_field_there(name)) name = first_question(e);
    if (asks) eki_log_question(r, &state->steps, &where, name); /* answers repeat the question */
}

/* svcctl's calls that create and start ([MS-SCMR] 3.1.4), by number: names are not logged. */
static struct eki_field svcctl_call(const struct event *e)
{
    static const char svcctl[] = "367abb81-9844-35f1-ad32-98f038001003";
    static const struct {
        const char *number, *name;
    } calls[] = {
        {"12", "CreateServiceW"}, {"24", "CreateServiceA"}, {"19", "StartServiceW"}, {"31", "StartServiceA"}};
    struct eki_field number = e->f[RPC_OPERATION];
    bool asked = eki_field_is(e->f[RPC_KIND], "REQUEST") && number.kind == EKI_FIELD_NUMBER &&
                 memmem(e->text, e->length, svcctl, sizeof svcctl - 1);
    for (size_t i = 0; i < sizeof calls / sizeof *calls && asked; i++)
        if (number.length == strlen(calls[i].number) && !memcmp(number.at, calls[i].number, number.length))
            return (struct eki_field){calls[i].name, (uint32_t)strlen(calls[i].name), EKI_FIELD_TEXT, false};
    return (struct eki_field){.at = e->text, .kind = EKI_FIELD_ABSENT};
}

/* A file that is created or overwritten on an administrative share; opening one to read it is none. */
static void take_smb(struct eki_log_reading *r, const struct event *e)
{
    struct eve *state = r->state;
    struct eki_log_where where = forward(e);
    bool writes = eki_field_is(e->f[SMB_DISPOSITION], "FILE_CREATE") ||
                  eki_field_is(e->f[SMB_DISPOSITION], "FILE_OVERWRITE") ||
                  eki_field_is(e->f[SMB_DISPOSITION], "FILE_OVERWRITE_IF") ||
                  eki_field_is(e->f[SMB_DISPOSITION], "FILE_SUPERSEDE");
    if (writes && eki_log_share_is_administrative(e->f[SMB_SHARE]))
        eki_log_share_write(r, &state->steps, &where, e->f[SMB_FILE]);
    struct eki_field call = svcctl_call(e);
    if (eki_field_there(call)) eki_log_remote_call(r, &state->steps, &where, call);
}

static bool read_common(struct event *e)
{
    e->source = eki_field_address(&e->v, e->f[SOURCE]);
    e->target = eki_field_address(&e->v, e->f[TARGET]);
    e->source_port = (uint16_t)eki_field_unsigned(&e->v, e->f[SOURCE_PORT], UINT16_MAX);
    e->target_port = (uint16_t)eki_field_unsigned(&e->v, e->f[TARGET_PORT], UINT16_MAX);
    e->time = eki_field_date(&e->v, e->f[TIMESTAMP]);
    e->protocol = eki_log_protocol(e->f[PROTO]);
    return !e->v.wrong;
}

static void take_event(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    const struct eve *state = r->state;
    struct eki_field fields[FIELDS];
    struct eki_field_fault fault;
    struct event e = {.f = fields, .text = text, .length = length};
    if (!eki_fields_json(&state->wanted, text, length, fields, &fault)) {
        eki_log_reject(r, at + fault.offset, fault.what);
        return;
    }
    bool flow = eki_field_is(fields[EVENT], "flow"), half = eki_field_is(fields[EVENT], "netflow");
    bool alert = eki_field_is(fields[EVENT], "alert"), dns = eki_field_is(fields[EVENT], "dns");
    bool smb = eki_field_is(fields[EVENT], "smb");
    if (!flow && !half && !alert && !dns && !smb) return;
    if (read_common(&e)) {
        if (flow) take_flow(r, &e);
        if (half) take_half(r, &e);
        if (alert) take_alert(r, &e);
        if (dns) take_dns(r, &e);
        if (smb) take_smb(r, &e);
    }
    if (e.v.wrong) eki_log_reject(r, e.v.at >= text ? at + (size_t)(e.v.at - text) : at, e.v.wrong);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct eve *e = r->state;
    e->wanted = eki_field_names(names);
    e->records.each = take_event;
    return EKI_OK;
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct eve *e = r->state;
    return eki_json_records_take(&e->records, r, bytes, length, ended);
}

static void end(struct eki_log_reading *r)
{
    struct eve *e = r->state;
    eki_mirror_end(r, &e->mirror);
}

static void stop(struct eki_log_reading *r)
{
    struct eve *e = r->state;
    if (!e) return;
    eki_mirror_done(&e->mirror);
    eki_log_steps_done(&e->steps);
}

const struct eki_log_format eki_log_eve = {
    .kind = {"suricata-eve", "Suricata's EVE events: flow, netflow, alert, dns, smb; lines or one array",
             EKI_LACKS_PAYLOAD "; " EKI_TEXT("without flow events, who reached whom")},
    .fits = fits,
    .state_size = sizeof(struct eve),
    .start = start,
    .take = take,
    .end = end,
    .stop = stop,
};
