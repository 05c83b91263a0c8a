/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_NOTICE_H
#define EKIGAKU_NOTICE_H
/*
 * Notices: each owner hears about its own hosts of a case, and about nobody else's.
 *
 * Journey of a notice: eki_notice_draft() groups the affected hosts of a case by the look-up's answer and
 * adds one row for each owner (state "draft"). A person looks at the text (eki_notice_compose) and releases
 * it, two persons where the label is RED or it is the first mass notice of the case ("released"). Once a
 * relay is named it is queued; eki_notice_send_next() takes one at a time: "sending" is committed before a
 * word is said to the relay, so that after a crash the notice is "unknown" and never sent again without a
 * person's word. The owner opens the link or answers ("opened", "received", "handling", "done", "disputed");
 * who stays silent is passed on by eki_notice_ladder(): second contact, upstream AS, national team.
 *
 *     struct eki_notice_summary summary;
 *     error = eki_notice_draft(work, case_id, directory, NULL, &summary);
 *     struct eki_notice_book *book;
 *     error = eki_notice_open(work, case_id, &setup, &book, &fault);
 *     error = eki_notice_compose(book, &notice, &message, &fault);
 *     show(message->subject, message->text);
 *     eki_notice_message_free(message);
 *     eki_notice_close(book);
 *
 * Property, tested: the notices of a case name all its hosts that have an owner, each host in one of them
 * only, and each host's owner is the look-up's answer. Hosts without an owner are told one by one.
 *
 * Times of rows are microseconds, as in ekigaku/store.h; errors of a work are those of its store.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/mail.h"
#include "ekigaku/owner.h"
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

/* Where a notice is; the names are those of the column `state`. */
enum eki_notice_state {
    EKI_NOTICE_DRAFT = 0,
    EKI_NOTICE_RELEASED,
    EKI_NOTICE_QUEUED,
    EKI_NOTICE_SENDING,
    EKI_NOTICE_SENT,
    EKI_NOTICE_DELIVERED,
    EKI_NOTICE_BOUNCED,
    EKI_NOTICE_OPENED,
    EKI_NOTICE_RECEIVED,
    EKI_NOTICE_HANDLING,
    EKI_NOTICE_DONE,
    EKI_NOTICE_DISPUTED,  /* "not ours" */
    EKI_NOTICE_UNKNOWN,   /* it is not known whether it was sent */
    EKI_NOTICE_WITHDRAWN, /* it will not be sent; its hosts are free for another one */
    EKI_NOTICE_STATES
};

/* "draft", ...; "?" outside the list. Static. */
const char *eki_notice_state_name(enum eki_notice_state state);

/* The reverse; EKI_NOTICE_STATES for what is none. */
enum eki_notice_state eki_notice_state_parse(const char *name);

/* May a notice go from one state to the other? Pure, O(1). Nothing leads out of "withdrawn"; what a person of
 * the owner said is never undone by a machine. */
bool eki_notice_may(enum eki_notice_state from, enum eki_notice_state to);

/* Why a host got no notice. */
enum eki_notice_left {
    EKI_LEFT_NOBODY = 0,  /* the directory names no owner */
    EKI_LEFT_UNREACHABLE, /* the owner has no contact */
    EKI_LEFT_INHIBITED,   /* a remark in the directory forbids notices */
    EKI_LEFT_DISPUTED,    /* this owner said "not ours", and the directory still names it */
    EKI_LEFT_REASONS
};

/* An English clause, marked for translation. Static. */
const char *eki_notice_left_text(enum eki_notice_left why);

/* How a notice goes whose contact has no mailbox, for people; NULL when it can be mailed. Static. */
const char *eki_notice_beside_mail(const struct eki_store_notice *notice);

/* Told of each host that gets no notice; the row lives as long as the work. */
typedef void eki_notice_tell_left(void *user, const struct eki_store_case_host *host,
                                  enum eki_notice_left why);

/* Zeroed: the recipient's language and form. */
struct eki_notice_options {
    const char *language;       /* for all: "en", "ja"; NULL: the recipient's, "en" when it has neither */
    const char *format;         /* for all; NULL: the recipient's, "csv" when it wants none in particular */
    int64_t after;              /* only hosts whose row has a larger id; 0: all */
    eki_notice_tell_left *left; /* may be NULL */
    void *user;
};

/* Most hosts of one case: what a notice run holds in memory at once, about 300 bytes each. */
enum { EKI_NOTICE_HOSTS = EKI_STORE_MOST_ROWS };

struct eki_notice_summary {
    uint32_t notices, hosts; /* made by this call; hosts that they name */
    uint32_t told;           /* hosts that an earlier notice names */
    uint32_t left[EKI_LEFT_REASONS];
};

/* Makes a notice for each owner of hosts of this case that no living notice names, and notes the owner on the
 * host. A host is free when every notice that names it was withdrawn or disputed. `options` may be NULL.
 * EKI_ERROR_ARGUMENT when the directory is not settled; those of the store, EKI_ERROR_MEMORY.
 * O(hosts * log + notices of the case). */
EKI_MUST_USE enum eki_error eki_notice_draft(struct eki_store_work *work, int64_t of_case,
                                             const struct eki_directory *directory,
                                             const struct eki_notice_options *options,
                                             struct eki_notice_summary *ret_summary);

/* How long an answer link lives: as long as the longest clock of a duty to report, 60 days. */
enum { EKI_NOTICE_LINK_DAYS = 60 };

enum {
    EKI_ANSWER_SECRET = 32, /* bytes */
    EKI_ANSWER_TOKEN = 44   /* letters of a token, with its NUL */
};

/* Makes the token of an answer link: notice and expiry (microseconds; kept to the second) under an HMAC, as
 * 43 letters of base64url. The same arguments give the same token. Any thread. O(1). */
void eki_notice_token(const uint8_t secret[EKI_ANSWER_SECRET], int64_t notice, int64_t expires,
                      char ret_token[EKI_ANSWER_TOKEN]);

/* Reads it back. EKI_ERROR_CORRUPT for one that was not made with this secret (nothing of it is told then),
 * EKI_ERROR_STOPPED when it has expired: *ret_notice is set then too. Takes the same time wherever a forged
 * one differs. */
EKI_MUST_USE enum eki_error eki_notice_token_check(const uint8_t secret[EKI_ANSWER_SECRET], const char *token,
                                                   int64_t now, int64_t *ret_notice);

/* The secret of this store: the setting "secret.answer", made out of `fresh` (bytes that nobody can guess)
 * when there is none yet; then the work must be one that writes, else EKI_ERROR_MISSING. `fresh` may be NULL:
 * EKI_ERROR_MISSING when there is none. EKI_ERROR_CORRUPT. */
EKI_MUST_USE enum eki_error eki_notice_secret(struct eki_store_work *work,
                                              const uint8_t fresh[EKI_ANSWER_SECRET],
                                              uint8_t ret_secret[EKI_ANSWER_SECRET]);

/* Room for a Message-ID: a domain has at most 253 letters (RFC 1035). */
enum { EKI_NOTICE_MESSAGE_ID = 400 };

/* The Message-ID of the n-th attempt at a step of a notice, without angle brackets: it carries an HMAC, so
 * that only what we sent is filed. `domain` is that of the sender. `secret` NULL: zeros. */
void eki_notice_message_id(const uint8_t *secret, const struct eki_store_notice *notice, const char *domain,
                           char ret_id[EKI_NOTICE_MESSAGE_ID]);

/* The notice that a Message-ID (with or without angle brackets, of any domain) belongs to; 0 when it is none
 * of ours, or forged. */
int64_t eki_notice_of_message(const uint8_t secret[EKI_ANSWER_SECRET], const char *message_id);

struct eki_notice_templates;

/* Reads the texts of notices: those built in, or of a folder, which may hold some of notice.en.txt and
 * notice.ja.txt; docs/formats/templates.md says what stands in them. EKI_ERROR_OPEN, _READ, _EMPTY,
 * EKI_ERROR_LIMIT (more than 64 KiB: nobody reads that), EKI_ERROR_CORRUPT (unknown name in braces, section
 * that is not closed, no subject) with file and line in *ret_fault, EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_notice_templates_load(const char *folder,
                                                      struct eki_notice_templates **ret_templates,
                                                      struct eki_fault *ret_fault);
void eki_notice_templates_free(struct eki_notice_templates *templates);

/* Who sends. Texts that are not known are NULL. */
struct eki_notice_sender {
    const char *name, *mail, *phone;
    const char *url; /* under which answer pages are reached, "https://desk.example"; NULL: no link */
};

/* What composing needs; all of it outlives the book. */
struct eki_notice_setup {
    const struct eki_directory *directory; /* settled */
    const struct eki_notice_templates *templates;
    struct eki_notice_sender sender;
    const uint8_t *secret; /* EKI_ANSWER_SECRET bytes; NULL: no link, and Message-IDs anybody could guess */
    const char *pilot;     /* all go to this address instead, marked; NULL: to their contacts */
    bool preview;          /* nothing is mailed: who must still release it does not matter */
    const char *language;  /* of the text, whatever the notice says; NULL: as it says */
    eki_time now;
};

/* A case as composing needs it. */
struct eki_notice_book;

/* Reads the case, its outbreak and its infections once, for any number of notices. The work must stay open as
 * long as the book. Errors of the store, EKI_ERROR_MEMORY. O(hosts). */
EKI_MUST_USE enum eki_error eki_notice_open(struct eki_store_work *work, int64_t of_case,
                                            const struct eki_notice_setup *setup,
                                            struct eki_notice_book **ret_book, struct eki_fault *ret_fault);
void eki_notice_close(struct eki_notice_book *book);

/* A message before it becomes mail. */
struct eki_notice_message {
    int64_t notice;
    char *to, *name;  /* address; who that is, for people, one line */
    char *subject;    /* one line, with the label */
    char *text;       /* whole, ends with a newline */
    char *message_id; /* without angle brackets */
    char *language;   /* "en", "ja" */
    char *attachment; /* bytes, or NULL for none */
    size_t attachment_length;
    const char *attachment_name, *attachment_type; /* static */
    char *key;                                     /* fingerprint of the recipient's valid key; NULL: none */
    bool key_smime;
    bool preview;                     /* it is not mailed */
    struct eki_tlp_decision decision; /* about mailing it; not allowed: must not leave */
    eki_time expires;                 /* of the link; EKI_TIME_NONE without */
};

/* Most hosts that the text itself lists, and in all when there is no attachment: a mail of a page is read,
 * one of 10,000 lines is not. */
enum { EKI_NOTICE_LINES = 50, EKI_NOTICE_LINES_TEXT = 1000 };

/* Makes the message of a notice of the book's case. The message is the caller's. EKI_ERROR_MISSING (the
 * notice names no host), those of the store, of the templates and of the exchange. O(its hosts * log hosts).
 */
EKI_MUST_USE enum eki_error eki_notice_compose(struct eki_notice_book *book,
                                               const struct eki_store_notice *notice,
                                               struct eki_notice_message **ret_message,
                                               struct eki_fault *ret_fault);
void eki_notice_message_free(struct eki_notice_message *message);

/* What the desk was told about sending: rows of `setting`. Texts live as long as the work that read them. */
struct eki_notice_settings {
    const char *relay;                       /* "smtp://host:587", "smtps://host"; "": mail is off */
    const char *relay_user, *relay_password; /* "": none. The password is in no audit log */
    struct eki_notice_sender sender;
    const char *pilot; /* NULL: no pilot */
    int64_t mass;      /* from how many notices at once on the first ones of a case need two persons */
    int64_t hours[3]; /* of silence: until the second contact, then the upstream AS, then the national team */
};

/* Why these: ten owners are more than one person checks by heart; a day is what a PoC promises (NIS2, article
 * 23, asks for the early warning within 24 hours). */
enum { EKI_NOTICE_MASS = 10, EKI_NOTICE_HOURS = 24, EKI_NOTICE_HOURS_MOST = 24 * 366 };

/* Reads them; what was never set has its usual value. */
EKI_MUST_USE enum eki_error eki_notice_settings_read(struct eki_store_work *work,
                                                     struct eki_notice_settings *ret_settings);

/* Writes those that differ. relay_password NULL leaves it. EKI_ERROR_ARGUMENT with the name of what is wrong
 * in *ret_fault: a relay that is no SMTP URL or holds a password, an address without @ or with a line break,
 * an answer URL that is not http or https, figures out of range. */
EKI_MUST_USE enum eki_error eki_notice_settings_choose(struct eki_store_work *work,
                                                       const struct eki_notice_settings *settings,
                                                       struct eki_fault *ret_fault);

/* How many persons must release a notice: 2 for RED, and when at least `mass` were drafted with it before any
 * other of the case was sent; else 1. O(notices of the case). */
EKI_MUST_USE enum eki_error eki_notice_needs(struct eki_store_work *work,
                                             const struct eki_store_notice *notice, int64_t mass,
                                             unsigned *ret_persons);

/* act->account releases a draft; with enough persons it is "released". EKI_ERROR_ARGUMENT for nobody,
 * EKI_ERROR_CONFLICT when it is no draft, or this person did already; *ret_waits: persons still needed. */
EKI_MUST_USE enum eki_error eki_notice_release(struct eki_store_work *work, const struct eki_store_act *act,
                                               int64_t notice, int64_t mass, unsigned *ret_waits);

struct eki_notice_released {
    uint32_t released, waiting,
        refused; /* waiting: for a second person; refused: this one released it already */
};

/* The same for all drafts of a case. O(notices). */
EKI_MUST_USE enum eki_error eki_notice_release_case(struct eki_store_work *work,
                                                    const struct eki_store_act *act, int64_t of_case,
                                                    int64_t mass, struct eki_notice_released *ret_released);

/* Queues the released notices of a case (0: of all) that go by mail. EKI_ERROR_UNSUPPORTED when no relay is
 * named in `settings`: mail is off. */
EKI_MUST_USE enum eki_error eki_notice_enqueue(struct eki_store_work *work, const struct eki_store_act *act,
                                               const struct eki_notice_settings *settings, int64_t of_case,
                                               uint32_t *ret_queued);

/* What became of a message that was handed to a relay. */
enum eki_notice_outcome {
    EKI_CARRIED_ACCEPTED = 0,
    EKI_CARRIED_REFUSED, /* for good */
    EKI_CARRIED_LATER,   /* for now */
    EKI_CARRIED_UNKNOWN  /* the connection ended after the message was said and before the answer came */
};

enum { EKI_NOTICE_REPLY = 500 };

/* Hands a message to a relay and waits for its answer, at most EKI_NOTICE_LEASE_S. Fills *ret_reply with what
 * it said. */
typedef enum eki_notice_outcome eki_notice_carry(void *user, const struct eki_notice_message *message,
                                                 char ret_reply[EKI_NOTICE_REPLY]);

/* A notice that is "sending" for longer than the lease belongs to a process that ended: a carrier waits at
 * most ten minutes for the last answer (RFC 5321, 4.5.3.2.6). Temporary refusals are tried again after 5
 * minutes, twice as long each time, up to 4 hours, 30 times: five days (RFC 5321, 4.5.4.1). */
enum {
    EKI_NOTICE_LEASE_S = 660,
    EKI_NOTICE_RETRY_S = 300,
    EKI_NOTICE_RETRY_MOST_S = 14400,
    EKI_NOTICE_TRIES = 30
};

struct eki_notice_post {
    struct eki_store *store;
    struct eki_store_act act;
    const struct eki_notice_setup *setup; /* preview must be false */
    const int64_t *hours;                 /* three, as in the settings */
    int64_t of_case;                      /* only of this case; 0: of all */
    eki_notice_carry *carry;
    void *user;
};

/* Sends the queued notice that has waited longest. "sending" is committed before anything is said to the
 * relay, so a notice is sent once or its state says that it is not known; what the label forbids goes back to
 * "released". *ret_notice is the row afterwards, without its texts. EKI_ERROR_MISSING when none is due; those
 * of the store. */
EKI_MUST_USE enum eki_error eki_notice_send_next(const struct eki_notice_post *post,
                                                 struct eki_store_notice *ret_notice,
                                                 struct eki_fault *ret_fault);

/* Notices whose sender ended in the middle become "unknown". */
EKI_MUST_USE enum eki_error eki_notice_recover(struct eki_store_work *work, const struct eki_store_act *act,
                                               uint32_t *ret_unknown);

/* May a person at the desk set this state from the present one? "queued" from "unknown" is the word by which
 * it is sent again; "sent" from "released" is a call by telephone. */
bool eki_notice_may_say(enum eki_notice_state from, enum eki_notice_state to);

/* What a person at the desk says about a notice; text may be NULL. EKI_ERROR_CONFLICT when it may not follow,
 * or when it is to be sent again for a case that is over. */
EKI_MUST_USE enum eki_error eki_notice_say(struct eki_store_work *work, const struct eki_store_act *act,
                                           int64_t notice, enum eki_notice_state state, const char *text);

/* The link was opened: "opened" if nothing later was said. */
EKI_MUST_USE enum eki_error eki_notice_opened(struct eki_store_work *work, const struct eki_store_act *act,
                                              int64_t notice);

/* What the owner says. Texts of strangers: at most EKI_NOTICE_SAID bytes are kept. */
enum { EKI_NOTICE_SAID = 1500 };
struct eki_notice_answer {
    enum eki_notice_state state; /* RECEIVED, HANDLING, DONE, DISPUTED */
    const char *who;             /* DISPUTED: whose they are; may be NULL */
    const char *text;            /* may be NULL */
};

/* Most proposals that one dispute makes, so that no answer fills the list of who approves. */
enum { EKI_NOTICE_PROPOSALS = 16 };

/* Notes the answer: state, timeline, that the contact answers; a dispute frees the hosts and proposes to
 * correct the directory of the store, where that knows them; another answer after it takes the dispute of the
 * hosts back. EKI_ERROR_CONFLICT when the notice was withdrawn or never sent. O(its hosts), a dispute
 * O(directory) for each proposal. */
EKI_MUST_USE enum eki_error eki_notice_answer(struct eki_store_work *work, const struct eki_store_act *act,
                                              int64_t notice, const struct eki_notice_answer *answer);

/* Mail to the contact came back: "bounced", the contact's health, and the ladder's next step at once. */
EKI_MUST_USE enum eki_error eki_notice_bounced(struct eki_store_work *work, const struct eki_store_act *act,
                                               int64_t notice, const char *why);

struct eki_notice_climbed {
    uint32_t moved, ended; /* passed on; those with nobody left to pass on to, who need a telephone */
};

/* Passes on the notices whose owners stayed silent too long: another contact of the team, then the team of
 * the AS that announces the hosts, then that of their country; each only when it is the same for all hosts of
 * the notice. RED is never passed on by itself: it names persons. Those of cases that are over wait until
 * these are opened again. `directory` is settled. O(notices that are due * hosts). */
EKI_MUST_USE enum eki_error eki_notice_ladder(struct eki_store_work *work, const struct eki_store_act *act,
                                              const struct eki_directory *directory,
                                              struct eki_notice_climbed *ret_climbed);

/* How messages of notices become mail. Texts may be NULL but those of the sender. */
struct eki_notice_envelope {
    const struct eki_notice_sender *sender; /* its mail is required */
    const char *pgp_signer, *smime_signer;  /* fingerprints or addresses of our keys; NULL: not signed so */
    const char *home;                       /* GnuPG home; NULL: GnuPG's own default */
    const char *keys; /* folder of recipients' keys: FINGERPRINT.asc (OpenPGP), FINGERPRINT.pem (S/MIME) */
    eki_time date;
    uint64_t seed;
};

/* How a message was protected, "plain", "signed (OpenPGP)", "signed and encrypted (S/MIME)", ...: marked for
 * translation. Static. */
const char *eki_notice_protection_text(enum eki_mail_protection protection);

/* Most bytes of a recipient's key: a key of many signatures has 200 KiB. */
enum { EKI_NOTICE_KEY = 1 << 20 };

/* A message as mail. */
struct eki_notice_mailed {
    char *bytes; /* freed with eki_mail_bytes_free */
    size_t length;
    enum eki_mail_protection protection;
};

/* Makes MIME of a message: signed when there is a signer for the recipient's kind of key (OpenPGP when it has
 * none), encrypted as well when its key is in the folder. A key that is there and cannot be used is an error,
 * never a reason to send in clear; TLP:RED is never sent in clear. EKI_ERROR_ARGUMENT when the label does not
 * permit it to leave; those of eki_mail_write. */
EKI_MUST_USE enum eki_error eki_notice_mail(const struct eki_notice_message *message,
                                            const struct eki_notice_envelope *envelope,
                                            struct eki_notice_mailed *ret_mailed,
                                            struct eki_fault *ret_fault);

/* What eki_notice_carry_mail() needs. */
struct eki_notice_courier {
    struct eki_notice_envelope envelope;
    struct eki_relay *relay;
};

/* An eki_notice_carry for eki_notice_send_next(); `user` is a struct eki_notice_courier. What cannot be made
 * into mail (a key that expired) is told as LATER: it was surely not sent. */
enum eki_notice_outcome eki_notice_carry_mail(void *user, const struct eki_notice_message *message,
                                              char ret_reply[EKI_NOTICE_REPLY]);

/* What became of an arrived message. */
enum eki_notice_filed {
    EKI_FILED_NOT = 0,   /* it belongs to no notice of ours, or says so falsely */
    EKI_FILED_LOOP,      /* it comes from ourselves: nothing was done */
    EKI_FILED_AGAIN,     /* it was filed before */
    EKI_FILED_NOTE,      /* noted in the timeline only: an automatic answer, a bounce for somebody else */
    EKI_FILED_ANSWER,    /* an answer of the owner */
    EKI_FILED_DELIVERED, /* the recipient's server says that it came */
    EKI_FILED_BOUNCED
};

/* "not", "loop", ...; "?" outside the list. Static. */
const char *eki_notice_filed_name(enum eki_notice_filed filed);

struct eki_notice_arrival {
    const struct eki_letter *letter;
    const char *own;       /* our address; NULL: none */
    const uint8_t *secret; /* EKI_ANSWER_SECRET bytes */
};

/* Files an arrived message to the notice that it answers: by a Message-ID of ours among those that it names,
 * or by the answer link that it quotes; both carry our HMAC, so what is forged is filed nowhere. The first
 * line that is not quoted says which answer it is ("received", "handling", "done", "not ours", or the
 * Japanese words of notice.ja.txt); any other text counts as received, and never takes back what was said
 * before. Nothing is ever sent in return. *ret_notice is 0 when there is none. O(references + text). */
EKI_MUST_USE enum eki_error eki_notice_arrived(struct eki_store_work *work, const struct eki_store_act *act,
                                               const struct eki_notice_arrival *arrival, int64_t *ret_notice,
                                               enum eki_notice_filed *ret_filed);

#pragma GCC visibility pop

#endif
