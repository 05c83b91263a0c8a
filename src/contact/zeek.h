/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_ZEEK_H
#define EKI_CONTACT_ZEEK_H
/* What both writings of Zeek's logs share: the fields that are wanted, by name, and what they mean. */
#include "contact/log_format.h"

/* Positions in the list of wanted names (see zeek.c). Some writers join the parts of `id` by '_'. */
enum eki_zeek_field {
    EKI_ZEEK_TS,
    EKI_ZEEK_CLIENT,
    EKI_ZEEK_CLIENT_PORT,
    EKI_ZEEK_SERVER,
    EKI_ZEEK_SERVICE,
    EKI_ZEEK_CLIENT_JOINED,
    EKI_ZEEK_CLIENT_PORT_JOINED,
    EKI_ZEEK_SERVER_JOINED,
    EKI_ZEEK_SERVICE_JOINED,
    EKI_ZEEK_PROTO,
    EKI_ZEEK_DURATION,
    EKI_ZEEK_CLIENT_BYTES,
    EKI_ZEEK_SERVER_BYTES,
    EKI_ZEEK_STATE,
    EKI_ZEEK_HISTORY,
    EKI_ZEEK_CLIENT_PACKETS,
    EKI_ZEEK_SERVER_PACKETS,
    EKI_ZEEK_PATH,
    EKI_ZEEK_STREAM,
    EKI_ZEEK_FIELDS
};

extern const char *const eki_zeek_names[EKI_ZEEK_FIELDS + 1];

/* One line of the log `path` (a text field, or absent when nobody says: then it is conn when it has a
 * connection's fields). `at` of the fields may be relative to `line` for the places of complaints. */
void eki_zeek_record(struct eki_log_reading *r, const char *line, const struct eki_field *fields,
                     struct eki_field path);

#endif
