/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TLP_EXIT_H
#define EKIGAKU_TLP_EXIT_H
/*
 * The exits: every place where what may bear a label leaves the program, in one table.
 *
 * Journey: code that is about to hand something out names its exit and asks eki_tlp_leave(), which fills in
 * what is fixed of that exit (the way, the audience where nobody may choose it, the labels its form has words
 * for) and asks eki_tlp_decide() (ekigaku/tlp.h). No other code asks eki_tlp_decide(); tools/check-exits
 * keeps that true, and that each path of the API and each subcommand says which exit it is.
 *
 *     struct eki_tlp_decision decision = eki_tlp_leave(
 *         EKI_TLP_EXIT_EXPORT, &(struct eki_tlp_request){.label = incident->tlp, .audience = audience,
 *                                                        .carries = eki_exchange_labels(format)});
 *     if (!decision.allowed) refuse(eki_tlp_reason_text(decision.reason));
 */
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum eki_tlp_exit {
    /* of the program */
    EKI_TLP_EXIT_EXPORT = 0,
    EKI_TLP_EXIT_IMPORT,
    EKI_TLP_EXIT_BUNDLE,
    EKI_TLP_EXIT_BUNDLE_READ,
    EKI_TLP_EXIT_FACTS,
    EKI_TLP_EXIT_REPORT,
    EKI_TLP_EXIT_LOOKUP,
    EKI_TLP_EXIT_DIRECTORY_EXPORT,
    EKI_TLP_EXIT_CARD,
    EKI_TLP_EXIT_CASE_SHOW,
    EKI_TLP_EXIT_CASE_REPORT,
    EKI_TLP_EXIT_INDICATOR_LIST,
    /* of notices */
    EKI_TLP_EXIT_NOTICE_MAIL,
    EKI_TLP_EXIT_NOTICE_PREVIEW,
    EKI_TLP_EXIT_ANSWER_PAGE,
    /* of the service */
    EKI_TLP_EXIT_PAGE,
    EKI_TLP_EXIT_API,
    EKI_TLP_EXIT_API_OUTBREAK_EXPORT,
    EKI_TLP_EXIT_API_DIRECTORY_EXPORT,
    EKI_TLP_EXIT_TAXII,
    EKI_TLP_EXIT_COUNT
};

struct eki_tlp_exit_row {
    const char *name; /* as the audit log and docs/formats/exits.md call it */
    enum eki_tlp_way way;
    bool asked;                     /* the audience is said with each request; else it is the next one */
    enum eki_tlp_audience audience; /* the only one; of those that are asked: when nobody says */
    unsigned carries;               /* EKI_TLP_BIT of each label that what leaves here can bear */
    const char *form;               /* what leaves; static English */
};

/* The row of an exit; that of EKI_TLP_EXIT_API outside the list. Static. O(1). */
const struct eki_tlp_exit_row *eki_tlp_exit_row(enum eki_tlp_exit exit);

/* Decides for an exit: `way` is the exit's, `audience` too unless it is asked for, `carries` is cut to what
 * the exit can bear. Pure. Any thread. O(1). */
struct eki_tlp_decision eki_tlp_leave(enum eki_tlp_exit exit, const struct eki_tlp_request *request);

#pragma GCC visibility pop

#endif
