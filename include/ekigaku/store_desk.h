/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_STORE_DESK_H
#define EKIGAKU_STORE_DESK_H
/*
 * Rows of the desk: the directory, cases, what their owners are told, enquiries. They are read and written by
 * the calls of ekigaku/store.h, like all rows; what each column means stands in src/store/schema.sql.
 */
#include <stdbool.h>
#include <stdint.h>

/* A record of the directory, as docs/formats/directory.md says. */
struct eki_store_directory_record {
    int64_t id;
    const char *kind, *name, *line, *source;
    int64_t position, account, changed;
};

/* A change of the directory that waits for approval. */
struct eki_store_proposal {
    int64_t id, record;
    const char *line, *why, *state;
    int64_t notice, account, decider, created, decided;
};

/* What a team does about an outbreak. */
struct eki_store_case {
    int64_t id;
    const char *title, *state;
    int64_t outbreak, merged_into, split_from;
    const char *class;
    int64_t handling_class;
    const char *known, *route, *tlp, *summary, *profiles;
    int64_t account, created, aware, closed;
};

/* An affected host of a case. */
struct eki_store_case_host {
    int64_t id, of_case;
    const char *host;
    int64_t at;
    const char *parent, *evidence, *team, *department, *state;
    int64_t account, changed;
};

/* An entry of the timeline of a case. */
struct eki_store_case_entry {
    int64_t id, of_case, at;
    const char *kind, *host, *tags, *text;
    const char *code, *said; /* of what the program wrote: see ekigaku/case_words.h; "" else */
    int64_t account, created;
};

/* Something that has to be done in a case. */
struct eki_store_task {
    int64_t id, of_case;
    const char *title, *text, *playbook, *department, *state;
    int64_t account, due, created, ended;
};

/* A step of a profile of deadlines that a team made. */
struct eki_store_deadline_step {
    int64_t id;
    const char *profile, *name, *clock, *title;
    int64_t hours, account, changed;
};

/* A file or thing that shows what happened. */
struct eki_store_evidence {
    int64_t id, of_case;
    const char *name;
    int64_t input;
    const char *path;
    int64_t size;
    const char *sha256;
    int64_t handling_class, taken, account, created;
};

/* One step of the chain of custody. */
struct eki_store_custody {
    int64_t id, evidence, at;
    const char *giver, *taker, *why, *seen, *sha256;
    int64_t account;
};

/* A sign by which others find the same. */
struct eki_store_indicator {
    int64_t id, of_case;
    const char *kind, *value, *comment;
    int64_t first, last, sightings;
    bool detect;
    const char *tlp;
    int64_t account, created;
};

/* The label of an indicator that was taken out, for when it is entered again. */
struct eki_store_indicator_label {
    int64_t id, of_case;
    const char *kind, *value, *tlp;
    int64_t created;
};

/* What one owner is told about its hosts of a case. */
struct eki_store_notice {
    int64_t id, of_case;
    const char *team, *department, *contact, *address, *language, *format, *tlp, *state, *subject, *path,
        *message_id, *token_hash;
    int64_t hosts, step, releaser, second_releaser, attempts;
    const char *message;
    int64_t created, released, sent, answered, due, expires;
};

/* A host that a notice names. */
struct eki_store_notice_host {
    int64_t id, notice, case_host;
};

/* A technical question between teams. */
struct eki_store_enquiry {
    int64_t id, of_case, notice;
    const char *subject, *asker, *state, *department;
    int64_t account, held, handovers, created, reached, answered;
};

/* A message, judgement or hand-over of an enquiry. */
struct eki_store_enquiry_entry {
    int64_t id, enquiry, at;
    const char *kind, *author, *text, *tag;
    int64_t account;
};

/* Something that another team sent, and what became of it. */
struct eki_store_received {
    int64_t id;
    const char *way;  /* "file", "bundle", "taxii" */
    const char *form; /* of exchange */
    const char *incident, *origin, *sender, *team;
    int64_t tier;
    bool proven;
    const char *title, *tlp, *digest;
    int64_t version, at;
    const char *family, *proto;
    int64_t port, of_case;
    const char *answer; /* "opened", "updated", "old", "refused" */
    const char *why;
    int64_t hosts, indicators, account;
};

/* What became of objects that a TAXII client added, for a day. */
struct eki_store_taxii_status {
    int64_t id;
    const char *number; /* unique: what the client asks by */
    int64_t account;
    const char *status; /* JSON */
    int64_t created;
};

#endif
