/* SPDX-License-Identifier: Apache-2.0 */
/* X-ARF: one report a host, one line a report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "exchange/base64.h"
#include "exchange/format.h"
#include "exchange/json.h"
#include "exchange/lines.h"
#include "exchange/uuid.h"

#define VERSION "4.2.0"

/* xarf-core: at most so many letters in a description, an organisation. */
enum { DESCRIPTION = 1000, ORGANISATION = 200 };

/* At most `most` bytes, not in the middle of a letter. */
static const char *shorten(const char *text, size_t most, char *buffer)
{
    size_t length = strlen(text);
    if (length <= most) return text;
    while (most && ((unsigned char)text[most] & 0xc0) == 0x80) most--;
    memcpy(buffer, text, most);
    buffer[most] = '\0';
    return buffer;
}

static void write_party(struct eki_json *j, const char *key, const struct eki_incident_team *party)
{
    char buffer[ORGANISATION + 1];
    eki_json_key(j, key);
    eki_json_object(j);
    eki_json_put(j, "org", shorten(party->name, ORGANISATION, buffer));
    eki_json_put(j, "contact", party->mail);
    eki_json_put(j, "domain", party->domain);
    eki_json_end(j);
}

/* A tag is "word:word" in lower case; other letters become '-'. */
static void write_tag(struct eki_json *j, const char *space, const char *word)
{
    char tag[80];
    snprintf(tag, sizeof tag, "%s:%.60s", space, word);
    for (char *p = tag + strlen(space) + 1; *p; p++) {
        if (*p >= 'A' && *p <= 'Z') *p = (char)(*p - 'A' + 'a');
        bool allowed =
            (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_' || *p == '-' || *p == '+';
        if (!allowed) *p = '-';
    }
    eki_json_text(j, tag);
}

static void write_evidence(struct eki_json *j, const char *text)
{
    char buffer[DESCRIPTION + 1], payload[EKI_BASE64_ROOM(DESCRIPTION)];
    const char *kept = shorten(text, DESCRIPTION, buffer);
    eki_json_put(j, "description", kept);
    eki_json_key(j, "evidence");
    eki_json_array(j);
    eki_json_object(j);
    eki_json_put(j, "content_type", "text/plain");
    eki_json_put(j, "description", "What was seen in the packets");
    eki_json_put(j, "payload", eki_base64(kept, strlen(kept), payload));
    eki_json_end(j);
    eki_json_end(j);
}

static void write_report(const struct eki_exchange_output *output, const struct eki_incident_host *h,
                         struct eki_json *j)
{
    const struct eki_incident *incident = output->incident;
    bool infected = h->role == EKI_ROLE_INFECTED;
    char uuid[EKI_UUID_TEXT], key[64];
    snprintf(key, sizeof key, "xarf %.36s", incident->id);
    eki_time first = h->first == EKI_TIME_NONE ? incident->first : h->first;
    eki_json_object(j);
    eki_json_put(j, "xarf_version", VERSION);
    eki_json_put(j, "report_id", eki_uuid_derived(key, h->name, uuid));
    eki_json_put_time(j, "timestamp", first);
    write_party(j, "reporter", &incident->reporter);
    write_party(j, "sender", &incident->reporter);
    eki_json_put(j, "source_identifier", h->name);
    eki_json_put(j, "category", "connection");
    eki_json_put(j, "type", infected ? "infected_host" : "vulnerability_scan");
    eki_json_put(j, "evidence_source", "traffic_analysis");
    eki_json_put(j, infected ? "bot_type" : "scan_type", infected ? "malicious" : "port_scan");
    if (infected) eki_json_put(j, "bot_name", incident->family);
    eki_json_put(j, "protocol", h->protocol == 17 ? "udp" : "tcp");
    eki_json_put_count(j, "destination_port", h->port);
    eki_json_put_time(j, "first_seen", first);
    eki_json_put_time(j, "last_seen", h->last);
    eki_json_put_share(j, "confidence", h->confidence);
    if (h->detail) write_evidence(j, h->detail);
    eki_json_key(j, "tags");
    eki_json_array(j);
    if (infected && incident->family) write_tag(j, "malware", incident->family);
    write_tag(j, "tlp", eki_tlp_word(output->label));
    eki_json_end(j);
    eki_json_end(j);
    fputc('\n', output->out);
}

static enum eki_error write(const struct eki_exchange_output *output)
{
    bool failed = false;
    for (size_t i = 0; i < output->incident->host_count; i++) {
        const struct eki_incident_host *h = &output->incident->hosts[i];
        struct eki_json j = eki_json_to_file(output->out, false);
        if (h->role != EKI_ROLE_INFECTED && h->role != EKI_ROLE_SCANNER) continue;
        write_report(output, h, &j);
        failed |= j.failed;
    }
    return eki_exchange_end(output->out, failed);
}

static enum eki_incident_role role_of(const json_t *report)
{
    static const struct {
        const char *type;
        enum eki_incident_role role;
    } types[] = {{"infected_host", EKI_ROLE_INFECTED},
                 {"compromised_server", EKI_ROLE_INFECTED},
                 {"botnet", EKI_ROLE_INFECTED},
                 {"port_scan", EKI_ROLE_SCANNER},
                 {"vulnerability_scan", EKI_ROLE_SCANNER},
                 {"reconnaissance", EKI_ROLE_SCANNER},
                 {"login_attack", EKI_ROLE_SCANNER}};
    const char *type = eki_json_member(report, "type"), *category = eki_json_member(report, "category");
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].type, type)) return types[i].role;
    return category && !strcmp(category, "vulnerability") ? EKI_ROLE_EXPOSED : EKI_ROLE_OTHER;
}

static void read_tags(struct eki_builder *b, const json_t *report)
{
    size_t i;
    json_t *tag;
    json_array_foreach(json_object_get(report, "tags"), i, tag)
    {
        const char *text = json_string_value(tag);
        if (text && !strncmp(text, "tlp:", 4)) eki_build_mark_text(b, text);
        if (text && !strncmp(text, "malware:", 8) && !b->incident->family)
            b->incident->family = eki_build_text(b, text + 8);
    }
}

static void read_reporter(struct eki_builder *b, const json_t *report)
{
    const json_t *party = json_object_get(report, "reporter");
    struct eki_incident_team *reporter = &b->incident->reporter;
    if (reporter->name) return;
    reporter->name = eki_build_text(b, eki_json_member(party, "org"));
    reporter->mail = eki_build_text(b, eki_json_member(party, "contact"));
    reporter->domain = eki_build_text(b, eki_json_member(party, "domain"));
}

static void read_report(struct eki_builder *b, const json_t *report)
{
    uint32_t at = eki_build_host(b, eki_json_member(report, "source_identifier"), role_of(report));
    struct eki_incident_host *h = eki_build_at(b, at);
    if (!eki_json_member(report, "xarf_version") || !h) {
        b->passed++;
        return;
    }
    eki_time first = eki_json_when(report, "first_seen"), last = eki_json_when(report, "last_seen");
    eki_build_seen(b, at, first == EKI_TIME_NONE ? eki_json_when(report, "timestamp") : first, last);
    h->protocol = eki_json_protocol(report, "protocol");
    h->port = eki_json_port(report, "destination_port");
    h->detail = eki_build_text(b, eki_json_member(report, "description"));
    double confidence = eki_json_real(report, "confidence");
    h->confidence = confidence >= 0 && confidence <= 1 ? confidence : NAN;
    eki_build_indicator(b, EKI_INDICATOR_URL, eki_json_member(report, "url"));
    eki_build_vulnerability(b, eki_json_member(report, "cve_id"));
    read_tags(b, report);
    read_reporter(b, report);
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    return eki_json_lines(input, b, read_report, ret_fault);
}

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_json_lines_have(input, "xarf_version") ? 95 : 0;
}

const struct eki_exchange_format eki_exchange_format_xarf = {
    .name = "xarf",
    .title = "X-ARF " VERSION " abuse reports, one a line",
    .labels = 0, /* the tag it writes is nobody's standard */
    .needs_contact = true,
    .detect = detect,
    .read = read,
    .write = write,
};
