/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_INCIDENT_H
#define EKIGAKU_INCIDENT_H
/*
 * The incident: what teams tell each other, in a form that belongs to no standard.
 *
 * Journey: a reader of exchange.h makes it from a file (an analysis' facts, a STIX bundle, a feed of
 * vulnerabilities, a directory page, ...); the caller may set label, title and reporter; a writer of
 * exchange.h turns it into one of the standards. All texts are UTF-8, end with NUL, belong to the incident
 * and may hold anything a stranger wrote: whoever shows them escapes them. NULL texts and EKI_TIME_NONE are
 * not known.
 *
 *     for (size_t i = 0; i < incident->edge_count; i++)
 *         show(incident->hosts[incident->edges[i].from].name, incident->hosts[incident->edges[i].to].name);
 *     eki_incident_free(incident);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"
#include "ekigaku/time.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum eki_incident_role {
    EKI_ROLE_OTHER = 0,
    EKI_ROLE_INFECTED,
    EKI_ROLE_SCANNER,  /* searches, not known to be infected */
    EKI_ROLE_ATTACKED, /* in vain, as far as is known */
    EKI_ROLE_SERVER,   /* of the attacker: control, staging */
    EKI_ROLE_EXPOSED,  /* offers what can be attacked */
    EKI_ROLE_COUNT
};

struct eki_incident_host {
    const char *name;           /* its address as text, or a name: never NULL */
    struct eki_address address; /* ::, when the name is no address */
    enum eki_incident_role role;
    eki_time first, last;
    uint16_t port;        /* of the service it was seen on; 0 unknown */
    uint8_t protocol;     /* 6, 17, 1; 0 unknown */
    double confidence;    /* 0 to 1; NaN unknown */
    const char *evidence; /* one word of the facts: implant, exploit, session, contact, scan */
    const char *detail;   /* for people */
};

/* Who infected whom; positions in `hosts`. */
struct eki_incident_edge {
    uint32_t from, to;
    eki_time at;
    double confidence; /* 0 to 1; NaN unknown */
};

enum eki_indicator_kind {
    EKI_INDICATOR_ADDRESS = 0,
    EKI_INDICATOR_NETWORK,
    EKI_INDICATOR_DOMAIN,
    EKI_INDICATOR_URL,
    EKI_INDICATOR_MAIL,
    EKI_INDICATOR_AS,
    EKI_INDICATOR_MD5,
    EKI_INDICATOR_SHA1,
    EKI_INDICATOR_SHA256,
    EKI_INDICATOR_FILE, /* its name */
    EKI_INDICATOR_MUTEX,
    EKI_INDICATOR_REGISTRY,
    EKI_INDICATOR_PATTERN, /* in a language of its own: STIX, YARA, Snort */
    EKI_INDICATOR_KIND_COUNT
};

struct eki_indicator {
    enum eki_indicator_kind kind;
    const char *value, *comment;
    eki_time first, last;
    bool detect; /* meant for detection; false: only seen beside it */
};

struct eki_incident_technique {
    const char *id, *name; /* MITRE ATT&CK; name may be NULL */
};

struct eki_vulnerability {
    const char *id; /* CVE-..., JVNDB-... */
    const char *title, *summary, *vendor, *product, *action, *url;
    eki_time published, due;
    bool exploited, ransomware;
    double score;              /* CVSS base score; NaN unknown */
    double epss, epss_centile; /* 0 to 1; NaN unknown */
};

/* A team or whoever tells this. */
struct eki_incident_team {
    const char *name, *mail, *domain, *url, *phone, *country, *constituency, *key, *hours, *languages,
        *policy;
    eki_time updated, expires;
};

struct eki_incident_reference {
    const char *source, *id, *url;
};

/* Something that happened and that hosts and edges do not tell, as another team tells it. Words are those of
 * the OASIS incident extension suite. */
struct eki_incident_event {
    const char *id;     /* UUID as text; NULL: none yet */
    const char *kind;   /* one word: "ransomware", "data-exfiltration" */
    const char *status; /* "occurred", "ongoing", "not-occurred", "pending", "undetermined" */
    const char *name, *detail;
    eki_time first, last;
};

/* Something that was done about it, or has to be. */
struct eki_incident_task {
    const char *id;      /* UUID as text; NULL: none yet */
    const char *kind;    /* one word: "containment", "recovery" */
    const char *outcome; /* "successful", "failed", "cancelled", "ongoing", "pending", "unknown" */
    const char *name, *detail;
    const char *role; /* of the department that does it */
    eki_time first, last;
};

/* What it did, where that is not that hosts are infected. */
struct eki_incident_impact {
    const char *id;       /* UUID as text; NULL: none yet */
    const char *category; /* "availability", "confidentiality", "external", "integrity", "monetary",
                             "physical", "traceability" */
    const char *what;     /* type of information or asset; currency of a sum; NULL where there is none */
    const char *how;      /* the word of its category: kind of loss, alteration, damage, cost */
    const char *detail;
    double level;       /* availability: how much of it is lost, 0 to 100; NaN */
    double least, most; /* of a sum; NaN */
    uint64_t systems;   /* that it was on; 0 not told */
    eki_time first, last;
};

struct eki_incident {
    const char *id; /* UUID as text, or what another team numbers it; NULL when there is none yet */
    const char *title, *summary;
    const char *family; /* of the malware, lower case */
    const char *vector; /* exploit, stolen credential, dictionary */
    const char *route;  /* contact, droplet, airborne */
    const char *stage;  /* of whoever works on it: "new", "open", "closed" */
    enum eki_tlp tlp;
    bool marked; /* somebody labelled it; else `tlp` is EKI_TLP_UNMARKED */
    eki_time created, first, last;
    eki_time modified; /* when whoever tells it last changed it; EKI_TIME_NONE: not told */
    uint16_t port;
    uint8_t protocol;
    struct eki_incident_team reporter;
    struct eki_incident_host *hosts;
    struct eki_incident_edge *edges;
    struct eki_indicator *indicators;
    struct eki_incident_technique *techniques;
    struct eki_vulnerability *vulnerabilities;
    struct eki_incident_team *teams;
    struct eki_incident_reference *references;
    struct eki_incident_event *events;
    struct eki_incident_task *tasks;
    struct eki_incident_impact *impacts;
    const char **notes; /* what was left out or looked odd, in English, for people */
    size_t host_count, edge_count, indicator_count, technique_count, vulnerability_count, team_count,
        reference_count, event_count, task_count, impact_count, note_count;
    void *memory; /* its own */
};

/* NULL is allowed. */
void eki_incident_free(struct eki_incident *incident);

/* Checks what the struct cannot say by itself: positions of edges, times in order, confidences, labels.
 * EKI_ERROR_CORRUPT with what is wrong in *ret_fault. O(everything). */
EKI_MUST_USE enum eki_error eki_incident_validate(const struct eki_incident *incident,
                                                  struct eki_fault *ret_fault);

/* Sets the label; also those that were there before count as set. */
void eki_incident_mark(struct eki_incident *incident, enum eki_tlp label);

/* Is it a host of those who will see it? */
typedef bool eki_incident_keep(void *user, const struct eki_incident_host *host);

/* A copy that names the hosts that `keep` picks and no other, so that a notice to an owner tells nothing of
 * anybody else: edges to other hosts are only counted, their names in texts are withheld, indicators that
 * name them, the summary, the notes, other teams, events, tasks and impacts are left out; the id of the whole
 * is a reference. To be completed. Names that are abbreviated in a text (".161") are not recognised, which is
 * why no summary is kept. EKI_ERROR_MEMORY. O(hosts + edges + texts). */
EKI_MUST_USE enum eki_error eki_incident_slice(const struct eki_incident *incident, eki_incident_keep *keep,
                                               void *user, struct eki_incident **ret_slice);

/* Gives it an id, a title and times where it has none, from `now` and what it holds; the same incident gets
 * the same id. An id that is no UUID
 * becomes a reference, and the new one follows from it. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_incident_complete(struct eki_incident *incident, eki_time now);

/* Names it; NULL leaves the title that is there. The text is copied. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_incident_entitle(struct eki_incident *incident, const char *title);

/* Gives it the number its team knows it by, from which eki_incident_complete derives its id. The text is
 * copied. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_incident_number(struct eki_incident *incident, const char *number);

/* Adds what it is called elsewhere, or what it comes from. The texts are copied; a pair that is there already
 * is not added again. EKI_ERROR_MEMORY, _LIMIT. O(references). */
EKI_MUST_USE enum eki_error eki_incident_refer(struct eki_incident *incident, const char *source,
                                               const char *id);

/* Adds what happened, what is done, or whom to ask, as the struct says; its texts are copied, and cut at what
 * an incident holds. EKI_ERROR_MEMORY, _LIMIT. O(texts). */
EKI_MUST_USE enum eki_error eki_incident_add_event(struct eki_incident *incident,
                                                   const struct eki_incident_event *event);
EKI_MUST_USE enum eki_error eki_incident_add_task(struct eki_incident *incident,
                                                  const struct eki_incident_task *task);
EKI_MUST_USE enum eki_error eki_incident_add_team(struct eki_incident *incident,
                                                  const struct eki_incident_team *team);

/* Says at which stage its work is: "new", "open" or "closed". The text is copied. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_incident_stage(struct eki_incident *incident, const char *stage);

/* Who tells it. Texts are copied; NULL leaves what is there. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_incident_report_by(struct eki_incident *incident, const char *name,
                                                   const char *mail, const char *domain);

/* The names used in files and JSON; "?" outside the list. Static. */
const char *eki_incident_role_name(enum eki_incident_role role);
const char *eki_indicator_kind_name(enum eki_indicator_kind kind);

#pragma GCC visibility pop

#endif
