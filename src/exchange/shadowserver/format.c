/* SPDX-License-Identifier: Apache-2.0 */
/* The daily reports of Shadowserver: a host a line, its columns depending on the report. */
#include <stdio.h>

#include "exchange/format.h"
#include "exchange/table.h"

static void read_line(struct eki_builder *b, const struct eki_table *t)
{
    const char *infection = eki_table_value(t, "infection"), *tag = eki_table_value(t, "tag");
    const char *hostname = eki_table_value(t, "hostname"), *asn = eki_table_value(t, "asn");
    const char *address = eki_table_value(t, "ip");
    char detail[512];
    if (!address) address = eki_table_value(t, "src_ip");
    /* Reports of infected hosts name the infection; all others list what is open to attack. */
    uint32_t at = eki_build_host(b, address, infection ? EKI_ROLE_INFECTED : EKI_ROLE_EXPOSED);
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!h) {
        b->passed++;
        return;
    }
    eki_time seen = eki_build_time(eki_table_value(t, "timestamp"));
    eki_build_seen(b, at, seen, seen);
    h->port = eki_build_port(eki_table_value(t, "port"));
    h->protocol = eki_build_protocol(eki_table_value(t, "protocol"));
    snprintf(detail, sizeof detail, "%.120s%s%.120s%s%.20s%s%.20s",
             infection ? infection
             : tag     ? tag
                       : "",
             hostname ? ", " : "", hostname ? hostname : "", asn ? ", AS" : "", asn ? asn : "",
             eki_table_value(t, "geo") ? ", " : "",
             eki_table_value(t, "geo") ? eki_table_value(t, "geo") : "");
    h->detail = eki_build_text(b, detail);
    if (infection && !b->incident->family) b->incident->family = eki_build_text(b, infection);
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct eki_table table;
    enum eki_error error = eki_table_open(input->bytes, input->length, &table);
    if (error) return eki_fault_set(ret_fault, error, 0, "the heading");
    while (eki_table_next(&table) && !b->error) read_line(b, &table);
    b->passed += table.broken;
    eki_build_cut(b, table.cut, table.first_cut);
    eki_table_done(&table);
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    bool host = eki_heading_has(input->bytes, input->length, "ip") ||
                eki_heading_has(input->bytes, input->length, "src_ip");
    bool fits = host && eki_heading_has(input->bytes, input->length, "timestamp") &&
                eki_heading_has(input->bytes, input->length, "asn");
    return fits ? 80 : 0;
}

const struct eki_exchange_format eki_exchange_format_shadowserver = {
    .name = "shadowserver",
    .title = "Shadowserver reports, CSV",
    .detect = detect,
    .read = read,
};
