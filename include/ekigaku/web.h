/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_WEB_H
#define EKIGAKU_WEB_H
/*
 * The service: an HTTP server with the API (/api/v1), the pages, and one worker that plays analysis jobs.
 *
 * Journey of a request: libmicrohttpd reads it; its target is parsed (bad ones are refused before anything
 * looks at them), a route is found, who asks is told from cookie or token, the body is read with its limits
 * and checked field by field; the handler reads or changes rows of the store and fills a reply; the reply is
 * packed, tagged and sent. Each request ends as one line of the access log, handed to the caller's sink.
 *
 *     struct eki_web_options options = {.data = "desk", .store = store, .listen = "127.0.0.1:8417",
 *                                       .clock = clock, .log = write_line};
 *     eki_web_start(&options, &web, &fault);
 *     link = eki_web_invitation(web);          once, on the very first start
 *     ... until the program is told to end
 *     eki_web_stop(web);                       running requests end; the running job is put back in the queue
 *
 * It starts threads of its own. It asks for the time by the caller's clock, and for secrets by the system.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ekigaku/error.h"
#include "ekigaku/time.h"

#pragma GCC visibility push(default)

struct eki_store;
struct eki_web;

/* Both may be called by any thread. */
struct eki_web_clock {
    eki_time (*now)(void *user);   /* UTC */
    uint64_t (*ticks)(void *user); /* nanoseconds from anywhere, never backwards */
    void *user;
};

/* One line of the log: a JSON object without newline. Called by several threads, one at a time. */
typedef void eki_web_log(void *user, const char *line, size_t length);

/* How notices leave and answers come in; all may be NULL. Whether anything is sent at all, and by which
 * relay, is a setting of the store: none is named at first. */
struct eki_web_mail {
    const char *maildir; /* where answers arrive */
    const char *mailbox; /* or there: imaps://HOST/FOLDER */
    const char *mailbox_user, *mailbox_password;
    const char *pgp_signer, *smime_signer; /* our keys, of the GnuPG home of the process */
    const char *keys;                      /* folder of recipients' keys */
    const char *ca_file;                   /* whom to trust; NULL: the system's */
    const char *templates;                 /* folder of texts of one's own */
    bool plain;                            /* without TLS, to this machine only */
};

struct eki_web_options {
    const char *data;              /* directory of inputs/ and results/, made when missing */
    struct eki_store *store;       /* stays the caller's; outlives the service */
    const char *listen;            /* "127.0.0.1:8417", "[::1]:0" (any free port) */
    const char *certificate, *key; /* PEM texts, both or none: TLS */
    const char *pages;             /* folder to serve pages from instead of those built in; NULL */
    const char *const *hosts;      /* further names by which browsers may call it; ended by NULL; or NULL */
    unsigned threads;              /* that serve requests; 0: 2 */
    unsigned requests_per_s;       /* that one address may make; 0: the usual (see limits in gate.h) */
    struct eki_web_mail mail;
    struct eki_web_clock clock;
    eki_web_log *log; /* may be NULL */
    void *user;       /* of the log */
};

/* Starts to serve. All strings but the PEM texts must live as long as the service. EKI_ERROR_ARGUMENT
 * (listen, certificate), _OPEN (directory, address in use), _WRITE, _MEMORY; the fault says which and why. */
EKI_MUST_USE enum eki_error eki_web_start(const struct eki_web_options *options, struct eki_web **ret_web,
                                          struct eki_fault *ret_fault);

/* The port that it listens on. */
uint16_t eki_web_port(const struct eki_web *web);

/* Path of the one-time link ("/invitation/...") of an administrator who has no password yet; NULL when there
 * is none. Of the service. */
const char *eki_web_invitation(const struct eki_web *web);

/* Hands in a file and queues its analysis under this title, when nothing was ever handed in; else does
 * nothing. The file is copied. EKI_ERROR_OPEN, _READ, _WRITE, those of the store. */
EKI_MUST_USE enum eki_error eki_web_preload(struct eki_web *web, const char *path, const char *title,
                                            struct eki_fault *ret_fault);

/* Ends: no new requests, running ones finish, the running job goes back to the queue. NULL is allowed. */
void eki_web_stop(struct eki_web *web);

#pragma GCC visibility pop

#endif
