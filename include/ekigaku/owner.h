/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_OWNER_H
#define EKIGAKU_OWNER_H
/*
 * The look-up: who answers for an address, and the proof.
 *
 * Order: longest prefix > narrower department > domain suffix > AS > national team. Of two records for the
 * same prefix the one entered by hand beats an imported one; of two by hand the narrower department, then the
 * newer one. A record by hand with `whole` also beats longer imported prefixes inside it.
 *
 * Two calls that always agree: eki_directory_find() for millions of addresses a second, which gives positions
 * only, and eki_directory_ask(), which gives every candidate with the reason why it was or was not taken.
 */
#include "ekigaku/directory.h"
#include "ekigaku/heartbeat.h"

#pragma GCC visibility push(default)

/* Whose it is, and whom to write to: the best contact that is not dead, of the owner or else of the next
 * candidate; when all are dead, the first. EKI_NOWHERE where there is none. */
struct eki_owner {
    uint32_t network, contact;
};

/* Looks up `count` addresses by prefix, the AS that announces them and the country they were given to. All
 * EKI_NOWHERE when the directory is not settled. Any thread; O(1) for IPv4, O(log prefixes) for IPv6 each. */
void eki_directory_find(const struct eki_directory *directory, const struct eki_address *addresses,
                        size_t count, struct eki_owner *ret_owners);

/* What is known about a host; what is not known stays zero. */
struct eki_question {
    const struct eki_address *address;
    const char *domain;  /* its name, any case, a final point allowed */
    const char *country; /* two letters */
    const char *const
        *facts;   /* "port=445", ended by NULL: what conditions of annotations ask for; may be NULL */
    uint32_t asn; /* 0: the AS that the directory says announces the address */
};

enum eki_claim_verdict {
    EKI_CLAIM_OWNER = 0, /* it decides */
    EKI_CLAIM_SECOND,    /* the second choice: the owner cannot be reached */
    EKI_CLAIM_SHORTER,   /* a longer prefix or domain was found */
    EKI_CLAIM_IMPORTED,  /* beaten by what was entered by hand */
    EKI_CLAIM_BROADER,   /* a narrower department answers for the same */
    EKI_CLAIM_OLDER,     /* contradicted by a newer record for the same */
    EKI_CLAIM_LATER,     /* its kind comes later in the order */
    EKI_CLAIM_GUARDED,   /* a public suffix: would take in strangers */
    EKI_CLAIM_VERDICTS
};

struct eki_claim {
    uint32_t network; /* position */
    uint32_t contact; /* the best of its team and department that is not dead, else the first, else none */
    uint32_t first;   /* the one its team and department name first */
    uint8_t resource; /* enum eki_resource: by what it was found */
    uint8_t verdict;
    bool contradicted; /* another record by hand gives the same to another team */
};

/* More records that cover one address than anybody reads: of each prefix, domain, AS or country the three to
 * be preferred are kept, nearer ones first. */
enum { EKI_CLAIMS = 256, EKI_CLAIMS_EACH = 3, EKI_REMARKS = 16 };

struct eki_answer {
    uint32_t network, team, department; /* the owner, or EKI_NOWHERE */
    uint32_t first;                     /* the contact the owner names first */
    uint32_t contact; /* whom to write to: `first`, or the second choice when that is dead */
    uint32_t asn;     /* that was looked for; 0: none known */
    char country[4];  /* that was looked for; "" none known */
    char domain[256]; /* the name in its canonical form; "" none */
    struct eki_claim claims[EKI_CLAIMS]; /* in the order of preference */
    size_t claim_count, candidates;      /* kept; found */
    uint32_t remarks[EKI_REMARKS];       /* positions of annotations that hold now */
    size_t remark_count;
    bool inhibited; /* one of them forbids notices */
};

/* Answers with every candidate. EKI_ERROR_ARGUMENT when the directory is not settled, nothing is asked, or
 * the domain or country is none. Any thread; O(candidates + log n). */
EKI_MUST_USE enum eki_error eki_directory_ask(const struct eki_directory *directory,
                                              const struct eki_question *question,
                                              struct eki_answer *ret_answer);

/* A question with what it points into. */
struct eki_question_text {
    struct eki_question question;
    struct eki_address address;
    const char *facts[9];
    char text[1024];
};

/* Reads a question from one line: an address, a domain, "AS64500", a country in two letters, facts as
 * key=value, separated by blanks or commas, each at most once save facts (at most 8). The question points
 * into *ret_question, which must not be moved. EKI_ERROR_ARGUMENT with the word in *ret_fault. O(length). */
EKI_MUST_USE enum eki_error eki_question_parse(const char *line, struct eki_question_text *ret_question,
                                               struct eki_fault *ret_fault);

/* "owner", "second choice", "shorter" ...; "?" outside the list. Static. */
const char *eki_claim_verdict_name(enum eki_claim_verdict verdict);

/* One JSON object on one line with a newline: question, owner, contact, claims, remarks. `question` is the
 * text asked. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_answer_write_json(const struct eki_directory *directory,
                                                  const struct eki_answer *answer, const char *question,
                                                  FILE *out);

/* The canonical form of a domain name: lower case, no final point, labels of letters, digits, hyphens and
 * underscores (RFC 1123; internationalised names as xn--). EKI_ERROR_ARGUMENT otherwise. */
EKI_MUST_USE enum eki_error eki_domain_canonical(const char *text, char ret_domain[256]);

/* True for names under which strangers register (jp, co.jp): by the Public Suffix List that libpsl carries.
 */
bool eki_domain_is_public(const char *domain);

#pragma GCC visibility pop

#endif
