/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_EVIDENCE_H
#define EKIGAKU_EVIDENCE_H
/*
 * Evidence of a case and its chain of custody.
 *
 * Journey: a file is looked at (its size and SHA-256), then entered: kept by the service (an input whose file
 * lies below its inputs/ folder), or only recorded, when somebody else holds it. A thing (a disk, a sheet of
 * paper) has neither. Each time it changes hands, the giver, the taker and the reason are added to its chain,
 * and where the file can be reached its hash is worked out again, so that a file that changed is found at the
 * hand-over after which it did:
 *
 *     error = eki_evidence_look(path, &look, &fault);
 *     const struct eki_evidence_adding adding = {.of_case = 1, .name = "disk.img", .size = look.size,
 *                                                .sha256 = look.sha256, .handling_class = 3};
 *     error = eki_evidence_add(work, &act, &adding, &id, &fault);
 *     ...
 *     error = eki_evidence_hand(work, &act, id, &(struct eki_evidence_step){"ada", "laboratory", "to be
 * imaged", EKI_EVIDENCE_SAME, look.sha256}, &fault);
 *
 * What a handling class (catalogue/handling.yaml) permits is decided by eki_evidence_rule() and enforced by
 * eki_evidence_add(). Steps are only ever added. Errors are those of the work (ekigaku/store.h); with
 * EKI_ERROR_CONFLICT and EKI_ERROR_ARGUMENT the fault says why. A thread has one work.
 */
#include "ekigaku/store.h"

#pragma GCC visibility push(default)

/* What a handling class permits. */
struct eki_handling_rule {
    bool keep;        /* its bytes may be kept here */
    bool leave;       /* only with a coordinator's leave: the act is that of one */
    bool sealed;      /* only in an encrypted archive */
    bool download;    /* may be read through the service */
    const char *says; /* English, for people */
};

/* The rule of class 1 to 4; that of 1 for other numbers. Static. O(1). */
const struct eki_handling_rule *eki_evidence_rule(int64_t handling_class);

/* A file as it is now. */
struct eki_evidence_look {
    int64_t size;
    char sha256[65]; /* hexadecimal */
    bool sealed;     /* an encrypted archive: ZIP whose first file is encrypted, 7z, age, OpenPGP */
};

/* Reads a file and works out its hash. EKI_ERROR_OPEN, EKI_ERROR_READ. Any thread. O(bytes). */
EKI_MUST_USE enum eki_error eki_evidence_look(const char *path, struct eki_evidence_look *ret_look,
                                              struct eki_fault *ret_fault);

/* What is entered. */
struct eki_evidence_adding {
    int64_t of_case;
    const char *name;       /* what it is called, one line */
    int64_t input;          /* the input of the service that it is; 0: only recorded, or a thing */
    int64_t size;           /* of a recorded file */
    const char *sha256;     /* of a recorded file; NULL or "": a thing; of an input: as it is found now */
    bool looked;            /* of an input: whoever enters it has hashed its file now, and found sha256 */
    bool sealed;            /* of an input: its file is an encrypted archive (eki_evidence_look) */
    int64_t handling_class; /* 1 to 4 */
    int64_t taken;          /* when it was taken from where it was; 0: now */
    const char *giver;      /* from whom; NULL or "": not known */
    const char *why;        /* to what end, where it is kept; NULL or "": not said */
};

/* Enters a piece of evidence, with the first step of its chain (to whoever acts; its file is the same only
 * when it was looked at) and a line in the timeline; the case takes over its handling class when that is
 * stricter. EKI_ERROR_MISSING when there is no such case or input, _ARGUMENT for an empty name, a class or
 * hash that is none, _CONFLICT when the case was merged, the class does not permit it or is weaker than the
 * input's, the input's file is gone, or it is not any more what was handed in. The input takes over a
 * stricter class. O(log rows). */
EKI_MUST_USE enum eki_error eki_evidence_add(struct eki_store_work *work, const struct eki_store_act *act,
                                             const struct eki_evidence_adding *adding, int64_t *ret_evidence,
                                             struct eki_fault *ret_fault);

/* What became of its bytes. */
enum eki_evidence_seen {
    EKI_EVIDENCE_UNSEEN = 0, /* nobody looked: a thing, or held by somebody else */
    EKI_EVIDENCE_SAME,
    EKI_EVIDENCE_CHANGED,
    EKI_EVIDENCE_GONE,
    EKI_EVIDENCE_OTHER /* somebody named a file, and it is another one; of a hand-over never */
};

/* "", "same", "changed", "gone", "other"; "?" outside the list. Static. */
const char *eki_evidence_seen_name(enum eki_evidence_seen seen);

/* Looks whether the file at `path` is still what was entered; NULL: the file is out of reach. `ret_sha256`
 * gets the hash that was found, "" when none was. EKI_ERROR_READ, EKI_ERROR_MEMORY. Any thread. O(bytes). */
EKI_MUST_USE enum eki_error eki_evidence_compare(const struct eki_store_evidence *evidence, const char *path,
                                                 enum eki_evidence_seen *ret_seen, char ret_sha256[65]);

/* One step of the chain. */
struct eki_evidence_step {
    const char *giver, *taker; /* who gave it; NULL or "": who took it last */
    const char *why;
    enum eki_evidence_seen seen; /* of eki_evidence_compare */
    const char *sha256;          /* that was found; NULL or "" */
};

/* Adds a step; that its file changed or is gone stands in the timeline, and does not stop it.
 * EKI_ERROR_MISSING, _ARGUMENT without a taker, when it was handed to whoever gives it, or when the giver is
 * not who took it last. O(steps). */
EKI_MUST_USE enum eki_error eki_evidence_hand(struct eki_store_work *work, const struct eki_store_act *act,
                                              int64_t evidence, const struct eki_evidence_step *step,
                                              struct eki_fault *ret_fault);

/* Notes in the audit log that somebody looked, and in the timeline when the file changed, is gone
 * or is another one.
 * `sha256` is what was found, "" for nothing. EKI_ERROR_MISSING. O(log rows). */
EKI_MUST_USE enum eki_error eki_evidence_verified(struct eki_store_work *work,
                                                  const struct eki_store_act *act, int64_t evidence,
                                                  enum eki_evidence_seen seen, const char *sha256);

/* Is the file of this input evidence, which nobody may take away? O(log rows). */
EKI_MUST_USE enum eki_error eki_evidence_holds(struct eki_store_work *work, int64_t input, bool *ret_holds);

#pragma GCC visibility pop

#endif
