/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts and keys of GnuPG. */
#include <stdio.h>
#include <string.h>

#include "mail/engine.h"

enum { ROOTS = 16 /* certificates without an issuer in one text: a chain has one */ };

enum eki_error eki_engine_error(gpgme_error_t error, const char *doing, struct eki_fault *ret_fault)
{
    char words[96];
    if (!error) return EKI_OK;
    gpgme_strerror_r(error, words, sizeof words);
    enum eki_error ours = EKI_ERROR_WRITE;
    switch (gpgme_err_code(error)) {
    case GPG_ERR_ENOMEM: ours = EKI_ERROR_MEMORY; break;
    case GPG_ERR_INV_ENGINE: ours = EKI_ERROR_UNSUPPORTED; break;
    case GPG_ERR_NO_SECKEY: ours = EKI_ERROR_MISSING; break;
    case GPG_ERR_UNUSABLE_PUBKEY:
    case GPG_ERR_UNUSABLE_SECKEY:
    case GPG_ERR_CERT_REVOKED:
    case GPG_ERR_CERT_EXPIRED:
    case GPG_ERR_KEY_EXPIRED: ours = EKI_ERROR_CONFLICT; break;
    default: break;
    }
    return eki_fault_set(ret_fault, ours, 0, "%.50s: %s", doing, words);
}

enum eki_error eki_engine_open(gpgme_protocol_t protocol, const char *home, gpgme_ctx_t *ret_ctx,
                               struct eki_fault *ret_fault)
{
    gpgme_ctx_t ctx;
    gpgme_error_t error = gpgme_engine_check_version(protocol);
    if (!error) error = gpgme_new(&ctx);
    if (error) return eki_engine_error(error, protocol == GPGME_PROTOCOL_CMS ? "gpgsm" : "gpg", ret_fault);
    error = gpgme_set_protocol(ctx, protocol);
    if (!error && home) error = gpgme_ctx_set_engine_info(ctx, protocol, NULL, home);
    if (!error && protocol == GPGME_PROTOCOL_OpenPGP)
        error = gpgme_set_pinentry_mode(ctx, GPGME_PINENTRY_MODE_ERROR);
    gpgme_set_offline(ctx, 1);
    if (error) {
        gpgme_release(ctx);
        return eki_engine_error(error, "GnuPG", ret_fault);
    }
    *ret_ctx = ctx;
    return EKI_OK;
}

/* Why the key cannot sign or encrypt; NULL when it can. */
static const char *objection(gpgme_key_t key, bool encrypts)
{
    bool expired = false;
    if (key->revoked) return "is revoked";
    if (key->expired) return "is expired";
    if (key->disabled) return "is disabled";
    if (key->invalid) return "is not valid";
    for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next) {
        bool fit = encrypts ? sub->can_encrypt : sub->can_sign;
        if (fit && !sub->revoked && !sub->expired && !sub->disabled && !sub->invalid) return NULL;
        expired |= fit && sub->expired;
    }
    if (expired) return encrypts ? "has only expired subkeys to encrypt" : "has only expired subkeys to sign";
    return encrypts ? "cannot encrypt" : "cannot sign";
}

static enum eki_error refuse(gpgme_key_t key, const char *whose, const char *why, struct eki_fault *ret_fault)
{
    return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "the %s's key %s %s", whose,
                         key->subkeys && key->subkeys->fpr ? key->subkeys->fpr : "?", why);
}

enum eki_error eki_engine_signer(gpgme_ctx_t ctx, const char *name, gpgme_key_t *ret_key,
                                 struct eki_fault *ret_fault)
{
    char pattern[300];
    gpgme_key_t key, first = NULL, usable = NULL;
    size_t found = 0;
    if (!name || !*name || strlen(name) > 256)
        return eki_fault_set(ret_fault, EKI_ERROR_MISSING, 0, "no key to sign with is named");
    /* An address is meant whole: "a@b.example" is not "aa@b.example". */
    snprintf(pattern, sizeof pattern, strchr(name, '@') && *name != '<' ? "<%s>" : "%s", name);
    gpgme_error_t error = gpgme_op_keylist_start(ctx, pattern, 1);
    while (!error && !gpgme_op_keylist_next(ctx, &key)) {
        if (!objection(key, false)) {
            found++;
            if (!usable) gpgme_key_ref(usable = key);
        }
        if (!first) gpgme_key_ref(first = key);
        gpgme_key_unref(key);
    }
    gpgme_op_keylist_end(ctx);
    enum eki_error outcome = eki_engine_error(error, "looking for the sender's key", ret_fault);
    if (!outcome && !first)
        outcome = eki_fault_set(ret_fault, EKI_ERROR_MISSING, 0, "no secret key of %.100s", name);
    else if (!outcome && !usable)
        outcome = refuse(first, "sender", objection(first, false), ret_fault);
    else if (!outcome && found > 1)
        outcome = eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0,
                                "several keys of %.100s: name a fingerprint", name);
    gpgme_key_unref(first);
    if (!outcome)
        *ret_key = usable;
    else
        gpgme_key_unref(usable);
    return outcome;
}

/* Whoever keeps the directory vouches for the recipient's certificate, so its root is trusted in this home
 * ("relax": also when the root lacks what newer rules ask of authorities). */
static enum eki_error trust_roots(gpgme_ctx_t ctx, const struct eki_home *home)
{
    char list[ROOTS * 64] = "";
    size_t length = 0;
    gpgme_key_t key;
    gpgme_error_t error = gpgme_op_keylist_start(ctx, NULL, 0);
    while (!error && !gpgme_op_keylist_next(ctx, &key)) {
        const char *print = key->subkeys ? key->subkeys->fpr : NULL;
        bool root = print && key->chain_id && !strcmp(print, key->chain_id);
        if (root && length + 64 < sizeof list)
            length += (size_t)snprintf(list + length, sizeof list - length, "%.44s S relax\n", print);
        gpgme_key_unref(key);
    }
    gpgme_op_keylist_end(ctx);
    return eki_home_file(home, "trustlist.txt", list, length);
}

enum eki_error eki_engine_recipient(gpgme_ctx_t ctx, const struct eki_home *home, const char *text,
                                    gpgme_key_t *ret_key, struct eki_fault *ret_fault)
{
    gpgme_data_t data;
    gpgme_key_t key = NULL;
    char print[64];
    bool pgp = gpgme_get_protocol(ctx) == GPGME_PROTOCOL_OpenPGP;
    gpgme_error_t error = gpgme_data_new_from_mem(&data, text, strlen(text), 0);
    if (error) return eki_engine_error(error, "the recipient's key", ret_fault);
    error = gpgme_op_import(ctx, data);
    gpgme_data_release(data);
    gpgme_import_result_t result = error ? NULL : gpgme_op_import_result(ctx);
    const struct _gpgme_import_status *of = result ? result->imports : NULL;
    while (of && of->result) of = of->next;
    if (!of || !of->fpr || (pgp && result->considered != 1))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "the recipient's key cannot be read%s",
                             of && of->fpr ? ": it is more than one" : "");
    snprintf(print, sizeof print, "%s", of->fpr);
    enum eki_error outcome = pgp ? EKI_OK : trust_roots(ctx, home);
    if (outcome) return outcome;
    error = gpgme_get_key(ctx, print, &key, 0);
    if (error) return eki_engine_error(error, "the recipient's key", ret_fault);
    const char *why = objection(key, true);
    if (why) {
        outcome = refuse(key, "recipient", why, ret_fault);
        gpgme_key_unref(key);
        return outcome;
    }
    *ret_key = key;
    return EKI_OK;
}
