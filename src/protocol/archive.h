/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_ARCHIVE_H
#define EKI_PROTOCOL_ARCHIVE_H
/*
 * What the sign engine keeps between packets, as bytes and back (see base/archive.h).
 *
 * Entries of the modules' tables are kept as they lie in memory, but for the texts of their signs: their size
 * is checked, what they hold is not. They are trusted because the file is the program's own, only its owner
 * may write it, and its checksum fits.
 */
#include "base/archive.h"
#include "protocol/conversations.h"
#include "protocol/module.h"

/* One table of a module. */
void eki_pairs_archive(struct eki_pairs *pairs, const struct eki_sign_table *table,
                       struct eki_archive *archive);

/* The conversations that carry SMB or RPC. */
void eki_conversations_archive(struct eki_conversations *conversations, struct eki_archive *archive);

#endif
