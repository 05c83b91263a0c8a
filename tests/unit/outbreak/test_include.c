/* SPDX-License-Identifier: Apache-2.0 */
/* Who belongs to an outbreak beside the tree of those that infected each other, and what finding that costs.
 */
#include <stdlib.h>
#include <time.h>

#include "base/hash.h"
#include "outbreak/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const struct eki_scanner search = {.service = 445, .protocol = EKI_PROTOCOL_TCP};
static const struct eki_sign implant = {
    .grade = EKI_GRADE_IMPLANT, .vector = true, .automated = true, .technique = ""};
static struct eki_suspect somebody[1];

static struct eki_member member(uint32_t host)
{
    return (struct eki_member){.host = eki_address_v4(host),
                               .onset = EKI_TIME_NONE,
                               .first_attack = EKI_TIME_NONE,
                               .delivered = EKI_TIME_NONE,
                               .suspects = somebody,
                               .suspect_count = 1,
                               .parent = -1,
                               .parent_member = UINT32_MAX};
}

static struct eki_member searching(uint32_t host)
{
    struct eki_member m = member(host);
    m.scanner = &search;
    return m;
}

/* One that was infected by the first member and searches: the tree. */
static struct eki_member spread(uint32_t host)
{
    struct eki_member m = searching(host);
    m.parent = 0;
    m.parent_member = 0;
    return m;
}

static struct eki_sign attack(uint32_t source, uint16_t service, bool automated)
{
    return (struct eki_sign){.source = eki_address_v4(source),
                             .protocol = EKI_PROTOCOL_TCP,
                             .service = service,
                             .grade = EKI_GRADE_ATTEMPT,
                             .vector = true,
                             .automated = automated,
                             .technique = ""};
}

/* Returns how many belong to the outbreak of tcp/445. */
static uint32_t include(struct eki_member *members, uint32_t member_count, struct eki_sign *signs,
                        uint32_t sign_count)
{
    uint32_t count = 0;
    struct eki_arena scratch = {0};
    struct eki_tracer tracer = {.signs = signs, .sign_count = sign_count};
    struct eki_trace trace = {.tracer = &tracer,
                              .scratch = &scratch,
                              .protocol = EKI_PROTOCOL_TCP,
                              .vector = 445,
                              .members = members,
                              .member_count = member_count};
    assert_int_equal(eki_index_init(&trace.by_host, 18), EKI_OK);
    for (uint32_t i = 0; i < member_count; i++)
        eki_index_add(&trace.by_host, eki_hash_address(members[i].host, 1, 0), i);
    assert_int_equal(eki_trace_include(&trace, &count), EKI_OK);
    eki_index_done(&trace.by_host);
    eki_arena_done(&scratch);
    return count;
}

enum { NET = 0x0a010000, OTHER_NET = 0x0a020000, FAR = 0x0a630000 };

/* Near is who shares a /16 with an infected; one that came in a moment ago counts for those after it. */
static void near_an_infected(void **state)
{
    (void)state;
    struct eki_member carrier = member(OTHER_NET + 2);
    carrier.parent = 0;
    carrier.parent_member = 0;
    carrier.implant = &implant;
    struct eki_member members[] = {searching(NET + 1),
                                   spread(NET + 2),
                                   searching(NET + 0xffff),
                                   searching(OTHER_NET + 1),
                                   carrier,
                                   searching(OTHER_NET + 3),
                                   searching(FAR + 1),
                                   searching(NET + 0x1ffff)};
    assert_int_equal(include(members, 8, NULL, 0), 6);
    assert_true(members[0].included && members[1].included && members[2].included);
    assert_false(members[3].included); /* before the carrier came in */
    assert_true(members[4].included && members[5].included);
    assert_false(members[6].included);
    assert_true(members[7].included); /* in the network of the carrier */
    assert_int_equal(members[4].generation, 1);
}

/* A host that searches belongs to it by any attack, one that does not by a program's on this service. */
static void attackers(void **state)
{
    (void)state;
    struct eki_member loader = member(FAR + 0x60001);
    loader.loader = true;
    struct eki_member members[] = {
        searching(NET + 1),    spread(NET + 2),       searching(FAR + 0x10001), member(FAR + 0x20001),
        member(FAR + 0x30001), member(FAR + 0x40001), searching(FAR + 0x50001), loader};
    struct eki_sign signs[] = {attack(FAR + 0x10001, 22, false),  attack(FAR + 0x20001, 445, true),
                               attack(FAR + 0x30001, 445, false), attack(FAR + 0x40001, 22, true),
                               attack(FAR + 0x50001, 445, true),  attack(FAR + 0x60001, 445, true)};
    signs[4].grade = EKI_GRADE_CHECK;
    assert_int_equal(include(members, 8, signs, 6), 4);
    assert_true(members[0].included && members[1].included && members[2].included && members[3].included);
}

/* Many that search far away, and a full table of signs of others: not each against each. */
static void no_product_of_members_and_signs(void **state)
{
    (void)state;
    enum { MEMBERS = 100000, MOST_S = 2 };
    struct eki_member *members = calloc(MEMBERS, sizeof *members);
    struct eki_sign *signs = calloc(EKI_TRACER_SIGNS, sizeof *signs);
    assert_true(members && signs);
    members[0] = searching(NET + 1);
    members[1] = spread(NET + 2);
    for (uint32_t i = 2; i < MEMBERS; i++) members[i] = searching(FAR + i);
    for (uint32_t i = 0; i < EKI_TRACER_SIGNS; i++) signs[i] = attack(0x0b000000 + i, 445, true);
    clock_t before = clock();
    assert_int_equal(include(members, MEMBERS, signs, EKI_TRACER_SIGNS), 2);
    double seconds = (double)(clock() - before) / CLOCKS_PER_SEC;
    print_message("# %.3f s of processor time\n", seconds);
    assert_true(seconds < MOST_S);
    free(members);
    free(signs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near_an_infected), cmocka_unit_test(attackers),
                                       cmocka_unit_test(no_product_of_members_and_signs)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
