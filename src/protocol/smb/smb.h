/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_SMB_H
#define EKI_PROTOCOL_SMB_H
/*
 * SMB messages cut out of TCP payloads ([MS-CIFS], [MS-SMB2]; framing of RFC 1002). Captures are often cut to
 * the first bytes of each packet, so a message may be there in part: `captured` says how much. The start of
 * the next message is known from lengths on the wire; after a loss the stream is picked up again at a segment
 * that begins with a message.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "ekigaku/sign.h"

enum eki_smb1_command {
    EKI_SMB1_CLOSE = 0x04,
    EKI_SMB1_TRANSACTION = 0x25,
    EKI_SMB1_TRANSACTION_SECONDARY = 0x26,
    EKI_SMB1_READ_ANDX = 0x2e,
    EKI_SMB1_WRITE_ANDX = 0x2f,
    EKI_SMB1_TRANSACTION2 = 0x32,
    EKI_SMB1_TRANSACTION2_SECONDARY = 0x33,
    EKI_SMB1_SESSION_SETUP = 0x73,
    EKI_SMB1_TREE_CONNECT = 0x75,
    EKI_SMB1_NT_TRANSACT = 0xa0,
    EKI_SMB1_NT_TRANSACT_SECONDARY = 0xa1,
    EKI_SMB1_NT_CREATE = 0xa2,
    EKI_SMB1_LOCKING_ANDX = 0x24
};
enum eki_smb2_command {
    EKI_SMB2_SESSION_SETUP = 1,
    EKI_SMB2_TREE_CONNECT = 3,
    EKI_SMB2_CREATE = 5,
    EKI_SMB2_CLOSE = 6,
    EKI_SMB2_READ = 8,
    EKI_SMB2_WRITE = 9,
    EKI_SMB2_IOCTL = 11
};

/* NT status codes ([MS-ERREF]) that mean something here. */
#define EKI_STATUS_OK                       0u
#define EKI_STATUS_NOT_IMPLEMENTED          0xc0000002u
#define EKI_STATUS_INVALID_PARAMETER        0xc000000du
#define EKI_STATUS_PENDING                  0x103u
#define EKI_STATUS_MORE_PROCESSING_REQUIRED 0xc0000016u
#define EKI_STATUS_LOGON_FAILURE            0xc000006du
#define EKI_STATUS_INSUFF_SERVER_RESOURCES  0xc0000205u

enum eki_smb_share {                            /* what a tree connect led to */
                     EKI_SMB_SHARE_UNKNOWN = 0, /* opened before the capture began */
                     EKI_SMB_SHARE_PIPES,       /* IPC$ */
                     EKI_SMB_SHARE_ADMIN,       /* ADMIN$ */
                     EKI_SMB_SHARE_DRIVE,       /* C$, D$... */
                     EKI_SMB_SHARE_OTHER
};

/* A file or pipe that is open in a conversation. */
struct eki_smb_file {
    uint64_t id;     /* its handle, as one number */
    uint8_t share;   /* enum eki_smb_share */
    bool executable; /* by its name */
    char name[46];   /* relative to the share, printable ASCII; never "" */
};

struct eki_smb_message {
    const struct eki_segment *segment; /* the one that holds its first byte */
    struct eki_address client, server; /* by the reply flag, which cannot be wrong where port numbers can */
    uint16_t service;                  /* port of the server */
    uint8_t version;                   /* 1 or 2 */
    bool reply;
    uint16_t command;
    uint32_t status;
    uint16_t tid, pid, uid, mid; /* SMB1 */
    uint64_t message_id, session_id;
    uint32_t tree_id;       /* SMB2; SMB1: tid */
    const uint8_t *header;  /* the first byte of the header, for bodies that are addressed from there */
    size_t captured;        /* bytes from `header` on that are there */
    uint32_t length;        /* bytes from `header` on as announced */
    struct eki_cursor body; /* after the header */
    uint8_t share;          /* enum eki_smb_share of its tree */
    bool gapless; /* nothing was lost in either direction since the first packet of the conversation */
    const struct eki_smb_file *file; /* that a write request names, when it is known; or NULL */
};

/* Where a direction of a conversation stands: the sequence number of the next message. */
struct eki_smb_direction {
    uint32_t next;
    bool known;
    bool gaps; /* something was lost, cut away or missed before */
};

typedef void eki_smb_sink(void *user, const struct eki_smb_message *message);

/* Gives every message that begins in this segment to the sink, once. O(bytes). */
void eki_smb_segment(struct eki_smb_direction *direction, const struct eki_segment *segment,
                     eki_smb_sink *sink, void *user);

/* What a request writes into a file or pipe: SMB1 WRITE_ANDX and named-pipe TRANSACTION, SMB2 WRITE and pipe
 * IOCTL. */
struct eki_smb_write {
    uint64_t file;          /* handle, as in struct eki_smb_file */
    uint64_t offset;        /* in the file */
    uint32_t length;        /* bytes announced */
    struct eki_cursor data; /* those that were captured */
};

/* Reads a write request; false for any other message. */
bool eki_smb_write(const struct eki_smb_message *message, struct eki_smb_write *ret_write);

/* Copies a UTF-16LE (or ASCII, when `wide` is false) text of `bytes` bytes as printable ASCII, others
 * becoming '?'; ends with NUL. */
void eki_smb_text(struct eki_cursor text, size_t bytes, bool wide, char *ret_text, size_t capacity);

/* The path of a tree connect request ("\\HOST\ADMIN$"); false when it is none or was cut away. */
bool eki_smb_tree_path(const struct eki_smb_message *message, char *ret_path, size_t capacity);

/* The name of a create request; false likewise. */
bool eki_smb_create_name(const struct eki_smb_message *message, char *ret_name, size_t capacity);

#endif
