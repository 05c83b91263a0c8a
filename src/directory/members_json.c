/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_write.h"
#include "ekigaku/members.h"

static void count(struct eki_json *j, const char *key, uint64_t value)
{
    eki_json_key(j, key);
    eki_json_unsigned(j, value);
}

static void open_array(struct eki_json *j, const char *key)
{
    eki_json_key(j, key);
    eki_json_array(j);
}

static void put_month(struct eki_json *j, int year, unsigned month)
{
    char text[16];
    eki_json_key(j, "month");
    eki_json_text(j, eki_date_format((struct eki_date){(int16_t)year, (uint8_t)month, 0}, text));
}

static void put_growth(struct eki_json *j, const struct eki_members *m)
{
    open_array(j, "months");
    for (size_t i = 0; i < m->month_count; i++) {
        eki_json_object(j);
        put_month(j, m->months[i].year, m->months[i].month);
        count(j, "joined", m->months[i].joined);
        count(j, "left", m->months[i].left);
        count(j, "total", m->months[i].total);
        eki_json_end(j);
    }
    eki_json_end(j);
    open_array(j, "projection");
    for (size_t i = 0; i < m->projected_count; i++) {
        const struct eki_projected *p = &m->projected[i];
        const double values[] = {p->total, p->low, p->high};
        static const char *const keys[] = {"total", "low", "high"};
        eki_json_object(j);
        put_month(j, p->year, p->month);
        for (int k = 0; k < 3; k++) {
            eki_json_key(j, keys[k]);
            eki_json_fixed(j, values[k], 1);
        }
        eki_json_end(j);
    }
    eki_json_end(j);
    eki_json_key(j, "members_per_month");
    eki_json_fixed(j, m->rate, 3);
}

static void put_shares(struct eki_json *j, const char *key, const struct eki_share *shares,
                       size_t share_count)
{
    open_array(j, key);
    for (size_t i = 0; i < share_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "name");
        eki_json_text(j, shares[i].name);
        count(j, "teams", shares[i].teams);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static void put_years(struct eki_json *j, const struct eki_members *m, const struct eki_directory *d)
{
    size_t teams;
    const struct eki_team *team = eki_directory_teams(d, &teams);
    open_array(j, "founded_joined");
    for (size_t i = 0; i < m->year_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "team");
        eki_json_text(j, team[m->years[i].team].id);
        count(j, "founded", (uint64_t)m->years[i].founded);
        count(j, "joined", (uint64_t)m->years[i].joined);
        eki_json_end(j);
    }
    eki_json_end(j);
}

enum eki_error eki_members_write_json(const struct eki_members *m, const struct eki_directory *d, FILE *out)
{
    static const char *const tiers[] = {"unknown", "basic", "sector", "cross-sector"};
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    eki_json_key(&j, "schema");
    eki_json_text(&j, "ekigaku.members/1");
    eki_json_key(&j, "as_of");
    eki_json_time(&j, eki_directory_now(d));
    count(&j, "teams", m->teams);
    count(&j, "members", m->members);
    put_growth(&j, m);
    put_shares(&j, "sectors", m->sectors, m->sector_count);
    put_shares(&j, "regions", m->regions, m->region_count);
    put_shares(&j, "countries", m->countries, m->country_count);
    eki_json_key(&j, "tiers");
    eki_json_object(&j);
    for (int i = 0; i < 4; i++) count(&j, tiers[i], m->tiers[i]);
    eki_json_end(&j);
    put_years(&j, m, d);
    eki_json_key(&j, "contacts");
    eki_json_object(&j);
    count(&j, "all", m->contacts);
    for (unsigned i = 0; i < EKI_HEALTHS; i++) count(&j, eki_health_name(i), m->health[i]);
    eki_json_key(&j, "answer_s");
    eki_json_fixed(&j, m->answer_s, 0);
    eki_json_end(&j);
    count(&j, "unreachable_teams", m->unreachable);
    eki_json_key(&j, "networks");
    eki_json_object(&j);
    for (unsigned i = 0; i < EKI_RESOURCES; i++) count(&j, eki_resource_name(i), m->networks[i]);
    eki_json_end(&j);
    eki_json_end(&j);
    fputc('\n', out);
    return fflush(out) || ferror(out) || j.failed ? EKI_ERROR_WRITE : EKI_OK;
}
