/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_UNPACK_H
#define EKI_BASE_UNPACK_H
/*
 * Streaming gzip (RFC 1952, several members in a row), zstd (RFC 8878, several frames in a row) and xz
 * (several streams in a row). Memory is the fixed input buffer and the window of the algorithm (32 KiB; for
 * zstd and xz at most 128 MiB), so a packed input can be any length and unpack to any length without memory
 * growing.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"

/* What the first bytes say. */
enum eki_packing eki_unpack_detect(const uint8_t *bytes, size_t length);

/* Starts unpacking source->packing; `first` holds the bytes already read (at most a chunk and three bytes),
 * which are copied. EKI_ERROR_MEMORY leaves source->unpack for eki_unpack_close. */
EKI_MUST_USE enum eki_error eki_unpack_open(struct eki_source *source, const uint8_t *first, size_t length);

/* Up to `room` unpacked bytes; 0 only at the end, which is then noted in source->ended, ->error and ->fault.
 */
size_t eki_unpack_read(struct eki_source *source, uint8_t *ret_bytes, size_t room);

/* NULL is allowed. */
void eki_unpack_close(struct eki_unpack *unpack);

#endif
