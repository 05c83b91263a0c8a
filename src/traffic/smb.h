/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_TRAFFIC_SMB_H
#define EKI_TRAFFIC_SMB_H
/*
 * SMB as detection sees it: length prefix, SMB1 or SMB2 header, the fields that say what is asked for. Bodies
 * exist as lengths only; there is nothing here that could be sent to a host to any effect.
 */
#include "traffic/talk.h"

enum smb1_command {
    SMB1_TRANSACTION = 0x25,
    SMB1_ECHO = 0x2b,
    SMB1_TRANSACTION2 = 0x32,
    SMB1_TRANSACTION2_SECONDARY = 0x33,
    SMB1_TREE_DISCONNECT = 0x71,
    SMB1_NEGOTIATE = 0x72,
    SMB1_SESSION_SETUP = 0x73,
    SMB1_LOGOFF = 0x74,
    SMB1_TREE_CONNECT = 0x75,
    SMB1_NT_TRANSACT = 0xa0
};

enum smb2_command {
    SMB2_NEGOTIATE = 0,
    SMB2_SESSION_SETUP = 1,
    SMB2_LOGOFF = 2,
    SMB2_TREE_CONNECT = 3,
    SMB2_CREATE = 5,
    SMB2_CLOSE = 6,
    SMB2_READ = 8,
    SMB2_WRITE = 9,
    SMB2_IOCTL = 11
};

#define SMB_STATUS_NOT_FOUND               0xc0000034u
#define SMB_STATUS_MORE                    0xc0000016u
#define SMB_STATUS_LOGON_FAILURE           0xc000006du
#define SMB_STATUS_ACCESS_DENIED           0xc0000022u
#define SMB_STATUS_NOT_IMPLEMENTED         0xc0000002u
#define SMB_STATUS_INVALID_PARAMETER       0xc000000du
#define SMB_STATUS_INSUFF_SERVER_RESOURCES 0xc0000205u

/* One SMB1 message of `wire` bytes behind the length prefix. */
struct smb1 {
    uint8_t command;
    uint32_t status;
    uint16_t tree, user, multiplex;
    uint16_t subcommand; /* of TRANSACTION2 */
    uint16_t wire;
};

/* Says it; an answer has no words, only its status and ids. */
void eki_smb1_say(struct talk *talk, enum talk_side side, const struct smb1 *message);

/* Negotiate, anonymous session setup, tree connect to IPC$. */
void eki_smb1_enter(struct talk *talk);
/* Is the target weak? The answer is STATUS_INSUFF_SERVER_RESOURCES when it is. */
void eki_smb1_check(struct talk *talk, bool weak);
/* Is an implant there? The multiplex id comes back 16 higher when it is. */
void eki_smb1_ping(struct talk *talk, bool implanted);
/* The attempt: the sequence of commands and sizes of it, bodies absent. */
void eki_smb1_attempt(struct talk *talk);
/* `count` acknowledged upload steps to the implant. */
void eki_smb1_upload(struct talk *talk, unsigned count);

/* SMB2 on one connection: the numbers that run on from message to message. */
struct smb2 {
    struct talk *talk;
    uint64_t message, session;
    uint32_t tree;
    uint64_t file; /* the handle opened last: its first half, the second is the session */
};
/* Negotiates on an open talk; the result is used for the steps below and holds nothing to free. */
struct smb2 eki_smb2_enter(struct talk *talk);
/* One login in two steps. */
void eki_smb2_log_on(struct smb2 *smb, bool accepted);
/* Tree connect to \\server\share; `status` is the answer's. */
void eki_smb2_share(struct smb2 *smb, const char *share, uint32_t status);
/* Looks whether `name` is there. */
void eki_smb2_look_for(struct smb2 *smb, const char *name, bool exists);
/* Opens `name`, writes or reads `bytes`, closes. */
void eki_smb2_file(struct smb2 *smb, const char *name, bool write, uint32_t bytes);
/* Opens the service pipe, creates and starts a service: remote execution. */
void eki_smb2_service(struct smb2 *smb);

#endif
