/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a directory file: what is read and settles is written and read back as the same bytes, every
 * look-up in bulk agrees with the one that explains, and nothing that comes out is beyond its array.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/members.h"
#include "ekigaku/owner.h"

#define NOW (INT64_C(1790000000) * EKI_SECOND)

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length);

static void ignore_finding(void *user, const struct eki_finding *finding)
{
    (void)user;
    if (!finding->text || !finding->values[0]) abort();
}

static void look_around(const struct eki_directory *d)
{
    size_t count, contacts;
    const struct eki_network *n = eki_directory_networks(d, &count);
    (void)eki_directory_contacts(d, &contacts);
    for (size_t i = 0; i < count && i < 50; i++) {
        struct eki_question q = {.address = &n[i].prefix.base};
        struct eki_answer answer;
        struct eki_owner owner;
        if (!n[i].has_prefix)
            q = (struct eki_question){.domain = n[i].domain, .asn = n[i].asn, .country = n[i].country};
        if (eki_directory_ask(d, &q, &answer)) abort();
        if (answer.network != EKI_NOWHERE && answer.network >= count) abort();
        if (answer.contact != EKI_NOWHERE && answer.contact >= contacts) abort();
        if (!n[i].has_prefix) continue;
        eki_directory_find(d, q.address, 1, &owner);
        if (owner.network != answer.network || owner.contact != answer.contact) abort();
    }
}

static char *write_all(const struct eki_directory *d, size_t *ret_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);
    if (!out || eki_directory_write(d, out)) abort();
    fclose(out);
    return text;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t length)
{
    struct eki_directory *d, *again;
    struct eki_fault fault = {0};
    struct eki_members *members;
    if (eki_directory_new(&d)) return 0;
    if (!eki_directory_read_memory(d, bytes, length, &fault) && !eki_directory_settle(d, NOW, &fault)) {
        size_t one_length, two_length;
        char *one = write_all(d, &one_length), *two;
        look_around(d);
        if (eki_directory_verify(d, ignore_finding, NULL)) abort();
        if (!eki_members_count(d, &members)) eki_members_free(members);
        if (eki_directory_new(&again)) abort();
        if (eki_directory_read_memory(again, one, one_length, &fault)) abort();
        two = write_all(again, &two_length);
        if (one_length != two_length || memcmp(one, two, one_length)) abort();
        free(one);
        free(two);
        eki_directory_free(again);
    }
    eki_directory_free(d);
    return 0;
}
