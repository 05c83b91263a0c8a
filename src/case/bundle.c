/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memrchr */
/*
 * A bundle, line by line; what is signed is everything above the last line, as it stands there:
 *
 *   {"schema":"ekigaku.bundle/1","label":"GREEN","audience":"community","made":"2026-11-28T03:30:00.000000Z"}
 *   the incident as "ekigaku.incident/1"
 *   records of the directory, as many as the first line says
 *   ed25519 PUBLIC-KEY SIGNATURE          hexadecimal
 */
#include "ekigaku/bundle.h"

#include <jansson.h>
#include <sodium.h>
#include <string.h>

#include "base/memory.h"
#include "base/buffer.h"
#include "ekigaku/exchange.h"
#include "ekigaku/tlp_exit.h"

#define SCHEMA "ekigaku.bundle/1"
#define SIGNED "ed25519 "

enum {
    SIGNATURE = crypto_sign_BYTES,
    SECRET = crypto_sign_SECRETKEYBYTES,
    KEY_TEXT = EKI_BUNDLE_KEY * 2,
    SIGNATURE_TEXT = SIGNATURE * 2,
    LAST_LINE = sizeof SIGNED - 1 + KEY_TEXT + 1 + SIGNATURE_TEXT + 1, /* with its newline */
    HEAD_MOST = 1024
};

void eki_bundle_public(const uint8_t seed[EKI_BUNDLE_SEED], uint8_t ret_key[EKI_BUNDLE_KEY])
{
    uint8_t secret[SECRET];
    crypto_sign_seed_keypair(ret_key, secret, seed);
    sodium_memzero(secret, sizeof secret);
}

static bool permits(enum eki_tlp label, enum eki_tlp_audience audience)
{
    return eki_tlp_leave(
               EKI_TLP_EXIT_BUNDLE,
               &(struct eki_tlp_request){.label = label, .audience = audience, .carries = EKI_TLP_ALL})
        .allowed;
}

/* Lines of a text; the last one needs no end. */
static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; text && *text; count++) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return count;
}

static enum eki_error write_head(const struct eki_bundle_making *making, FILE *out)
{
    char made[EKI_TIME_TEXT];
    size_t records = count_lines(making->records);
    json_t *head = json_pack(
        "{s:s,s:s,s:s,s:s,s:s*,s:o*}", "schema", SCHEMA, "label", eki_tlp_word(making->decision.label),
        "audience", eki_tlp_audience_name(making->audience), "made", eki_time_format(making->made, made),
        "to", making->to, "records", records ? json_integer((json_int_t)records) : NULL);
    int failed = head ? json_dumpf(head, out, JSON_COMPACT) : -1;
    json_decref(head);
    fputc('\n', out);
    return failed ? EKI_ERROR_MEMORY : EKI_OK;
}

static void write_records(const char *records, struct eki_buffer *body)
{
    if (!records || !*records) return;
    eki_buffer_text(body, records);
    if (records[strlen(records) - 1] != '\n') eki_buffer_text(body, "\n");
}

static enum eki_error write_body(const struct eki_bundle_making *making, struct eki_buffer *body)
{
    FILE *out = eki_buffer_open(body);
    if (!out) return EKI_ERROR_MEMORY;
    enum eki_error error = write_head(making, out);
    if (!error)
        error = eki_exchange_write(eki_exchange_find("incident"), making->incident, &making->decision, out);
    if ((fclose(out) || body->failed) && !error) error = EKI_ERROR_MEMORY;
    if (!error && body->bytes[body->length - 1] != '\n') eki_buffer_text(body, "\n");
    if (!error) write_records(making->records, body);
    return error ? error : body->failed ? EKI_ERROR_MEMORY : EKI_OK;
}

enum eki_error eki_bundle_write(const struct eki_bundle_making *making, FILE *out)
{
    uint8_t key[EKI_BUNDLE_KEY], secret[SECRET], signature[SIGNATURE];
    char key_text[KEY_TEXT + 1], signature_text[SIGNATURE_TEXT + 1];
    struct eki_buffer body = {0};
    if (!making->decision.allowed || !permits(making->decision.label, making->audience) ||
        count_lines(making->records) > EKI_BUNDLE_RECORDS)
        return EKI_ERROR_ARGUMENT;
    enum eki_error error = write_body(making, &body);
    if (!error) {
        crypto_sign_seed_keypair(key, secret, making->seed);
        crypto_sign_detached(signature, NULL, (const uint8_t *)body.bytes, body.length, secret);
        sodium_memzero(secret, sizeof secret);
        sodium_bin2hex(key_text, sizeof key_text, key, sizeof key);
        sodium_bin2hex(signature_text, sizeof signature_text, signature, sizeof signature);
        fwrite(body.bytes, 1, body.length, out);
        fprintf(out, SIGNED "%s %s\n", key_text, signature_text);
        if (fflush(out) || ferror(out)) error = EKI_ERROR_WRITE;
    }
    eki_free(body.bytes);
    return error;
}

static bool unhex(const char *text, size_t length, uint8_t *ret_bytes, size_t count)
{
    size_t got;
    const char *end;
    return !sodium_hex2bin(ret_bytes, count, text, length, NULL, &got, &end) && got == count &&
           end == text + length;
}

/* Does the signature below hold, and is it of somebody who is trusted? All above the last line is signed. */
static enum eki_error check_signature(const char *bytes, size_t length, const struct eki_bundle_trust *trust,
                                      struct eki_bundle *bundle, struct eki_fault *fault)
{
    uint8_t signature[SIGNATURE];
    size_t body = length - LAST_LINE;
    const char *line = bytes + body, *key = line + sizeof SIGNED - 1, *sign = key + KEY_TEXT + 1;
    if (bytes[length - 1] != '\n' || bytes[body - 1] != '\n' || strncmp(line, SIGNED, sizeof SIGNED - 1) ||
        sign[-1] != ' ' || !unhex(key, KEY_TEXT, bundle->signer, sizeof bundle->signer) ||
        !unhex(sign, SIGNATURE_TEXT, signature, sizeof signature))
        return eki_fault_set(fault, EKI_ERROR_TRUNCATED, body, "no signature at the end");
    size_t i = 0;
    while (i < trust->count && memcmp(trust->keys + i * EKI_BUNDLE_KEY, bundle->signer, EKI_BUNDLE_KEY) != 0)
        i++;
    if (i == trust->count)
        return eki_fault_set(fault, EKI_ERROR_MISSING, body, "signed by a key that is not trusted: %.*s",
                             KEY_TEXT, key);
    if (crypto_sign_verify_detached(signature, (const uint8_t *)bytes, body, bundle->signer))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, body, "the signature does not hold");
    return EKI_OK;
}

/* What the first line may say besides. */
static bool read_more(const json_t *head, struct eki_bundle *bundle)
{
    const json_t *to = json_object_get(head, "to"), *records = json_object_get(head, "records");
    const char *team = json_string_value(to);
    json_int_t count = records ? json_integer_value(records) : 0;
    if (to && (!team || !*team || strlen(team) >= sizeof bundle->to)) return false;
    if (records && (!json_is_integer(records) || count < 1 || count > EKI_BUNDLE_RECORDS)) return false;
    snprintf(bundle->to, sizeof bundle->to, "%s", team ? team : "");
    bundle->record_count = (size_t)count;
    return true;
}

/* The first line. *ret_length: with its newline. */
static enum eki_error read_head(const char *bytes, size_t length, struct eki_bundle *bundle,
                                size_t *ret_length, struct eki_fault *fault)
{
    const char *newline = memchr(bytes, '\n', length < HEAD_MOST ? length : HEAD_MOST);
    json_t *head = newline ? json_loadb(bytes, (size_t)(newline - bytes), 0, NULL) : NULL;
    const char *schema = json_string_value(json_object_get(head, "schema")),
               *label = json_string_value(json_object_get(head, "label")),
               *audience = json_string_value(json_object_get(head, "audience")),
               *made = json_string_value(json_object_get(head, "made"));
    bool good = schema && label && audience && made && !strcmp(schema, SCHEMA) &&
                !eki_tlp_parse(label, &bundle->label) &&
                !eki_tlp_audience_parse(audience, &bundle->audience) &&
                !eki_time_parse(made, &bundle->made) && read_more(head, bundle);
    json_decref(head);
    if (!good) return eki_fault_set(fault, EKI_ERROR_FORMAT, 0, "the first line is not that of a bundle");
    *ret_length = (size_t)(newline - bytes) + 1;
    return EKI_OK;
}

/* The lines at the end of the content that are records; *length is that of the incident then. */
static enum eki_error cut_records(const char *bytes, size_t *length, struct eki_bundle *bundle,
                                  struct eki_fault *fault)
{
    size_t at = *length;
    if (!bundle->record_count) return EKI_OK;
    for (size_t i = 0; i < bundle->record_count; i++) {
        if (at < 2) return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "fewer records than it says");
        const char *end = memrchr(bytes, '\n', at - 1);
        at = end ? (size_t)(end - bytes) + 1 : 0;
    }
    if (memchr(bytes + at, '\0', *length - at))
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, at, "a record holds a NUL");
    bundle->records = eki_allocate(*length - at + 1, 1);
    if (!bundle->records) return EKI_ERROR_MEMORY;
    memcpy(bundle->records, bytes + at, *length - at);
    *length = at;
    return EKI_OK;
}

void eki_bundle_done(struct eki_bundle *bundle)
{
    eki_incident_free(bundle->incident);
    eki_free(bundle->records);
    *bundle = (struct eki_bundle){0};
}

/* A signer can be wrong too: what it says of the label must hold for what lies below. */
static enum eki_error check_label(const struct eki_bundle *bundle, struct eki_fault *fault)
{
    if (bundle->incident->tlp != bundle->label || !bundle->incident->marked)
        return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "the label of the content is another");
    if (permits(bundle->label, bundle->audience)) return EKI_OK;
    return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "%s does not permit the audience \"%s\"",
                         eki_tlp_text(bundle->label), eki_tlp_audience_name(bundle->audience));
}

enum eki_error eki_bundle_read(const char *bytes, size_t length, const struct eki_bundle_trust *trust,
                               struct eki_bundle *ret_bundle, struct eki_fault *ret_fault)
{
    struct eki_bundle bundle = {0};
    size_t head = 0, body = length > LAST_LINE ? length - LAST_LINE : 0;
    if (length > EKI_EXCHANGE_BYTES) return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "too long");
    if (length <= LAST_LINE) return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "too short for a bundle");
    enum eki_error error = check_signature(bytes, length, trust, &bundle, ret_fault);
    if (!error) error = read_head(bytes, body, &bundle, &head, ret_fault);
    size_t content = error ? 0 : body - head;
    if (!error) error = cut_records(bytes + head, &content, &bundle, ret_fault);
    if (!error)
        error = eki_exchange_read(bytes + head, content, eki_exchange_find("incident"), &bundle.incident,
                                  ret_fault);
    if (!error) error = check_label(&bundle, ret_fault);
    if (error)
        eki_bundle_done(&bundle);
    else
        *ret_bundle = bundle;
    return error;
}
