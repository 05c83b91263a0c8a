/* SPDX-License-Identifier: Apache-2.0 */
/* The look-up against one that walks over every record and every contact and follows the stated order word by
 * word: no tables, no trees. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <string.h>
#include <strings.h>

#include "random_directory.h"

static const struct eki_network *networks_of(const struct eki_directory *d, size_t *count)
{
    return eki_directory_networks(d, count);
}

/* Length of what matches, -1 when it does not: bits, bytes of the suffix, 0. */
static int match(const struct eki_network *n, const struct eki_question *q, uint32_t asn, const char *country)
{
    if (n->has_prefix) {
        bool v4 = eki_address_is_v4(n->prefix.base) && n->prefix.bits >= 96;
        if (!q->address || v4 != eki_address_is_v4(*q->address)) return -1;
        return eki_prefix_contains(n->prefix, *q->address) ? n->prefix.bits : -1;
    }
    if (n->domain) {
        size_t own = strlen(n->domain), asked = q->domain ? strlen(q->domain) : 0;
        if (asked < own || strcasecmp(q->domain + asked - own, n->domain)) return -1;
        if (asked > own && q->domain[asked - own - 1] != '.') return -1;
        return eki_domain_is_public(n->domain) && !n->whole ? -1 : (int)own;
    }
    if (n->asn) return asn == n->asn ? 0 : -1;
    return country && !strcmp(country, n->country) ? 0 : -1;
}

static unsigned depth_of(const struct eki_directory *d, const struct eki_network *n)
{
    size_t count;
    const struct eki_department *x = eki_directory_departments(d, &count);
    unsigned depth = 0;
    for (uint32_t at = n->department_at; at != EKI_NOWHERE; at = x[at].parent_at) depth++;
    return depth;
}

/* Which of two that both match comes first. */
static bool beats(const struct eki_directory *d, const struct eki_network *a, int la,
                  const struct eki_network *b, int lb)
{
    enum eki_resource ra = eki_network_resource(a), rb = eki_network_resource(b);
    if (ra != rb) return ra < rb;
    if (la != lb) return la > lb;
    if (!a->record.source != !b->record.source) return !a->record.source;
    if (depth_of(d, a) != depth_of(d, b)) return depth_of(d, a) > depth_of(d, b);
    if (a->record.entered != b->record.entered) return a->record.entered > b->record.entered;
    return a < b;
}

/* The AS and country of the longest prefix that says them, of equal ones the preferred record. */
static void derive(const struct eki_directory *d, const struct eki_question *q, uint32_t *asn,
                   const char **country)
{
    size_t count;
    const struct eki_network *n = networks_of(d, &count), *as = NULL, *cc = NULL;
    *asn = q->asn;
    *country = q->country;
    for (size_t i = 0; i < count; i++) {
        int length = n[i].has_prefix ? match(&n[i], q, 0, NULL) : -1;
        if (length < 0) continue;
        bool named = n[i].team != NULL;
        if (n[i].origin && (!as || n[i].prefix.bits > as->prefix.bits ||
                            (n[i].prefix.bits == as->prefix.bits &&
                             (named != (as->team != NULL) ? named : beats(d, &n[i], length, as, length)))))
            as = &n[i];
        if (n[i].in_country &&
            (!cc || n[i].prefix.bits > cc->prefix.bits ||
             (n[i].prefix.bits == cc->prefix.bits &&
              (named != (cc->team != NULL) ? named : beats(d, &n[i], length, cc, length)))))
            cc = &n[i];
    }
    if (!*asn && as) *asn = as->origin;
    if (!*country && cc) *country = cc->in_country;
    size_t length = q->domain ? strlen(q->domain) : 0;
    if (!*country && length > 3 && !strcasecmp(q->domain + length - 3, ".jp"))
        *country = "JP"; /* the only one drawn */
}

static bool same_thing(const struct eki_network *a, const struct eki_network *b)
{
    char one[EKI_RESOURCE_TEXT], two[EKI_RESOURCE_TEXT];
    return !strcmp(eki_network_format(a, one), eki_network_format(b, two));
}

/* The stated limit: of each prefix, domain, AS or country the three to be preferred. */
static size_t at_most_three_each(const struct eki_network *n, uint32_t *order, size_t count)
{
    size_t kept = 0, same = 0;
    for (size_t i = 0; i < count; i++) {
        same = kept && same_thing(&n[order[i]], &n[order[kept - 1]]) ? same + 1 : 0;
        if (same < EKI_CLAIMS_EACH) order[kept++] = order[i];
    }
    return kept;
}

/* Records that match, best first, at most 400. */
static size_t candidates(const struct eki_directory *d, const struct eki_question *q, uint32_t *ret_order)
{
    size_t count, found = 0;
    uint32_t asn;
    const char *country;
    const struct eki_network *n = networks_of(d, &count);
    derive(d, q, &asn, &country);
    for (uint32_t i = 0; i < count; i++) {
        int length = n[i].team ? match(&n[i], q, asn, country) : -1;
        if (length < 0) continue;
        size_t at = found++;
        for (; at &&
               beats(d, &n[i], length, &n[ret_order[at - 1]], match(&n[ret_order[at - 1]], q, asn, country));
             at--)
            ret_order[at] = ret_order[at - 1];
        ret_order[at] = i;
    }
    return at_most_three_each(n, ret_order, found);
}

static bool dead(const struct eki_directory *d, uint32_t contact)
{
    return eki_directory_contact_state(d, contact)->health == EKI_HEALTH_DEAD;
}

/* 0 at the department itself, 1 above it ..., 50 for the team, 100 anywhere in it; -1 another team. */
static int distance(const struct eki_directory *d, const struct eki_contact_point *c,
                    const struct eki_network *n)
{
    size_t count;
    const struct eki_department *x = eki_directory_departments(d, &count);
    int steps = 0;
    if (c->team_at != n->team_at) return -1;
    for (uint32_t at = n->department_at; at != EKI_NOWHERE; at = x[at].parent_at, steps++)
        if (c->department_at == at) return steps;
    return c->department_at == EKI_NOWHERE ? 50 : 100;
}

static uint32_t best_contact(const struct eki_directory *d, const struct eki_network *n, bool living)
{
    size_t count;
    const struct eki_contact_point *c = eki_directory_contacts(d, &count);
    uint32_t best = EKI_NOWHERE;
    long best_rank = 0;
    for (uint32_t i = 0; i < count; i++) {
        int far = distance(d, &c[i], n);
        if (far < 0 || (living && dead(d, i))) continue;
        long rank = far * 1000L + c[i].role * 100L + c[i].medium * 10L + (c[i].record.source != NULL);
        if (best == EKI_NOWHERE || rank < best_rank) best = i, best_rank = rank;
    }
    return best;
}

/* Owner and contact, the slow way. */
static struct eki_owner look(const struct eki_directory *d, const struct eki_question *q)
{
    uint32_t order[400];
    size_t count, all, owner = 0;
    const struct eki_network *n = networks_of(d, &all);
    count = candidates(d, q, order);
    if (!count) return (struct eki_owner){EKI_NOWHERE, EKI_NOWHERE};
    if (n[order[0]].has_prefix && n[order[0]].record.source)
        for (size_t i = 1; i < count && n[order[i]].has_prefix && !owner; i++)
            if (n[order[i]].whole) owner = i;
    struct eki_owner found = {order[owner], best_contact(d, &n[order[owner]], true)};
    for (size_t i = owner + 1; i < count && found.contact == EKI_NOWHERE; i++)
        found.contact = best_contact(d, &n[order[i]], true);
    if (found.contact == EKI_NOWHERE) found.contact = best_contact(d, &n[order[owner]], false);
    return found;
}

static void expect(const struct eki_directory *d, const struct eki_question *q)
{
    struct eki_answer answer;
    struct eki_owner slow = look(d, q), fast;
    assert_int_equal(eki_directory_ask(d, q, &answer), EKI_OK);
    assert_int_equal(answer.network, slow.network);
    assert_int_equal(answer.contact, slow.contact);
    if (!q->address || q->domain || q->asn || q->country) return;
    eki_directory_find(d, q->address, 1, &fast);
    assert_int_equal(fast.network, slow.network);
    assert_int_equal(fast.contact, slow.contact);
}

static void random_directories(void **state)
{
    (void)state;
    unsigned decided = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct eki_directory *d = random_directory(seed, (unsigned)(seed % 10) * 16);
        struct eki_random random = eki_random_from(seed + 1000);
        for (int i = 0; i < 120; i++) {
            struct eki_address address = random_address(&random);
            char domain[64];
            struct eki_question q = {.address = i % 4 ? &address : NULL};
            if (i % 4 == 0 || i % 4 == 1) q.domain = random_domain(&random, domain);
            if (i % 5 == 0) q.asn = 64500 + (uint32_t)eki_random_below(&random, 5);
            if (i % 7 == 0) q.country = "AT";
            expect(d, &q);
            struct eki_owner owner = look(d, &q);
            decided += owner.network != EKI_NOWHERE;
        }
        eki_directory_free(d);
    }
    assert_true(decided > 4000); /* the comparison was about something */
}

/* Edges of every prefix: its first and last address and the ones beside it. */
static void edges(void **state)
{
    (void)state;
    for (uint64_t seed = 101; seed <= 112; seed++) {
        struct eki_directory *d = random_directory(seed, 120);
        size_t count;
        const struct eki_network *n = networks_of(d, &count);
        for (size_t i = 0; i < count; i++) {
            if (!n[i].has_prefix) continue;
            struct eki_address first = n[i].prefix.base, last = first;
            unsigned bits = n[i].prefix.bits;
            if (bits < 64) last.hi |= bits ? UINT64_MAX >> bits : UINT64_MAX;
            if (bits <= 64) last.lo = UINT64_MAX;
            if (bits > 64 && bits < 128) last.lo |= UINT64_MAX >> (bits - 64);
            struct eki_address around[] = {
                first, last, {first.hi - !first.lo, first.lo - 1}, {last.hi + !(last.lo + 1), last.lo + 1}};
            for (int k = 0; k < 4; k++) {
                struct eki_question q = {.address = &around[k]};
                expect(d, &q);
            }
        }
        eki_directory_free(d);
    }
}

static struct eki_directory *read_text(const char *text)
{
    struct eki_directory *d;
    struct eki_fault fault = {0};
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    enum eki_error error = eki_directory_read_memory(d, text, strlen(text), &fault);
    if (!error) error = eki_directory_settle(d, RANDOM_NOW, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return d;
}

static const char story[] =
    "{\"schema\":\"ekigaku.directory/1\"}\n"
    "{\"kind\":\"team\",\"id\":\"a\",\"name\":\"A\"}\n{\"kind\":\"team\",\"id\":\"b\",\"name\":\"B\"}\n"
    "{\"kind\":\"team\",\"id\":\"nat\",\"name\":\"National\"}\n"
    "{\"kind\":\"contact\",\"id\":\"ca\",\"team\":\"a\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"a@example.jp\",\"bounces\":2,"
    "\"bounced\":\"2026-01-01T00:00:00Z\"}\n"
    "{\"kind\":\"contact\",\"id\":\"cb\",\"team\":\"b\",\"role\":\"abuse\",\"medium\":\"email\",\"address\":\"b@example.jp\","
    "\"verified\":\"2026-08-01T00:00:00Z\"}\n"
    "{\"kind\":\"contact\",\"id\":\"cn\",\"team\":\"nat\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"n@example.jp\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/25\",\"team\":\"a\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"b\",\"source\":\"ripe\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/25\",\"team\":\"b\",\"source\":\"ripe\"}\n"
    "{\"kind\":\"network\",\"prefix\":\"198.51.100.0/24\",\"in_country\":\"JP\"}\n"
    "{\"kind\":\"network\",\"country\":\"JP\",\"team\":\"nat\"}\n"
    "{\"kind\":\"network\",\"domain\":\"co.jp\",\"team\":\"b\",\"source\":\"ti\"}\n"
    "{\"kind\":\"annotation\",\"team\":\"a\",\"text\":\"on holiday\",\"condition\":\"port=445 proto=tcp\",\"inhibit\":true}\n"
    "{\"kind\":\"annotation\",\"team\":\"a\",\"text\":\"long over\",\"expires\":\"2020-01-01T00:00:00Z\"}\n";

static void ask(const struct eki_directory *d, const char *line, struct eki_answer *ret_answer)
{
    struct eki_question_text q;
    struct eki_fault fault = {0};
    if (eki_question_parse(line, &q, &fault)) fail_msg("%s: %s", line, fault.what);
    assert_int_equal(eki_directory_ask(d, &q.question, ret_answer), EKI_OK);
}

/* What a notifier meets: an owner who cannot be reached, an address nobody claims, a name under co.jp. */
static void told(void **state)
{
    (void)state;
    struct eki_directory *d = read_text(story);
    struct eki_answer a;
    ask(d, "192.0.2.9", &a);
    assert_int_equal(a.team, eki_directory_team(d, "a"));
    assert_int_equal(a.first, 0);
    assert_int_equal(a.contact, 1); /* the second choice: team b covers it too */
    assert_int_equal(a.claim_count, 3);
    assert_int_equal(a.claims[0].verdict, EKI_CLAIM_OWNER);
    assert_int_equal(a.claims[1].verdict, EKI_CLAIM_SECOND);
    assert_int_equal(a.claims[2].verdict, EKI_CLAIM_SHORTER);
    assert_false(a.inhibited);
    assert_int_equal(a.remark_count, 0);
    ask(d, "192.0.2.9 port=445 proto=tcp", &a);
    assert_true(a.inhibited);
    assert_int_equal(a.remark_count, 1);
    ask(d, "198.51.100.7", &a);
    assert_int_equal(a.team, eki_directory_team(d, "nat"));
    assert_string_equal(a.country, "JP");
    ask(d, "www.stranger.co.jp", &a);
    assert_int_equal(a.team, eki_directory_team(d, "nat")); /* the last resort of .jp, not who claims co.jp */
    assert_int_equal(a.claims[0].verdict, EKI_CLAIM_GUARDED);
    ask(d, "203.0.113.1", &a);
    assert_int_equal(a.network, EKI_NOWHERE);
    assert_int_equal(a.claim_count, 0);
    eki_directory_free(d);
}

static void questions(void **state)
{
    (void)state;
    struct eki_question_text q;
    assert_int_equal(eki_question_parse("2001:db8::1 www.Example.jp AS64500 jp port=445", &q, NULL), EKI_OK);
    assert_int_equal(q.question.asn, 64500);
    assert_string_equal(q.question.domain, "www.Example.jp");
    assert_string_equal(q.question.facts[0], "port=445");
    static const char *const bad[] = {
        "",          "port=445",   "10.0.0.1 10.0.0.2",
        "999.1.1.1", "a..b",       "-a.example",
        "AS0",       "10.0.0.0/8", "a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 10.0.0.1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(eki_question_parse(bad[i], &q, NULL), EKI_ERROR_ARGUMENT);
}

static void domains(void **state)
{
    (void)state;
    char domain[256];
    assert_int_equal(eki_domain_canonical("WWW.Example.JP.", domain), EKI_OK);
    assert_string_equal(domain, "www.example.jp");
    static const char *const bad[] = {"",    ".",      "a-.jp",   "-a.jp",          "a..jp",
                                      ".jp", "a b.jp", "1.2.3.4", "\xe6\x97\xa5.jp"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(eki_domain_canonical(bad[i], domain), EKI_ERROR_ARGUMENT);
    assert_true(eki_domain_is_public("co.jp"));
    assert_true(eki_domain_is_public("jp"));
    assert_false(eki_domain_is_public("example.co.jp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_directories), cmocka_unit_test(edges),
                                       cmocka_unit_test(told), cmocka_unit_test(questions),
                                       cmocka_unit_test(domains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
