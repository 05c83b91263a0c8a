/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_MAIL_TAXII_H
#define EKI_MAIL_TAXII_H
/* One question to a TAXII server and its answer. */
#include <curl/curl.h>
#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "ekigaku/taxii_client.h"

struct eki_taxii_client {
    CURL *curl;
    struct curl_slist *headers;
    const volatile int *stop;
    struct eki_buffer root, where, body;
    size_t roots;          /* that the discovery named; 0: none was asked */
    size_t bytes, values;  /* of all answers */
    curl_off_t spent_us;   /* on them */
    bool too_long;         /* the answer that is being read */
    json_t *pool, *places; /* objects; id -> place in the pool */
    size_t passed;
    char why[CURL_ERROR_SIZE];
};

/* An answer. */
struct eki_taxii_answer {
    json_t *json;                /* an object; the caller gives it back */
    char last[EKI_TAXII_MOMENT]; /* X-TAXII-Date-Added-Last; "" when it was not given or is no time */
};

/* Asks for client->where. Errors are those of eki_taxii_open(). */
EKI_MUST_USE enum eki_error eki_taxii_ask(struct eki_taxii_client *client,
                                          struct eki_taxii_answer *ret_answer, struct eki_fault *ret_fault);

/* Starts the next question: the API root and `path`. */
void eki_taxii_go(struct eki_taxii_client *client, const char *path);
/* Adds a text to the question so that it is one part of it, whatever it holds. */
void eki_taxii_add(struct eki_taxii_client *client, const char *text);

#endif
