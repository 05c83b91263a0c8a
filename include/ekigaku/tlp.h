/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TLP_H
#define EKIGAKU_TLP_H
/*
 * The Traffic Light Protocol (FIRST, TLP 2.0, August 2022) as a lattice that cannot widen.
 *
 * Journey: whatever leaves the program (a screen, a printed page, a mail, an exported file, an answer of the
 * API) names its exit (tlp_exit.h) and so asks eki_tlp_decide() first. The answer says whether it may leave,
 * under which label, and if not, why; the caller shows and logs the answer. A label only ever becomes
 * stricter on the way.
 *
 *     struct eki_tlp_request request = {.label = EKI_TLP_AMBER_STRICT, .way = EKI_TLP_EXPORT,
 *                                       .audience = EKI_AUDIENCE_NAMED, .carries = format->labels};
 *     struct eki_tlp_decision decision = eki_tlp_decide(&request);
 *     if (!decision.allowed) refuse(eki_tlp_reason_text(decision.reason));
 *
 * Labels are never translated and hold no space (TLP 2.0, section 2).
 */
#include <stdbool.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

/* From the widest to the strictest: a greater value is a stricter label. */
enum eki_tlp {
    EKI_TLP_CLEAR = 0,
    EKI_TLP_GREEN,
    EKI_TLP_AMBER,
    EKI_TLP_AMBER_STRICT,
    EKI_TLP_RED,
    EKI_TLP_COUNT
};

/* Who gets to see it, from the fewest to all. */
enum eki_tlp_audience {
    EKI_AUDIENCE_NAMED = 0,    /* persons named one by one */
    EKI_AUDIENCE_ORGANISATION, /* the recipient's organisation */
    EKI_AUDIENCE_CLIENTS,      /* and its clients or constituency */
    EKI_AUDIENCE_COMMUNITY,    /* peers of the community, not the public */
    EKI_AUDIENCE_WORLD,
    EKI_AUDIENCE_COUNT
};

enum eki_tlp_way {
    EKI_TLP_SCREEN = 0,
    EKI_TLP_PRINT,
    EKI_TLP_MAIL,
    EKI_TLP_EXPORT,
    EKI_TLP_API,
    EKI_TLP_WAY_COUNT
};

enum eki_tlp_reason {
    EKI_TLP_ALLOWED = 0,
    EKI_TLP_TIGHTENED,     /* allowed under a stricter label, because the form has no word for this one */
    EKI_TLP_TOO_WIDE,      /* the audience is wider than the label permits */
    EKI_TLP_NO_WORD,       /* the form has no word for the label, and tightening was not asked for */
    EKI_TLP_NO_LABELS,     /* the form cannot carry any label that would do */
    EKI_TLP_NOT_RELEASED,  /* RED by mail needs two persons */
    EKI_TLP_NOT_ENCRYPTED, /* RED by mail must be encrypted */
    EKI_TLP_REASON_COUNT
};

/* Bits of `carries`. */
#define EKI_TLP_BIT(label) (1U << (label))
#define EKI_TLP_ALL        ((1U << EKI_TLP_COUNT) - 1)
/* The words of TLP 1.0: WHITE, GREEN, AMBER, RED. WHITE is CLEAR; there is no AMBER+STRICT. */
#define EKI_TLP_FOUR (EKI_TLP_ALL & ~EKI_TLP_BIT(EKI_TLP_AMBER_STRICT))

/* What nobody has labelled is kept in the organisation until somebody decides. */
#define EKI_TLP_UNMARKED EKI_TLP_AMBER_STRICT

enum { EKI_TLP_RELEASES = 2 /* persons that must have released RED before it is mailed */ };

struct eki_tlp_request {
    enum eki_tlp label; /* outside the list counts as RED */
    enum eki_tlp_way way;
    enum eki_tlp_audience audience; /* outside the list counts as WORLD */
    unsigned carries;               /* EKI_TLP_BIT of each label that the form has a word for */
    bool tighten;                   /* a stricter word may stand for one that is missing */
    bool labelled_outside;          /* the recipient gets the label beside it: subject and text of the mail */
    unsigned releases;              /* persons that released it */
    bool encrypted;                 /* only the recipient can read the mail */
};

struct eki_tlp_decision {
    bool allowed;
    bool written;       /* the form bears the label; false: only what stands beside it does */
    enum eki_tlp label; /* under which it leaves: never wider than what was asked */
    enum eki_tlp_reason reason;
};

/* The one function that decides every exit. Pure. Any thread. O(1). */
struct eki_tlp_decision eki_tlp_decide(const struct eki_tlp_request *request);

/* The widest audience a label permits. */
enum eki_tlp_audience eki_tlp_reach(enum eki_tlp label);

/* The stricter of two labels. */
enum eki_tlp eki_tlp_stricter(enum eki_tlp a, enum eki_tlp b);

/* "TLP:AMBER+STRICT"; "TLP:RED" outside the list. Static. */
const char *eki_tlp_text(enum eki_tlp label);

/* The same without "TLP:". */
const char *eki_tlp_word(enum eki_tlp label);

/* Reads a label in any case, with or without "TLP:"; WHITE is CLEAR. EKI_ERROR_ARGUMENT for anything else,
 * *ret_label untouched then. */
EKI_MUST_USE enum eki_error eki_tlp_parse(const char *text, enum eki_tlp *ret_label);

/* "named", "organisation", "clients", "community", "world"; "?" outside the list. Static. */
const char *eki_tlp_audience_name(enum eki_tlp_audience audience);

/* The reverse. EKI_ERROR_ARGUMENT for anything else. */
EKI_MUST_USE enum eki_error eki_tlp_audience_parse(const char *text, enum eki_tlp_audience *ret_audience);

/* "screen", "print", "mail", "export", "api"; "?" outside the list. Static. */
const char *eki_tlp_way_name(enum eki_tlp_way way);

/* An English sentence, marked for translation; for the refusal that is shown and logged. Static. */
const char *eki_tlp_reason_text(enum eki_tlp_reason reason);

#pragma GCC visibility pop

#endif
