/* SPDX-License-Identifier: Apache-2.0 */
/* RPSL objects: organisations with the role of their first mail contact, address blocks, routes, AS numbers.
 */
#include <string.h>

#include "directory/export.h"

enum { V4_BITS = 96 };

static void put(FILE *out, const char *key, const char *value)
{
    if (!value || !*value) return;
    fprintf(out, "%s:%*s", key, (int)(16 - strlen(key) - 1), "");
    for (; *value; value++) {
        if (*value == '\n')
            fputs("\n+               ", out);
        else if (*value == '#')
            fputc(' ', out); /* would begin a comment */
        else
            fputc(*value, out);
    }
    fputc('\n', out);
}

static const char *org_of(const char *id)
{
    return strncmp(id, "ripe:", 5) ? id : id + 5;
}

static void put_team(const struct eki_directory *d, uint32_t at, FILE *out)
{
    const struct eki_team *t = (const struct eki_team *)d->of[EKI_RECORD_TEAM].items + at;
    const struct eki_contact_point *contacts = d->of[EKI_RECORD_CONTACT].items;
    uint32_t email = eki_export_contact(d, at, EKI_MEDIUM_EMAIL);
    put(out, "organisation", org_of(t->id));
    put(out, "org-name", t->name);
    put(out, "country", t->country);
    put(out, "address", t->postal);
    if (email != EKI_NOWHERE) {
        put(out, "abuse-c", contacts[email].id);
        fputs("\n", out);
        put(out, "role", contacts[email].name ? contacts[email].name : t->name);
        put(out, "nic-hdl", contacts[email].id);
        put(out, "abuse-mailbox", contacts[email].address);
    }
    fputc('\n', out);
}

static void put_origin(const struct eki_network *n, FILE *out)
{
    char text[EKI_RESOURCE_TEXT], origin[16];
    bool v4 = eki_address_is_v4(n->prefix.base) && n->prefix.bits >= V4_BITS;
    snprintf(origin, sizeof origin, "AS%u", n->origin);
    put(out, v4 ? "route" : "route6", eki_network_format(n, text));
    put(out, "origin", origin);
    fputc('\n', out);
}

static void put_block(const struct eki_network *n, FILE *out)
{
    char text[EKI_RESOURCE_TEXT], first[EKI_ADDRESS_TEXT], last[EKI_ADDRESS_TEXT],
        range[2 * EKI_ADDRESS_TEXT + 4];
    bool v4 = eki_address_is_v4(n->prefix.base) && n->prefix.bits >= V4_BITS;
    if (v4) {
        struct eki_address end = n->prefix.base;
        end.lo |= n->prefix.bits < 128 ? UINT64_MAX >> (n->prefix.bits - 64) : 0;
        snprintf(range, sizeof range, "%s - %s", eki_address_format(n->prefix.base, first),
                 eki_address_format(end, last));
    }
    put(out, v4 ? "inetnum" : "inet6num", v4 ? range : eki_network_format(n, text));
    put(out, "netname", n->name);
    put(out, "country", n->in_country);
    put(out, "org", n->team ? org_of(n->team) : NULL);
    fputc('\n', out);
}

void eki_export_rpsl(const struct eki_directory *d, FILE *out)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    char text[EKI_RESOURCE_TEXT];
    for (uint32_t i = 0; i < d->of[EKI_RECORD_TEAM].count; i++) put_team(d, i, out);
    for (size_t i = 0; i < d->of[EKI_RECORD_NETWORK].count; i++) {
        const struct eki_network *n = &networks[i];
        if (n->has_prefix && (n->team || n->in_country)) put_block(n, out);
        if (n->has_prefix && n->origin) put_origin(n, out);
        if (!n->asn) continue;
        put(out, "aut-num", eki_network_format(n, text));
        put(out, "as-name", n->name);
        put(out, "org", org_of(n->team));
        fputc('\n', out);
    }
}

enum eki_error eki_roster_export(const struct eki_directory *d, enum eki_roster_format format,
                                 enum eki_record_kind kind, FILE *out)
{
    if (!d->settled) return EKI_ERROR_ARGUMENT;
    switch (format) {
    case EKI_ROSTER_OWN: return eki_directory_write(d, out);
    case EKI_ROSTER_CSV: eki_export_csv(d, kind, out); break;
    case EKI_ROSTER_IPAM: eki_export_ipam(d, out); break;
    case EKI_ROSTER_FIRST: eki_export_first(d, out); break;
    case EKI_ROSTER_TI: eki_export_ti(d, out); break;
    case EKI_ROSTER_RIPE: eki_export_rpsl(d, out); break;
    default: return EKI_ERROR_ARGUMENT;
    }
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
