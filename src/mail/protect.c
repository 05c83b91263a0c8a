/* SPDX-License-Identifier: Apache-2.0 */
/* Signing and encrypting: PGP/MIME (RFC 3156), S/MIME (RFC 8551). A step that fails fails the message: there
 * is no way from here to less protection than was asked for. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mail/engine.h"
#include "mail/mime.h"

/* What one message needs of GnuPG. */
struct work {
    gpgme_protocol_t protocol;
    const struct eki_mail_keys *keys;
    struct eki_random *random;
    struct eki_home home;
    gpgme_key_t recipient;
    char micalg[32];
    struct eki_fault *ret_fault;
};

/* The bytes that an engine made; gpgme's own, gpgme_free() them. */
struct output {
    char *bytes;
    size_t length;
};

static enum eki_error take_output(gpgme_data_t data, struct output *ret_output)
{
    ret_output->bytes = gpgme_data_release_and_get_mem(data, &ret_output->length);
    return ret_output->bytes ? EKI_OK : EKI_ERROR_MEMORY;
}

static enum eki_error note_micalg(struct work *work, gpgme_ctx_t ctx)
{
    gpgme_sign_result_t result = gpgme_op_sign_result(ctx);
    const char *name =
        result && result->signatures ? gpgme_hash_algo_name(result->signatures->hash_algo) : NULL;
    if (!name || result->invalid_signers)
        return eki_fault_set(work->ret_fault, EKI_ERROR_CONFLICT, 0, "the sender's key made no signature");
    bool pgp = work->protocol == GPGME_PROTOCOL_OpenPGP;
    /* "pgp-sha256" (RFC 3156 5) beside "sha-256" (RFC 5751 3.4.3.2). */
    snprintf(work->micalg, sizeof work->micalg, pgp ? "pgp-%s" : "%.3s-%s", name, name + 3);
    for (char *c = work->micalg; *c; c++) *c = (char)tolower((unsigned char)*c);
    return EKI_OK;
}

/* Opens the sender's home, with the key that signs. */
static enum eki_error open_sender(struct work *work, gpgme_ctx_t *ret_ctx)
{
    gpgme_ctx_t ctx;
    gpgme_key_t signer;
    enum eki_error error = eki_engine_open(work->protocol, work->keys->home, &ctx, work->ret_fault);
    if (error) return error;
    error = eki_engine_signer(ctx, work->keys->signer, &signer, work->ret_fault);
    if (!error) {
        error = eki_engine_error(gpgme_signers_add(ctx, signer), "the sender's key", work->ret_fault);
        gpgme_key_unref(signer);
    }
    if (error)
        gpgme_release(ctx);
    else
        *ret_ctx = ctx;
    return error;
}

/* A detached signature; the body is encrypted at the same time when there is a recipient (OpenPGP). */
static enum eki_error sign_bytes(struct work *work, const char *bytes, size_t length,
                                 struct output *ret_output)
{
    gpgme_ctx_t ctx;
    gpgme_data_t in, out;
    char to[EKI_HOME_PATH + 32];
    enum eki_error error = open_sender(work, &ctx);
    if (error) return error;
    bool pgp = work->protocol == GPGME_PROTOCOL_OpenPGP;
    gpgme_set_armor(ctx, pgp);
    error = eki_engine_error(gpgme_data_new_from_mem(&in, bytes, length, 0), "signing", work->ret_fault);
    if (error) {
        gpgme_release(ctx);
        return error;
    }
    gpgme_error_t failed = gpgme_data_new(&out);
    if (!failed && pgp && work->recipient) {
        snprintf(to, sizeof to, "--file\n--\n%s/recipient", work->home.path);
        failed = gpgme_op_encrypt_sign_ext(ctx, NULL, to, GPGME_ENCRYPT_ALWAYS_TRUST, in, out);
    } else if (!failed) {
        failed = gpgme_op_sign(ctx, in, out, GPGME_SIG_MODE_DETACH);
    }
    error = eki_engine_error(failed, work->recipient && pgp ? "encrypting" : "signing", work->ret_fault);
    if (!error) error = note_micalg(work, ctx);
    gpgme_data_release(in);
    if (!error)
        error = take_output(out, ret_output);
    else if (gpgme_err_code(failed) != GPG_ERR_ENOMEM)
        gpgme_data_release(out);
    gpgme_release(ctx);
    return error;
}

/* Encrypts for the recipient, in the temporary home (S/MIME). */
static enum eki_error encrypt_bytes(struct work *work, const char *bytes, size_t length,
                                    struct output *ret_output)
{
    gpgme_ctx_t ctx;
    gpgme_data_t in, out;
    gpgme_key_t keys[2] = {work->recipient, NULL};
    enum eki_error error = eki_engine_open(work->protocol, work->home.path, &ctx, work->ret_fault);
    if (error) return error;
    gpgme_error_t failed = gpgme_data_new_from_mem(&in, bytes, length, 0);
    if (!failed && (failed = gpgme_data_new(&out))) gpgme_data_release(in);
    if (!failed) {
        failed = gpgme_op_encrypt(ctx, keys, GPGME_ENCRYPT_ALWAYS_TRUST, in, out);
        gpgme_encrypt_result_t result = failed ? NULL : gpgme_op_encrypt_result(ctx);
        if (result && result->invalid_recipients) failed = result->invalid_recipients->reason;
        gpgme_data_release(in);
        error = eki_engine_error(failed, "encrypting for the recipient", work->ret_fault);
        if (error)
            gpgme_data_release(out);
        else
            error = take_output(out, ret_output);
    } else {
        error = EKI_ERROR_MEMORY;
    }
    gpgme_release(ctx);
    return error;
}

/* Imports the recipient's key and keeps what was imported, as the file that gpg encrypts to. */
static enum eki_error prepare_recipient(struct work *work)
{
    gpgme_ctx_t ctx;
    const char *text = work->keys->recipient;
    if (!text || !*text)
        return eki_fault_set(work->ret_fault, EKI_ERROR_MISSING, 0, "the recipient has no key");
    enum eki_error error = eki_home_make(work->keys->scratch, &work->home, work->ret_fault);
    if (error) return error;
    /* Nothing is looked up elsewhere for a certificate, and no program stays behind that would. */
    static const char lonely[] = "disable-dirmngr\n";
    error = eki_home_file(&work->home, "gpgsm.conf", lonely, sizeof lonely - 1);
    if (error) return error;
    error = eki_engine_open(work->protocol, work->home.path, &ctx, work->ret_fault);
    if (error) return error;
    error = eki_engine_recipient(ctx, &work->home, text, &work->recipient, work->ret_fault);
    if (!error) error = eki_home_file(&work->home, "recipient", text, strlen(text));
    gpgme_release(ctx);
    return error;
}

static void add_part(GMimeMultipart *to, GMimePart *part, const char *name)
{
    if (name) {
        g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
        g_mime_part_set_filename(part, name);
    }
    g_mime_multipart_add(to, (GMimeObject *)part);
    g_object_unref(part);
}

static GMimeObject *signed_object(struct work *work, GMimeObject *body, const struct output *signature)
{
    bool pgp = work->protocol == GPGME_PROTOCOL_OpenPGP;
    const char *type = pgp ? "application/pgp-signature" : "application/pkcs7-signature";
    GMimeMultipart *outer = eki_mime_multipart("signed", work->random);
    GMimeObject *object = (GMimeObject *)outer;
    g_mime_object_set_content_type_parameter(object, "micalg", work->micalg);
    g_mime_object_set_content_type_parameter(object, "protocol", type);
    g_mime_multipart_add(outer, body);
    add_part(outer,
             eki_mime_part(type, signature->bytes, signature->length,
                           pgp ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_BASE64),
             pgp ? "signature.asc" : "smime.p7s");
    return object;
}

static GMimeObject *encrypted_object(struct work *work, const struct output *output)
{
    if (work->protocol != GPGME_PROTOCOL_OpenPGP) {
        GMimePart *part = eki_mime_part("application/pkcs7-mime; smime-type=enveloped-data", output->bytes,
                                        output->length, GMIME_CONTENT_ENCODING_BASE64);
        g_mime_object_set_disposition((GMimeObject *)part, GMIME_DISPOSITION_ATTACHMENT);
        g_mime_part_set_filename(part, "smime.p7m");
        return (GMimeObject *)part;
    }
    static const char version[] = "Version: 1\n";
    GMimeMultipart *outer = eki_mime_multipart("encrypted", work->random);
    g_mime_object_set_content_type_parameter((GMimeObject *)outer, "protocol", "application/pgp-encrypted");
    add_part(
        outer,
        eki_mime_part("application/pgp-encrypted", version, sizeof version - 1, GMIME_CONTENT_ENCODING_7BIT),
        NULL);
    add_part(
        outer,
        eki_mime_part("application/octet-stream", output->bytes, output->length, GMIME_CONTENT_ENCODING_7BIT),
        "encrypted.asc");
    return (GMimeObject *)outer;
}

/* Signs and, for OpenPGP with a recipient, encrypts the body: *ret_object is what goes around it. */
static enum eki_error sign_object(struct work *work, GMimeObject *body, GMimeObject **ret_object)
{
    char *bytes;
    size_t length;
    struct output output = {0};
    enum eki_error error = eki_mime_bytes(body, &bytes, &length);
    if (error) return error;
    error = sign_bytes(work, bytes, length, &output);
    eki_free(bytes);
    if (error) return error;
    bool sealed = work->protocol == GPGME_PROTOCOL_OpenPGP && work->recipient;
    *ret_object = sealed ? encrypted_object(work, &output) : signed_object(work, body, &output);
    gpgme_free(output.bytes);
    return EKI_OK;
}

/* The signed object becomes one that is encrypted as a whole (S/MIME). */
static enum eki_error envelope(struct work *work, GMimeObject *inner, GMimeObject **ret_object)
{
    char *bytes;
    size_t length;
    struct output output = {0};
    enum eki_error error = eki_mime_bytes(inner, &bytes, &length);
    if (error) return error;
    error = encrypt_bytes(work, bytes, length, &output);
    eki_free(bytes);
    if (error) return error;
    *ret_object = encrypted_object(work, &output);
    gpgme_free(output.bytes);
    return EKI_OK;
}

enum eki_error eki_mail_protect(GMimeObject *body, const struct eki_mail_keys *keys,
                                struct eki_random *random, GMimeObject **ret_outer,
                                struct eki_fault *ret_fault)
{
    const enum eki_mail_protection protection = keys->protection;
    bool smime = protection == EKI_MAIL_SMIME_SIGN || protection == EKI_MAIL_SMIME_SIGN_ENCRYPT;
    bool encrypts = protection == EKI_MAIL_PGP_SIGN_ENCRYPT || protection == EKI_MAIL_SMIME_SIGN_ENCRYPT;
    struct work work = {.protocol = smime ? GPGME_PROTOCOL_CMS : GPGME_PROTOCOL_OpenPGP,
                        .keys = keys,
                        .random = random,
                        .ret_fault = ret_fault};
    GMimeObject *outer = NULL, *inner;
    if (protection > EKI_MAIL_SMIME_SIGN_ENCRYPT) return EKI_ERROR_ARGUMENT;
    enum eki_error error = encrypts ? prepare_recipient(&work) : EKI_OK;
    if (!error) error = sign_object(&work, body, &inner);
    if (!error && smime && encrypts) {
        error = envelope(&work, inner, &outer);
        g_object_unref(inner);
    } else if (!error) {
        outer = inner;
    }
    if (work.recipient) gpgme_key_unref(work.recipient);
    eki_home_remove(&work.home);
    if (!error) *ret_outer = outer;
    return error;
}
