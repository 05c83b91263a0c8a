/* SPDX-License-Identifier: Apache-2.0 */
/* security.txt of a team (RFC 9116), filled from the directory. */
#include <string.h>

#include "ekigaku/directory_report.h"

static void put_lower(FILE *out, const char *text)
{
    for (; *text; text++) fputc(*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text, out);
}

/* A character that a URI may hold as it is (RFC 3986, 2.2 and 2.3). */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~:/?#[]@!$&'()*+,;=%", c));
}

static void put_uri(FILE *out, const char *scheme, const char *text)
{
    fputs(scheme, out);
    for (; *text; text++) {
        if (is_plain(*text))
            fputc(*text, out);
        else
            fprintf(out, "%%%02X", (unsigned char)*text);
    }
}

/* RFC 3966: digits, with a plus before an international number; dots and hyphens may stand between. */
static void put_telephone(FILE *out, const char *text)
{
    fputs("tel:", out);
    for (; *text; text++)
        if (strchr("+0123456789-.", *text))
            fputc(*text, out);
        else if (*text == ' ')
            fputc('-', out);
}

/* A contact as this file can name it: http is not allowed (2.5.3), a facsimile has no URI. */
static bool put_contact(FILE *out, const struct eki_contact_point *c)
{
    bool web = c->medium == EKI_MEDIUM_WEB && !strncmp(c->address, "https://", 8);
    if (c->medium != EKI_MEDIUM_EMAIL && c->medium != EKI_MEDIUM_PHONE && !web) return false;
    fputs("Contact: ", out);
    if (web) put_uri(out, "", c->address);
    if (c->medium == EKI_MEDIUM_EMAIL) put_uri(out, "mailto:", c->address);
    if (c->medium == EKI_MEDIUM_PHONE) put_telephone(out, c->address);
    fputs("\r\n", out);
    return true;
}

/* In order of preference (2.5.3): by role, then as the directory names them; the dead are nobody's contact.
 */
static size_t put_contacts(const struct eki_directory *d, uint32_t team, FILE *out)
{
    size_t count, put = 0;
    const struct eki_contact_point *contacts = eki_directory_contacts(d, &count);
    for (unsigned role = 0; role < EKI_ROLES; role++)
        for (uint32_t i = 0; i < count; i++)
            if (contacts[i].team_at == team && contacts[i].role == role &&
                eki_directory_contact_state(d, i)->health != EKI_HEALTH_DEAD)
                put += put_contact(out, &contacts[i]);
    return put;
}

static void put_keys(const struct eki_directory *d, uint32_t team, FILE *out)
{
    size_t count;
    const struct eki_key *keys = eki_directory_records(d, EKI_RECORD_KEY, &count);
    for (size_t i = 0; i < count; i++) {
        eki_time end = eki_date_time(keys[i].expires);
        if (keys[i].team_at != team || keys[i].type != EKI_KEY_OPENPGP) continue;
        if (end != EKI_TIME_NONE && end <= eki_directory_now(d)) continue;
        fputs("Encryption: openpgp4fpr:", out); /* 2.5.4 */
        put_lower(out, keys[i].fingerprint);
        fputs("\r\n", out);
    }
}

static void put_languages(const struct eki_team *team, FILE *out)
{
    if (!team->languages.count) return;
    fputs("Preferred-Languages: ", out);
    for (size_t i = 0; i < team->languages.count; i++)
        fprintf(out, "%s%s", i ? ", " : "", team->languages.items[i]);
    fputs("\r\n", out);
}

/* Where it is to be put: at the root of the team's site (section 3). */
static void put_canonical(const struct eki_team *team, FILE *out)
{
    if (!team->website || strncmp(team->website, "https://", 8) != 0) return;
    const char *host = team->website + 8;
    size_t length = strcspn(host, "/?#");
    if (!length) return;
    fprintf(out, "Canonical: https://%.*s/.well-known/security.txt\r\n", (int)length, host);
}

enum eki_error eki_report_security_txt(const struct eki_directory *d, uint32_t team, eki_time expires,
                                       FILE *out)
{
    size_t count;
    char text[EKI_TIME_TEXT];
    const struct eki_team *teams = eki_directory_teams(d, &count);
    eki_time now = eki_directory_now(d);
    if (now == EKI_TIME_NONE || team >= count || expires <= now) return EKI_ERROR_ARGUMENT;
    if (!put_contacts(d, team, out)) return EKI_ERROR_MISSING;
    fprintf(out, "Expires: %.19sZ\r\n", eki_time_format(expires, text));
    put_keys(d, team, out);
    put_languages(&teams[team], out);
    put_canonical(&teams[team], out);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
