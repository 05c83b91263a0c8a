/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_NOTICE_CONTACT_H
#define EKI_CASE_NOTICE_CONTACT_H
/* Whom to write to in a team, in which language and form, under which key. Positions are those of the
 * directory's records; EKI_NOWHERE is none. All O(records of the kind). */
#include "ekigaku/owner.h"

/* The best contact by mail of a team that is not dead: of the department first (EKI_NOWHERE: of the team
 * itself), then by role, then in order; never `except`. */
uint32_t eki_notice_mailbox(const struct eki_directory *directory, uint32_t team, uint32_t department,
                            uint32_t except);

/* "en" or "ja": the first that the contact or its team speaks, else that of its country, else "en". Static.
 */
const char *eki_notice_language(const struct eki_directory *directory, uint32_t contact);

/* The form that a remark about the contact or its team asks for ("notice-format: xarf"); "csv" without.
 * Static. */
const char *eki_notice_format(const struct eki_directory *directory, uint32_t contact);

/* The name of a form if it is one that notices can carry; NULL otherwise. Static. */
const char *eki_notice_format_name(const char *text, size_t length);

/* A key of the contact, else of its team, that has not expired at the directory's moment; NULL without. */
const struct eki_key *eki_notice_key(const struct eki_directory *directory, uint32_t contact);

/* The position of a record by its id; EKI_NOWHERE. */
uint32_t eki_notice_contact_of(const struct eki_directory *directory, const char *id);
uint32_t eki_notice_department_of(const struct eki_directory *directory, const char *id);

#endif
