/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TAXII_CLIENT_H
#define EKIGAKU_TAXII_CLIENT_H
/*
 * A client of TAXII 2.1 (OASIS, 10 June 2021): what the collections of another team's server hold.
 *
 * Journey: the client asks the API root (or the discovery, which names it), lists the collections that may be
 * read and fetches each, page by page, from the moment up to which it was read before. The objects of all
 * pages lie in one pool, each id once in its latest version, because an incident may reach over pages and
 * collections; the pool then goes to eki_taxii_split() of ekigaku/taxii.h:
 *
 *     error = eki_taxii_open(&server, &client, &fault);
 *     error = eki_taxii_list(client, NULL, collections, &count, &fault);
 *     for (i = 0; i < count; i++) {
 *         snprintf(collections[i].after, sizeof collections[i].after, "%s", what was kept);
 *         error = eki_taxii_fetch(client, &collections[i], &fault);
 *     }
 *     error = eki_taxii_split(eki_taxii_pool(client), most, &groups, &loose);
 *     keep(collections[i].after);
 *     eki_taxii_close(client);
 *
 * The server is a stranger: its certificate is verified, plain HTTP goes to this machine only, redirects and
 * other servers are not followed with a login in hand, nothing is unpacked, and bytes, JSON values and pages
 * are bounded. A client belongs to one thread.
 */
#include <stddef.h>

#include "ekigaku/error.h"
#include "ekigaku/taxii.h"

#pragma GCC visibility push(default)

enum {
    EKI_TAXII_COLLECTIONS = 100, /* of one API root; servers seen have fewer than 30 */
    EKI_TAXII_PAGES = 1000,      /* of one collection in one run: a million objects, more than a run holds */
    EKI_TAXII_MOMENT = 40        /* bytes of an RFC 3339 time with its NUL */
};

struct eki_taxii_server {
    const char *url; /* "https://host/api-root/", or its discovery; http:// only to this machine */
    const char *user, *password; /* HTTP Basic; user "Bearer": the password is a token; both NULL: nobody */
    const char *ca_file;         /* PEM of whom to trust; NULL: the system's */
    const volatile int *stop;    /* non-zero ends a call early with EKI_ERROR_STOPPED; NULL: nothing does */
};

struct eki_taxii_client;

/* A collection, and how far it was read. */
struct eki_taxii_collection {
    char id[EKI_TAXII_ID + 1];
    char after[EKI_TAXII_MOMENT]; /* only what was added later is fetched; "" is all. Then: of the last object
                                     that came, as the server says it */
    size_t pages, objects;        /* that were fetched */
};

/* Asks the server who it is. Texts are copied; `stop` must live as long as the client. EKI_ERROR_ARGUMENT
 * (url, half a login, plain to another machine), _OPEN (not reached, certificate, login refused), _READ
 * (another answer, time-out, connection lost), _FORMAT (no TAXII 2.1), _CORRUPT, _LIMIT, _STOPPED, _MEMORY.
 * The fault tells it in words, without the URL. */
EKI_MUST_USE enum eki_error eki_taxii_open(const struct eki_taxii_server *server,
                                           struct eki_taxii_client **ret_client, struct eki_fault *ret_fault);
/* NULL is allowed. */
void eki_taxii_close(struct eki_taxii_client *client);

/* The API root with "/" at its end, which a discovery may have named. As long as the client. */
const char *eki_taxii_root(const struct eki_taxii_client *client);

/* How many API roots the discovery named, of which the default one was taken, else the first; 0 when it was
 * not asked. */
size_t eki_taxii_roots(const struct eki_taxii_client *client);

/* What was asked last, to be told with an error; until the next call. */
const char *eki_taxii_where(const struct eki_taxii_client *client);

/* The collections that may be read, or the one of this id or alias alone. `ret_list` has room for
 * EKI_TAXII_COLLECTIONS. EKI_ERROR_MISSING when there is none; else as eki_taxii_open(). */
EKI_MUST_USE enum eki_error eki_taxii_list(struct eki_taxii_client *client, const char *only,
                                           struct eki_taxii_collection *ret_list, size_t *ret_count,
                                           struct eki_fault *ret_fault);

/* Puts into the pool what a collection got after `after`, and moves `after`. The fault begins with the page.
 * EKI_ERROR_LIMIT when it does not end within EKI_TAXII_PAGES, EKI_EXCHANGE_BYTES or EKI_EXCHANGE_VALUES (the
 * latter of all that the client fetched), or within two hours: with `pages` the whole pages that came are in
 * the pool, and `after` is just before the last moment of theirs, from where another client goes on; without,
 * there is no way on. Else as eki_taxii_open(). After another error the pool is of no use. */
EKI_MUST_USE enum eki_error eki_taxii_fetch(struct eki_taxii_client *client,
                                            struct eki_taxii_collection *collection,
                                            struct eki_fault *ret_fault);

/* The pool: an array of well-formed objects, the client's. */
struct json_t *eki_taxii_pool(const struct eki_taxii_client *client);
/* How many objects had a fault and were passed over. */
size_t eki_taxii_passed(const struct eki_taxii_client *client);

#pragma GCC visibility pop

#endif
