/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_ZEEK_H
#define EKI_CONTACT_ZEEK_H
/* What both writings of Zeek's logs share: the fields that are wanted, by name, and what they mean. */
#include "contact/log_sign.h"

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
    EKI_ZEEK_QUERY,       /* dns */
    EKI_ZEEK_SERVER_NAME, /* ssl */
    EKI_ZEEK_NOTE,        /* notice, and the next four */
    EKI_ZEEK_MESSAGE,
    EKI_ZEEK_SOURCE,
    EKI_ZEEK_TARGET,
    EKI_ZEEK_TARGET_PORT,
    EKI_ZEEK_ACTION,     /* smb_files */
    EKI_ZEEK_SHARE,      /* smb_files, smb_mapping */
    EKI_ZEEK_FILE,       /* smb_files */
    EKI_ZEEK_SHARE_TYPE, /* smb_mapping */
    EKI_ZEEK_OPERATION,  /* dce_rpc */
    EKI_ZEEK_FIELDS
};

extern const char *const eki_zeek_names[EKI_ZEEK_FIELDS + 1];

/* Where the two ends and the time of a line stand, read by eki_zeek_ends. */
struct eki_zeek_ends {
    struct eki_address client, server;
    eki_time time;
    uint16_t client_port, service;
};

/* What nearly every log of Zeek begins with; without `id`, both addresses are wrong in `v`. */
struct eki_zeek_ends eki_zeek_ends(struct eki_field_reader *v, const struct eki_field *fields);

/* One line of the log `path` (a text field, or absent when nobody says: then its fields tell). `at` of the
 * fields may be relative to `line` for the places of complaints. `steps` is the reading's own. */
void eki_zeek_record(struct eki_log_reading *r, struct eki_log_steps *steps, const char *line,
                     const struct eki_field *fields, struct eki_field path);

/* A line of dns.log, ssl.log, notice.log, smb_files.log, smb_mapping.log or dce_rpc.log becomes a sign when
 * it shows one; lines of other logs are passed over. */
void eki_zeek_side(struct eki_log_reading *r, struct eki_log_steps *steps, const char *line,
                   const struct eki_field *fields, struct eki_field path);

#endif
