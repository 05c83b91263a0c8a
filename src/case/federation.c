/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles of other installs: who signed them, whom they are for, and into the desk with them. */
#include "ekigaku/federation.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "case/desk_offer.h"

enum { DIGITS = EKI_BUNDLE_KEY * 2 };

enum eki_tlp_audience eki_federation_audience(unsigned from, unsigned to, bool own)
{
    if (own) return EKI_AUDIENCE_NAMED;
    return from > to && to > 0 ? EKI_AUDIENCE_CLIENTS : EKI_AUDIENCE_COMMUNITY;
}

static bool is_gone(const struct eki_team *team, eki_time now)
{
    eki_time left = eki_date_time(team->left);
    return left != EKI_TIME_NONE && left <= now;
}

/* May bundles be signed with it now? */
static bool is_good(const struct eki_directory *directory, const struct eki_key *key)
{
    size_t count;
    eki_time now = eki_directory_now(directory), ends = eki_date_time(key->expires);
    if (key->type != EKI_KEY_BUNDLE || key->team_at == EKI_NOWHERE) return false;
    if (ends != EKI_TIME_NONE && ends <= now) return false;
    return !is_gone(&eki_directory_teams(directory, &count)[key->team_at], now);
}

/* The team of a key; EKI_NOWHERE when two teams have it: nobody can tell then who signed. */
static uint32_t team_of(const struct eki_directory *directory, const char *fingerprint)
{
    size_t count;
    const struct eki_key *keys = eki_directory_records(directory, EKI_RECORD_KEY, &count);
    uint32_t team = EKI_NOWHERE;
    for (size_t i = 0; i < count; i++) {
        if (!is_good(directory, &keys[i]) || strcmp(keys[i].fingerprint, fingerprint) != 0) continue;
        if (team != EKI_NOWHERE && team != keys[i].team_at) return EKI_NOWHERE;
        team = keys[i].team_at;
    }
    return team;
}

uint32_t eki_federation_signer(const struct eki_directory *directory, const uint8_t key[EKI_BUNDLE_KEY])
{
    char text[DIGITS + 1];
    sodium_bin2hex(text, sizeof text, key, EKI_BUNDLE_KEY);
    for (char *c = text; *c; c++)
        if (*c >= 'a' && *c <= 'f') *c = (char)(*c - 'a' + 'A');
    return team_of(directory, text);
}

enum eki_error eki_federation_keys(const struct eki_directory *directory, uint8_t **ret_keys,
                                   size_t *ret_count)
{
    size_t count, found = 0;
    const struct eki_key *keys = eki_directory_records(directory, EKI_RECORD_KEY, &count);
    uint8_t *bytes = eki_allocate(count + 1, EKI_BUNDLE_KEY);
    if (!bytes) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        size_t length;
        if (!is_good(directory, &keys[i]) || team_of(directory, keys[i].fingerprint) == EKI_NOWHERE) continue;
        if (!sodium_hex2bin(bytes + found * EKI_BUNDLE_KEY, EKI_BUNDLE_KEY, keys[i].fingerprint, DIGITS, NULL,
                            &length, NULL) &&
            length == EKI_BUNDLE_KEY)
            found++;
    }
    *ret_keys = bytes;
    *ret_count = found;
    return EKI_OK;
}

void eki_federation_keys_done(uint8_t *keys)
{
    eki_free(keys);
}

bool eki_federation_is_bundle(const char *bytes, size_t length)
{
    static const char head[] = "{\"schema\":\"ekigaku.bundle/";
    return length >= sizeof head - 1 && !memcmp(bytes, head, sizeof head - 1);
}

static enum eki_error read_signed(const struct eki_federation_bundle *handed, struct eki_bundle *ret_bundle,
                                  struct eki_fault *fault)
{
    struct eki_bundle_trust trust;
    uint8_t *keys;
    enum eki_error error = eki_federation_keys(handed->directory, &keys, &trust.count);
    if (error) return error;
    trust.keys = keys;
    error = eki_bundle_read(handed->bytes, handed->length, &trust, ret_bundle, fault);
    eki_federation_keys_done(keys);
    return error;
}

static enum eki_error check_recipient(struct eki_store_work *work, const struct eki_bundle *bundle,
                                      struct eki_fault *fault)
{
    const char *own;
    enum eki_error error = eki_store_chosen(work, EKI_FEDERATION_OWN, "", &own);
    if (error || !*own || !*bundle->to || !strcmp(own, bundle->to)) return error;
    return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "it is meant for %.80s, and this is the desk of %.60s",
                         bundle->to, own);
}

/* The records of the directory; a bundle that is old proposes nothing. One whose incident is refused may hold
 * records only: they are proposed, and a person decides. */
static enum eki_error offer(struct eki_store_work *work, const struct eki_store_act *act,
                            const struct eki_bundle *bundle, struct eki_federation_outcome *outcome)
{
    char why[EKI_BUNDLE_TEAM + 40];
    struct eki_desk_offer made = {.lines = bundle->records, .why = why, .team = outcome->team};
    if (!bundle->records || outcome->reception.answer == EKI_RECEIVE_OLD) return EKI_OK;
    snprintf(why, sizeof why, "out of a bundle of %s", outcome->team);
    enum eki_error error = eki_desk_offer(work, act, &made);
    outcome->proposed = made.proposed;
    outcome->known = made.known;
    outcome->refused = made.refused;
    snprintf(outcome->why, sizeof outcome->why, "%s", made.told);
    return error;
}

static enum eki_error take_in(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_federation_bundle *handed, const struct eki_bundle *bundle,
                              struct eki_federation_outcome *outcome)
{
    size_t count;
    char sender[DIGITS + 8] = "key ";
    uint32_t at = eki_federation_signer(handed->directory, bundle->signer);
    if (at == EKI_NOWHERE) return EKI_ERROR_MISSING;
    const struct eki_team *team = &eki_directory_teams(handed->directory, &count)[at];
    sodium_bin2hex(sender + 4, sizeof sender - 4, bundle->signer, EKI_BUNDLE_KEY);
    snprintf(outcome->team, sizeof outcome->team, "%s", team->id);
    const struct eki_receive_origin origin = {.way = "bundle",
                                              .form = "incident",
                                              .team = outcome->team,
                                              .sender = sender,
                                              .tier = team->tier,
                                              .proven = true,
                                              .made = bundle->made / 1000,
                                              .labelled = true,
                                              .label = bundle->label,
                                              .directory = handed->directory,
                                              .catalogue = handed->catalogue};
    enum eki_error error = eki_case_receive(work, act, bundle->incident, &origin, &outcome->reception);
    return error ? error : offer(work, act, bundle, outcome);
}

enum eki_error eki_federation_receive(struct eki_store_work *work, const struct eki_store_act *act,
                                      const struct eki_federation_bundle *handed,
                                      struct eki_federation_outcome *ret_outcome, struct eki_fault *ret_fault)
{
    struct eki_bundle bundle = {0};
    struct eki_federation_outcome outcome = {0};
    enum eki_error error = read_signed(handed, &bundle, ret_fault);
    if (error) return error;
    error = check_recipient(work, &bundle, ret_fault);
    if (!error) error = take_in(work, act, handed, &bundle, &outcome);
    eki_bundle_done(&bundle);
    if (!error) *ret_outcome = outcome;
    return error;
}
