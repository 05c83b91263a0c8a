/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_TAXII_H
#define EKI_WEB_TAXII_H
/*
 * TAXII 2.1 (OASIS, 10 June 2021): the cases of the desk as STIX objects, for programs of other teams.
 *
 * There is a collection for each audience; it holds the cases whose label lets that audience see them, as
 * eki_tlp_leave() says. Objects are in order of the moment their case last changed, so that a page is found
 * again by that moment, the case and the position within it (`next`), and only the cases of a page are
 * written.
 */
#include "ekigaku/tlp.h"
#include "web/request.h"

#define EKI_TAXII_TYPE "application/taxii+json;version=2.1"
/* The scope that says of which team of the directory the holder of a token is: "from:kawa". */
#define EKI_TAXII_FROM "from:"

#define EKI_STIX_TYPE "application/stix+json;version=2.1"

enum {
    EKI_TAXII_PAGE = 1000,   /* most objects of an answer, and how many when no limit is given */
    EKI_TAXII_CASES = 100000 /* a busy team's cases of some decades */
};

/* What is asked of a collection. */
struct eki_taxii_asked {
    enum eki_tlp_audience audience;
    const char *only; /* the id in the path; NULL */
    int64_t after;    /* microseconds since 1970: added later than this; INT64_MIN: any */
    int64_t from_changed, from_case;
    size_t from_object; /* of `next`; 0, 0, 0: from the beginning */
    size_t limit;
};

/* One object and when it was added. */
struct eki_taxii_found {
    json_t *object;
    int64_t added;
};

struct eki_taxii_page {
    struct eki_taxii_found *found;
    size_t count;
    bool more;
    char next[72];
};

/* Picks the objects of one page. Pair with eki_taxii_page_done. Errors are the store's, _MEMORY.
 * O(rows of the cases + objects of the page's cases). */
EKI_MUST_USE enum eki_error eki_taxii_pick(struct eki_request *request, struct eki_store_work *work,
                                           const struct eki_taxii_asked *asked,
                                           struct eki_taxii_page *ret_page);
void eki_taxii_page_done(struct eki_taxii_page *page);

/* The version of an object: when it was modified, else created, else added (TAXII 2.1, 3.7). */
const char *eki_taxii_version(const struct eki_taxii_found *found, char ret_text[40]);

/* The audience of a collection by its id or alias. False when there is none. */
bool eki_taxii_collection(const char *name, enum eki_tlp_audience *ret_audience);

/* Does the Accept of the request let TAXII 2.1 be answered? Answers 406 otherwise. */
bool eki_taxii_acceptable(struct eki_request *request);

/* The fewest that who asks belongs to, out of the token's scopes; a person with an account is of the
 * organisation. Errors are the store's. */
EKI_MUST_USE enum eki_error eki_taxii_reach(struct eki_request *request, struct eki_store_work *work,
                                            enum eki_tlp_audience *ret_reach);

/* Answers with a document of TAXII, taken over; NULL is a lack of memory. */
void eki_taxii_reply(struct eki_request *request, unsigned status, json_t *json);
/* Answers with an error message of TAXII (3.6.1). */
void eki_taxii_problem(struct eki_request *request, unsigned status, const char *title);

#endif
