/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of other desks: who signed them, for whom, and what becomes of the records in them. */
#include "place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk.h"
#include "ekigaku/desk_directory.h"
#include "ekigaku/exchange.h"
#include "ekigaku/federation.h"

enum { LINES = 8000 };

static const struct eki_store_act act = {.at = DESK_NOW / 1000, .who = "tester"};
static struct eki_fault fault;

/* The secret key of somebody, and the public one as the directory has it. */
static void make_seed(char who, uint8_t ret_seed[EKI_BUNDLE_SEED])
{
    memset(ret_seed, who, EKI_BUNDLE_SEED);
}

static const char *fingerprint_of(char who)
{
    static char text[2 * EKI_BUNDLE_KEY + 1];
    uint8_t seed[EKI_BUNDLE_SEED], key[EKI_BUNDLE_KEY];
    make_seed(who, seed);
    eki_bundle_public(seed, key);
    for (size_t i = 0; i < sizeof key; i++) snprintf(text + 2 * i, 3, "%02X", key[i]);
    return text;
}

/* Puts a directory into the store: kawa (tier 2) signs with 'k', umi with 'u' until it expired, mori left,
 * and 'd' stands with two teams. */
static struct eki_directory *make_directory(struct eki_store_work *work)
{
    char lines[LINES] = "{\"schema\":\"ekigaku.directory/1\"}\n"
                        "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\",\"tier\":2}\n"
                        "{\"kind\":\"team\",\"id\":\"umi\",\"name\":\"Umi\",\"tier\":1}\n"
                        "{\"kind\":\"team\",\"id\":\"mori\",\"name\":\"Mori\",\"left\":\"2020-01-01\"}\n"
                        "{\"kind\":\"network\",\"prefix\":\"192.0.2.0/24\",\"team\":\"umi\"}\n";
    static const struct {
        char who;
        const char *team, *more;
    } keys[] = {{'k', "kawa", ""},
                {'u', "umi", ",\"expires\":\"2020-01-01\""},
                {'m', "mori", ""},
                {'d', "kawa", ""},
                {'d', "umi", ""}};
    struct eki_directory *directory, *kept;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        snprintf(lines + strlen(lines), sizeof lines - strlen(lines),
                 "{\"kind\":\"key\",\"team\":\"%s\",\"type\":\"bundle\",\"fingerprint\":\"%s\"%s}\n",
                 keys[i].team, fingerprint_of(keys[i].who), keys[i].more);
    directory = desk_directory(lines);
    struct eki_desk_kept counts;
    assert_int_equal(eki_desk_keep(work, &act, directory, &counts, &fault), EKI_OK);
    eki_directory_free(directory);
    assert_int_equal(eki_desk_directory(work, DESK_NOW, &kept, &fault), EKI_OK);
    return kept;
}

struct wanted {
    char who;
    const char *to, *records;
    int minute;
};

/* A bundle of somebody; to be freed. */
static char *make_bundle(const struct wanted *wanted, size_t *ret_length)
{
    static const char json[] =
        "{\"schema\":\"ekigaku.incident/1\",\"id\":\"w1\",\"title\":\"Worm\",\"tlp\":\"GREEN\","
        "\"hosts\":[{\"host\":\"192.0.2.1\",\"role\":\"infected\"}]}";
    struct eki_incident *incident;
    uint8_t seed[EKI_BUNDLE_SEED];
    char *bytes = NULL;
    assert_int_equal(eki_exchange_read(json, strlen(json), NULL, &incident, &fault), EKI_OK);
    assert_int_equal(eki_incident_complete(incident, DESK_NOW), EKI_OK);
    make_seed(wanted->who, seed);
    const struct eki_bundle_making making = {
        .incident = incident,
        .decision = {.allowed = true, .written = true, .label = EKI_TLP_GREEN},
        .audience = EKI_AUDIENCE_NAMED,
        .made = DESK_NOW + wanted->minute * 60 * EKI_SECOND,
        .seed = seed,
        .to = wanted->to,
        .records = wanted->records};
    FILE *out = open_memstream(&bytes, ret_length);
    assert_non_null(out);
    assert_int_equal(eki_bundle_write(&making, out), EKI_OK);
    fclose(out);
    eki_incident_free(incident);
    return bytes;
}

static enum eki_error hand_in(struct eki_store_work *work, const struct eki_directory *directory,
                              const struct wanted *wanted, struct eki_federation_outcome *ret_outcome)
{
    size_t length;
    char *bytes = make_bundle(wanted, &length);
    assert_true(eki_federation_is_bundle(bytes, length));
    const struct eki_federation_bundle handed = {bytes, length, directory, NULL};
    fault = (struct eki_fault){0};
    enum eki_error error = eki_federation_receive(work, &act, &handed, ret_outcome, &fault);
    free(bytes);
    return error;
}

static void only_of_those_known(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, act.at);
    struct eki_directory *directory = make_directory(work);
    struct eki_federation_outcome outcome;
    uint64_t log = desk_count_all(work, EKI_STORE_AUDIT);
    for (const char *who = "umdx"; *who; who++) { /* expired, left, of two teams, of nobody */
        assert_int_equal(hand_in(work, directory, &(struct wanted){.who = *who}, &outcome),
                         EKI_ERROR_MISSING);
        assert_non_null(strstr(fault.what, "signed by a key that is not trusted"));
    }
    assert_int_equal(desk_count_all(work, EKI_STORE_AUDIT), log);
    assert_int_equal(hand_in(work, directory, &(struct wanted){.who = 'k'}, &outcome), EKI_OK);
    assert_int_equal(outcome.reception.answer, EKI_RECEIVE_OPENED);
    assert_string_equal(outcome.team, "kawa");
    struct eki_store_received row;
    assert_int_equal(eki_store_get(work, &row, outcome.reception.row), EKI_OK);
    assert_string_equal(row.sender, "team kawa");
    assert_int_equal(row.tier, 2);
    assert_true(row.proven);
    struct eki_store_case_host host;
    assert_int_equal(eki_store_find(work, &host, "host", "192.0.2.1"), EKI_OK);
    assert_string_equal(host.team, "umi");
    log = desk_count_all(work, EKI_STORE_AUDIT);
    assert_int_equal(hand_in(work, directory, &(struct wanted){.who = 'k', .minute = 1}, &outcome), EKI_OK);
    assert_int_equal(outcome.reception.answer, EKI_RECEIVE_SAME); /* made anew, the content is the same */
    assert_int_equal(desk_count_all(work, EKI_STORE_AUDIT), log);
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
}

static void only_for_this_desk(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, act.at);
    struct eki_directory *directory = make_directory(work);
    struct eki_federation_outcome outcome;
    const struct wanted to_umi = {.who = 'k', .to = "umi"}, to_us = {.who = 'k', .to = "us", .minute = 1};
    const struct wanted to_all = {.who = 'k', .minute = 2};
    assert_int_equal(hand_in(work, directory, &to_umi, &outcome), EKI_OK); /* nobody said who we are */
    eki_store_end(work);
    work = place_write(store, act.at);
    eki_directory_free(directory);
    directory = make_directory(work);
    assert_int_equal(eki_store_choose(work, EKI_FEDERATION_OWN, "us"), EKI_OK);
    assert_int_equal(hand_in(work, directory, &to_umi, &outcome), EKI_ERROR_CONFLICT);
    assert_non_null(strstr(fault.what, "meant for umi"));
    assert_int_equal(desk_count_all(work, EKI_STORE_CASE), 0);
    assert_int_equal(hand_in(work, directory, &to_us, &outcome), EKI_OK);
    assert_int_equal(hand_in(work, directory, &to_all, &outcome), EKI_OK);
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
}

/* What a bundle says of the directory waits for a person, once. */
static void records_become_proposals(void **state)
{
    char records[LINES];
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, act.at);
    struct eki_directory *directory = make_directory(work);
    struct eki_federation_outcome outcome;
    uint64_t rows = desk_count_all(work, EKI_STORE_DIRECTORY_RECORD);
    snprintf(
        records, sizeof records,
        "{\"kind\":\"team\",\"id\":\"sora\",\"name\":\"Sora\",\"source\":\"x\",\"entered\":\"2020-01-01T00:00:00Z\"}\n"
        "{\"kind\":\"contact\",\"id\":\"sora-poc\",\"team\":\"sora\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"poc@sora.example\"}\n"
        "{\"kind\":\"team\",\"id\":\"umi\",\"name\":\"Umi CSIRT\",\"tier\":1}\n"
        "{\"kind\":\"team\",\"id\":\"kawa\",\"name\":\"Kawa\",\"tier\":2}\n"
        "{\"kind\":\"key\",\"team\":\"umi\",\"type\":\"bundle\",\"fingerprint\":\"%s\"}\n"
        "{\"kind\":\"check\",\"contact\":\"sora-poc\",\"sent\":\"2026-01-01T00:00:00Z\"}\n"
        "nonsense\n",
        fingerprint_of('x'));
    const struct wanted wanted = {.who = 'k', .records = records};
    assert_int_equal(hand_in(work, directory, &wanted, &outcome), EKI_OK);
    assert_int_equal(outcome.proposed, 3); /* two that are new, one that differs */
    assert_int_equal(outcome.known, 1);
    assert_int_equal(outcome.refused, 3);
    assert_non_null(strstr(outcome.why, "its own team only"));
    assert_int_equal(desk_count_all(work, EKI_STORE_DIRECTORY_RECORD), rows);
    struct eki_store_proposal proposal;
    assert_int_equal(eki_store_find(work, &proposal, "why", "out of a bundle of kawa"), EKI_OK);
    assert_null(strstr(proposal.line, "entered"));
    assert_int_equal(proposal.account, 0);
    assert_int_equal(eki_proposal_approve(work, &act, proposal.id, NULL, &fault), EKI_OK);
    assert_int_equal(hand_in(work, directory, &wanted, &outcome), EKI_OK); /* again: nothing */
    assert_int_equal(outcome.proposed, 0);
    assert_int_equal(outcome.known, 4);
    const struct wanted loose = {
        .who = 'k',
        .minute = 2,
        .records =
            "{\"kind\":\"contact\",\"id\":\"z\",\"team\":\"nobody\",\"role\":\"poc\",\"medium\":\"email\",\"address\":\"a@b.example\"}"};
    assert_int_equal(hand_in(work, directory, &loose, &outcome), EKI_OK); /* of a team that is not there */
    assert_int_equal(outcome.proposed, 0);
    assert_int_equal(outcome.refused, 1);
    assert_int_equal(desk_count_all(work, EKI_STORE_PROPOSAL), 3);
    eki_directory_free(directory);
    eki_store_end(work);
    eki_store_close(store);
}

/* Up, down and sideways, under every label: what came from others goes no farther than its label says. */
static void tiers_and_labels(void **state)
{
    (void)state;
    for (unsigned from = 0; from <= 3; from++)
        for (unsigned to = 0; to <= 3; to++)
            for (int label = 0; label < EKI_TLP_COUNT; label++) {
                bool down = from > to && to, allowed[2];
                for (int own = 0; own < 2; own++)
                    allowed[own] = eki_tlp_decide(&(struct eki_tlp_request){
                                                      .label = (enum eki_tlp)label,
                                                      .way = EKI_TLP_EXPORT,
                                                      .audience = eki_federation_audience(from, to, own),
                                                      .carries = EKI_TLP_ALL})
                                       .allowed;
                assert_true(allowed[1]);
                assert_int_equal(allowed[0], label <= (down ? EKI_TLP_AMBER : EKI_TLP_GREEN));
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(only_of_those_known), PLACE_BOTH(only_for_this_desk),
                                       PLACE_BOTH(records_become_proposals),
                                       cmocka_unit_test(tiers_and_labels)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
