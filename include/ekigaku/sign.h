/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_SIGN_H
#define EKIGAKU_SIGN_H
/*
 * The sign: what crosses the border protocol/ -> scan/ and outbreak/. One conversation (or a short chain of
 * them) showed something that a known way of spreading does: a check for a weakness, an exploit attempt, an
 * implant, a remote execution, a login by dictionary, a kill-switch look-up.
 *
 * Journey: flow/ hands every transport payload, oriented, as a struct eki_segment, and contact/ hands every
 * contact, to the sign engine; the engine gives them to those modules that asked for the service; a module
 * that has seen enough calls the sink with a struct eki_sign. The same sign may be given again under the same
 * `id` as it grows (more packets, a later `last`, a higher grade): the newer one replaces the older. Signs
 * are matched on header fields only and are defensive: nothing is ever sent.
 *
 *     struct eki_sign_engine *engine;
 *     eki_sign_engine_new(sink, user, &engine);
 *     eki_sign_engine_segment(engine, &segment);    for every payload, in order
 *     eki_sign_engine_contact(engine, &contact);    for every contact, in order
 *     eki_sign_engine_finish(engine);               once
 *     eki_sign_engine_free(engine);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/address.h"
#include "ekigaku/contact.h"
#include "ekigaku/error.h"
#include "ekigaku/packet.h"

#pragma GCC visibility push(default)

/* How much a sign says about `target`, ordered (Gu 2004's destination-then-source, graded). */
enum eki_grade {
    EKI_GRADE_NOTE = 0, /* context only: kill-switch look-up, share listing, scanning tool */
    EKI_GRADE_CHECK,    /* the source asked whether the target is weak */
    EKI_GRADE_ATTEMPT,  /* an exploit, a login guess or a drop was tried; success is not visible, or it failed
                         */
    EKI_GRADE_ACCESS, /* the source got in by ordinary means: login accepted after guesses, admin share opened
                       */
    EKI_GRADE_EXPLOIT, /* an exploit ran to its end and the target answered as an exploited one does, or code
                          can have run */
    EKI_GRADE_IMPLANT  /* the target carries foreign code: implant answered, file written and run, loader
                          delivered */
};

struct eki_sign {
    uint64_t id;        /* same id = same sign, grown */
    const char *name;   /* "doublepulsar", "mirai-login"...: static text */
    const char *family; /* "wannacry", "mirai"... when the sign belongs to one family only, else ""; static */
    const char *technique;             /* ATT&CK id such as "T1210", or ""; static */
    struct eki_address source, target; /* who did it, to whom */
    eki_time first,
        last; /* last: the moment the sign was complete; for an implant, of the last acknowledgement */
    uint64_t packet_first, packet_last; /* packet numbers in the input */
    uint32_t count;                     /* how many packets or messages show it */
    uint16_t service;                   /* port on the target */
    uint16_t input;
    uint8_t protocol;
    uint8_t grade;    /* enum eki_grade */
    bool vector;      /* counts as a way in (false: context, such as the kill-switch look-up) */
    bool automated;   /* shows a program spreading by itself, not a person at a keyboard */
    char detail[120]; /* one English clause with figures, e.g. "32 upload acknowledgements, MID 82" */
};

/* One payload in the direction it went. The bytes live as long as the packet batch. */
struct eki_segment {
    const struct eki_packet *packet;
    struct eki_address client, server;
    uint64_t conversation; /* unique number, never 0, never reused */
    uint16_t client_port, service;
    uint16_t like; /* the port whose signs apply, where a service was moved (lengths count then, bytes are not
                      given); 0: service */
    bool from_client;
    bool inferred; /* who asked was inferred from port numbers */
};

typedef void eki_sign_sink(void *user, const struct eki_sign *sign);

struct eki_sign_engine;

/* EKI_ERROR_MEMORY at worst. The sink is called from inside the other calls, on the caller's thread. */
EKI_MUST_USE enum eki_error eki_sign_engine_new(eki_sign_sink *sink, void *user,
                                                struct eki_sign_engine **ret_engine);

/* True when some module wants payloads of this service: lets the flow stage skip all others. O(1). */
bool eki_sign_engine_wants(const struct eki_sign_engine *engine, uint8_t protocol, uint16_t service);

/* Feeds one payload / one contact / the end of a conversation / the end of all. Amortised O(bytes captured).
 * Memory is bounded: what no longer fits is dropped, oldest first, and counted. */
EKI_MUST_USE enum eki_error eki_sign_engine_segment(struct eki_sign_engine *engine,
                                                    const struct eki_segment *segment);
EKI_MUST_USE enum eki_error eki_sign_engine_contact(struct eki_sign_engine *engine,
                                                    const struct eki_contact *contact);
/* The same for some in order; the first error is returned when all were fed. */
EKI_MUST_USE enum eki_error eki_sign_engine_contacts(struct eki_sign_engine *engine,
                                                     const struct eki_contact *contacts, size_t count);
EKI_MUST_USE enum eki_error eki_sign_engine_flow_end(struct eki_sign_engine *engine, uint64_t conversation);
EKI_MUST_USE enum eki_error eki_sign_engine_finish(struct eki_sign_engine *engine);

/* How many conversations' states were dropped because the table was full. */
uint64_t eki_sign_engine_dropped(const struct eki_sign_engine *engine);

/* Frees everything. NULL is allowed. */
void eki_sign_engine_free(struct eki_sign_engine *engine);

/* The kill-switch name that `name` (a host name, its last point optional) is or lies below; NULL when it is
 * none. Static. */
const char *eki_sign_killswitch(const char *name);

/* What a sign shows that others can look for. */
struct eki_sign_shown {
    const char *kind;    /* of an indicator: "domain", "file"; static */
    const char *comment; /* English; static */
    char value[64];
};

/* Reads it out of the name, grade, automated and detail of a sign, whoever told them: the name that answers a
 * kill switch's question, the file that a program wrote to an administrative share and started. False when it
 * shows nothing of the kind, or the value may be cut; *ret_shown is untouched then. O(length). */
bool eki_sign_shows(const struct eki_sign *sign, struct eki_sign_shown *ret_shown);

/* "note", "check", "attempt", "access", "exploit", "implant"; "?" outside the list. Static. */
const char *eki_grade_name(enum eki_grade grade);

/* As for contacts: one JSON line ("type":"sign"), and back. Names, family and technique that this build does
 * not know are refused with EKI_ERROR_CORRUPT, because their text could not be owned. */
enum { EKI_SIGN_LINE = 768 };
/* The length without NUL is returned, always below EKI_SIGN_LINE. */
size_t eki_sign_write(const struct eki_sign *sign, char ret_line[EKI_SIGN_LINE]);
/* EKI_ERROR_CORRUPT with the place in *ret_fault (may be NULL); *ret_sign untouched then. */
EKI_MUST_USE enum eki_error eki_sign_read(const char *line, size_t length, struct eki_sign *ret_sign,
                                          struct eki_fault *ret_fault);

/* Fills name, family and technique with the static texts that are equal to these; false when no module of
 * this build gives such a sign. Any thread. */
bool eki_sign_own_texts(struct eki_sign *sign, const char *name, const char *family, const char *technique);

/* EKI_ERROR_ARGUMENT when a field holds what no module may produce (last before first, grade out of
 * range...). */
EKI_MUST_USE enum eki_error eki_sign_validate(const struct eki_sign *sign);

#pragma GCC visibility pop

#endif
