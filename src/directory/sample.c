/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sample directory: 262 teams that do not exist. Their number by month goes through the published totals
 * of the Nippon CSIRT Association (6 at its foundation in March 2007, over 50 in 2014, 236 in July 2017:
 * Nikkei 2017-07-06; 262 on 2017-10-31), evenly on a logarithmic scale between them. Networks are those for
 * documentation (RFC 5737, RFC 3849), AS numbers RFC 5398, domains under .example (RFC 2606), telephone
 * numbers all zeros.
 */
#include <math.h>
#include <string.h>

#include "base/random.h"
#include "directory/records.h"
#include "ekigaku/members.h"

enum {
    TEAMS = 262,
    FIRST_MONTH = 2007 * 12 + 2,
    FIRST_AS = 64496,
    SAMPLE_AS = 16,
    GROUPS = 6,
    SEED = 20171031
};

static const struct {
    int month;
    double total;
} published[] = {{FIRST_MONTH, 6}, {2014 * 12 + 5, 52}, {2017 * 12 + 6, 236}, {2017 * 12 + 9, TEAMS}};

static const struct {
    const char *id, *name, *name_ja;
    double share;
} sectors[] = {{"it", "Systems", "システム", .33},         {"finance", "Bank", "銀行", .2},
               {"finance", "Insurance", "保険", .07},      {"manufacturing", "Motors", "自動車", .1},
               {"manufacturing", "Electric", "電機", .08}, {"telecommunication", "Telecom", "通信", .08},
               {"infrastructure", "Railway", "鉄道", .05}, {"education", "University", "大学", .05},
               {"government", "City", "市", .04}};

static const struct {
    const char *name;
    double share;
} regions[] = {{"Tokyo", .62},   {"Osaka", .12},    {"Aichi", .07}, {"Kanagawa", .06},
               {"Fukuoka", .05}, {"Hokkaido", .04}, {"Miyagi", .04}};

static const struct {
    const char *name, *name_ja;
} stems[] = {{"Kawa", "川"}, {"Yama", "山"}, {"Umi", "海"},  {"Sora", "空"}, {"Hoshi", "星"}, {"Kumo", "雲"},
             {"Hana", "花"}, {"Mori", "森"}, {"Kaze", "風"}, {"Ishi", "石"}, {"Yuki", "雪"},  {"Nami", "波"}};

static const struct {
    const char *id, *name, *name_ja;
} groups[GROUPS] = {{"wg-log", "Log analysis", "ログ分析"},
                    {"wg-drill", "Incident response drills", "インシデント対応演習"},
                    {"wg-ti", "Threat information", "脅威情報共有"},
                    {"wg-law", "Legal matters", "法制度"},
                    {"wg-edu", "Training", "人材育成"},
                    {"wg-new", "Starting a team", "シーサート立ち上げ"}};

struct sample {
    struct eki_directory *d;
    struct eki_random random;
    enum eki_error error;
};

static size_t draw(struct sample *s, const double *shares, size_t stride, size_t count)
{
    double at = eki_random_unit(&s->random), sum = 0;
    for (size_t i = 0; i + 1 < count; i++) {
        sum += *(const double *)((const char *)shares + i * stride);
        if (at < sum) return i;
    }
    return count - 1;
}

static void add(struct sample *s, enum eki_record_kind kind, const void *record)
{
    if (!s->error) s->error = eki_directory_add(s->d, kind, record, NULL);
}

/* The month in which team number n (from 1) joined. */
static int joined_month(unsigned n)
{
    if (n <= published[0].total) return published[0].month;
    for (size_t i = 1; i < sizeof published / sizeof *published; i++) {
        if (n > published[i].total) continue;
        double share = log(n / published[i - 1].total) / log(published[i].total / published[i - 1].total);
        return published[i - 1].month +
               (int)ceil(share * (published[i].month - published[i - 1].month) - 1e-9);
    }
    return published[3].month;
}

static struct eki_date date_of(int month, unsigned day)
{
    return (struct eki_date){(int16_t)(month / 12), (uint8_t)(month % 12 + 1), (uint8_t)day};
}

struct names {
    char id[16], name[64], name_ja[64], host[64], domain[32];
};

static void add_team(struct sample *s, unsigned n, struct names *names)
{
    struct eki_team t;
    size_t sector = draw(s, &sectors[0].share, sizeof *sectors, sizeof sectors / sizeof *sectors),
           region = draw(s, &regions[0].share, sizeof *regions, sizeof regions / sizeof *regions),
           stem = eki_random_below(&s->random, sizeof stems / sizeof *stems),
           group = eki_random_below(&s->random, GROUPS * 2);
    static const char *const languages[] = {"ja", "en"};
    const char *const member_of[] = {groups[group % GROUPS].id};
    int joined = joined_month(n);
    eki_directory_blank(EKI_RECORD_TEAM, &t);
    snprintf(names->id, sizeof names->id, "sample-%03u", n);
    snprintf(names->name, sizeof names->name, "Sample %03u %s %s CSIRT", n, stems[stem].name,
             sectors[sector].name);
    snprintf(names->name_ja, sizeof names->name_ja, "見本%03u %s%s CSIRT", n, stems[stem].name_ja,
             sectors[sector].name_ja);
    snprintf(names->host, sizeof names->host, "Sample %03u %s %s", n, stems[stem].name, sectors[sector].name);
    snprintf(names->domain, sizeof names->domain, "sample%03u.example", n);
    t.id = names->id, t.name = names->name, t.name_ja = names->name_ja, t.host = names->host;
    t.sector = sectors[sector].id, t.region = regions[region].name, t.country = "JP";
    t.time_zone = "Asia/Tokyo", t.hours = n % 9 ? "mon-fri 09:00-17:30" : "24/7",
    t.holidays = n % 9 ? "jp" : NULL;
    t.constituency = "The organisation and its group companies",
    t.sharing = "TLP 2.0; what is sent is not passed on unasked";
    t.languages = (struct eki_text_list){languages, n % 3 ? 2 : 1};
    if (group < GROUPS) t.groups = (struct eki_text_list){member_of, 1};
    t.joined = date_of(joined, 0);
    t.founded = date_of(joined - (int)eki_random_below(&s->random, 60), 0);
    t.tier = n % 20 == 0 ? 3 : n % 5 == 0 ? 2 : 1;
    add(s, EKI_RECORD_TEAM, &t);
}

/* A point of contact by mail and one by telephone; some were not heard of for long, one of sixteen is dead.
 */
static void add_contacts(struct sample *s, const struct names *names, const char *department,
                         const char *suffix)
{
    char id[48], address[64];
    eki_time now = eki_date_time((struct eki_date){2017, 10, 31});
    for (int medium = EKI_MEDIUM_EMAIL; medium <= EKI_MEDIUM_PHONE; medium++) {
        struct eki_contact_point c;
        eki_directory_blank(EKI_RECORD_CONTACT, &c);
        snprintf(id, sizeof id, "%s%s-%s", names->id, suffix, eki_medium_name(medium));
        snprintf(address, sizeof address, medium == EKI_MEDIUM_EMAIL ? "csirt%s@%s" : "+81-3-0000-0000",
                 suffix, names->domain);
        c.id = id, c.team = names->id, c.department = department;
        c.role = EKI_ROLE_POC, c.medium = (uint8_t)medium;
        c.address = medium == EKI_MEDIUM_EMAIL ? address : "+81-3-0000-0000";
        uint64_t fate = eki_random_below(&s->random, 16);
        if (fate)
            c.verified =
                now - (eki_time)eki_random_below(&s->random, fate > 12 ? 900 : 300) * 86400 * EKI_SECOND;
        if (fate) c.verified_how = medium == EKI_MEDIUM_EMAIL ? "answered a check by mail" : "called back";
        if (fate == 1) c.bounces = 3, c.bounced = now - 86400 * EKI_SECOND;
        add(s, EKI_RECORD_CONTACT, &c);
    }
}

static void add_prefix(struct sample *s, const char *team, const char *department, struct eki_prefix prefix)
{
    struct eki_network n;
    eki_directory_blank(EKI_RECORD_NETWORK, &n);
    n.prefix = prefix, n.has_prefix = true, n.team = team, n.department = department;
    n.record.entered = eki_date_time((struct eki_date){2017, 10, 1});
    add(s, EKI_RECORD_NETWORK, &n);
}

/* Each team two IPv4 addresses of the three /24, a /48, a domain; the first sixteen an AS number. */
static void add_networks(struct sample *s, unsigned n, const struct names *names)
{
    static const uint32_t bases[] = {0xc0000200u, 0xc6336400u, 0xcb007100u};
    struct eki_network x;
    uint32_t at = (n - 1) * 2;
    add_prefix(s, names->id, NULL, eki_prefix_around(eki_address_v4(bases[at >> 8] + (at & 255)), 127));
    add_prefix(s, names->id, NULL,
               eki_prefix_around((struct eki_address){0x20010db800000000u | (uint64_t)n << 16, 0}, 48));
    eki_directory_blank(EKI_RECORD_NETWORK, &x);
    x.domain = names->domain, x.team = names->id;
    add(s, EKI_RECORD_NETWORK, &x);
    if (n > SAMPLE_AS) return;
    eki_directory_blank(EKI_RECORD_NETWORK, &x);
    x.asn = FIRST_AS + n - 1, x.team = names->id;
    add(s, EKI_RECORD_NETWORK, &x);
}

/* The networks of the sample outbreak (192.168.20.0/24, 192.168.30.0/24), split among three departments of
 * the first team and two other teams. */
static void add_outbreak(struct sample *s)
{
    static const struct {
        const char *id, *name, *name_ja;
        uint32_t base;
        uint8_t bits;
    } departments[] = {{"sample-001-works", "Works", "工場", 0xc0a81400u, 122},
                       {"sample-001-office", "Office", "事務", 0xc0a81440u, 122},
                       {"sample-001-servers", "Servers", "サーバ運用", 0xc0a81e00u, 120}};
    struct names names = {.id = "sample-001", .domain = "sample001.example"};
    for (size_t i = 0; i < sizeof departments / sizeof *departments; i++) {
        struct eki_department d;
        eki_directory_blank(EKI_RECORD_DEPARTMENT, &d);
        d.id = departments[i].id, d.team = names.id, d.name = departments[i].name,
        d.name_ja = departments[i].name_ja;
        add(s, EKI_RECORD_DEPARTMENT, &d);
        add_prefix(s, names.id, d.id,
                   eki_prefix_around(eki_address_v4(departments[i].base), departments[i].bits));
        add_contacts(s, &names, d.id, departments[i].id + strlen(names.id));
    }
    add_prefix(s, "sample-002", NULL, eki_prefix_around(eki_address_v4(0xc0a81480u), 122));
    add_prefix(s, "sample-003", NULL, eki_prefix_around(eki_address_v4(0xc0a814c0u), 122));
}

static void add_groups(struct sample *s)
{
    for (int i = 0; i < GROUPS; i++) {
        struct eki_group g;
        eki_directory_blank(EKI_RECORD_GROUP, &g);
        g.id = groups[i].id, g.name = groups[i].name, g.name_ja = groups[i].name_ja;
        add(s, EKI_RECORD_GROUP, &g);
    }
}

enum eki_error eki_directory_sample(struct eki_directory *d)
{
    struct sample s = {.d = d, .random = eki_random_from(SEED)};
    struct eki_network national;
    add_groups(&s);
    for (unsigned n = 1; n <= TEAMS && !s.error; n++) {
        struct names names;
        add_team(&s, n, &names);
        add_contacts(&s, &names, NULL, "");
        add_networks(&s, n, &names);
    }
    add_outbreak(&s);
    eki_directory_blank(EKI_RECORD_NETWORK, &national);
    national.country = "JP", national.team = "sample-020";
    add(&s, EKI_RECORD_NETWORK, &national);
    return s.error;
}
