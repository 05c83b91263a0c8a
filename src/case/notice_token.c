/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens of answer links and Message-IDs: what only this store can have made. HMAC-SHA-512-256 of libsodium
 * (RFC 2104), cut to 128 bits: a forger who tries a billion a second needs longer than the universe. */
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/notice.h"

#define SETTING "secret.answer"

enum { MAC = 16, BODY = 16, WHOLE = BODY + MAC, STEP_BITS = 16 };

static void put(uint8_t *bytes, uint64_t value)
{
    for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

static uint64_t take(const uint8_t *bytes)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

/* What it is for stands in front of what is signed: a Message-ID is never a token. */
static void sign(const uint8_t *secret, char purpose, const uint8_t body[BODY], uint8_t ret_mac[MAC])
{
    uint8_t whole[1 + BODY], mac[crypto_auth_hmacsha512256_BYTES];
    static const uint8_t zeros[EKI_ANSWER_SECRET];
    whole[0] = (uint8_t)purpose;
    memcpy(whole + 1, body, BODY);
    crypto_auth_hmacsha512256(mac, whole, sizeof whole, secret ? secret : zeros);
    memcpy(ret_mac, mac, MAC);
}

void eki_notice_token(const uint8_t secret[EKI_ANSWER_SECRET], int64_t notice, int64_t expires,
                      char ret_token[EKI_ANSWER_TOKEN])
{
    uint8_t whole[WHOLE];
    put(whole, (uint64_t)notice);
    put(whole + 8, (uint64_t)(expires / 1000000));
    sign(secret, 'a', whole, whole + BODY);
    sodium_bin2base64(ret_token, EKI_ANSWER_TOKEN, whole, WHOLE, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum eki_error eki_notice_token_check(const uint8_t secret[EKI_ANSWER_SECRET], const char *token, int64_t now,
                                      int64_t *ret_notice)
{
    uint8_t whole[WHOLE], mac[MAC];
    size_t length;
    if (strlen(token) != EKI_ANSWER_TOKEN - 1 ||
        sodium_base642bin(whole, WHOLE, token, EKI_ANSWER_TOKEN - 1, NULL, &length, NULL,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) ||
        length != WHOLE)
        return EKI_ERROR_CORRUPT;
    sign(secret, 'a', whole, mac);
    if (sodium_memcmp(mac, whole + BODY, MAC)) return EKI_ERROR_CORRUPT;
    *ret_notice = (int64_t)take(whole);
    return (int64_t)take(whole + 8) > now / 1000000 ? EKI_OK : EKI_ERROR_STOPPED;
}

void eki_notice_message_id(const uint8_t *secret, const struct eki_store_notice *notice, const char *domain,
                           char ret_id[EKI_NOTICE_MESSAGE_ID])
{
    uint8_t body[BODY], mac[MAC];
    char text[MAC * 2 + 1];
    uint64_t attempt = (uint64_t)notice->step << STEP_BITS | (uint64_t)notice->attempts;
    put(body, (uint64_t)notice->id);
    put(body + 8, attempt);
    sign(secret, 'm', body, mac);
    snprintf(ret_id, EKI_NOTICE_MESSAGE_ID, "n%" PRId64 ".%" PRIu64 ".%s@%.253s", notice->id, attempt,
             sodium_bin2hex(text, sizeof text, mac, MAC), domain);
}

/* Digits up to a point; moves behind it. */
static bool read_number(const char **text, uint64_t *ret_value)
{
    uint64_t value = 0;
    const char *at = *text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(value, 10U, &value) ||
            __builtin_add_overflow(value, (unsigned)(*at - '0'), &value))
            return false;
    if (at == *text || *at != '.') return false;
    *text = at + 1;
    *ret_value = value;
    return true;
}

int64_t eki_notice_of_message(const uint8_t secret[EKI_ANSWER_SECRET], const char *message_id)
{
    uint8_t body[BODY], mac[MAC], said[MAC];
    uint64_t notice, attempt;
    size_t length;
    const char *at = message_id + (*message_id == '<');
    if (*at++ != 'n' || !read_number(&at, &notice) || !read_number(&at, &attempt) || notice > INT64_MAX)
        return 0;
    size_t digits = strspn(at, "0123456789abcdef");
    if (digits != MAC * 2 || at[digits] != '@' ||
        sodium_hex2bin(said, MAC, at, digits, NULL, &length, NULL) || length != MAC)
        return 0;
    put(body, notice);
    put(body + 8, attempt);
    sign(secret, 'm', body, mac);
    return sodium_memcmp(mac, said, MAC) ? 0 : (int64_t)notice;
}

enum eki_error eki_notice_secret(struct eki_store_work *work, const uint8_t fresh[EKI_ANSWER_SECRET],
                                 uint8_t ret_secret[EKI_ANSWER_SECRET])
{
    char text[EKI_ANSWER_SECRET * 2 + 1];
    const char *kept;
    size_t length;
    enum eki_error error = eki_store_chosen(work, SETTING, "", &kept);
    if (error) return error;
    if (!kept[0] && !fresh) return EKI_ERROR_MISSING;
    if (!kept[0]) {
        sodium_bin2hex(text, sizeof text, fresh, EKI_ANSWER_SECRET);
        error = eki_store_choose(work, SETTING, text);
        if (error) return error;
        kept = text;
    }
    bool whole = !sodium_hex2bin(ret_secret, EKI_ANSWER_SECRET, kept, strlen(kept), NULL, &length, NULL) &&
                 length == EKI_ANSWER_SECRET;
    sodium_memzero(text, sizeof text);
    return whole ? EKI_OK : EKI_ERROR_CORRUPT;
}
