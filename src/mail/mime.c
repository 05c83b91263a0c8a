/* SPDX-License-Identifier: Apache-2.0 */
/* Parts, multiparts, and their bytes. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "mail/mime.h"

GMimePart *eki_mime_part(const char *type, const void *bytes, size_t length, GMimeContentEncoding encoding)
{
    GMimeContentType *content_type = g_mime_content_type_parse(NULL, type);
    GMimePart *part = g_mime_part_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeDataWrapper *wrapper = g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_object_set_content_type((GMimeObject *)part, content_type);
    g_mime_part_set_content(part, wrapper);
    g_mime_part_set_content_encoding(part, encoding);
    g_object_unref(content_type);
    g_object_unref(wrapper);
    g_object_unref(stream);
    return part;
}

GMimeMultipart *eki_mime_multipart(const char *subtype, struct eki_random *random)
{
    char boundary[40];
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    uint64_t high = eki_random_next(random), low = eki_random_next(random);
    snprintf(boundary, sizeof boundary, "=_%016" PRIx64 "%016" PRIx64, high, low);
    g_mime_multipart_set_boundary(multipart, boundary);
    return multipart;
}

enum eki_error eki_mime_bytes(GMimeObject *object, char **ret_bytes, size_t *ret_length)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(object, NULL, stream);
    const GByteArray *lines = g_mime_stream_mem_get_byte_array((GMimeStreamMem *)stream);
    size_t length = 0, feeds = 0;
    for (size_t i = 0; i < lines->len; i++) feeds += lines->data[i] == '\n';
    char *bytes = eki_allocate(lines->len + feeds + 1, 1);
    for (size_t i = 0; bytes && i < lines->len; i++) {
        if (lines->data[i] == '\n') bytes[length++] = '\r';
        bytes[length++] = (char)lines->data[i];
    }
    g_object_unref(stream);
    if (!bytes) return EKI_ERROR_MEMORY;
    *ret_bytes = bytes;
    *ret_length = length;
    return EKI_OK;
}
