/* SPDX-License-Identifier: Apache-2.0 */
/* Messages of notices become mail. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "ekigaku/notice.h"

enum { PATH = 4096 };

const char *eki_notice_protection_text(enum eki_mail_protection protection)
{
    switch (protection) {
    case EKI_MAIL_PGP_SIGN: return EKI_TEXT("signed (OpenPGP)");
    case EKI_MAIL_PGP_SIGN_ENCRYPT: return EKI_TEXT("signed and encrypted (OpenPGP)");
    case EKI_MAIL_SMIME_SIGN: return EKI_TEXT("signed (S/MIME)");
    case EKI_MAIL_SMIME_SIGN_ENCRYPT: return EKI_TEXT("signed and encrypted (S/MIME)");
    case EKI_MAIL_PLAIN:
    default: return EKI_TEXT("plain");
    }
}

/* The recipient's key out of the folder, NULL when there is none: only hexadecimal digits make its name. */
static enum eki_error read_key(const char *folder, const struct eki_notice_message *message, char **ret_key,
                               struct eki_fault *ret_fault)
{
    char path[PATH];
    *ret_key = NULL;
    if (!folder || !message->key || message->key[strspn(message->key, "0123456789ABCDEF")]) return EKI_OK;
    int length =
        snprintf(path, sizeof path, "%s/%s.%s", folder, message->key, message->key_smime ? "pem" : "asc");
    FILE *file = length < PATH ? fopen(path, "re") : NULL;
    if (!file && errno == ENOENT) return EKI_OK;
    if (!file) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.100s", path);
    char *key = eki_allocate(EKI_NOTICE_KEY + 1, 1);
    size_t got = key ? fread(key, 1, EKI_NOTICE_KEY, file) : 0;
    bool good = key && got && got < EKI_NOTICE_KEY && !ferror(file);
    fclose(file);
    if (!good) {
        eki_free(key);
        return eki_fault_set(ret_fault, EKI_ERROR_READ, 0, "%.100s", path);
    }
    *ret_key = key;
    return EKI_OK;
}

/* By the kind of the recipient's key, as far as we can sign so. */
static enum eki_mail_protection choose(const struct eki_notice_message *message,
                                       const struct eki_notice_envelope *envelope, bool has_key)
{
    bool smime = envelope->smime_signer && ((message->key && message->key_smime) || !envelope->pgp_signer);
    if (smime) return has_key && message->key_smime ? EKI_MAIL_SMIME_SIGN_ENCRYPT : EKI_MAIL_SMIME_SIGN;
    if (!envelope->pgp_signer) return EKI_MAIL_PLAIN;
    return has_key && !message->key_smime ? EKI_MAIL_PGP_SIGN_ENCRYPT : EKI_MAIL_PGP_SIGN;
}

static bool is_smime(enum eki_mail_protection protection)
{
    return protection == EKI_MAIL_SMIME_SIGN || protection == EKI_MAIL_SMIME_SIGN_ENCRYPT;
}

static bool is_encrypted(enum eki_mail_protection protection)
{
    return protection == EKI_MAIL_SMIME_SIGN_ENCRYPT || protection == EKI_MAIL_PGP_SIGN_ENCRYPT;
}

enum eki_error eki_notice_mail(const struct eki_notice_message *message,
                               const struct eki_notice_envelope *envelope,
                               struct eki_notice_mailed *ret_mailed, struct eki_fault *ret_fault)
{
    char *key;
    struct eki_mail_part part = {message->attachment_name, message->attachment_type, message->attachment,
                                 message->attachment_length};
    struct eki_mail mail = {.from = envelope->sender->mail,
                            .from_name = envelope->sender->name,
                            .to = message->to,
                            .subject = message->subject,
                            .language = message->language,
                            .text = message->text,
                            .message_id = message->message_id,
                            .auto_submitted = "auto-generated",
                            .tlp = eki_tlp_text(message->decision.label),
                            .date = envelope->date,
                            .parts = &part,
                            .part_count = message->attachment ? 1 : 0,
                            .seed = envelope->seed ^ (uint64_t)message->notice};
    if (!message->decision.allowed)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "%.120s",
                             eki_tlp_reason_text(message->decision.reason));
    enum eki_error error = read_key(envelope->keys, message, &key, ret_fault);
    if (error) return error;
    struct eki_notice_mailed mailed = {.protection = choose(message, envelope, key != NULL)};
    enum eki_mail_protection protection = mailed.protection;
    if (!message->preview && message->decision.label == EKI_TLP_RED && !is_encrypted(protection)) {
        eki_free(key);
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                             "TLP:RED is mailed only encrypted: %.64s.%s belongs into the folder of keys, "
                             "and our own key must be named",
                             message->key ? message->key : "KEY", message->key_smime ? "pem" : "asc");
    }
    struct eki_mail_keys keys = {.protection = protection,
                                 .home = envelope->home,
                                 .signer =
                                     is_smime(protection) ? envelope->smime_signer : envelope->pgp_signer,
                                 .recipient = key};
    error = eki_mail_write(&mail, &keys, &mailed.bytes, &mailed.length, ret_fault);
    eki_free(key);
    if (!error) *ret_mailed = mailed;
    return error;
}
