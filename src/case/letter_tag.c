/* SPDX-License-Identifier: Apache-2.0 */
#include "case/letter_tag.h"

#include <sodium.h>
#include <string.h>

static void make_tag(const char *const *parts, size_t count, char ret_tag[EKI_LETTER_TAG])
{
    unsigned char hash[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    for (size_t i = 0; i < count; i++)
        crypto_generichash_update(&state, (const unsigned char *)parts[i], strlen(parts[i]) + 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(ret_tag, "mail-", 5);
    sodium_bin2hex(ret_tag + 5, EKI_LETTER_TAG - 5, hash, sizeof hash);
}

void eki_letter_tag(const struct eki_letter *letter, char ret_tag[EKI_LETTER_TAG])
{
    const char *const parts[] = {letter->message_id, letter->from, letter->subject, letter->text};
    make_tag(parts, letter->message_id[0] ? 1 : 4, ret_tag);
}

void eki_letter_tag_of(const char *message_id, char ret_tag[EKI_LETTER_TAG])
{
    make_tag(&message_id, 1, ret_tag);
}

size_t eki_letter_cut(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length > most) /* before a byte that begins a letter */
        for (length = most; length && ((unsigned char)text[length] & 0xc0) == 0x80; length--) continue;
    return length;
}
