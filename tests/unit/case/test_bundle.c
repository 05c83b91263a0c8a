/* SPDX-License-Identifier: Apache-2.0 */
/* Signed bundles: what is not whole, not of somebody trusted, or not as it was signed is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/bundle.h"
#include "ekigaku/exchange.h"

static const uint8_t seed[EKI_BUNDLE_SEED] = {1, 2, 3}, other_seed[EKI_BUNDLE_SEED] = {9};

static struct eki_incident *make_incident(enum eki_tlp label)
{
    static const char facts[] =
        "{\"schema\":\"ekigaku.incident/1\",\"title\":\"Worm on tcp/445\",\"hosts\":[{\"host\":\"192.0.2.1\","
        "\"role\":\"infected\",\"first\":\"2026-11-28T00:00:00.000000Z\",\"last\":\"2026-11-28T00:00:00.000000Z\"}]}";
    struct eki_incident *incident;
    struct eki_fault fault = {0};
    enum eki_error error =
        eki_exchange_read(facts, sizeof facts - 1, eki_exchange_find("incident"), &incident, &fault);
    if (error) fail_msg("%s", fault.what);
    eki_incident_mark(incident, label);
    assert_int_equal(eki_incident_complete(incident, EKI_SECOND), EKI_OK);
    return incident;
}

/* The error of making one; its bytes when there is none. */
static enum eki_error make(enum eki_tlp label, enum eki_tlp_audience audience, char **ret_bytes,
                           size_t *ret_length)
{
    struct eki_incident *incident = make_incident(label);
    struct eki_bundle_making making = {.incident = incident,
                                       .decision = {.allowed = true, .written = true, .label = label},
                                       .audience = audience,
                                       .made = 1000 * EKI_SECOND,
                                       .seed = seed};
    FILE *out = open_memstream(ret_bytes, ret_length);
    enum eki_error error = eki_bundle_write(&making, out);
    fclose(out);
    eki_incident_free(incident);
    return error;
}

static enum eki_error read_by(const uint8_t *trusted, const char *bytes, size_t length,
                              struct eki_bundle *ret_bundle)
{
    uint8_t keys[2 * EKI_BUNDLE_KEY] = {0};
    struct eki_fault fault = {0};
    eki_bundle_public(trusted, keys + EKI_BUNDLE_KEY);
    enum eki_error error =
        eki_bundle_read(bytes, length, &(struct eki_bundle_trust){keys, 2}, ret_bundle, &fault);
    assert_true(!error || fault.what[0]);
    return error;
}

static void test_round_trip(void **state)
{
    char *bytes, *again;
    size_t length, length_again;
    struct eki_bundle bundle = {0};
    uint8_t key[EKI_BUNDLE_KEY];
    (void)state;
    assert_int_equal(make(EKI_TLP_GREEN, EKI_AUDIENCE_COMMUNITY, &bytes, &length), EKI_OK);
    assert_int_equal(make(EKI_TLP_GREEN, EKI_AUDIENCE_COMMUNITY, &again, &length_again), EKI_OK);
    assert_int_equal(length, length_again);
    assert_memory_equal(bytes, again, length);
    assert_int_equal(read_by(seed, bytes, length, &bundle), EKI_OK);
    eki_bundle_public(seed, key);
    assert_memory_equal(bundle.signer, key, sizeof key);
    assert_int_equal(bundle.label, EKI_TLP_GREEN);
    assert_int_equal(bundle.audience, EKI_AUDIENCE_COMMUNITY);
    assert_int_equal(bundle.made, 1000 * EKI_SECOND);
    assert_string_equal(bundle.incident->title, "Worm on tcp/445");
    assert_int_equal(bundle.incident->host_count, 1);
    eki_bundle_done(&bundle);
    free(bytes);
    free(again);
}

static void test_every_changed_byte_is_refused(void **state)
{
    char *bytes;
    size_t length;
    struct eki_bundle bundle = {0};
    (void)state;
    assert_int_equal(make(EKI_TLP_AMBER, EKI_AUDIENCE_CLIENTS, &bytes, &length), EKI_OK);
    for (size_t i = 0; i < length; i++) {
        /* Hexadecimal digits may be capital letters: the case bit is not part of what they mean. */
        char mask = bytes[i] >= 'a' && bytes[i] <= 'f' ? 1 : 0x20;
        bytes[i] = (char)(bytes[i] ^ mask);
        if (!read_by(seed, bytes, length, &bundle)) fail_msg("byte %zu of %zu was changed", i, length);
        bytes[i] = (char)(bytes[i] ^ mask);
    }
    for (size_t cut = 0; cut < length; cut++)
        assert_int_not_equal(read_by(seed, bytes, cut, &bundle), EKI_OK);
    assert_null(bundle.incident);
    free(bytes);
}

static void test_others_keys(void **state)
{
    char *bytes;
    size_t length;
    struct eki_bundle bundle = {0};
    struct eki_fault fault = {0};
    (void)state;
    assert_int_equal(make(EKI_TLP_CLEAR, EKI_AUDIENCE_WORLD, &bytes, &length), EKI_OK);
    assert_int_equal(read_by(other_seed, bytes, length, &bundle), EKI_ERROR_MISSING);
    assert_int_equal(eki_bundle_read(bytes, length, &(struct eki_bundle_trust){NULL, 0}, &bundle, &fault),
                     EKI_ERROR_MISSING);
    free(bytes);
}

/* No label reaches an audience that it does not permit. */
static void test_label_and_audience(void **state)
{
    (void)state;
    for (int label = 0; label < EKI_TLP_COUNT; label++)
        for (int audience = 0; audience < EKI_AUDIENCE_COUNT; audience++) {
            char *bytes;
            size_t length;
            struct eki_bundle bundle = {0};
            bool permitted = audience <= (int)eki_tlp_reach((enum eki_tlp)label);
            enum eki_error error =
                make((enum eki_tlp)label, (enum eki_tlp_audience)audience, &bytes, &length);
            assert_int_equal(error, permitted ? EKI_OK : EKI_ERROR_ARGUMENT);
            if (permitted)
                assert_int_equal(read_by(seed, bytes, length, &bundle), EKI_OK);
            else
                assert_int_equal(length, 0);
            eki_bundle_done(&bundle);
            free(bytes);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip), cmocka_unit_test(test_every_changed_byte_is_refused),
        cmocka_unit_test(test_others_keys), cmocka_unit_test(test_label_and_audience)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
