/* SPDX-License-Identifier: Apache-2.0 */
#include "web/secret.h"

#include <sodium.h>
#include <string.h>

_Static_assert(EKI_PASSWORD_TEXT >= crypto_pwhash_STRBYTES, "a kept password fits");

enum eki_error eki_secret_start(void)
{
    return sodium_init() < 0 ? EKI_ERROR_UNSUPPORTED : EKI_OK;
}

void eki_secret_token(char ret_token[EKI_TOKEN_TEXT])
{
    unsigned char bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(ret_token, EKI_TOKEN_TEXT, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof bytes);
}

void eki_secret_hash(const char *token, char ret_hash[EKI_HASH_TEXT])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)token, strlen(token));
    sodium_bin2hex(ret_hash, EKI_HASH_TEXT, hash, sizeof hash);
}

enum eki_error eki_secret_password(const char *password, char ret_text[EKI_PASSWORD_TEXT])
{
    memset(ret_text, 0, EKI_PASSWORD_TEXT);
    if (crypto_pwhash_str_alg(ret_text, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                              crypto_pwhash_MEMLIMIT_INTERACTIVE, crypto_pwhash_ALG_ARGON2ID13))
        return EKI_ERROR_MEMORY;
    return EKI_OK;
}

bool eki_secret_is_password(const char *kept, const char *password)
{
    char unused[EKI_PASSWORD_TEXT];
    if (kept[0]) return !crypto_pwhash_str_verify(kept, password, strlen(password));
    /* Who asks must not learn from the time it takes whether there is such an account. */
    (void)!eki_secret_password(password, unused);
    return false;
}

bool eki_secret_same(const char *a, const char *b)
{
    size_t length = strlen(a);
    return length == strlen(b) && !sodium_memcmp(a, b, length);
}
