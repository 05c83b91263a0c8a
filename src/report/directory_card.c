/* SPDX-License-Identifier: Apache-2.0 */
/* The member card: RFC 2350, appendix D, filled from the directory. */
#include <string.h>

#include "ekigaku/directory_label.h"
#include "ekigaku/directory_report.h"
#include "report/figure.h"
#include "report/language.h"
#include "report/letter.h"

struct card {
    const struct eki_directory *directory;
    const struct eki_team *team;
    uint32_t at;
    enum eki_language language;
    FILE *out;
};

/* Line breaks in addresses stay, with the indent; everything else is made harmless. */
static void put(const struct card *c, const char *text)
{
    char bytes[4];
    while (*text) {
        if (*text == '\n') {
            fputs("\n     ", c->out);
            text++;
            continue;
        }
        uint32_t letter = eki_report_letter(&text);
        fwrite(bytes, 1, eki_report_encode(letter, bytes), c->out);
    }
}

static void head(const struct card *c, const char *number, const char *title)
{
    fprintf(c->out, "%s%s %s\n", strlen(number) == 2 ? "\n" : "  ", number,
            eki_report_say(c->language, title));
}

/* NULL: the directory does not hold it. */
static void value(const struct card *c, const char *text)
{
    fputs("     ", c->out);
    put(c, text && *text ? text : eki_report_say(c->language, EKI_TEXT("(not in the directory)")));
    fputc('\n', c->out);
}

static void entry(const struct card *c, const char *number, const char *title, const char *text)
{
    head(c, number, title);
    value(c, text);
}

static eki_time last_change(const struct card *c)
{
    size_t count;
    eki_time last = c->team->record.entered;
    const struct eki_contact_point *contacts = eki_directory_contacts(c->directory, &count);
    for (size_t i = 0; i < count; i++) {
        if (contacts[i].team_at != c->at) continue;
        if (contacts[i].verified > last) last = contacts[i].verified;
        if (contacts[i].record.entered > last) last = contacts[i].record.entered;
    }
    return last;
}

static void document(const struct card *c)
{
    eki_time last = last_change(c);
    head(c, "1.", EKI_TEXT("Document information"));
    entry(c, "1.1", EKI_TEXT("Date of last update"),
          last == EKI_TIME_NONE ? NULL : eki_report_day(last).text);
    entry(c, "1.2", EKI_TEXT("Distribution list for notifications"), NULL);
    entry(c, "1.3", EKI_TEXT("Locations where this document may be found"), c->team->website);
}

/* Each contact of a medium with its role and when it was last seen. */
static void contacts_of(const struct card *c, const char *number, const char *title, enum eki_medium medium)
{
    size_t count, found = 0;
    const struct eki_contact_point *contacts = eki_directory_contacts(c->directory, &count);
    head(c, number, title);
    for (uint32_t i = 0; i < count; i++) {
        const struct eki_contact_state *s = eki_directory_contact_state(c->directory, i);
        struct eki_sentence text;
        if (contacts[i].team_at != c->at || contacts[i].medium != medium || s->health == EKI_HEALTH_DEAD)
            continue;
        if (s->seen == EKI_TIME_NONE)
            eki_report_fill(&text, c->language, EKI_TEXT("{1} ({2}; never verified)"),
                            EKI_VALUES(contacts[i].address, eki_contact_role_name(contacts[i].role)));
        else
            eki_report_fill(&text, c->language, EKI_TEXT("{1} ({2}; last verified {3})"),
                            EKI_VALUES(contacts[i].address, eki_contact_role_name(contacts[i].role),
                                       eki_report_day(s->seen).text));
        value(c, text.text);
        found++;
    }
    if (!found) value(c, NULL);
}

static void keys_of(const struct card *c)
{
    size_t count, found = 0;
    const struct eki_key *keys = eki_directory_records(c->directory, EKI_RECORD_KEY, &count);
    char date[16];
    head(c, "2.8", EKI_TEXT("Public keys and other encryption information"));
    for (size_t i = 0; i < count; i++) {
        struct eki_sentence text;
        if (keys[i].team_at != c->at) continue;
        if (keys[i].expires.year)
            eki_report_fill(&text, c->language, EKI_TEXT("{1} {2}, until {3}"),
                            EKI_VALUES(eki_key_type_name(keys[i].type), keys[i].fingerprint,
                                       eki_date_format(keys[i].expires, date)));
        else
            eki_report_fill(&text, c->language, EKI_TEXT("{1} {2}"),
                            EKI_VALUES(eki_key_type_name(keys[i].type), keys[i].fingerprint));
        value(c, text.text);
        found++;
    }
    if (!found) value(c, NULL);
}

static void address(const struct card *c)
{
    const struct eki_team *t = c->team;
    struct eki_sentence hours;
    head(c, "2.", EKI_TEXT("Contact information"));
    entry(c, "2.1", EKI_TEXT("Name of the team"),
          c->language == EKI_JAPANESE && t->name_ja ? t->name_ja : t->name);
    entry(c, "2.2", EKI_TEXT("Address"), t->postal);
    entry(c, "2.3", EKI_TEXT("Time zone"), t->time_zone);
    contacts_of(c, "2.4", EKI_TEXT("Telephone number"), EKI_MEDIUM_PHONE);
    contacts_of(c, "2.5", EKI_TEXT("Facsimile number"), EKI_MEDIUM_FAX);
    contacts_of(c, "2.6", EKI_TEXT("Other telecommunication"), EKI_MEDIUM_WEB);
    contacts_of(c, "2.7", EKI_TEXT("Electronic mail address"), EKI_MEDIUM_EMAIL);
    keys_of(c);
    entry(c, "2.9", EKI_TEXT("Team members"), NULL);
    entry(c, "2.10", EKI_TEXT("Other information"), t->website);
    eki_report_fill(&hours, c->language, t->holidays ? EKI_TEXT("{1}, closed on holidays") : EKI_TEXT("{1}"),
                    EKI_VALUES(t->hours ? t->hours : ""));
    entry(c, "2.11", EKI_TEXT("Points of customer contact: hours"), t->hours ? hours.text : NULL);
}

/* The networks of the team as one line, at most what a sentence holds. */
static void networks_of(const struct card *c)
{
    size_t count, more = 0;
    const struct eki_network *networks = eki_directory_networks(c->directory, &count);
    struct eki_sentence list = {""}, rest;
    char text[EKI_RESOURCE_TEXT];
    for (size_t i = 0; i < count; i++) {
        if (networks[i].team_at != c->at) continue;
        if (strlen(list.text) > EKI_SENTENCE / 2)
            more++;
        else
            eki_report_list(&list, c->language, eki_network_format(&networks[i], text));
    }
    if (list.text[0]) value(c, list.text);
    if (!more) return;
    eki_report_fill(&rest, c->language, EKI_TEXT("and {1} more"), EKI_VALUES(eki_report_grouped(more).text));
    value(c, rest.text);
}

static void charter(const struct card *c)
{
    head(c, "3.", EKI_TEXT("Charter"));
    entry(c, "3.1", EKI_TEXT("Mission statement"), NULL);
    entry(c, "3.2", EKI_TEXT("Constituency"), c->team->constituency);
    networks_of(c);
    entry(c, "3.3", EKI_TEXT("Sponsorship and affiliation"), c->team->host);
    entry(c, "3.4", EKI_TEXT("Authority"), c->team->authority);
    head(c, "4.", EKI_TEXT("Policies"));
    entry(c, "4.1", EKI_TEXT("Types of incidents and level of support"), NULL);
    entry(c, "4.2", EKI_TEXT("Co-operation, interaction and disclosure of information"), c->team->sharing);
    entry(c, "4.3", EKI_TEXT("Communication and authentication"), NULL);
    head(c, "5.", EKI_TEXT("Services"));
    entry(c, "5.1", EKI_TEXT("Incident response"), NULL);
    entry(c, "5.2", EKI_TEXT("Proactive activities"), NULL);
    head(c, "6.", EKI_TEXT("Incident reporting forms"));
    value(c, NULL);
    head(c, "7.", EKI_TEXT("Disclaimers"));
    value(c, NULL);
}

enum eki_tlp eki_report_card_label(const struct eki_directory *d, uint32_t team)
{
    size_t teams, contacts, keys, networks;
    const struct eki_team *t = eki_directory_teams(d, &teams);
    const struct eki_contact_point *c = eki_directory_contacts(d, &contacts);
    const struct eki_key *k = eki_directory_records(d, EKI_RECORD_KEY, &keys);
    const struct eki_network *n = eki_directory_networks(d, &networks);
    enum eki_tlp label = team < teams ? eki_record_label(&t[team].record) : EKI_TLP_RED;
    for (size_t i = 0; i < contacts; i++)
        if (c[i].team_at == team) label = eki_tlp_stricter(label, eki_record_label(&c[i].record));
    for (size_t i = 0; i < keys; i++)
        if (k[i].team_at == team) label = eki_tlp_stricter(label, eki_record_label(&k[i].record));
    for (size_t i = 0; i < networks; i++)
        if (n[i].team_at == team) label = eki_tlp_stricter(label, eki_record_label(&n[i].record));
    return label;
}

static void shared_with_us(const struct card *c, const struct eki_report_shared *shared)
{
    struct eki_sentence text;
    if (shared->last == EKI_TIME_NONE)
        eki_report_fill(&text, c->language, EKI_TEXT("Shared with us: nothing yet."), EKI_VALUES(""));
    else
        eki_report_fill(
            &text, c->language,
            EKI_TEXT(
                "Shared with us: {1} incidents, {2} later versions, {3} affected hosts, {4} indicators; the last on {5}."),
            EKI_VALUES(eki_report_grouped(shared->incidents).text, eki_report_grouped(shared->updates).text,
                       eki_report_grouped(shared->hosts).text, eki_report_grouped(shared->indicators).text,
                       eki_report_day(shared->last).text));
    fputc('\n', c->out);
    put(c, text.text);
    fputc('\n', c->out);
}

enum eki_error eki_report_card(const struct eki_directory *d, uint32_t team,
                               const struct eki_report_shared *shared, enum eki_language language, FILE *out)
{
    size_t count;
    const struct eki_team *teams = eki_directory_teams(d, &count);
    if (eki_directory_now(d) == EKI_TIME_NONE || team >= count) return EKI_ERROR_ARGUMENT;
    struct card c = {d, &teams[team], team, language, out};
    struct eki_sentence title;
    eki_report_fill(
        &title, language, EKI_TEXT("Description of {1} (RFC 2350)"),
        EKI_VALUES(language == EKI_JAPANESE && teams[team].name_ja ? teams[team].name_ja : teams[team].name));
    const char *label = eki_tlp_text(eki_report_card_label(d, team));
    put(&c, title.text);
    fprintf(out, "\n%s\n", label);
    document(&c);
    address(&c);
    charter(&c);
    if (shared) shared_with_us(&c, shared);
    fprintf(out, "\n%s\n", label);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

enum eki_error eki_report_finding(const struct eki_finding *finding, enum eki_language language, FILE *out)
{
    static const char *const weights[] = {EKI_TEXT("wrong"), EKI_TEXT("doubtful"), EKI_TEXT("note")};
    struct card c = {.language = language, .out = out};
    struct eki_sentence text;
    eki_report_fill(&text, language, finding->text, finding->values);
    fprintf(out, "%s: ", eki_report_say(language, weights[finding->weight]));
    put(&c, text.text);
    if (finding->line) fprintf(out, " (%s %u)", eki_report_say(language, EKI_TEXT("line")), finding->line);
    fputc('\n', out);
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
