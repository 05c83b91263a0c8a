/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_MAIL_H
#define EKIGAKU_MAIL_H
/*
 * Mail: messages written, protected, sent, fetched and read. Knows no case and no store.
 *
 * Journey of a message that leaves: the caller fills a struct eki_mail; eki_mail_write() makes MIME of it,
 * signed and encrypted as asked (never less than asked: what cannot be encrypted is an error). A relay
 * (eki_relay_open) hands the bytes to an SMTP server, once, and says what became of them. Journey of a
 * message that arrives: a mailbox (maildir or IMAP) hands each new one to a callback; eki_mail_read() tells
 * what it is (reply, bounce, automatic answer, other) and takes it apart.
 *
 *     error = eki_mail_start();                                   // once, at the start of the program
 *     struct eki_mail mail = {.from = "desk@csirt.example", .to = "poc@team.example", .subject = "...",
 *                             .text = "...", .date = now, .message_id = "1@csirt.example", .seed = seed};
 *     error = eki_mail_write(&mail, &keys, &bytes, &length, &fault); // keys NULL: plain
 *     error = eki_relay_open(&server, &relay, &fault);
 *     error = eki_relay_send(relay, &(struct eki_relay_letter){mail.from, mail.to, bytes, length}, &outcome);
 *     eki_relay_close(relay);
 *     eki_mail_bytes_free(bytes);
 *
 * Times are those handed in; boundaries come from a seed that is handed in, so that the same unsigned mail
 * has the same bytes. Everything here may be used by several threads, each with its own objects.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

/* Makes the libraries below (GMime, gpgme, libcurl) ready. To be called before any other call of this header,
 * by one thread, before others start; again is harmless. EKI_ERROR_UNSUPPORTED when one of them is not usable
 * (gpg missing is found later, when something is to be signed). */
EKI_MUST_USE enum eki_error eki_mail_start(void);

/* Largest message that is written or read: what common relays take (25 MiB); a notice of 10,000 hosts has 1
 * MiB. */
enum { EKI_MAIL_BYTES = 25 << 20 };

/* Parts of a message that is written: text and a form or two. Letters of a header value: a line of RFC 5322
 * has 998, and no subject or name needs more. */
enum { EKI_MAIL_PARTS = 8, EKI_MAIL_HEADER = 900 };

/* One attachment. */
struct eki_mail_part {
    const char *name; /* file name, UTF-8 */
    const char *type; /* "text/csv", "application/stix+json;version=2.1" */
    const void *bytes;
    size_t length;
};

/* A message to be written. Texts are UTF-8; those that may be NULL say so. A header value with a control
 * character (CR and LF among them) is refused, so that nobody's name can add a header. */
struct eki_mail {
    const char *from, *from_name; /* address; who that is, or NULL */
    const char *to, *to_name;
    const char *reply_to; /* address or NULL */
    const char *subject;
    const char *language;    /* "en", "ja"; NULL: not said */
    const char *text;        /* lines end with LF or CRLF; any length of line */
    const char *message_id;  /* without angle brackets; required: the caller must know it before it sends */
    const char *in_reply_to; /* without angle brackets, or NULL */
    const char *references;  /* Message-IDs without angle brackets, a blank between them, or NULL */
    const char *auto_submitted; /* RFC 3834: "auto-generated"; NULL: a person wrote it */
    const char *tlp;            /* "TLP:AMBER": goes into the header X-TLP, for filters; NULL: none */
    eki_time date;
    const struct eki_mail_part *parts;
    size_t part_count; /* at most EKI_MAIL_PARTS */
    uint64_t seed;     /* boundaries are made out of this; any number, another one for each message */
};

/* Is it an address that we write to: local@domain, ASCII, without quotes, blanks, comments or control
 * characters, at most 254 letters (RFC 5321 4.5.3.1)? NULL is none. Pure. */
bool eki_mail_is_address(const char *address);

/* How a message is protected. */
enum eki_mail_protection {
    EKI_MAIL_PLAIN = 0,
    EKI_MAIL_PGP_SIGN,
    EKI_MAIL_PGP_SIGN_ENCRYPT,
    EKI_MAIL_SMIME_SIGN,
    EKI_MAIL_SMIME_SIGN_ENCRYPT
};

/* Keys. Needs gpg (OpenPGP) or gpgsm (S/MIME) of GnuPG on the machine. */
struct eki_mail_keys {
    enum eki_mail_protection protection;
    const char *home;   /* GnuPG home with the secret key of the sender; NULL: GnuPG's own default */
    const char *signer; /* fingerprint, or address when only one key has it; required to sign */
    /* The recipient's key as a text: an armored OpenPGP key, or PEM certificates, the recipient's first and
     * then the chain up to its root. Whoever keeps the directory vouches for it: it is used without asking
     * any web of trust or list of authorities, but never when it is expired, revoked or cannot encrypt. */
    const char *recipient;
    const char *scratch; /* folder for a temporary home that is removed afterwards; NULL: "/tmp" */
};

/* Makes MIME of a mail, lines ended by CRLF, ASCII only. `keys` may be NULL: EKI_MAIL_PLAIN. *ret_bytes is
 * the caller's. EKI_ERROR_ARGUMENT (header value, address; the fault names it), EKI_ERROR_LIMIT,
 * EKI_ERROR_MISSING (no such signer, no recipient's key), EKI_ERROR_CONFLICT (a key that is expired, revoked,
 * disabled or cannot do it: the fault says which), EKI_ERROR_CORRUPT (the recipient's key cannot be read, or
 * holds more than one), EKI_ERROR_UNSUPPORTED (no gpg), EKI_ERROR_OPEN (no temporary home),
 * EKI_ERROR_WRITE (the engine failed otherwise), EKI_ERROR_MEMORY. O(bytes); signing takes some 10 ms. */
EKI_MUST_USE enum eki_error eki_mail_write(const struct eki_mail *mail, const struct eki_mail_keys *keys,
                                           char **ret_bytes, size_t *ret_length, struct eki_fault *ret_fault);
void eki_mail_bytes_free(char *bytes);

/* What an arrived message is. */
enum eki_mail_kind {
    EKI_MAIL_OTHER = 0,
    EKI_MAIL_REPLY,    /* names a message that it answers, and a person sent it as far as it says */
    EKI_MAIL_BOUNCE,   /* RFC 3464: at least one recipient failed for good */
    EKI_MAIL_AUTOMATIC /* RFC 3834: holiday notes, receipts, delays, lists; never answer these */
};

/* "other", "reply", "bounce", "automatic"; "?" outside. Static. */
const char *eki_mail_kind_name(enum eki_mail_kind kind);

/* What a mail server says of one recipient (RFC 3464). Texts are "" when they were not said. */
struct eki_mail_report {
    const char *recipient;  /* address */
    const char *action;     /* "failed", "delayed", "delivered", "relayed", "expanded" */
    const char *status;     /* "5.1.1" */
    const char *diagnostic; /* what the other server said */
};

/* One attachment of an arrived message. */
struct eki_letter_part {
    const char *name, *type; /* as declared: no path, no control characters; "" when none is said */
    const char *looks;       /* media type that the first bytes show, "" when they show none. Static */
    bool disguised;          /* the bytes are of another kind than the name or type says */
    const void *bytes;       /* decoded */
    size_t length;
};

/* Limits of what arrives, since strangers write it. Attachments: nobody sends 100 by hand; depth: a reply
 * that quotes a forwarded bounce has six; reports: a bounce names the recipients of one message; references:
 * what RFC 5322 lines of a long thread hold; text: a page of 1,000 lines is 64 KiB, ten of them are read. */
enum {
    EKI_LETTER_PARTS = 100,
    EKI_LETTER_DEPTH = 12,
    EKI_LETTER_REPORTS = 100,
    EKI_LETTER_REFERENCES = 100,
    EKI_LETTER_TEXT = 640 << 10
};

/* A message that was read. All texts are valid UTF-8 without control characters ("text" has line feeds and
 * tabs), "" when missing; they live as long as the letter. Nothing in it is proven: anybody can write From.
 */
struct eki_letter {
    enum eki_mail_kind kind;
    const char *from, *from_name, *to, *subject;
    const char *message_id, *in_reply_to; /* without angle brackets */
    const char *const *references;        /* of References and In-Reply-To, oldest first */
    size_t reference_count;
    eki_time date;    /* EKI_TIME_NONE when it says none that can be understood */
    const char *text; /* first text/plain part, whatever its charset was */
    const struct eki_letter_part *parts;
    size_t part_count;
    const struct eki_mail_report *reports;
    size_t report_count;
    const char *original;      /* Message-ID of the message that came back, from its returned headers */
    bool encrypted, is_signed; /* says to be so; nothing is checked or decrypted */
    uint32_t left_out;         /* parts, reports, references, text beyond the limits, parts too deep */
};

/* Reads a message, as untrusted as it is. *ret_letter is the caller's. EKI_ERROR_EMPTY, EKI_ERROR_LIMIT
 * (EKI_MAIL_BYTES; more than 500 lines that begin with Content-Type, each of which can open a level),
 * EKI_ERROR_FORMAT (no header at all), EKI_ERROR_MEMORY. O(bytes). */
EKI_MUST_USE enum eki_error eki_mail_read(const void *bytes, size_t length, struct eki_letter **ret_letter,
                                          struct eki_fault *ret_fault);
void eki_letter_free(struct eki_letter *letter);

/* A server to talk to. */
struct eki_mail_server {
    const char *url; /* "smtp://host:587" (STARTTLS), "smtps://host:465"; imap:// and imaps:// with a folder:
                        "imaps://host/INBOX" */
    const char *user, *password; /* both NULL: without login */
    const char *ca_file;         /* PEM of whom to trust; NULL: the system's */
    bool plain;                  /* without TLS; only to 127.0.0.0/8, ::1 and localhost */
    uint32_t connect_s, total_s; /* 0: 30 s; 600 s, which RFC 5321 4.5.3.2.6 lets the last answer take */
};

/* User and password of a server, from a file of two lines that nobody else may read, so that they stand on no
 * command line. */
struct eki_mail_login {
    char user[256], password[4097]; /* a signed token has up to 4 KiB */
};

/* Reads it. EKI_ERROR_OPEN, EKI_ERROR_ARGUMENT (others than the owner may read or write it, or it is no plain
 * file), EKI_ERROR_CORRUPT (not two lines, of 1 to 255 bytes and 1 to 4,096), EKI_ERROR_READ. */
EKI_MUST_USE enum eki_error eki_mail_login_read(const char *path, struct eki_mail_login *ret_login,
                                                struct eki_fault *ret_fault);

struct eki_relay;

/* Gets ready to send; says nothing to the server yet. The server's texts are copied. EKI_ERROR_ARGUMENT (url,
 * half a login, `plain` to a host that is not this one), EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_relay_open(const struct eki_mail_server *server, struct eki_relay **ret_relay,
                                           struct eki_fault *ret_fault);
void eki_relay_close(struct eki_relay *relay);

/* What became of a message for its recipient. */
enum eki_relay_answer {
    EKI_RELAY_ACCEPTED = 0,
    EKI_RELAY_REFUSED_FOR_GOOD, /* 5xx about this sender, recipient or message: again is useless */
    EKI_RELAY_REFUSED_FOR_NOW,  /* 4xx, or not reached, no TLS, no login: surely not sent, try later */
    EKI_RELAY_NOT_KNOWN         /* all was handed over, and no answer came: it may be sent or not */
};

/* "accepted", "refused for good", "refused for now", "not known"; "?" outside. Static. */
const char *eki_relay_answer_name(enum eki_relay_answer answer);

/* Code and words of the server's last line, 0 when it said none; then the words are ours. */
struct eki_relay_outcome {
    enum eki_relay_answer answer;
    uint32_t code;
    char text[200];
};

/* One message for one recipient: of several, each gets its own, so that each has its outcome. */
struct eki_relay_letter {
    const char *from, *to; /* envelope; from "" for what must never bounce */
    const char *bytes;     /* of eki_mail_write() */
    size_t length;
};

/* Hands one message over, once; never again by itself. The connection is kept for the next one. Blocks up to
 * the server's total_s. EKI_ERROR_ARGUMENT for an address that is none, or no bytes: nothing was said then
 * and *ret_outcome is untouched. */
EKI_MUST_USE enum eki_error eki_relay_send(struct eki_relay *relay, const struct eki_relay_letter *letter,
                                           struct eki_relay_outcome *ret_outcome);

/* One arrived message, as it is handed to the caller. */
struct eki_mailbox_item {
    const char *name;  /* the same for the same message, also after a crash: file it with what it caused */
    const char *bytes; /* NULL when it is larger than EKI_MAIL_BYTES: it was left where it is, marked */
    size_t length;     /* of the whole message; 0 when not known */
    bool again;        /* the server numbered anew: it may have been handed over under another name */
    uint32_t validity, uid; /* IMAP only: the place after this one, for struct eki_mailbox_place */
};

/* Takes one message. An error ends the fetching, and this message comes again next time. */
typedef enum eki_error eki_mailbox_take(void *user, const struct eki_mailbox_item *item);

/* Messages of one fetch: a caller that holds a lock gets a word in edgeways; call again for more. */
enum { EKI_MAILBOX_BATCH = 1000 };

/* Hands each message in `new` of a maildir to `take`, oldest name first, and moves it to `cur` once that said
 * EKI_OK. After a kill between the two it is handed over again under the same name. *ret_count is how many
 * were taken, set on failure too. EKI_ERROR_OPEN (no maildir), EKI_ERROR_READ, EKI_ERROR_WRITE, that of
 * `take`. O(files). */
EKI_MUST_USE enum eki_error eki_maildir_fetch(const char *folder, eki_mailbox_take *take, void *user,
                                              uint32_t *ret_count, struct eki_fault *ret_fault);

/* Puts a message into `new` of a maildir, which is made when it is missing: whole and on the disk, or not at
 * all. `name` becomes the file's name: letters, digits, '.', '-', '_', '@'. EKI_ERROR_CONFLICT when it is
 * there already, EKI_ERROR_ARGUMENT (name), EKI_ERROR_OPEN, EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_maildir_deliver(const char *folder, const char *name, const void *bytes,
                                                size_t length, struct eki_fault *ret_fault);

/* How far an IMAP folder was taken; zeroed at first. The caller keeps it, best together with what the
 * message caused: item->validity and item->uid are the place after that message. */
struct eki_mailbox_place {
    uint32_t validity; /* UIDVALIDITY (RFC 3501 2.3.1.1) */
    uint32_t uid;      /* of the last message taken */
};

/* Hands each message of an IMAP folder after *place to `take`, in order of UID, and moves *place behind each
 * one taken. They are marked as seen there, nothing is deleted. When the server numbered anew, all messages
 * come, marked `again`. EKI_ERROR_ARGUMENT (url, login, `plain`), EKI_ERROR_OPEN (not reached, no TLS, no
 * login, no such folder), EKI_ERROR_READ (time-out, connection lost), EKI_ERROR_CORRUPT (no UIDVALIDITY),
 * that of `take`. */
EKI_MUST_USE enum eki_error eki_imap_fetch(const struct eki_mail_server *server,
                                           struct eki_mailbox_place *place, eki_mailbox_take *take,
                                           void *user, struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
