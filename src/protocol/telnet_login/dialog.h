/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_TELNET_DIALOG_H
#define EKI_PROTOCOL_TELNET_DIALOG_H
/*
 * A Telnet login (RFC 854), followed as what both sides say: prompts and refusals of the server, lines of the
 * client. Words may come byte by byte; the newest are kept, lower case, without Telnet's own commands.
 * Nothing of what was typed is kept beyond that.
 */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/sign.h"

enum { EKI_DIALOG_TAIL = 40, EKI_DIALOG_LINE = 96 };

/* What one segment added. Or'ed. */
enum eki_dialog_event {
    EKI_DIALOG_FAILED = 1,   /* a login was refused */
    EKI_DIALOG_ACCEPTED = 2, /* a login was accepted: a shell answered */
    EKI_DIALOG_CHECKED =
        4, /* the shell answered the busybox check: it runs busybox and no applet of that name exists */
    EKI_DIALOG_DELIVERY = 8, /* the client had a file written or fetched */
    EKI_DIALOG_STARTED = 16, /* and had a program started */
    EKI_DIALOG_WENT_ON = 32  /* the client said something after the login */
};

struct eki_dialog {
    char tail[EKI_DIALOG_TAIL]; /* the newest text of the server */
    char line[EKI_DIALOG_LINE]; /* the line the client is typing */
    uint32_t next[2]; /* sequence number after the last byte read: from the server, from the client */
    uint8_t tail_length, line_length;
    uint8_t escape[2]; /* bytes of a Telnet command still to come; 255 inside a subnegotiation */
    bool seen[2];
    bool asked;    /* a password was asked for, and what followed is not known yet */
    bool inside;   /* a login was accepted */
    bool checking; /* the client sent the busybox check */
    bool telnet;   /* a prompt was seen: this is a login at all */
};

/* Reads one segment; returns the events. O(bytes). */
unsigned eki_dialog_read(struct eki_dialog *dialog, const struct eki_segment *segment);

#endif
