/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_BUFFER_H
#define EKI_WEB_BUFFER_H
/* Bytes that grow, and JSON into them. */
#include <jansson.h>

#include "base/buffer.h"

/* Adds a JSON value in its shortest form. */
void eki_buffer_json(struct eki_buffer *buffer, const json_t *json);

#endif
