/* SPDX-License-Identifier: Apache-2.0 */
/* The file of a piece of evidence: its hash, and whether it is sealed. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <strings.h>

#include "base/cursor.h"
#include "base/memory.h"
#include "ekigaku/evidence.h"

enum { BLOCK = 1 << 18 };

/* ZIP (APPNOTE 4.3.7): bit 0 of the flags at 6 of the first local header says encrypted. OpenPGP (RFC 9580):
 * a message begins with an encrypted session key (tag 1 or 3) or encrypted data (9, 18). */
static bool is_sealed(const unsigned char *bytes, size_t length)
{
    static const char zip[] = "PK\3\4", seven[] = "7z\xbc\xaf\x27\x1c", age[] = "age-encryption.org/v1",
                      armor[] = "-----BEGIN PGP MESSAGE-----";
    if (length >= 8 && !memcmp(bytes, zip, 4)) return bytes[6] & 1;
    if (length >= sizeof seven - 1 && !memcmp(bytes, seven, sizeof seven - 1)) return true;
    if (length >= sizeof age - 1 && !memcmp(bytes, age, sizeof age - 1)) return true;
    if (length >= sizeof armor - 1 && !memcmp(bytes, armor, sizeof armor - 1)) return true;
    if (!length || !(bytes[0] & 0x80)) return false;
    unsigned tag = bytes[0] & 0x40 ? bytes[0] & 0x3fU : bytes[0] >> 2 & 0x0fU;
    return tag == 1 || tag == 3 || tag == 9 || tag == 18;
}

static enum eki_error read_all(FILE *file, unsigned char *block, struct eki_evidence_look *look)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    size_t length;
    crypto_hash_sha256_init(&state);
    while ((length = fread(block, 1, BLOCK, file)) > 0) {
        if (!look->size) look->sealed = is_sealed(block, length);
        crypto_hash_sha256_update(&state, block, length);
        look->size += (int64_t)length;
    }
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(look->sha256, sizeof look->sha256, hash, sizeof hash);
    return ferror(file) ? EKI_ERROR_READ : EKI_OK;
}

enum eki_error eki_evidence_look(const char *path, struct eki_evidence_look *ret_look,
                                 struct eki_fault *ret_fault)
{
    struct eki_evidence_look look = {0};
    unsigned char *block = eki_allocate(1, BLOCK);
    if (!block) return EKI_ERROR_MEMORY;
    struct stat is;
    FILE *file =
        !stat(path, &is) && S_ISREG(is.st_mode) ? fopen(path, "rbe") : NULL; /* a device has no end */
    enum eki_error error =
        file ? read_all(file, block, &look) : eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.200s", path);
    if (file) fclose(file);
    eki_free(block);
    if (!error) *ret_look = look;
    return error;
}

enum eki_error eki_evidence_compare(const struct eki_store_evidence *evidence, const char *path,
                                    enum eki_evidence_seen *ret_seen, char ret_sha256[65])
{
    struct eki_evidence_look look;
    ret_sha256[0] = '\0';
    *ret_seen = EKI_EVIDENCE_UNSEEN;
    if (!path || !evidence->sha256[0]) return EKI_OK;
    enum eki_error error = eki_evidence_look(path, &look, NULL);
    *ret_seen = EKI_EVIDENCE_GONE;
    if (error) return error == EKI_ERROR_OPEN ? EKI_OK : error;
    memcpy(ret_sha256, look.sha256, sizeof look.sha256);
    bool same = look.size == evidence->size && !strcasecmp(look.sha256, evidence->sha256);
    *ret_seen = same ? EKI_EVIDENCE_SAME : EKI_EVIDENCE_CHANGED;
    return EKI_OK;
}
