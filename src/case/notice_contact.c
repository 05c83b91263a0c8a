/* SPDX-License-Identifier: Apache-2.0 */
#include "case/notice_contact.h"

#include <string.h>

static const char *const formats[] = {"text", "csv", "xarf", "stix", "csaf", "iodef"};
#define REMARK "notice-format:"

static bool is_alive(const struct eki_directory *d, uint32_t contact)
{
    return eki_directory_contact_state(d, contact)->health != EKI_HEALTH_DEAD;
}

/* Smaller is better: the department before the team before other departments, then the role. */
static unsigned rank(const struct eki_contact_point *c, uint32_t department)
{
    unsigned place = c->department_at == department ? 0 : c->department_at == EKI_NOWHERE ? 1 : 2;
    return place * EKI_ROLES + c->role;
}

uint32_t eki_notice_mailbox(const struct eki_directory *directory, uint32_t team, uint32_t department,
                            uint32_t except)
{
    size_t count;
    const struct eki_contact_point *contacts = eki_directory_contacts(directory, &count);
    uint32_t best = EKI_NOWHERE;
    for (uint32_t i = 0; i < count; i++) {
        const struct eki_contact_point *c = &contacts[i];
        if (c->team_at != team || c->medium != EKI_MEDIUM_EMAIL || i == except || !is_alive(directory, i))
            continue;
        if (best == EKI_NOWHERE || rank(c, department) < rank(&contacts[best], department)) best = i;
    }
    return best;
}

static const char *spoken(const struct eki_text_list *languages)
{
    for (size_t i = 0; i < languages->count; i++) {
        if (!strcmp(languages->items[i], "ja")) return "ja";
        if (!strcmp(languages->items[i], "en")) return "en";
    }
    return NULL;
}

const char *eki_notice_language(const struct eki_directory *directory, uint32_t contact)
{
    size_t count;
    if (contact == EKI_NOWHERE) return "en";
    const struct eki_contact_point *c = &eki_directory_contacts(directory, &count)[contact];
    const char *language = spoken(&c->languages);
    if (language || c->team_at == EKI_NOWHERE) return language ? language : "en";
    const struct eki_team *team = &eki_directory_teams(directory, &count)[c->team_at];
    language = spoken(&team->languages);
    if (language) return language;
    return team->country && !strcmp(team->country, "JP") ? "ja" : "en";
}

const char *eki_notice_format_name(const char *text, size_t length)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strlen(formats[i]) == length && !strncmp(formats[i], text, length)) return formats[i];
    return NULL;
}

const char *eki_notice_format(const struct eki_directory *directory, uint32_t contact)
{
    size_t count, contact_count;
    const char *found = NULL;
    if (contact == EKI_NOWHERE) return "csv";
    const struct eki_contact_point *c = &eki_directory_contacts(directory, &contact_count)[contact];
    const struct eki_annotation *notes = eki_directory_records(directory, EKI_RECORD_ANNOTATION, &count);
    for (size_t i = 0; i < count; i++) {
        bool own = notes[i].contact_at == contact;
        bool teams = c->team_at != EKI_NOWHERE && notes[i].team_at == c->team_at;
        bool holds = notes[i].expires == EKI_TIME_NONE || notes[i].expires > eki_directory_now(directory);
        if ((!own && !teams) || !holds || !notes[i].text || strncmp(notes[i].text, REMARK, strlen(REMARK)))
            continue;
        const char *word = notes[i].text + strlen(REMARK);
        word += strspn(word, " ");
        const char *name = eki_notice_format_name(word, strcspn(word, " .;,"));
        if (name && (own || !found)) found = name;
        if (name && own) break;
    }
    return found ? found : "csv";
}

const struct eki_key *eki_notice_key(const struct eki_directory *directory, uint32_t contact)
{
    size_t count, contact_count;
    if (contact == EKI_NOWHERE) return NULL;
    const struct eki_contact_point *c = &eki_directory_contacts(directory, &contact_count)[contact];
    const struct eki_key *keys = eki_directory_records(directory, EKI_RECORD_KEY, &count), *teams = NULL;
    for (size_t i = 0; i < count; i++) {
        eki_time ends = eki_date_time(keys[i].expires);
        if (ends != EKI_TIME_NONE && ends <= eki_directory_now(directory)) continue;
        if (keys[i].type == EKI_KEY_BUNDLE) continue; /* it signs files, it encrypts nothing */
        if (keys[i].contact_at == contact) return &keys[i];
        if (!teams && keys[i].contact_at == EKI_NOWHERE && c->team_at != EKI_NOWHERE &&
            keys[i].team_at == c->team_at)
            teams = &keys[i];
    }
    return teams;
}

uint32_t eki_notice_contact_of(const struct eki_directory *directory, const char *id)
{
    size_t count;
    const struct eki_contact_point *contacts = eki_directory_contacts(directory, &count);
    for (uint32_t i = 0; i < count; i++)
        if (contacts[i].id && !strcmp(contacts[i].id, id)) return i;
    return EKI_NOWHERE;
}

uint32_t eki_notice_department_of(const struct eki_directory *directory, const char *id)
{
    size_t count;
    const struct eki_department *departments = eki_directory_departments(directory, &count);
    for (uint32_t i = 0; i < count; i++)
        if (!strcmp(departments[i].id, id)) return i;
    return EKI_NOWHERE;
}
