/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_MAIL_READING_H
#define EKI_MAIL_READING_H
/* A message while it is taken apart. */
#include <gmime/gmime.h>

#include "base/arena.h"
#include "ekigaku/mail.h"

/* The letter that is handed out is the first member. */
struct eki_reading {
    struct eki_letter letter;
    struct eki_arena arena;
    struct eki_letter_part *parts;
    struct eki_mail_report *reports;
    const char **references;
    bool has_text, failed_for_good, no_memory;
};

/* Bytes decoded, by GLib: to be unreffed with g_byte_array_unref. */
GByteArray *eki_reading_content(GMimePart *part);

/* A text for one line: valid UTF-8, without control characters and marks that turn the direction of writing
 * (a file name could hide its end behind one); "" for NULL. Lives in the arena; "" without memory. */
const char *eki_reading_line(struct eki_reading *reading, const char *text);

/* The text of a part as UTF-8, whatever its charset says or fails to say; line feeds and tabs stay. */
const char *eki_reading_text(struct eki_reading *reading, GMimePart *part);

/* The reports of a message/delivery-status part (RFC 3464 2). */
void eki_reading_reports(struct eki_reading *reading, GMimePart *part);

/* The Message-ID in headers that came back. */
void eki_reading_original(struct eki_reading *reading, const char *headers, size_t length);

/* Media type that the first bytes show; "" for none. Static. O(1). */
const char *eki_looks(const unsigned char *bytes, size_t length);

/* Are bytes that look so of another kind than the type or the end of the name says? Pure. */
bool eki_looks_disguised(const char *looks, const char *type, const char *name);

#endif
