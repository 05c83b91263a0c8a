/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_SECRET_H
#define EKI_WEB_SECRET_H
/*
 * Passwords and tokens. A token is 32 random bytes as 43 letters (base64url); the store keeps only its hash,
 * so that who reads the store cannot sign in. Passwords are kept by argon2id (RFC 9106).
 */
#include <stdbool.h>
#include <stddef.h>

#include "ekigaku/error.h"

enum {
    EKI_TOKEN_TEXT = 44, /* with its NUL */
    EKI_HASH_TEXT = 65,
    EKI_PASSWORD_TEXT = 128,
    EKI_PASSWORD_LEAST = 12, /* NIST SP 800-63B-4, 3.1.1.2 asks for 15 where there is no second factor but
                                allows 8 with one; the accounts lock after 10 failures */
    EKI_PASSWORD_MOST = 200
};

/* Readies the library behind it; any number of times. EKI_ERROR_UNSUPPORTED when there is no randomness. */
EKI_MUST_USE enum eki_error eki_secret_start(void);

/* A new token. */
void eki_secret_token(char ret_token[EKI_TOKEN_TEXT]);

/* The hash under which a token is kept: SHA-256, hexadecimal. */
void eki_secret_hash(const char *token, char ret_hash[EKI_HASH_TEXT]);

/* The text under which a password is kept. Takes 64 MiB and a tenth of a second. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_secret_password(const char *password, char ret_text[EKI_PASSWORD_TEXT]);

/* Whether a password is the one that is kept; takes as long when `kept` is "" (no such account). */
bool eki_secret_is_password(const char *kept, const char *password);

/* Compares in a time that tells nothing about where they differ. */
bool eki_secret_same(const char *a, const char *b);

#endif
