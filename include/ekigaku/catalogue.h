/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_CATALOGUE_H
#define EKIGAKU_CATALOGUE_H
/*
 * The catalogue: what is known about malware and how defenders class it, as data with a source on every
 * entry.
 *
 * Journey: the YAML files of catalogue/ are compiled into the program (or read from a folder), checked
 * against each other, and stay one read-only struct eki_catalogue. All texts are English, UTF-8, owned by the
 * catalogue.
 *
 *     struct eki_catalogue *catalogue;
 *     eki_catalogue_read(NULL, &catalogue, &failed, &fault);
 *     const struct eki_family *family = eki_catalogue_family(catalogue, "wannacry");
 *     eki_catalogue_free(catalogue);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/error.h"

#pragma GCC visibility push(default)

/* Self-propagation and file infection (A1 of the mission). */
enum eki_malware_kind { EKI_KIND_VIRUS = 0, EKI_KIND_WORM, EKI_KIND_TROJAN, EKI_KIND_HYBRID };
/* Route of infection (A4). */
enum eki_route { EKI_ROUTE_CONTACT = 0, EKI_ROUTE_DROPLET, EKI_ROUTE_AIRBORNE };
/* How far a value may be trusted. */
enum eki_confidence { EKI_CONFIDENCE_LOW = 0, EKI_CONFIDENCE_MEDIUM, EKI_CONFIDENCE_HIGH };

/* One figure or fact. */
struct eki_catalogue_value {
    const char *key, *value, *unit, *source;
    enum eki_confidence confidence;
};

/* A technique taken over from an earlier family or kind of attack (A6). */
struct eki_inheritance {
    const char *from;      /* id of a family */
    const char *technique; /* id of a technique */
};

struct eki_family {
    const char *id, *name, *first; /* first: "2017-05", "2001" */
    enum eki_malware_kind kind;
    bool propagates, infects_files; /* by itself; files */
    enum eki_route route;
    const char *connected, *elsewhere,
        *means; /* strategy table: search in its networks, elsewhere, means of spreading; NULL unknown */
    const char *payload, *recovery; /* what it does to a host; what has to be done to have the host back */
    const char *kill_switch, *vaccine, *limits; /* NULL for none */
    const char *measure_class;                  /* id of a countermeasure class */
    const struct eki_inheritance *inherits;
    size_t inherits_count;
    const struct eki_catalogue_value *values;
    size_t value_count;
    const char *source;
    enum eki_confidence confidence;
};

struct eki_technique {
    const char *id, *name, *attack; /* attack: ATT&CK id or "" */
    const char *source;
};

struct eki_era { /* a generation of attacks (A5) */
    const char *id, *name, *from, *to, *aim, *answer, *source;
};

/* A class of countermeasures (A2) or of handling (A3). */
struct eki_class {
    const char *id, *name, *japanese, *model, *rule, *source;
    const char *obliges, *obliges_ja, *forbids,
        *forbids_ja; /* what one must and must not do, English and Japanese */
};

/* Who does a step of a playbook: a role that a department takes. */
enum eki_role_of_department {
    EKI_DEPARTMENT_DESK = 0,
    EKI_DEPARTMENT_NETWORK,
    EKI_DEPARTMENT_SYSTEMS,
    EKI_DEPARTMENT_HELPDESK,
    EKI_DEPARTMENT_MANAGEMENT,
    EKI_DEPARTMENT_COMMUNICATIONS,
    EKI_DEPARTMENT_LEGAL,
    EKI_DEPARTMENTS
};
/* Against this outbreak, or so that the next one is met better. */
enum eki_playbook_phase { EKI_PHASE_RESPONSE = 0, EKI_PHASE_READINESS };

struct eki_playbook_step {
    const char *id; /* within its playbook */
    enum eki_role_of_department role;
    uint32_t hours; /* until when, from the opening of a case */
    const char *title, *title_ja, *text, *text_ja;
};

/* Who does what when a case is opened. The lists are ids with blanks between; NULL: any. */
struct eki_playbook {
    const char *id, *name, *japanese, *classes, *families, *routes, *source;
    enum eki_playbook_phase phase;
    bool measure; /* one of the four measures of the lecture */
    struct eki_playbook_step *steps;
    size_t step_count;
};

struct eki_catalogue {
    const struct eki_family *families; /* in order of first appearance */
    const struct eki_technique *techniques;
    const struct eki_era *eras;
    const struct eki_class *measures, *handling;
    const struct eki_playbook *playbooks;
    size_t family_count, technique_count, era_count, measure_count, handling_count, playbook_count;
    void *memory; /* its own */
};

/* Reads and checks; `folder` NULL means what is compiled in. *ret_path is the file to blame on an error
 * (static or `folder`'s). EKI_ERROR_OPEN, _CORRUPT (with line and key), _MEMORY. */
EKI_MUST_USE enum eki_error eki_catalogue_read(const char *folder, struct eki_catalogue **ret_catalogue,
                                               const char **ret_path, struct eki_fault *ret_fault);

/* NULL is allowed. */
void eki_catalogue_free(struct eki_catalogue *catalogue);

/* NULL when there is none of this id. O(families). */
const struct eki_family *eki_catalogue_family(const struct eki_catalogue *catalogue, const char *id);
const struct eki_technique *eki_catalogue_technique(const struct eki_catalogue *catalogue, const char *id);

/* NULL when there is none of this id. O(classes). */
const struct eki_class *eki_catalogue_measure(const struct eki_catalogue *catalogue, const char *id);
const struct eki_class *eki_catalogue_handling(const struct eki_catalogue *catalogue, const char *id);

/* Does a playbook apply to a case of this class, family and route? It does when the class or the family is
 * named (neither is given: always) and the route is (none is given: always). Texts may be "". Pure. */
bool eki_playbook_fits(const struct eki_playbook *playbook, const char *class, const char *family,
                       const char *route);

/* A step by the name that tasks keep, "playbook/step"; NULL when there is none. *ret_playbook (may be NULL)
 * is its playbook then. O(playbooks + steps). */
const struct eki_playbook_step *eki_catalogue_step(const struct eki_catalogue *catalogue, const char *name,
                                                   const struct eki_playbook **ret_playbook);

/* "desk", "network", ...; "?" outside the list. Static. */
const char *eki_department_role_name(enum eki_role_of_department role);

/* The names used in files and JSON; "?" outside the list. Static. */
const char *eki_malware_kind_name(enum eki_malware_kind kind);
const char *eki_route_name(enum eki_route route);
const char *eki_confidence_name(enum eki_confidence confidence);

/* What decides a class (A1, A2, A4). */
struct eki_case_facts {
    bool propagates, infects_files, needs_contact, needs_user; /* physical contact; user action */
    bool destroys, steals;                                     /* data or systems; data or credentials */
    bool seen_before, seen_lately;                             /* known at all; within the last five years */
};

struct eki_classification {
    enum eki_malware_kind kind;
    enum eki_route route;
    const char *measure_class; /* "I" ... "V", "novel", "re-emerging" */
    const char *why;           /* static English clause */
};

/* The rule that assigns classes; also what the catalogue's `rule` texts say in words. */
struct eki_classification eki_classify(const struct eki_case_facts *facts);

/* The class of a family that is seen in `year`: its own, or "re-emerging" when it is more than five years
 * old; *ret_known "known" or "re-emerging". The id is read in small or capital letters. NULL, and *ret_known
 * untouched, when there is no such family. O(families). */
const char *eki_catalogue_class_in(const struct eki_catalogue *catalogue, const char *family, int year,
                                   const char **ret_known);

/* For people: a list; one family in full; who inherited what from whom; by year. `json`: as one JSON
 * document. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_catalogue_write_list(const struct eki_catalogue *catalogue, bool json,
                                                     FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_write_family(const struct eki_catalogue *catalogue,
                                                       const struct eki_family *family, bool json, FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_write_lineage(const struct eki_catalogue *catalogue, bool json,
                                                        FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_write_timeline(const struct eki_catalogue *catalogue, bool json,
                                                         FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_write_classes(const struct eki_catalogue *catalogue, bool json,
                                                        FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_write_playbooks(const struct eki_catalogue *catalogue, bool json,
                                                          FILE *out);

/* The same as pictures: a self-contained SVG with title and description. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_catalogue_draw_lineage(const struct eki_catalogue *catalogue, FILE *out);
EKI_MUST_USE enum eki_error eki_catalogue_draw_timeline(const struct eki_catalogue *catalogue, FILE *out);

#pragma GCC visibility pop

#endif
