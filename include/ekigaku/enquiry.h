/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_ENQUIRY_H
#define EKIGAKU_ENQUIRY_H
/*
 * Technical enquiries: what somebody outside asks, who judged it, and through how many hands it went until it
 * came to the person who could answer.
 *
 * Journey: a person who took a call opens an enquiry and has it from then on; one that came by mail
 * (eki_enquiry_arrived) has nobody yet. It is judged, handed over (which is counted), asked back about,
 * answered and closed; each of these is an entry of its thread, and a line in the timeline of its case. With
 * the first answer it is known who the right person was, and so when the enquiry came to that person:
 *
 *     struct eki_enquiry_opening opening = {.asker = "noc@kawa.example", .subject = "Which ports?",
 *                                           .text = "..."};
 *     error = eki_enquiry_open(work, &act, &opening, &id, &fault);
 *     error = eki_enquiry_hand(work, &act, id, &(struct eki_enquiry_taker){.account = 7}, &fault);
 *     error = eki_enquiry_say(work, &act, id, &(struct eki_enquiry_words){EKI_ENQUIRY_ANSWER, "445"},
 * &fault);
 *     ...                                                        row.handovers 1, row.reached, row.answered
 *
 * States: open (somebody here has to act), waiting (we asked back), answered, closed. A further question
 * opens each of them again. Errors are those of the work (ekigaku/store.h); with EKI_ERROR_CONFLICT and
 * EKI_ERROR_ARGUMENT the fault says why. Times are microseconds since 1970. A thread has one work.
 */
#include "ekigaku/mail.h"
#include "ekigaku/store.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum {
    EKI_ENQUIRY_TEXT = 100000, /* bytes of a text that a person writes: 20 pages */
    EKI_ENQUIRY_WHY = 2000,    /* of the reason of a hand-over */
    EKI_ENQUIRY_MAIL = 10000,  /* bytes of a mail's text that are kept: two pages */
    /* Limits of what strangers can make by mail, so that nobody can bury the others' questions. */
    EKI_ENQUIRIES_OF_ASKER = 10, /* open ones of one address: who has more wants a telephone */
    EKI_ENQUIRIES_UNTAKEN = 500, /* that came by mail and nobody took: what two people read in a day */
    EKI_ENQUIRY_QUESTIONS = 100  /* mails to one enquiry */
};

/* What an entry of the thread is. */
enum eki_enquiry_kind {
    EKI_ENQUIRY_QUESTION = 0, /* the asker says more: it is open again */
    EKI_ENQUIRY_REQUEST,      /* we ask back: it waits */
    EKI_ENQUIRY_JUDGEMENT,    /* what somebody here thinks of it */
    EKI_ENQUIRY_ANSWER,       /* what the asker was told */
    EKI_ENQUIRY_CLOSING,      /* no more is to be done; why */
    EKI_ENQUIRY_HANDOVER,     /* to whom; written by eki_enquiry_hand */
    EKI_ENQUIRY_KINDS         /* how many there are; also "none" */
};

/* "question", "request", ... as the store names them; "?" outside the list. Static. */
const char *eki_enquiry_kind_name(enum eki_enquiry_kind kind);
/* The kind of a name; EKI_ENQUIRY_KINDS when there is none. */
enum eki_enquiry_kind eki_enquiry_kind_parse(const char *name);

/* What an enquiry begins with. */
struct eki_enquiry_opening {
    int64_t of_case, notice; /* 0: about none; with a notice its case counts */
    const char *subject;     /* one line; NULL or "": the beginning of the text */
    const char *asker;       /* who asks: a name, an address of mail */
    const char *text;        /* the question */
};

/* Opens an enquiry for the account that acts, which has it then. EKI_ERROR_MISSING when there is no such case
 * or notice, EKI_ERROR_ARGUMENT without an asker or a question, or when they are too long, _CONFLICT when the
 * case was merged. O(log rows). */
EKI_MUST_USE enum eki_error eki_enquiry_open(struct eki_store_work *work, const struct eki_store_act *act,
                                             const struct eki_enquiry_opening *opening, int64_t *ret_enquiry,
                                             struct eki_fault *ret_fault);

/* What is said. */
struct eki_enquiry_words {
    enum eki_enquiry_kind kind; /* all but HANDOVER */
    const char *text;
};

/* Adds a text to the thread. Who answers and had it not has it by that, which counts
 * as a hand-over when somebody else had it; who judges one that nobody has takes it. EKI_ERROR_MISSING,
 * _ARGUMENT for an empty or too long text (a closing may be empty), _CONFLICT when it is closed and the text
 * is no question. O(log rows). */
EKI_MUST_USE enum eki_error eki_enquiry_say(struct eki_store_work *work, const struct eki_store_act *act,
                                            int64_t enquiry, const struct eki_enquiry_words *words,
                                            struct eki_fault *ret_fault);

/* Who gets it: a department of the directory, an account, or an account of a department. */
struct eki_enquiry_taker {
    const char *department; /* its id; NULL or "": not named */
    int64_t account;        /* 0: not named */
    const char *why;        /* NULL or "": not said */
};

/* Hands it over. It counts, unless nobody had it or a person takes what the own department has.
 * EKI_ERROR_MISSING, _ARGUMENT when nobody is named, there is no such department or account, or the account
 * may not act (disabled, or a viewer), _CONFLICT when it is closed or the taker has it already. O(log rows).
 */
EKI_MUST_USE enum eki_error eki_enquiry_hand(struct eki_store_work *work, const struct eki_store_act *act,
                                             int64_t enquiry, const struct eki_enquiry_taker *taker,
                                             struct eki_fault *ret_fault);

/* What became of a letter. */
enum eki_enquiry_arrived {
    EKI_ARRIVED_NOT = 0, /* no question for us: automatic, a bounce, our own, an answer that asks nothing */
    EKI_ARRIVED_AGAIN,   /* it was filed before */
    EKI_ARRIVED_OPENED,  /* a new enquiry */
    EKI_ARRIVED_ADDED,   /* a further question of one that is there */
    EKI_ARRIVED_FULL     /* a limit is reached: nothing was kept, the letter stays in the mailbox */
};

/* "not", "again", ...; "?" outside the list. Static. */
const char *eki_enquiry_arrived_name(enum eki_enquiry_arrived arrived);

/* A letter that eki_notice_arrived filed to no notice, or as the answer of one. */
struct eki_enquiry_letter {
    const struct eki_letter *letter;
    const char *own; /* our address; NULL: none */
    int64_t notice;  /* whose answer it is; 0: of none */
};

/* Files a letter as an enquiry: to the thread of the mail that it answers, else as a new one. The answer of a
 * notice, or of a message that we do not know, becomes one only where a line that is not quoted asks
 * something. Whoever writes is not believed to be who they say: only texts are kept, and nothing is sent in
 * return. *ret_enquiry is 0 when there is none. O(references + text). */
EKI_MUST_USE enum eki_error eki_enquiry_arrived(struct eki_store_work *work, const struct eki_store_act *act,
                                                const struct eki_enquiry_letter *letter, int64_t *ret_enquiry,
                                                enum eki_enquiry_arrived *ret_arrived);

/* How enquiries went. Those of the middle are medians; of an even number, the lower of the two. */
struct eki_enquiry_figures {
    uint64_t all, open, waiting, answered, closed; /* now, by state */
    uint64_t untaken;                              /* open, and nobody has it */
    uint64_t reached;                    /* that were answered at some time: the figures below are of these */
    uint64_t direct;                     /* of these, how many were never handed over */
    int64_t handovers;                   /* median of hand-overs until now */
    int64_t reached_after, reached_most; /* from the question to the right person: median, longest */
    int64_t answered_after;              /* from the question to the first answer: median */
    int64_t oldest;                      /* when the oldest open one came; 0: none is open */
};

/* Figures of the enquiries that came at `since` or later (0: all), the newest EKI_STORE_MOST_ROWS of them.
 * O(n log n). */
EKI_MUST_USE enum eki_error eki_enquiry_stats(struct eki_store_work *work, int64_t since,
                                              struct eki_enquiry_figures *ret_figures);

/* The label of an enquiry: the stricter one of its case and of the notice that it answers; EKI_TLP_UNMARKED
 * without either. What cannot be read counts as RED. O(log rows). */
enum eki_tlp eki_enquiry_label(struct eki_store_work *work, const struct eki_store_enquiry *row);

#pragma GCC visibility pop

#endif
