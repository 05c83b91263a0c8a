/* SPDX-License-Identifier: Apache-2.0 */
/* Zeek's logs beside conn.log: what they show of the inside of conversations (docs.zeek.org: dns.log,
 * ssl.log, notice.log, smb_files.log, smb_mapping.log, dce_rpc.log; notices of zeek-EternalSafety and BZAR).
 */
#include <string.h>

#include "contact/zeek.h"

enum { MESSAGE = 256 };

/* Notices by the beginning of their name. Those of scanning are a note: contacts tell it better. */
static const struct {
    const char *note;
    struct eki_sign like;
} notices[] = {
    {"Scan::", {.name = "ids-alert", .family = "", .technique = "T1046", .grade = EKI_GRADE_NOTE}},
    {"EternalSafety::EternalBlue",
     {.name = "eternalblue", .family = "", .technique = "T1210", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
    {"EternalSafety::EternalSynergy",
     {.name = "eternalromance",
      .family = "",
      .technique = "T1210",
      .grade = EKI_GRADE_ATTEMPT,
      .vector = true}},
    {"EternalSafety::EternalChampion",
     {.name = "eternalchampion",
      .family = "",
      .technique = "T1210",
      .grade = EKI_GRADE_ATTEMPT,
      .vector = true}},
    /* One answer with a strange id: the backdoor is there, whoever put it there. */
    {"EternalSafety::DoublePulsar",
     {.name = "doublepulsar", .family = "", .technique = "T1210", .grade = EKI_GRADE_CHECK, .vector = true}},
    {"EternalSafety::",
     {.name = "smb-invariant", .family = "", .technique = "", .grade = EKI_GRADE_CHECK, .vector = true}},
    {"ATTACK::Lateral_Movement_and_Execution",
     {.name = "admin-share-exec",
      .family = "",
      .technique = "T1569.002",
      .grade = EKI_GRADE_IMPLANT,
      .vector = true}},
    {"ATTACK::Lateral_Movement",
     {.name = "admin-share-write", .family = "", .technique = "T1570", .grade = EKI_GRADE_NOTE}},
    {"ATTACK::Execution",
     {.name = "remote-exec",
      .family = "",
      .technique = "T1569.002",
      .grade = EKI_GRADE_ACCESS,
      .vector = true}},
    {"ATTACK::", {.name = "ids-alert", .family = "", .technique = "", .grade = EKI_GRADE_NOTE}},
    {"SSH::Password_Guessing",
     {.name = "ids-alert", .family = "", .technique = "T1110", .grade = EKI_GRADE_ATTEMPT, .vector = true}},
};

static void take_notice(struct eki_log_reading *r, struct eki_log_steps *steps,
                        const struct eki_log_where *where, const struct eki_field *f)
{
    struct eki_log_where seen = *where;
    struct eki_field note = f[EKI_ZEEK_NOTE];
    char message[MESSAGE];
    for (size_t i = 0; i < sizeof notices / sizeof *notices && note.kind == EKI_FIELD_TEXT; i++) {
        size_t length = strlen(notices[i].note);
        if (note.length < length || memcmp(note.at, notices[i].note, length)) continue;
        seen.kind = (uint8_t)(i + 1);
        eki_log_tell_again(r, steps, &notices[i].like, &seen,
                           eki_field_text(f[EKI_ZEEK_MESSAGE], message, sizeof message));
        return;
    }
}

static void take_mapping(struct eki_log_reading *r, const struct eki_log_where *where,
                         const struct eki_field *f)
{
    static const struct eki_sign like = {
        .name = "admin-share-open", .family = "", .technique = "T1021.002", .grade = EKI_GRADE_NOTE};
    char share[MESSAGE];
    if (!eki_log_share_is_administrative(f[EKI_ZEEK_SHARE])) return;
    eki_log_tell(r, &like, where, eki_field_text(f[EKI_ZEEK_SHARE], share, sizeof share));
}

/* A line that has no `id` may name both ends another way (notices), or is about no two hosts. */
static bool read_where(struct eki_field_reader *v, const struct eki_field *f, struct eki_log_where *ret_where)
{
    struct eki_field ends[EKI_ZEEK_FIELDS];
    memcpy(ends, f, sizeof ends);
    bool joined = eki_field_there(f[EKI_ZEEK_CLIENT_JOINED]), dotted = eki_field_there(f[EKI_ZEEK_CLIENT]);
    if (!joined && !dotted) {
        if (!eki_field_there(f[EKI_ZEEK_SOURCE]) || !eki_field_there(f[EKI_ZEEK_TARGET])) return false;
        ends[EKI_ZEEK_CLIENT] = f[EKI_ZEEK_SOURCE];
        ends[EKI_ZEEK_SERVER] = f[EKI_ZEEK_TARGET];
        ends[EKI_ZEEK_SERVICE] = f[EKI_ZEEK_TARGET_PORT];
    }
    struct eki_zeek_ends read = eki_zeek_ends(v, ends);
    uint8_t protocol = eki_log_protocol(f[EKI_ZEEK_PROTO]);
    *ret_where = (struct eki_log_where){
        read.client, read.server, read.time, read.service, protocol ? protocol : EKI_PROTOCOL_TCP, 0};
    return true;
}

enum side { OTHER, DNS, TLS, NOTICE, FILES, MAPPING, CALLS };

/* By its path, or by a field that only it has. */
static enum side side_of(const struct eki_field *f, struct eki_field path)
{
    static const struct {
        const char *path;
        enum eki_zeek_field own;
        enum side side;
    } sides[] = {{"dns", EKI_ZEEK_QUERY, DNS},          {"ssl", EKI_ZEEK_SERVER_NAME, TLS},
                 {"notice", EKI_ZEEK_NOTE, NOTICE},     {"smb_mapping", EKI_ZEEK_SHARE_TYPE, MAPPING},
                 {"smb_files", EKI_ZEEK_ACTION, FILES}, {"dce_rpc", EKI_ZEEK_OPERATION, CALLS}};
    for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
        bool named = eki_field_is(path, sides[i].path);
        if (named || (!eki_field_there(path) && eki_field_there(f[sides[i].own]))) return sides[i].side;
    }
    return OTHER;
}

void eki_zeek_side(struct eki_log_reading *r, struct eki_log_steps *steps, const char *line,
                   const struct eki_field *fields, struct eki_field path)
{
    struct eki_field_reader v = {0};
    struct eki_log_where where;
    enum side side = side_of(fields, path);
    if (side == OTHER || !read_where(&v, fields, &where)) return;
    if (v.wrong) {
        eki_log_reject(r, v.at >= line ? (size_t)(v.at - line) : 0, v.wrong);
        return;
    }
    if (side == DNS) eki_log_question(r, steps, &where, fields[EKI_ZEEK_QUERY]);
    /* The name in a TLS greeting is as good as a question for it, which an encrypted resolver hides. */
    if (side == TLS) eki_log_question(r, steps, &where, fields[EKI_ZEEK_SERVER_NAME]);
    if (side == NOTICE) take_notice(r, steps, &where, fields);
    if (side == MAPPING) take_mapping(r, &where, fields);
    if (side == CALLS) eki_log_remote_call(r, steps, &where, fields[EKI_ZEEK_OPERATION]);
    if (side == FILES && eki_field_is(fields[EKI_ZEEK_ACTION], "SMB::FILE_WRITE") &&
        eki_log_share_is_administrative(fields[EKI_ZEEK_SHARE]))
        eki_log_share_write(r, steps, &where, fields[EKI_ZEEK_FILE]);
}
