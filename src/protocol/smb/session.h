/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_SMB_SESSION_H
#define EKI_PROTOCOL_SMB_SESSION_H
/*
 * What one SMB conversation has open: shares and files, learned from tree connect and create requests and
 * their answers. It lets a write be named ("WINDOWS\x.exe on ADMIN$") and a pipe be told from a file. Bounded
 * by rings: the newest are known.
 */
#include "protocol/smb/smb.h"

enum {
    EKI_SMB_TREES = 8,  /* a client keeps a handful of shares of one server open */
    EKI_SMB_ASKED = 16, /* requests whose answer is still on its way */
    EKI_SMB_FILES = 16  /* files open at once that anything depends on */
};

struct eki_smb_session {
    struct {
        uint32_t id;
        uint8_t share; /* enum eki_smb_share */
        bool used;
    } trees[EKI_SMB_TREES];
    struct {
        uint64_t message;
        struct eki_smb_file file; /* of a create */
        uint8_t share;            /* of a tree connect */
        bool used, is_tree;
    } asked[EKI_SMB_ASKED];
    struct eki_smb_file files[EKI_SMB_FILES];
    uint8_t next_tree, next_asked, next_file;
};

/* True for messages that open or use something, so that a session need not be kept for others. */
bool eki_smb_session_concerns(const struct eki_smb_message *message);

/* Learns from a message, then fills its `share` and `file`. */
void eki_smb_session_message(struct eki_smb_session *session, struct eki_smb_message *message);

#endif
