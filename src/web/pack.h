/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_PACK_H
#define EKI_WEB_PACK_H
/* Packing and unpacking of whole texts in memory. */
#include <stdbool.h>
#include <stddef.h>

#include "web/buffer.h"

/* Packs for answers, where speed counts more than size. False without memory. O(length). */
bool eki_pack_zstd(const void *bytes, size_t length, struct eki_buffer *out);
bool eki_pack_gzip(const void *bytes, size_t length, struct eki_buffer *out);

/* Unpacks a zstd text of at most `most` bytes, which may be several frames. False when it is damaged, larger,
 * or there is no memory. */
bool eki_unpack_zstd(const void *bytes, size_t length, size_t most, struct eki_buffer *out);

#endif
