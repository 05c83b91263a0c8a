/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a bundle; and as what a trusted signer put its name to, so that what lies behind the signature
 * is reached too. */
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/bundle.h"

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void read_it(const char *bytes, size_t length, const uint8_t key[EKI_BUNDLE_KEY])
{
    struct eki_bundle bundle = {0};
    struct eki_fault fault = {0};
    enum eki_error error =
        eki_bundle_read(bytes, length, &(struct eki_bundle_trust){key, 1}, &bundle, &fault);
    if (!error && (bundle.incident->tlp != bundle.label || bundle.audience > eki_tlp_reach(bundle.label)))
        abort();
    if (error && (bundle.incident || bundle.records)) abort();
    eki_bundle_done(&bundle);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    static const char head[] =
        "{\"schema\":\"ekigaku.bundle/1\",\"label\":\"GREEN\",\"audience\":\"community\",\"made\":\"2026-11-28T00:00:00Z\"}\n";
    static const char with_records[] =
        "{\"schema\":\"ekigaku.bundle/1\",\"label\":\"GREEN\",\"audience\":\"community\",\"made\":\"2026-11-28T00:00:00Z\","
        "\"to\":\"umi\",\"records\":2}\n";
    uint8_t seed[EKI_BUNDLE_SEED] = {7}, key[EKI_BUNDLE_KEY], secret[crypto_sign_SECRETKEYBYTES],
            signature[crypto_sign_BYTES];
    char key_text[2 * EKI_BUNDLE_KEY + 1], signature_text[2 * crypto_sign_BYTES + 1];
    bool records = length && bytes[0] & 2;
    size_t head_length = !length || !(bytes[0] & 1) ? 0 : records ? sizeof with_records - 1 : sizeof head - 1;
    char *whole = malloc(length + sizeof with_records + 300);
    if (!whole) return 0;
    crypto_sign_seed_keypair(key, secret, seed);
    read_it((const char *)bytes, length, key);
    memcpy(whole, records ? with_records : head, head_length);
    if (length) memcpy(whole + head_length, bytes + 1, length - 1);
    size_t body = head_length + (length ? length - 1 : 0);
    whole[body++] = '\n';
    crypto_sign_detached(signature, NULL, (const uint8_t *)whole, body, secret);
    sodium_bin2hex(key_text, sizeof key_text, key, sizeof key);
    sodium_bin2hex(signature_text, sizeof signature_text, signature, sizeof signature);
    int more = snprintf(whole + body, 300, "ed25519 %s %s\n", key_text, signature_text);
    read_it(whole, body + (size_t)more, key);
    free(whole);
    return 0;
}
