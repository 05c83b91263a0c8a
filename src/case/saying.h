/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CASE_SAYING_H
#define EKI_CASE_SAYING_H
/*
 * What the program itself writes into the timeline of a case: a sentence of a closed list and the values of
 * its places, so that ekigaku/case_words.h shows it in the language of the reader. The English sentence is
 * kept beside it, for searching and for readers of the store.
 */
#include "ekigaku/case.h"

enum eki_saying {
    EKI_SAYING_OPENED = 0,
    EKI_SAYING_BY_RULE,    /* how many are infected, from how many on the rule opens one */
    EKI_SAYING_MORE_HOSTS, /* how many */
    EKI_SAYING_DRAFTED,    /* how many notices, for how many more hosts */
    EKI_SAYING_NO_LESSON,
    EKI_SAYING_LEFT_OPEN, /* tasks, notices, deadlines, enquiries, reason */
    EKI_SAYING_REOPENED,
    EKI_SAYING_MARKED,      /* label, label before */
    EKI_SAYING_MARKED_WHY,  /* and the reason */
    EKI_SAYING_NOTICE_SAID, /* of notices: the notice and its address come first; state, who, text */
    EKI_SAYING_NOTICE_OPENED,
    EKI_SAYING_NOTICE_ANSWERED,    /* state, who, text */
    EKI_SAYING_NOTICE_BOUNCED,     /* why */
    EKI_SAYING_NOTICE_SILENT_RED,  /* nobody else may be told */
    EKI_SAYING_NOTICE_SILENT,      /* nobody else is known */
    EKI_SAYING_NOTICE_TO_SECOND,   /* the address before */
    EKI_SAYING_NOTICE_TO_UPSTREAM, /* the address before */
    EKI_SAYING_NOTICE_TO_NATIONAL, /* the address before */
    EKI_SAYING_NOTICE_OUTCOME,     /* state, what the relay said */
    EKI_SAYING_NOTICE_UNKNOWN,
    EKI_SAYING_NOTICE_RELEASED,
    EKI_SAYING_NOTICE_RELEASED_TWO,
    EKI_SAYING_NOTICE_MAIL,      /* who wrote, what */
    EKI_SAYING_ENQUIRY_OPENED,   /* of enquiries: the enquiry comes first; who asks, subject */
    EKI_SAYING_ENQUIRY_QUESTION, /* who, text; so the next ones */
    EKI_SAYING_ENQUIRY_REQUEST,
    EKI_SAYING_ENQUIRY_JUDGEMENT,
    EKI_SAYING_ENQUIRY_ANSWER,
    EKI_SAYING_ENQUIRY_CLOSING,
    EKI_SAYING_ENQUIRY_HANDOVER, /* who, to whom and why */
    EKI_SAYING_MERGED_INTO,      /* the case that goes on */
    EKI_SAYING_MERGED_FROM,      /* the case that came, its title, how many hosts */
    EKI_SAYING_SPLIT_INTO,       /* how many hosts, the case they went to */
    EKI_SAYING_SPLIT_FROM,       /* how many hosts, the case they came from */
    EKI_SAYING_EVIDENCE_KEPT,    /* of evidence: number and name come first; class, SHA-256 */
    EKI_SAYING_EVIDENCE_RECORDED,
    EKI_SAYING_EVIDENCE_HANDED,  /* giver, taker */
    EKI_SAYING_EVIDENCE_CHANGED, /* SHA-256 now */
    EKI_SAYING_EVIDENCE_GONE,
    EKI_SAYING_EVIDENCE_OTHER,           /* SHA-256 of the file that somebody named */
    EKI_SAYING_INDICATOR_CHANGED,        /* kind, value, comment */
    EKI_SAYING_INDICATOR_REMOVED,        /* kind, value */
    EKI_SAYING_INDICATOR_CHANGED_STRICT, /* its number: what it is, is for fewer than the timeline */
    EKI_SAYING_INDICATOR_REMOVED_STRICT, /* the same */
    EKI_SAYING_TASK_ADDED,               /* of tasks: its title, by eki_saying_both */
    EKI_SAYING_TASK_DONE,
    EKI_SAYING_TASK_DROPPED,
    EKI_SAYING_TASK_AGAIN,
    EKI_SAYING_DEADLINE_KEPT,     /* its title, by eki_saying_both */
    EKI_SAYING_DEADLINE_LATE,     /* the same */
    EKI_SAYING_RECEIVED,          /* from whom, how, label, hosts, indicators, passed over */
    EKI_SAYING_RECEIVED_UNPROVEN, /* the same */
    EKI_SAYING_TOLD_TOO,          /* the other case, from whom */
    EKI_SAYING_TOLD_EVENT,        /* who tells it, what happened */
    EKI_SAYING_RECEIVED_WORK,     /* from whom, tasks, events and impacts */
    EKI_SAYINGS
};

/* Most values of a sentence. */
enum { EKI_SAYING_VALUES = 6 };

/* An entry that is to be. Texts may be NULL. */
struct eki_case_saying {
    int64_t of_case;
    const char *kind, *host, *tags;
    enum eki_saying saying;
    const char *values[EKI_SAYING_VALUES + 1]; /* up to the first NULL */
    enum eki_tlp label; /* of what it is about, where that is stricter than the case's; else CLEAR */
};

enum { EKI_SAYING_BOTH = 2200 };

/* A value in two languages for the sentences that take one: what is shown is that of the reader. */
const char *eki_saying_both(const char *english, const char *japanese, char ret_text[EKI_SAYING_BOTH]);

/* Adds the entry at the act's time. Values that are too long are cut between characters. The timeline is
 * shown under the label of the case: with a stricter one only the first value (a number) and states are told,
 * and the label stands for the others. O(length). */
EKI_MUST_USE enum eki_error eki_case_say(struct eki_store_work *work, const struct eki_store_act *act,
                                         const struct eki_case_saying *saying);

/* Tells an entry that is there anew, as eki_case_say would with this label; of an indicator its number alone
 * (the entry's tag). The entry is written. What has no sentence stays as it is. O(length). */
EKI_MUST_USE enum eki_error eki_case_say_less(struct eki_store_work *work, struct eki_store_case_entry *entry,
                                              enum eki_tlp label);

#endif
