/* SPDX-License-Identifier: Apache-2.0 */
/* One item of news as a line for a person and as a line of JSON. */
#include <inttypes.h>
#include <stdio.h>

#include "base/json_write.h"
#include "ekigaku/contact.h"
#include "ekigaku/news.h"
#include "report/figure.h"

enum { SERVICE = EKI_ADDRESS_TEXT + 16 };

static const char *kind_name(enum eki_news_kind kind)
{
    static const char *const names[] = {"scanner", "outbreak",     "infection",
                                        "parent",  "patient_zero", "withdrawn"};
    return (unsigned)kind < sizeof names / sizeof *names ? names[kind] : "?";
}

static const char *host_or_outside(bool known, struct eki_address host, char ret_text[EKI_ADDRESS_TEXT])
{
    return known ? eki_address_format(host, ret_text) : "outside what was seen";
}

/* A source that searches the ports of one host: it has no service. */
static bool is_of_ports(const struct eki_news_item *item)
{
    return item->scanner && item->scanner->shape == EKI_SHAPE_VERTICAL;
}

static const char *write_service(const struct eki_news_item *item, char ret_text[SERVICE])
{
    char protocol[4], victim[EKI_ADDRESS_TEXT];
    if (is_of_ports(item))
        snprintf(ret_text, SERVICE, "many ports of %s", eki_address_format(item->scanner->victim, victim));
    else
        snprintf(ret_text, SERVICE, "%s/%u", eki_protocol_name(item->protocol, protocol), item->service);
    return ret_text;
}

/* The part behind the service. */
static int write_rest(const struct eki_news_item *item, char *text, size_t room)
{
    char parent[EKI_ADDRESS_TEXT], before[EKI_ADDRESS_TEXT], host[EKI_ADDRESS_TEXT];
    const struct eki_infection *i = item->infection;
    const char *then = host_or_outside(item->had_before, item->before, before);
    switch (item->kind) {
    case EKI_NEWS_SCANNER:
        return snprintf(text, room, "%s, %" PRIu64 " %s: %s", eki_verdict_name(item->scanner->verdict),
                        item->scanner->targets, is_of_ports(item) ? "ports" : "targets",
                        item->scanner->reason ? item->scanner->reason : "");
    case EKI_NEWS_OUTBREAK:
        return snprintf(text, room, "begins; %zu infected, patient zero %s", item->outbreak->infection_count,
                        item->has_host ? eki_address_format(item->host, host) : "unknown");
    case EKI_NEWS_INFECTION:
        return snprintf(text, room, "by %s (%s), seen by %s",
                        host_or_outside(i->has_parent, i->parent, parent),
                        eki_report_percent(i->parent_posterior).text, eki_evidence_name(i->evidence));
    case EKI_NEWS_PARENT:
        return snprintf(text, room, "by %s (%s), not %s", host_or_outside(i->has_parent, i->parent, parent),
                        eki_report_percent(i->parent_posterior).text, then);
    case EKI_NEWS_PATIENT_ZERO:
        return snprintf(text, room, "%s, not %s",
                        item->has_host ? eki_address_format(item->host, host) : "unknown",
                        item->had_before ? then : "unknown");
    case EKI_NEWS_WITHDRAWN:
        return snprintf(text, room, "%s does not hold any more",
                        item->has_host ? "the infection" : "the outbreak");
    }
    return 0;
}

size_t eki_news_text(const struct eki_news_item *item, char ret_line[EKI_NEWS_LINE])
{
    char time[EKI_TIME_TEXT], service[SERVICE], host[EKI_ADDRESS_TEXT], rest[EKI_NEWS_LINE / 2] = "";
    bool of_host = item->has_host && item->kind != EKI_NEWS_OUTBREAK && item->kind != EKI_NEWS_PATIENT_ZERO;
    write_rest(item, rest, sizeof rest);
    int length = snprintf(ret_line, EKI_NEWS_LINE, "%s %s %s%s%s: %s\n", eki_time_format(item->time, time),
                          kind_name(item->kind), of_host ? eki_address_format(item->host, host) : "",
                          of_host ? " " : "", write_service(item, service), rest);
    return length < EKI_NEWS_LINE ? (size_t)length : EKI_NEWS_LINE - 1;
}

static void write_host(struct eki_json *j, const char *key, bool known, struct eki_address host)
{
    eki_json_key(j, key);
    if (known)
        eki_json_address(j, host);
    else
        eki_json_null(j);
}

static void write_scanner(struct eki_json *j, const struct eki_scanner *s)
{
    eki_json_key(j, "verdict"), eki_json_text(j, eki_verdict_name(s->verdict));
    eki_json_key(j, "shape"), eki_json_text(j, eki_shape_name(s->shape));
    if (s->shape == EKI_SHAPE_VERTICAL) eki_json_key(j, "victim"), eki_json_address(j, s->victim);
    eki_json_key(j, "targets"), eki_json_unsigned(j, s->targets);
    eki_json_key(j, "answered"), eki_json_unsigned(j, s->answered);
    eki_json_key(j, "rate_per_s"), eki_json_number(j, s->rate_per_s);
    eki_json_key(j, "reason"), eki_json_text(j, s->reason);
}

static void write_infection(struct eki_json *j, const struct eki_infection *i)
{
    write_host(j, "parent", i->has_parent, i->parent);
    eki_json_key(j, "parent_posterior"), eki_json_number(j, i->parent_posterior);
    eki_json_key(j, "error_s"), eki_json_number(j, i->error_s);
    eki_json_key(j, "evidence"), eki_json_text(j, eki_evidence_name(i->evidence));
    eki_json_key(j, "generation"), eki_json_unsigned(j, i->generation);
}

size_t eki_news_json(const struct eki_news_item *item, char ret_line[EKI_NEWS_LINE])
{
    char protocol[4];
    bool zero = item->kind == EKI_NEWS_OUTBREAK || item->kind == EKI_NEWS_PATIENT_ZERO;
    struct eki_json j = eki_json_to_buffer(ret_line, EKI_NEWS_LINE - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, kind_name(item->kind));
    eki_json_key(&j, "time"), eki_json_time(&j, item->time);
    write_host(&j, zero ? "patient_zero" : "host", item->has_host, item->host);
    eki_json_key(&j, "proto"), eki_json_text(&j, eki_protocol_name(item->protocol, protocol));
    eki_json_key(&j, "port"), eki_json_unsigned(&j, item->service);
    if (item->scanner) write_scanner(&j, item->scanner);
    if (item->outbreak && zero)
        eki_json_key(&j, "infected"), eki_json_unsigned(&j, item->outbreak->infection_count);
    if (item->infection) write_infection(&j, item->infection);
    if (item->kind == EKI_NEWS_PARENT || item->kind == EKI_NEWS_PATIENT_ZERO)
        write_host(&j, "before", item->had_before, item->before);
    eki_json_end(&j);
    ret_line[j.length] = '\n';
    ret_line[j.length + 1] = 0;
    return j.length + 1;
}
