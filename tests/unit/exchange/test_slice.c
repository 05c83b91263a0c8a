/* SPDX-License-Identifier: Apache-2.0 */
/* Random incidents shared out among random owners: together the slices hold every host once, and no form that
 * is written of one holds the name of a host of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "support_incident.h"

enum { HOSTS = 60, OWNERS = 5, ROUNDS = 20 };

/* Numerical Recipes' linear congruential generator: enough to shuffle a test, and the same everywhere. */
static uint32_t draw(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)((uint64_t)*state * below >> 32);
}

/* Addresses of which one is the beginning of another (10.0.0.1, 10.0.0.11), IPv6, and names. */
static const char *name_of(unsigned host, char ret_name[64])
{
    if (host % 3 == 0)
        snprintf(ret_name, 64, "10.0.%u.%u", host / 20, host % 20 * 11 + 1);
    else if (host % 3 == 1)
        snprintf(ret_name, 64, "2001:db8::%x", host);
    else
        snprintf(ret_name, 64, "host-%u.example.net", host);
    return ret_name;
}

static struct eki_incident *random_incident(uint32_t *state)
{
    char *text = NULL, a[64], b[64], c[64];
    size_t length;
    FILE *out = open_memstream(&text, &length);
    fprintf(
        out,
        "{\"schema\":\"ekigaku.incident/1\",\"title\":\"seen first on %s\",\"summary\":\"isolate .1 and %s\",",
        name_of(3, a), name_of(4, b));
    fprintf(
        out,
        "\"family\":\"x\",\"reporter\":{\"name\":\"r\",\"mail\":\"r@example.org\",\"domain\":\"example.org\"},\"hosts\":[");
    for (unsigned i = 0; i < HOSTS; i++)
        fprintf(
            out,
            "%s{\"host\":\"%s\",\"role\":\"infected\",\"first\":\"2020-01-01T00:00:00Z\",\"detail\":\"by %s:445, or %s.\"}",
            i ? "," : "", name_of(i, a), name_of(draw(state, HOSTS), b), name_of(draw(state, HOSTS), c));
    fprintf(out, "],\"edges\":[");
    for (unsigned i = 1; i < HOSTS; i++)
        fprintf(out, "%s{\"from\":\"%s\",\"to\":\"%s\",\"at\":\"2020-01-01T00:00:00Z\"}", i > 1 ? "," : "",
                name_of(draw(state, i), a), name_of(i, b));
    fprintf(
        out,
        "],\"indicators\":[{\"kind\":\"domain\",\"value\":\"kill.example\",\"comment\":\"asked by %s: and %s\",\"detect\":true}",
        name_of(draw(state, HOSTS), a), name_of(draw(state, HOSTS), b));
    for (unsigned i = 0; i < 8; i++)
        fprintf(out, ",{\"kind\":\"address\",\"value\":\"%s\"},{\"kind\":\"url\",\"value\":\"http://%s/x\"}",
                name_of(draw(state, HOSTS), a), name_of(draw(state, HOSTS), b));
    fprintf(out, "],\"events\":[{\"name\":\"%s was taken over\"}],\"tasks\":[{\"name\":\"isolate %s\"}],",
            name_of(draw(state, HOSTS), a), name_of(draw(state, HOSTS), b));
    fprintf(out, "\"impacts\":[{\"category\":\"external\",\"detail\":\"%s\"}],\"teams\":[{\"name\":\"%s\"}]}",
            name_of(draw(state, HOSTS), a), name_of(draw(state, HOSTS), b));
    fclose(out);
    struct eki_incident *incident = incident_as(NULL, text, length);
    free(text);
    assert_int_equal(incident->host_count, HOSTS);
    return incident;
}

struct sharing {
    const struct eki_incident *whole;
    unsigned owner_of[HOSTS], owner;
};

static unsigned owner_of(const struct sharing *s, const char *name)
{
    for (unsigned i = 0; i < HOSTS; i++)
        if (!strcmp(s->whole->hosts[i].name, name)) return s->owner_of[i];
    fail();
    return 0;
}

static bool is_theirs(void *user, const struct eki_incident_host *host)
{
    const struct sharing *s = user;
    return owner_of(s, host->name) == s->owner;
}

/* The name stands there by itself, not inside a longer one. */
static bool stands_in(const char *text, const char *name)
{
    static const char letters[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    size_t length = strlen(name);
    for (const char *at = text; (at = strstr(at, name)); at++)
        if (!(at > text && strchr(letters, at[-1])) && !(at[length] && strchr(letters, at[length])))
            return true;
    return false;
}

static void check_forms(const struct sharing *s, const struct eki_incident *slice)
{
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    struct eki_tlp_decision all = {true, false, EKI_TLP_RED, EKI_TLP_ALLOWED};
    for (size_t f = 0; formats[f]; f++) {
        size_t length;
        if (!eki_exchange_is_written(formats[f])) continue;
        char *text = written_as(formats[f], slice, &all, &length);
        assert_non_null(text);
        for (unsigned i = 0; i < HOSTS; i++)
            if (s->owner_of[i] != s->owner && stands_in(text, s->whole->hosts[i].name))
                fail_msg("%s tells owner %u of %s", eki_exchange_name(formats[f]), s->owner,
                         s->whole->hosts[i].name);
        free(text);
    }
}

static void shared_out(void **state)
{
    (void)state;
    uint32_t random = 7;
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct sharing s = {.whole = random_incident(&random)};
        size_t hosts = 0;
        for (unsigned i = 0; i < HOSTS; i++) s.owner_of[i] = draw(&random, OWNERS);
        for (s.owner = 0; s.owner < OWNERS; s.owner++) {
            struct eki_incident *slice;
            assert_int_equal(eki_incident_slice(s.whole, is_theirs, &s, &slice), EKI_OK);
            assert_int_equal(eki_incident_validate(slice, NULL), EKI_OK);
            for (size_t i = 0; i < slice->host_count; i++)
                assert_int_equal(owner_of(&s, slice->hosts[i].name), s.owner);
            hosts += slice->host_count;
            assert_true(slice->tlp >= s.whole->tlp);
            assert_int_equal(eki_incident_complete(slice, 0), EKI_OK);
            check_forms(&s, slice);
            eki_incident_free(slice);
        }
        assert_int_equal(hosts, HOSTS); /* with the owners above: each host exactly once */
        eki_incident_free((struct eki_incident *)s.whole);
    }
}

static bool every(void *user, const struct eki_incident_host *host)
{
    (void)user, (void)host;
    return true;
}

/* What is theirs is whole: nothing is withheld from who owns all, but the summary. */
static void all_of_it(void **state)
{
    (void)state;
    struct eki_incident *whole = sample_incident(EKI_TLP_GREEN), *slice;
    assert_int_equal(eki_incident_slice(whole, every, NULL, &slice), EKI_OK);
    assert_int_equal(slice->host_count, whole->host_count);
    assert_int_equal(slice->edge_count, whole->edge_count);
    assert_int_equal(slice->indicator_count, whole->indicator_count);
    assert_string_equal(slice->title, whole->title);
    assert_string_equal(slice->hosts[0].detail, whole->hosts[0].detail);
    assert_string_equal(slice->references[0].id, whole->id);
    assert_true(slice->tlp == EKI_TLP_GREEN && slice->marked);
    assert_null(slice->summary);
    eki_incident_free(slice);
    eki_incident_free(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shared_out), cmocka_unit_test(all_of_it)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
