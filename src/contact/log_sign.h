/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_LOG_SIGN_H
#define EKI_CONTACT_LOG_SIGN_H
/*
 * What logs tell of the inside of conversations, in the words of the sign modules: a look-up of a kill-switch
 * name, a file put on an administrative share, something started by a remote call, and both within ten
 * minutes. Names, grades and techniques are those of src/protocol/killswitch_dns and admin_share_exec, so
 * that a log and a capture of the same traffic are judged alike.
 */
#include "contact/log_format.h"

/* Where and when a record saw something: `source` did it to `target`. */
struct eki_log_where {
    struct eki_address source, target;
    eki_time time;
    uint16_t service;
    uint8_t protocol;
    uint8_t kind; /* for eki_log_tell_again only */
};

/* One sign of the kind of `like` (name, family, technique, grade, vector, automated). What has no time, or no
 * two different hosts, is passed over silently. */
void eki_log_tell(struct eki_log_reading *r, const struct eki_sign *like, const struct eki_log_where *where,
                  const char *detail);

/* Pairs of hosts that wrote to administrative shares or started something. Zeroed is empty; the table of
 * fixed size (0.8 MB) is allocated at the first use, and the oldest of a bucket gives way. */
struct eki_log_steps {
    struct eki_log_step *entries;
};

/* As eki_log_tell for what is seen again and again: what the same hosts show of the same kind (where->kind,
 * any number from 1 on that the format chooses) becomes one sign that grows, and keeps the newest detail. */
void eki_log_tell_again(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_sign *like,
                        const struct eki_log_where *where, const char *detail);

/* A question for a host name: a sign when it is a kill-switch name. */
void eki_log_question(struct eki_log_reading *r, struct eki_log_steps *steps,
                      const struct eki_log_where *where, struct eki_field name);

/* Is the share ADMIN$ or that of a drive? Takes `\\host\C$` in any writing (plain, doubled, as JSON). */
bool eki_log_share_is_administrative(struct eki_field share);

/* A file was written to an administrative share: a note, an attempt when its name is a program's. */
void eki_log_share_write(struct eki_log_reading *r, struct eki_log_steps *steps,
                         const struct eki_log_where *where, struct eki_field file);

/* A remote call, by the name of its operation ("CreateServiceW", "SchRpcRegisterTask"...); others than those
 * that start something are passed over. With a write before it, both become "admin-share-exec". */
void eki_log_remote_call(struct eki_log_reading *r, struct eki_log_steps *steps,
                         const struct eki_log_where *where, struct eki_field operation);

/* A logon that was refused: of five to one host within half an hour an attempt is told ("logon-guess"). */
void eki_log_guess(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_log_where *where);

/* A logon that was accepted: the first of a pair is a note ("logon"); after guesses it is access. */
void eki_log_logon(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_log_where *where);

/* A service was installed on where->target, by whom is not told: it belongs to who wrote to one of its
 * administrative shares last, within ten minutes before; without such a write nothing is told. */
void eki_log_install(struct eki_log_reading *r, struct eki_log_steps *steps,
                     const struct eki_log_where *where);

/* Frees the table; it is empty again. */
void eki_log_steps_done(struct eki_log_steps *steps);

/* True when `text` holds `words`, in any case. For short texts: O(length of both). */
bool eki_log_says(const char *text, const char *words);

#endif
