/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/uuid.h"

#include <stdio.h>
#include <string.h>
#include <uuid/uuid.h>

static const uuid_t observables = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42, 0x46, 0x6c,
                                   0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};
/* Drawn once for this program. */
static const uuid_t own = {0x6b, 0x1f, 0x0d, 0x52, 0x4e, 0x0a, 0x4c, 0x39,
                           0x8d, 0x5c, 0x70, 0x2b, 0x91, 0xe6, 0x3a, 0x54};

const char *eki_uuid_observable(const char *name, char ret_text[EKI_UUID_TEXT])
{
    uuid_t id;
    uuid_generate_sha1(id, observables, name, strlen(name));
    uuid_unparse_lower(id, ret_text);
    return ret_text;
}

const char *eki_uuid_derived(const char *kind, const char *name, char ret_text[EKI_UUID_TEXT])
{
    uuid_t space, id;
    uuid_generate_sha1(space, own, kind ? kind : "", kind ? strlen(kind) : 0);
    uuid_generate_sha1(id, space, name ? name : "", name ? strlen(name) : 0);
    id[6] = (unsigned char)((id[6] & 0x0f) | 0x40);
    uuid_unparse_lower(id, ret_text);
    return ret_text;
}
