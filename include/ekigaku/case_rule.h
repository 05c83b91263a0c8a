/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CASE_RULE_H
#define EKIGAKU_CASE_RULE_H
/*
 * What becomes of cases by itself when a result comes in.
 *
 * Journey: whoever keeps a result (a job of the service, a look of its watch) applies the rule in the same
 * piece of work. Each outbreak of the analysis finds its case: the open one that was made of it, or, for
 * another capture of the same outbreak, the only open one it fits. That case takes the hosts it does not have
 * yet, and where owners are being told, notices for these hosts are drafted, whoever answers for them; people
 * release them, as ever. An outbreak that has no case becomes one when the rule says from how many infected
 * hosts on.
 *
 *     error = eki_store_keep_result(work, &keeping, &result, &analysis);
 *     struct eki_case_applying applying = {.analysis = analysis.id, .catalogue = catalogue};
 *     error = eki_case_rule_apply(work, &act, &applying, &outcome);
 *     ... tell(outcome.items[i].of_case) once it is committed ...
 *     eki_case_rule_done(&outcome);
 *
 * A capture is of the same outbreak when it shows the same service and no other family, a host that the case
 * has is infected in it too, and it lies at most EKI_CASE_RULE_DAYS days from the infections of the case:
 * private addresses return in other networks, years apart. What bears a stricter label than the case is for a
 * person too. Where two cases fit, none takes it: a person says which (eki_case_update). A case that was
 * split off another, or came from another desk, takes hosts from persons only.
 *
 * Errors are those of the work (ekigaku/store.h). A thread has one work.
 */
#include "ekigaku/case.h"
#include "ekigaku/report.h"

#pragma GCC visibility push(default)

enum {
    EKI_CASE_RULE_DAYS = 7, /* from the infections of a case to another capture of its outbreak */
    EKI_CASE_RULE_MOST = EKI_STORE_MOST_ROWS
};

struct eki_case_rule {
    bool follows; /* open cases take new hosts of their outbreak; so it is until somebody chooses */
    int64_t
        open_from; /* infected hosts from which on an outbreak becomes a case; 0, the default: none does */
};

/* The rule as it was chosen. */
EKI_MUST_USE enum eki_error eki_case_rule_read(struct eki_store_work *work, struct eki_case_rule *ret_rule);

/* Chooses it. EKI_ERROR_ARGUMENT, with the reason, when `open_from` is below 0 or above EKI_CASE_RULE_MOST.
 */
EKI_MUST_USE enum eki_error eki_case_rule_choose(struct eki_store_work *work,
                                                 const struct eki_case_rule *rule,
                                                 struct eki_fault *ret_fault);

enum { EKI_CASE_RULE_WORDS = 600 };

/* The rule in two sentences. Returns ret_text. */
const char *eki_case_rule_words(const struct eki_case_rule *rule, enum eki_language language,
                                char ret_text[EKI_CASE_RULE_WORDS]);

/* What is applied to what. */
struct eki_case_applying {
    int64_t analysis;
    const struct eki_catalogue *catalogue; /* whose playbooks lay the tasks of new cases; NULL: none are */
};

/* What happened to one case. */
struct eki_case_applied {
    int64_t of_case, outbreak;
    size_t hosts;     /* that it did not have */
    uint32_t notices; /* drafted for them */
    bool opened;
};

/* Cases that were opened, or took hosts. */
struct eki_case_rule_outcome {
    struct eki_case_applied *items;
    size_t count, room;
    size_t unsure; /* outbreaks that fit several open cases, or not the one they belonged to: added to none */
};

/* Applies the rule to the outbreaks of an analysis. *ret_outcome is to be freed by eki_case_rule_done, also
 * after an error: _MISSING, _CORRUPT when the directory contradicts itself, _MEMORY, _LIMIT.
 * O(infections log hosts of all cases); the directory is made only when a case gets a host. */
EKI_MUST_USE enum eki_error eki_case_rule_apply(struct eki_store_work *work, const struct eki_store_act *act,
                                                const struct eki_case_applying *applying,
                                                struct eki_case_rule_outcome *ret_outcome);

/* Frees it; a zeroed one too. */
void eki_case_rule_done(struct eki_case_rule_outcome *outcome);

#pragma GCC visibility pop

#endif
