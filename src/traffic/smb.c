/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/smb.h"

#include <string.h>

enum { PREFIX = 4, SMB1_HEADER = 32, SMB2_HEADER = 64, BLOCK = 272, PROCESS = 0xfeff };

static void put_le16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
}
static void put_le32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}
static void put_le64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
}

/* Word counts and the few words that tell what kind of transaction it is (MS-CIFS 2.2.4). Returns the bytes
 * written. */
static uint16_t put_words(uint8_t *at, const struct smb1 *message, bool request)
{
    if (!request) return 3; /* no words, no bytes */
    switch (message->command) {
    case SMB1_TRANSACTION2:
        at[0] = 15;
        put_le16(at + 1, 12);
        at[27] = 1;
        put_le16(at + 29, message->subcommand);
        return 33;
    case SMB1_TRANSACTION: /* PeekNamedPipe, 0x23, on the pipe 0 */
        at[0] = 16;
        at[27] = 2;
        put_le16(at + 29, 0x23);
        return 35;
    case SMB1_NT_TRANSACT:
        at[0] = 20;
        put_le32(at + 4, 30);
        put_le32(at + 8, 66512);
        return 43;
    case SMB1_TRANSACTION2_SECONDARY: at[0] = 9; return 21;
    default: return 3;
    }
}

void eki_smb1_say(struct talk *talk, enum talk_side side, const struct smb1 *message)
{
    uint8_t bytes[BLOCK] = {0};
    put_be32(bytes, message->wire);
    uint8_t *header = bytes + PREFIX;
    put_be32(header, 0xff534d42);
    header[4] = message->command;
    put_le32(header + 5, message->status);
    header[9] = side == TALK_SERVER ? 0x98 : 0x18;
    put_le16(header + 10, 0xc007);
    put_le16(header + 24, message->tree);
    put_le16(header + 26, PROCESS);
    put_le16(header + 28, message->user);
    put_le16(header + 30, message->multiplex);
    uint16_t words = put_words(header + SMB1_HEADER, message, side == TALK_CLIENT);
    uint16_t captured = (uint16_t)(PREFIX + SMB1_HEADER + words), wire = (uint16_t)(PREFIX + message->wire);
    eki_talk_say(talk, side, (struct payload){bytes, captured < wire ? captured : wire, wire});
}

/* One question and its answer with the same ids. */
static void ask1(struct talk *talk, struct smb1 question, struct smb1 answer)
{
    eki_smb1_say(talk, TALK_CLIENT, &question);
    if (!answer.command) answer.command = question.command;
    if (!answer.tree) answer.tree = question.tree;
    if (!answer.user) answer.user = question.user;
    if (!answer.multiplex) answer.multiplex = question.multiplex;
    eki_smb1_say(talk, TALK_SERVER, &answer);
}

void eki_smb1_enter(struct talk *talk)
{
    ask1(talk, (struct smb1){.command = SMB1_NEGOTIATE, .multiplex = 64, .wire = 133},
         (struct smb1){.wire = 127});
    ask1(talk, (struct smb1){.command = SMB1_SESSION_SETUP, .multiplex = 64, .wire = 136},
         (struct smb1){.wire = 193, .user = 2048});
    ask1(talk, (struct smb1){.command = SMB1_TREE_CONNECT, .multiplex = 64, .user = 2048, .wire = 96},
         (struct smb1){.wire = 56, .tree = 2048});
}

void eki_smb1_check(struct talk *talk, bool weak)
{
    ask1(talk,
         (struct smb1){.command = SMB1_TRANSACTION, .tree = 2048, .user = 2048, .multiplex = 64, .wire = 74},
         (struct smb1){.status = weak ? SMB_STATUS_INSUFF_SERVER_RESOURCES : SMB_STATUS_ACCESS_DENIED,
                       .wire = 35});
}

void eki_smb1_ping(struct talk *talk, bool implanted)
{
    ask1(talk,
         (struct smb1){.command = SMB1_TRANSACTION2,
                       .tree = 2048,
                       .user = 2048,
                       .multiplex = 65,
                       .subcommand = 14,
                       .wire = 78},
         (struct smb1){.status = SMB_STATUS_NOT_IMPLEMENTED, .multiplex = implanted ? 81 : 65, .wire = 35});
}

void eki_smb1_attempt(struct talk *talk)
{
    struct smb1 ids = {.tree = 2048, .user = 2048, .multiplex = 65};
    struct smb1 first = ids, part = ids, echo = ids;
    first.command = SMB1_NT_TRANSACT;
    first.wire = 1080;
    ask1(talk, first, (struct smb1){.wire = 35});
    part.command = SMB1_TRANSACTION2_SECONDARY;
    part.wire = 4149;
    for (int i = 0; i < 15; i++) eki_smb1_say(talk, TALK_CLIENT, &part);
    echo.command = SMB1_ECHO;
    echo.wire = 49;
    ask1(talk, echo, (struct smb1){.wire = 49});
    eki_talk_pause(talk, 1.0);
    ask1(talk, echo, (struct smb1){.wire = 49});
    eki_smb1_say(talk, TALK_CLIENT, &part);
    struct smb1 refusal = ids;
    refusal.command = SMB1_TRANSACTION2;
    refusal.status = SMB_STATUS_INVALID_PARAMETER;
    refusal.wire = 88;
    eki_smb1_say(talk, TALK_SERVER, &refusal);
}

void eki_smb1_upload(struct talk *talk, unsigned count)
{
    struct smb1 step = {
        .command = SMB1_TRANSACTION2, .tree = 2048, .user = 2048, .multiplex = 66, .subcommand = 14};
    step.wire = 4174;
    for (unsigned i = 0; i < count; i++)
        ask1(talk, step, (struct smb1){.status = SMB_STATUS_NOT_IMPLEMENTED, .multiplex = 82, .wire = 35});
}

struct smb2_line {
    uint16_t command;
    uint32_t status;
};

/* A header of SMB2 (MS-SMB2 2.2.1) and the beginning of its body. */
static void put2(struct smb2 *smb, enum talk_side side, struct smb2_line line, struct payload body)
{
    uint8_t bytes[FRAME_ROOM] = {0};
    uint16_t room = FRAME_ROOM - PREFIX - SMB2_HEADER;
    uint16_t captured = body.captured < room ? body.captured : room;
    uint8_t *header = bytes + PREFIX;
    put_be32(bytes, (uint32_t)SMB2_HEADER + body.wire);
    put_be32(header, 0xfe534d42);
    put_le16(header + 4, SMB2_HEADER);
    put_le16(header + 6, 1);
    put_le32(header + 8, line.status);
    put_le16(header + 12, line.command);
    put_le16(header + 14, 1);
    put_le32(header + 16, side == TALK_SERVER ? 1 : 0);
    put_le64(header + 24, smb->message);
    put_le32(header + 32, PROCESS);
    put_le32(header + 36, smb->tree);
    put_le64(header + 40, smb->session);
    if (captured) memcpy(header + SMB2_HEADER, body.bytes, captured);
    uint16_t all = (uint16_t)(PREFIX + SMB2_HEADER + captured),
             wire = (uint16_t)(PREFIX + SMB2_HEADER + body.wire);
    eki_talk_say(smb->talk, side, (struct payload){bytes, all, wire});
}

static void say2(struct smb2 *smb, uint16_t command, struct payload body)
{
    put2(smb, TALK_CLIENT, (struct smb2_line){command, 0}, body);
}

/* The answer to the question before; the next question has the next message number. */
static void answer2(struct smb2 *smb, uint16_t command, uint32_t status, struct payload body)
{
    put2(smb, TALK_SERVER, (struct smb2_line){command, status}, body);
    smb->message++;
}

struct smb2 eki_smb2_enter(struct talk *talk)
{
    struct smb2 smb = {.talk = talk, .session = 0};
    uint8_t body[36] = {36};
    body[2] = 2;
    put_le16(body + 4, 1);
    say2(&smb, SMB2_NEGOTIATE, (struct payload){body, sizeof body, 104});
    uint8_t answer[8] = {65};
    put_le16(answer + 4, 0x0210);
    answer2(&smb, SMB2_NEGOTIATE, 0, (struct payload){answer, sizeof answer, 240});
    return smb;
}

void eki_smb2_log_on(struct smb2 *smb, bool accepted)
{
    uint8_t body[25] = {25}, answer[9] = {9};
    smb->session = 0;
    smb->tree = 0;
    say2(smb, SMB2_SESSION_SETUP, (struct payload){body, sizeof body, 98});
    smb->session = 0x400000000000u | smb->talk->port[0];
    answer2(smb, SMB2_SESSION_SETUP, SMB_STATUS_MORE, (struct payload){answer, sizeof answer, 254});
    say2(smb, SMB2_SESSION_SETUP, (struct payload){body, sizeof body, 512});
    answer2(smb, SMB2_SESSION_SETUP, accepted ? 0 : SMB_STATUS_LOGON_FAILURE,
            (struct payload){answer, sizeof answer, 9});
}

/* ASCII to UTF-16LE; returns the bytes. */
static uint16_t put_name(uint8_t *at, size_t room, const char *name)
{
    uint16_t length = 0;
    for (; *name && (size_t)length + 2 <= room; name++, length = (uint16_t)(length + 2))
        put_le16(at + length, (uint8_t)*name);
    return length;
}

void eki_smb2_share(struct smb2 *smb, const char *share, uint32_t status)
{
    char path[64];
    uint32_t server = smb->talk->address[TALK_SERVER];
    snprintf(path, sizeof path, "\\\\%u.%u.%u.%u\\%s", server >> 24, server >> 16 & 255, server >> 8 & 255,
             server & 255, share);
    uint8_t body[8 + 2 * sizeof path] = {9};
    put_le16(body + 4, SMB2_HEADER + 8);
    uint16_t length = put_name(body + 8, sizeof body - 8, path);
    put_le16(body + 6, length);
    length = (uint16_t)(length + 8);
    smb->tree = 0;
    say2(smb, SMB2_TREE_CONNECT, (struct payload){body, length, length});
    smb->tree = status ? 0 : (uint32_t)smb->message;
    uint8_t answer[16] = {16};
    answer[2] = strcmp(share, "IPC$") ? 1 : 2;
    answer2(smb, SMB2_TREE_CONNECT, status, (struct payload){answer, sizeof answer, sizeof answer});
}

static void ask_for_file(struct smb2 *smb, const char *name, bool write)
{
    uint8_t body[56 + 128] = {57};
    put_le32(body + 24, write ? 0x0012019f : 0x00120089); /* desired access */
    put_le32(body + 32, 7);
    put_le32(body + 36, write ? 5 : 1); /* overwrite or create; open */
    put_le16(body + 44, SMB2_HEADER + 56);
    uint16_t length = put_name(body + 56, 128, name);
    put_le16(body + 46, length);
    length = (uint16_t)(length + 56);
    say2(smb, SMB2_CREATE, (struct payload){body, length, length});
}

static void open_file(struct smb2 *smb, const char *name, bool write)
{
    ask_for_file(smb, name, write);
    uint8_t answer[88] = {89};
    put_le32(answer + 4, write ? 2 : 1); /* created; opened */
    smb->file = smb->message;
    put_le64(answer + 64, smb->file);
    put_le64(answer + 72, smb->session);
    answer2(smb, SMB2_CREATE, 0, (struct payload){answer, sizeof answer, sizeof answer});
}

static void close_file(struct smb2 *smb)
{
    uint8_t body[24] = {24}, answer[60] = {60};
    put_le64(body + 8, smb->file);
    put_le64(body + 16, smb->session);
    say2(smb, SMB2_CLOSE, (struct payload){body, sizeof body, sizeof body});
    answer2(smb, SMB2_CLOSE, 0, (struct payload){answer, sizeof answer, sizeof answer});
}

/* One read or write of at most 32 KiB. */
static void move_block(struct smb2 *smb, bool write, uint16_t bytes, uint64_t offset)
{
    uint8_t body[48] = {49}, answer[16] = {17};
    put_le16(body + 2, write ? SMB2_HEADER + 48 : 0x50);
    put_le32(body + 4, bytes);
    put_le64(body + 8, offset);
    put_le64(body + 16, smb->file);
    put_le64(body + 24, smb->session);
    put_le32(answer + 4, bytes);
    say2(smb, write ? SMB2_WRITE : SMB2_READ,
         (struct payload){body, sizeof body, (uint16_t)(sizeof body + (write ? bytes : 1))});
    answer2(smb, write ? SMB2_WRITE : SMB2_READ, 0,
            (struct payload){answer, sizeof answer, (uint16_t)(sizeof answer + (write ? 0 : bytes))});
}

void eki_smb2_look_for(struct smb2 *smb, const char *name, bool exists)
{
    if (exists) {
        open_file(smb, name, false);
        close_file(smb);
        return;
    }
    ask_for_file(smb, name, false);
    uint8_t answer[8] = {9};
    answer2(smb, SMB2_CREATE, SMB_STATUS_NOT_FOUND, (struct payload){answer, sizeof answer, 9});
}

void eki_smb2_file(struct smb2 *smb, const char *name, bool write, uint32_t bytes)
{
    open_file(smb, name, write);
    for (uint32_t done = 0; done < bytes;) {
        uint16_t part = bytes - done > 32768 ? 32768 : (uint16_t)(bytes - done);
        move_block(smb, write, part, done);
        done += part;
    }
    close_file(smb);
}

/* A remote procedure call over the pipe (FSCTL_PIPE_TRANSCEIVE): the call's header only. */
static void call(struct smb2 *smb, uint16_t operation, uint16_t bytes)
{
    uint8_t body[56 + 24] = {57};
    put_le32(body + 4, 0x0011c017);
    put_le32(body + 24, SMB2_HEADER + 56);
    put_le32(body + 28, bytes);
    put_le32(body + 44, 1024);
    put_le32(body + 48, 1);
    uint8_t *rpc = body + 56;
    rpc[0] = 5;
    rpc[3] = 3;
    rpc[4] = 0x10;
    put_le16(rpc + 8, bytes);
    put_le32(rpc + 12, operation);
    put_le32(rpc + 16, (uint32_t)(bytes - 24));
    put_le16(rpc + 22, operation);
    say2(smb, SMB2_IOCTL, (struct payload){body, sizeof body, (uint16_t)(56 + bytes)});
    rpc[2] = 2;
    body[0] = 49;
    memmove(body + 48, rpc, 24);
    answer2(smb, SMB2_IOCTL, 0, (struct payload){body, 72, 48 + 48});
}

void eki_smb2_service(struct smb2 *smb)
{
    static const uint8_t svcctl[20] = {0x81, 0xbb, 0x7a, 0x36, 0x44, 0x98, 0xf1, 0x35, 0xad, 0x32,
                                       0x98, 0xf0, 0x38, 0x00, 0x10, 0x03, 2,    0,    0,    0};
    open_file(smb, "svcctl", false);
    uint8_t bind[48 + 72] = {49};
    put_le16(bind + 2, SMB2_HEADER + 48);
    put_le32(bind + 4, 72);
    uint8_t *rpc = bind + 48;
    rpc[0] = 5;
    rpc[2] = 11;
    rpc[3] = 3;
    rpc[4] = 0x10;
    put_le16(rpc + 8, 72);
    put_le32(rpc + 12, 1);
    put_le16(rpc + 16, 4280);
    put_le16(rpc + 18, 4280);
    rpc[24] = 1;
    rpc[30] = 1;
    memcpy(rpc + 32, svcctl, sizeof svcctl);
    say2(smb, SMB2_WRITE, (struct payload){bind, sizeof bind, sizeof bind});
    uint8_t answer[16] = {17};
    put_le32(answer + 4, 72);
    answer2(smb, SMB2_WRITE, 0, (struct payload){answer, sizeof answer, sizeof answer});
    move_block(smb, false, 68, 0);
    call(smb, 15, 64);  /* OpenSCManagerW */
    call(smb, 12, 220); /* CreateServiceW */
    call(smb, 19, 52);  /* StartServiceW */
    close_file(smb);
}
