/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of a look-up, in the order a caller needs it: whom to call, why, what else. */
#include <math.h>
#include <string.h>

#include "ekigaku/directory_label.h"
#include "ekigaku/directory_report.h"
#include "report/figure.h"
#include "report/language.h"
#include "report/letter.h"

struct telling {
    const struct eki_directory *directory;
    const struct eki_answer *answer;
    enum eki_language language;
    FILE *out;
};

static void put(FILE *out, const char *text)
{
    char bytes[4];
    for (uint32_t letter; (letter = eki_report_letter(&text));)
        fwrite(bytes, 1, eki_report_encode(letter, bytes), out);
}

static void line(const struct telling *t, const char *lead, const char *text)
{
    fputs(lead, t->out);
    put(t->out, text);
    fputc('\n', t->out);
}

static const struct eki_network *network_at(const struct telling *t, uint32_t at)
{
    size_t count;
    return eki_directory_networks(t->directory, &count) + at;
}

static const char *team_name(const struct telling *t, uint32_t team)
{
    size_t count;
    const struct eki_team *teams = eki_directory_teams(t->directory, &count);
    return t->language == EKI_JAPANESE && teams[team].name_ja ? teams[team].name_ja : teams[team].name;
}

static const char *source_of(const struct telling *t, const struct eki_record *record)
{
    return record->source ? record->source : eki_report_say(t->language, EKI_TEXT("entered by hand"));
}

/* "2026-08-01, 51 days ago"; "at a time not known". */
static struct eki_sentence ago(const struct telling *t, eki_time time)
{
    struct eki_sentence s;
    if (time == EKI_TIME_NONE) {
        eki_report_fill(&s, t->language, EKI_TEXT("at a time not known"), EKI_VALUES(""));
        return s;
    }
    double days = floor(eki_time_since(eki_directory_now(t->directory), time) / 86400);
    eki_report_fill(&s, t->language, EKI_TEXT("{1}, {2} days ago"),
                    EKI_VALUES(eki_report_day(time).text, eki_report_fixed(fmax(days, 0), 0).text));
    return s;
}

/* Why this health, in words. */
static struct eki_sentence health_of(const struct telling *t, uint32_t contact)
{
    size_t count;
    const struct eki_contact_state *s = eki_directory_contact_state(t->directory, contact);
    const struct eki_contact_point *c = eki_directory_contacts(t->directory, &count) + contact;
    struct eki_sentence text, seen = ago(t, s->seen);
    switch (s->health) {
    case EKI_HEALTH_ALIVE:
        eki_report_fill(&text, t->language, EKI_TEXT("alive, last seen {1}"), EKI_VALUES(seen.text));
        return text;
    case EKI_HEALTH_STALE:
        eki_report_fill(&text, t->language, EKI_TEXT("not heard of for long, last seen {1}"),
                        EKI_VALUES(seen.text));
        return text;
    case EKI_HEALTH_UNKNOWN:
        eki_report_fill(&text, t->language, EKI_TEXT("never verified"), EKI_VALUES(""));
        return text;
    default: break;
    }
    if (c->disabled)
        eki_report_fill(&text, t->language, EKI_TEXT("dead: switched off"), EKI_VALUES(""));
    else if (s->bounces >= EKI_BOUNCES_DEAD)
        eki_report_fill(&text, t->language, EKI_TEXT("dead: {1} bounces in a row"),
                        EKI_VALUES(eki_report_grouped(s->bounces).text));
    else
        eki_report_fill(&text, t->language, EKI_TEXT("dead: {1} checks without an answer"),
                        EKI_VALUES(eki_report_grouped(s->silent).text));
    return text;
}

static const char *role_text(enum eki_language language, uint8_t role)
{
    static const char *const roles[] = {EKI_TEXT("point of contact"), EKI_TEXT("technical contact"),
                                        EKI_TEXT("abuse contact"),    EKI_TEXT("network operation"),
                                        EKI_TEXT("executive"),        EKI_TEXT("legal contact")};
    return role < EKI_ROLES ? eki_report_say(language, roles[role]) : "?";
}

static void tell_contact(const struct telling *t, const char *lead, uint32_t contact)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(t->directory, &count) + contact;
    struct eki_sentence text, health = health_of(t, contact);
    eki_report_fill(
        &text, t->language, lead,
        EKI_VALUES(c->address, role_text(t->language, c->role), team_name(t, c->team_at), health.text));
    line(t, "  ", text.text);
}

static void tell_business(const struct telling *t, uint32_t contact)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(t->directory, &count) + contact;
    const struct eki_team *team = eki_directory_teams(t->directory, &count) + c->team_at;
    struct eki_business b = eki_team_business(team, eki_directory_now(t->directory));
    struct eki_sentence text;
    const char *holiday = t->language == EKI_JAPANESE ? b.holiday.name_ja : b.holiday.name;
    if (b.state == EKI_OPENING_UNKNOWN) return;
    if (b.state == EKI_OPENING_OPEN)
        eki_report_fill(&text, t->language, EKI_TEXT("At work now, until {1}"),
                        EKI_VALUES(eki_report_moment(b.next).text));
    else if (holiday)
        eki_report_fill(&text, t->language, EKI_TEXT("Closed now ({1}), opens {2}"),
                        EKI_VALUES(holiday, eki_report_moment(b.next).text));
    else
        eki_report_fill(&text, t->language, EKI_TEXT("Closed now, opens {1}"),
                        EKI_VALUES(eki_report_moment(b.next).text));
    line(t, "  ", text.text);
}

static const char *why(const struct eki_claim *claim)
{
    static const char *const by[] = {EKI_TEXT("{1} is the longest prefix ({2}, {3})"),
                                     EKI_TEXT("{1} is the longest known suffix of the name ({2}, {3})"),
                                     EKI_TEXT("no prefix or name is known; {1} announces it ({2}, {3})"),
                                     EKI_TEXT("nothing nearer is known; last resort for {1} ({2}, {3})")};
    static const char *const verdicts[] = {
        [EKI_CLAIM_SECOND] = EKI_TEXT("{1}: {4} is the second choice ({2}, {3})"),
        [EKI_CLAIM_SHORTER] = EKI_TEXT("{1}: {4}, but a longer one decides ({2}, {3})"),
        [EKI_CLAIM_IMPORTED] = EKI_TEXT("{1}: {4}, but what was entered by hand decides ({2}, {3})"),
        [EKI_CLAIM_BROADER] = EKI_TEXT("{1}: {4}, but a narrower department decides ({2}, {3})"),
        [EKI_CLAIM_OLDER] = EKI_TEXT("{1}: {4}, contradicted by a newer record ({2}, {3})"),
        [EKI_CLAIM_LATER] = EKI_TEXT("{1}: {4}, but something nearer is known ({2}, {3})"),
        [EKI_CLAIM_GUARDED] = EKI_TEXT("{1}: {4}, passed over: strangers register names there ({2}, {3})")};
    return claim->verdict == EKI_CLAIM_OWNER ? by[claim->resource] : verdicts[claim->verdict];
}

static void tell_claim(const struct telling *t, const struct eki_claim *claim)
{
    const struct eki_network *n = network_at(t, claim->network);
    char resource[EKI_RESOURCE_TEXT];
    struct eki_sentence text, age = ago(t, n->record.entered);
    eki_report_fill(&text, t->language, why(claim),
                    EKI_VALUES(eki_network_format(n, resource), source_of(t, &n->record), age.text,
                               team_name(t, n->team_at)));
    line(t, claim->verdict == EKI_CLAIM_OWNER ? "  " : "    ", text.text);
    if (claim->verdict == EKI_CLAIM_OWNER && claim->contradicted)
        line(t, "  ",
             eki_report_say(t->language, EKI_TEXT("Another record by hand gives the same to another team")));
}

static void tell_owner(const struct telling *t, const char *question)
{
    size_t count;
    const struct eki_answer *a = t->answer;
    const struct eki_department *departments = eki_directory_departments(t->directory, &count);
    struct eki_sentence text;
    if (a->team == EKI_NOWHERE)
        eki_report_fill(&text, t->language, EKI_TEXT("{1}: nobody is known to answer for it"),
                        EKI_VALUES(question));
    else if (a->department == EKI_NOWHERE)
        eki_report_fill(&text, t->language, EKI_TEXT("{1}: {2}"),
                        EKI_VALUES(question, team_name(t, a->team)));
    else
        eki_report_fill(&text, t->language, EKI_TEXT("{1}: {2}, {3}"),
                        EKI_VALUES(question, team_name(t, a->team),
                                   t->language == EKI_JAPANESE && departments[a->department].name_ja
                                       ? departments[a->department].name_ja
                                       : departments[a->department].name));
    line(t, "", text.text);
}

static void tell_remarks(const struct telling *t)
{
    size_t count;
    const struct eki_annotation *annotations =
        eki_directory_records(t->directory, EKI_RECORD_ANNOTATION, &count);
    struct eki_sentence text;
    for (size_t i = 0; i < t->answer->remark_count; i++) {
        const struct eki_annotation *a = &annotations[t->answer->remarks[i]];
        eki_report_fill(&text, t->language,
                        a->inhibit ? EKI_TEXT("No notices: {1}") : EKI_TEXT("Remark: {1}"),
                        EKI_VALUES(a->text));
        line(t, "  ", text.text);
    }
}

enum eki_error eki_report_answer(const struct eki_directory *d, const struct eki_answer *a,
                                 const char *question, enum eki_language language, FILE *out)
{
    struct telling t = {d, a, language, out};
    tell_owner(&t, question);
    if (a->contact != EKI_NOWHERE) {
        tell_contact(&t, EKI_TEXT("Call {1} ({2}, {3}): {4}"), a->contact);
        tell_business(&t, a->contact);
    } else if (a->team != EKI_NOWHERE) {
        line(&t, "  ", eki_report_say(language, EKI_TEXT("No contact is known")));
    }
    if (a->first != a->contact && a->first != EKI_NOWHERE)
        tell_contact(&t, EKI_TEXT("First choice would be {1} ({2}, {3}): {4}"), a->first);
    for (size_t i = 0; i < a->claim_count; i++)
        if (a->claims[i].verdict == EKI_CLAIM_OWNER) tell_claim(&t, &a->claims[i]);
    tell_remarks(&t);
    for (size_t i = 0; i < a->claim_count; i++)
        if (a->claims[i].verdict != EKI_CLAIM_OWNER) tell_claim(&t, &a->claims[i]);
    if (a->team != EKI_NOWHERE || a->claim_count)
        line(&t, "  ", eki_tlp_text(eki_answer_label(d, a))); /* labels are never translated */
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
