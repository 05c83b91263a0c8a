/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_EXPORT_H
#define EKI_CONTACT_EXPORT_H
/*
 * Datagrams that routers and switches send about traffic: NetFlow v5 and v9 (RFC 3954), IPFIX (RFC 7011) and
 * sFlow v5 (sflow.org, 2004).
 *
 * Journey: export.c gets a file of datagrams one after the other, or the payloads of a capture, and finds
 * where each ends (export_length.c); the version word says which reader takes it: export_v5.c, sets.c (which
 * asks template.c what a data set looks like and element.c what its fields mean) or sflow.c. Each flow record
 * becomes a struct eki_half and goes on to halves.c.
 */
#include "base/cursor.h"
#include "contact/halves.h"

enum {
    EKI_EXPORT_V5 = 5,
    EKI_EXPORT_V9 = 9,
    EKI_EXPORT_IPFIX = 10,
    EKI_EXPORT_SFLOW = 0,        /* the upper half of sFlow's version word */
    EKI_EXPORT_DATAGRAM = 65535, /* UDP carries no more */
    /* Templates kept: hundreds of exporters with a dozen each; a stranger who sends others replaces old ones.
     */
    EKI_TEMPLATES_MOST = 4096,
    EKI_TEMPLATE_FIELDS = 512, /* the longest in the field has about 100 */
    /* Data sets that wait for their template: exporters repeat templates every few minutes or datagrams. */
    EKI_SETS_WAITING = 256,
    EKI_SETS_BYTES = 1024 * 1024,
    EKI_EXPORTERS_MOST = 1024, /* with their clocks and sampling */
    EKI_SAMPLERS_MOST = 1024
};

/* Where the datagram comes from, and what its header says. */
struct eki_export_header {
    struct eki_address exporter; /* :: in a file of bare datagrams */
    eki_time exported;
    eki_time booted; /* IPFIX: when the exporter was switched on, EKI_TIME_NONE when it never said */
    uint32_t uptime; /* of the exporter when it sent this, in ms; v5 and v9 */
    uint32_t skew;   /* what the clock of the record at hand is behind that of the header, in ms */
    uint32_t domain; /* v9: source id */
    uint16_t version;
};

struct eki_template_field {
    uint16_t id, length;
    uint32_t enterprise; /* 0: IANA's */
};

enum { EKI_FIELD_VARIABLE = 65535 };

struct eki_template {
    struct eki_address exporter;
    uint32_t domain;
    uint16_t version, id, count;
    bool options;
    uint32_t least; /* bytes of the shortest record */
    uint64_t hash;
    struct eki_template_field *fields; /* NULL: no template here */
};

/* A data set that came before its template. */
struct eki_export_waiting {
    struct eki_export_header header;
    uint16_t id;
    uint32_t length;
    uint8_t *bytes;
};

/* When an exporter was switched on, as far as its headers tell: v9 gives whole seconds only, so the first
 * estimate is kept while later ones stay within a second; flows of several datagrams then keep their order.
 */
struct eki_exporter {
    struct eki_address address;
    uint32_t domain;
    uint16_t version;
    eki_time boot;
    uint32_t skew;    /* v5, v9: as of the header, for records of another clock; 0: they agree */
    bool told;        /* IPFIX: by its options; else guessed from the records */
    bool numbered;    /* the next number is known */
    uint32_t next[2]; /* the number that its next datagram should have, in either way of counting */
};

/* One sampler of one exporter: `interval` packets are counted as one. */
struct eki_sampler {
    struct eki_address exporter;
    uint32_t domain, id; /* id 0: for all flows that name none */
    uint32_t interval;
};

struct eki_exports {
    struct eki_halves halves;
    struct eki_index index; /* of templates */
    struct eki_template *templates;
    struct eki_export_waiting waiting[EKI_SETS_WAITING];
    struct eki_exporter *exporters;
    struct eki_sampler *samplers;
    size_t template_count, next_template, waiting_count, waiting_bytes;
    size_t exporter_count, next_exporter, sampler_count, next_sampler;
    uint64_t seed;
    size_t at;    /* of the datagram in the window, for rejections */
    bool sampled; /* some counts were multiplied */
    bool shifted; /* some times were those of a clock that the headers do not know */
};

/* One datagram, whole or cut, of any of the four forms. What is wrong with it is rejected; the rest is taken.
 */
void eki_export_take(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                     struct eki_cursor c);

/* How many bytes the first of the datagrams takes, walking its parts: 0 when they are no beginning of one, or
 * when it ends behind `length` (then *ret_open). `ended`: nothing follows, so a v9 datagram may end here. */
size_t eki_export_length(const uint8_t *bytes, size_t length, bool ended, bool *ret_open);

/* Is the whole payload one datagram of that kind? `cut`: it need not be whole. */
bool eki_export_is_netflow(const uint8_t *bytes, size_t length, bool cut);
bool eki_export_is_sflow(const uint8_t *bytes, size_t length, bool cut);

/* The three readers: the cursor stands behind the version word (sFlow: behind all four bytes of it). */
void eki_export_v5(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                   struct eki_cursor *c);
void eki_export_sets(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                     struct eki_cursor *c);
void eki_export_sflow(struct eki_exports *x, struct eki_log_reading *r, struct eki_export_header *header,
                      struct eki_cursor *c);

/* Counts one thing that could not be used, at the place of the datagram. */
void eki_export_reject(struct eki_exports *x, struct eki_log_reading *r, const char *what);

/* The time at which the exporter had been up for `uptime` ms, from what its header says and header->skew,
 * which eki_export_align has set; the export itself when that lies more than a week away. Wraps of the 32
 * bits are undone.
 */
eki_time eki_export_time(const struct eki_export_header *header, uint32_t uptime);

/* Sets header->skew for a record of v5 or v9 whose flow ended at `last`. Most often 0. A record more than a
 * week from its export is of another clock than the header (an old capture played through an exporter, for
 * one): its end is taken for the export, and how far off it was is kept for the exporter, so that the records
 * after it stay in their order and at their distance until they fit again. A `last` of 0 that does not fit
 * tells no time. */
void eki_export_align(struct eki_exports *x, struct eki_export_header *header, uint32_t last);

/* v9 headers tell whole seconds: makes header->exported agree with the datagrams before. */
void eki_export_steady(struct eki_exports *x, struct eki_export_header *header);

/* When an IPFIX exporter was switched on, as options told (element 160); EKI_TIME_NONE before. */
void eki_export_set_boot(struct eki_exports *x, const struct eki_export_header *header, eki_time boot);
eki_time eki_export_boot(struct eki_exports *x, const struct eki_export_header *header);
/* From a flow that ended at this uptime: it was exported later, so the exporter was switched on no later than
 * so long before the export; the earliest such guess of an exporter is kept, and a restart begins anew. */
eki_time eki_export_guess_boot(struct eki_exports *x, const struct eki_export_header *header,
                               uint32_t uptime);

/* Counts what is missing between the exporter's datagram before and this one, numbered `sequence`; the next
 * should be `step` further, or `other` (some count records where others count datagrams). One that comes late
 * is no longer missing; a jump is a restart. Not in a file of bare datagrams, which may be of several
 * exporters. */
void eki_export_sequence(struct eki_exports *x, struct eki_log_reading *r,
                         const struct eki_export_header *header, uint32_t sequence, const uint32_t steps[2]);

/* Multiplies what was counted by the sampling interval and notes that this was done. */
void eki_export_scale(struct eki_exports *x, struct eki_half *half, uint64_t interval);

/* Remembers and looks up sampling; 1 when none is known. */
void eki_export_set_sampler(struct eki_exports *x, const struct eki_export_header *header, uint32_t id,
                            uint32_t interval);
uint32_t eki_export_sampler(const struct eki_exports *x, const struct eki_export_header *header, uint32_t id);

/* template.c: the template of a data set, NULL when none is known. */
const struct eki_template *eki_template_find(const struct eki_exports *x,
                                             const struct eki_export_header *header, uint16_t id);
/* Keeps a template in place of an earlier one of its number; `fields` is copied. False without memory. */
bool eki_template_keep(struct eki_exports *x, const struct eki_export_header *header,
                       const struct eki_template *read);
/* Forgets one template; id 2 or 3: all (option) templates of the domain (RFC 7011, 8.1). */
void eki_template_withdraw(struct eki_exports *x, const struct eki_export_header *header, uint16_t id);
/* Frees all templates. */
void eki_template_done(struct eki_exports *x);

/* export_archive.c: templates, sampling, clocks, data sets that wait and records that were not joined yet:
 * written out, or read into a state that was just started. */
void eki_export_archive(struct eki_log_reading *r, struct eki_archive *archive);

/* One record in the making. */
struct eki_export_record {
    struct eki_half half;
    eki_time start, end, booted, seen;
    uint64_t duration; /* ns, 0: not told */
    uint64_t out_packets, out_bytes, interval, space;
    uint32_t up_first, up_last, sampler;
    uint8_t event; /* Cisco's firewalls: 1 created, 2 ended, 3 denied */
    bool has_up_first, has_up_last, has_icmp_type;
};

/* element.c: takes what one field says. */
void eki_element_take(struct eki_export_record *record, const struct eki_template_field *field,
                      struct eki_cursor c);
/* Settles the times, counts and ports of a record. False when it is none of a conversation. */
bool eki_element_settle(struct eki_export_record *record, const struct eki_export_header *header);

/* frame.c: addresses, ports, flags and length of a packet of which only the first bytes are there; false when
 * it is no IP. `ethernet`: it begins with that header, else with that of IP. */
bool eki_frame_read(struct eki_cursor c, bool ethernet, struct eki_half *half);

#endif
