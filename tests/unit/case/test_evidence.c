/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence: what each handling class permits, who had it, and that a changed file is found. */
#include "../store/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>

#include "desk.h"
#include "ekigaku/evidence.h"

static int64_t add_case(struct eki_store_work *work)
{
    struct eki_store_case row = {.title = "worm",
                                 .state = "open",
                                 .class = "I",
                                 .handling_class = 4,
                                 .known = "known",
                                 .route = "airborne"};
    assert_int_equal(eki_store_add(work, &row), EKI_OK);
    return row.id;
}

static char hash[65];

static int64_t add_input(struct eki_store_work *work, bool kept)
{
    struct eki_store_input input = {
        .name = "a.bin", .size = 3, .sha256 = hash, .handling_class = 4, .kept = kept, .path = "a"};
    memset(hash, 'a', 64);
    assert_int_equal(eki_store_add(work, &input), EKI_OK);
    return input.id;
}

static void classes(void **state)
{
    static const struct {
        int class;
        const char *role;
        bool sealed, kept;
        enum eki_error wanted;
    } cases[] = {
        {1, "administrator", true, true, EKI_ERROR_CONFLICT}, /* never kept */
        {1, "analyst", false, false, EKI_OK},                 /* recorded only */
        {2, "analyst", true, true, EKI_ERROR_CONFLICT},       /* no leave */
        {2, "coordinator", false, true, EKI_OK},
        {2, "analyst", false, false, EKI_OK},
        {3, "administrator", false, true, EKI_ERROR_CONFLICT}, /* not sealed */
        {3, "analyst", true, true, EKI_OK},
        {4, "analyst", false, true, EKI_OK},
        {0, "administrator", false, false, EKI_ERROR_ARGUMENT},
        {5, "administrator", false, false, EKI_ERROR_ARGUMENT},
    };
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[20];
        int64_t id, of_case = add_case(work);
        struct eki_fault fault = {0};
        struct eki_store_case of;
        snprintf(name, sizeof name, "a%zu", i);
        const struct eki_store_act act = {
            .at = 7, .who = name, .account = desk_add_account(work, name, cases[i].role)};
        const struct eki_evidence_adding adding = {.of_case = of_case,
                                                   .name = "sample",
                                                   .input = cases[i].kept ? add_input(work, true) : 0,
                                                   .sha256 = hash,
                                                   .size = 3,
                                                   .sealed = cases[i].sealed,
                                                   .handling_class = cases[i].class};
        enum eki_error error = eki_evidence_add(work, &act, &adding, &id, &fault);
        if (error != cases[i].wanted) fail_msg("%zu: %s %s", i, eki_error_text(error), fault.what);
        assert_int_equal(eki_store_get(work, &of, of_case), EKI_OK);
        assert_int_equal(of.handling_class, error ? 4 : cases[i].class); /* as strict as its evidence */
        assert_int_equal(error != EKI_OK, fault.what[0] != 0);
    }
    eki_store_end(work);
    eki_store_close(store);
}

static void chain(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    const struct eki_store_act act = {
        .at = 7, .who = "ada", .account = desk_add_account(work, "ada", "analyst")};
    struct eki_fault fault = {0};
    struct eki_store_custody *rows;
    struct eki_store_page page;
    int64_t id, of_case = add_case(work);
    bool holds = true;
    struct eki_evidence_adding adding = {
        .of_case = of_case, .name = "disk", .handling_class = 4, .giver = "the works"};
    assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_OK);
    const struct {
        struct eki_evidence_step step;
        enum eki_error wanted;
    } steps[] = {
        {{NULL, "laboratory", "to be imaged", EKI_EVIDENCE_SAME, hash}, EKI_OK},
        {{NULL, "laboratory", NULL, EKI_EVIDENCE_UNSEEN, NULL}, EKI_ERROR_ARGUMENT},
        {{"ada", "police", NULL, EKI_EVIDENCE_UNSEEN, NULL}, EKI_ERROR_ARGUMENT}, /* has it no more */
        {{NULL, " ", NULL, EKI_EVIDENCE_UNSEEN, NULL}, EKI_ERROR_ARGUMENT},
        {{"laboratory", "police", NULL, EKI_EVIDENCE_CHANGED, "bb"}, EKI_OK}, /* told, not stopped */
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        assert_int_equal(eki_evidence_hand(work, &act, id, &steps[i].step, &fault), steps[i].wanted);
    const struct eki_store_query query = {.where = {{.column = "evidence", .number = id}}};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 3);
    assert_string_equal(rows[0].giver, "the works");
    assert_string_equal(rows[1].giver, "ada");
    assert_string_equal(rows[2].taker, "police");
    assert_string_equal(rows[2].seen, "changed");
    uint64_t told;
    const struct eki_store_query timeline = {
        .where = {{.column = "of_case", .number = of_case}, {.column = "kind", .text = "evidence"}}};
    assert_int_equal(eki_store_count(work, EKI_STORE_CASE_ENTRY, &timeline, &told), EKI_OK);
    assert_int_equal(told, 4);       /* entered, two hand-overs, the change */
    rows[1].taker = "somebody else"; /* a step is never changed */
    assert_int_not_equal(eki_store_change(work, &rows[1]), EKI_OK);
    eki_store_end(work);
    work = place_write(store, 2);
    const struct eki_store_act later = {
        .at = 8, .who = "ben", .account = desk_add_account(work, "ben", "analyst")};
    of_case = add_case(work);
    int64_t input = add_input(work, true), gone = add_input(work, false);
    adding = (struct eki_evidence_adding){
        .of_case = of_case, .name = "x", .handling_class = 4, .input = gone, .sha256 = hash};
    assert_int_equal(eki_evidence_add(work, &later, &adding, &id, &fault), EKI_ERROR_CONFLICT);
    adding.input = input;
    adding.sha256 = "b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0";
    assert_int_equal(eki_evidence_add(work, &later, &adding, &id, &fault), EKI_ERROR_CONFLICT);
    adding.sha256 = "b0";
    assert_int_equal(eki_evidence_add(work, &later, &adding, &id, &fault), EKI_ERROR_ARGUMENT);
    assert_int_equal(eki_evidence_holds(work, input, &holds), EKI_OK);
    assert_false(holds);
    adding.sha256 = hash;
    for (int looked = 0; looked < 2; looked++) { /* a hash that was only told is no look */
        adding.looked = looked;
        assert_int_equal(eki_evidence_add(work, &later, &adding, &id, &fault), EKI_OK);
        const struct eki_store_query first = {.where = {{.column = "evidence", .number = id}}};
        assert_int_equal(eki_store_list(work, &first, &rows, &page), EKI_OK);
        assert_int_equal(page.count, 1);
        assert_string_equal(rows[0].seen, looked ? "same" : "");
    }
    assert_int_equal(eki_evidence_holds(work, input, &holds), EKI_OK);
    assert_true(holds);
    eki_store_end(work);
    eki_store_close(store);
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void files(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        bool sealed;
    } kinds[] = {{"PK\3\4\x14\0\1\0x", 9, true},
                 {"PK\3\4\x14\0\0\0x", 9, false},
                 {"7z\xbc\xaf\x27\x1c..", 8, true},
                 {"age-encryption.org/v1\n", 22, true},
                 {"-----BEGIN PGP MESSAGE-----\n", 28, true},
                 {"\x85\x01\x0c", 3, true},
                 {"\xc1\x10", 2, true},
                 {"\xd4\xc3\xb2\xa1", 4, false},
                 {"", 0, false}};
    char path[] = "/tmp/ekigaku-evidence-XXXXXX", found[65];
    struct eki_evidence_look look;
    struct eki_fault fault = {0};
    enum eki_evidence_seen seen;
    int file = mkstemp(path);
    (void)state;
    assert_true(file >= 0);
    close(file);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        write_file(path, kinds[i].bytes, kinds[i].length);
        assert_int_equal(eki_evidence_look(path, &look, &fault), EKI_OK);
        if (look.sealed != kinds[i].sealed) fail_msg("kind %zu", i);
        assert_int_equal(look.size, kinds[i].length);
    }
    /* FIPS 180-2, appendix B.1. */
    write_file(path, "abc", 3);
    assert_int_equal(eki_evidence_look(path, &look, &fault), EKI_OK);
    assert_string_equal(look.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const struct eki_store_evidence row = {.sha256 = look.sha256, .size = 3}, thing = {.sha256 = ""};
    assert_int_equal(eki_evidence_compare(&row, path, &seen, found), EKI_OK);
    assert_int_equal(seen, EKI_EVIDENCE_SAME);
    write_file(path, "abd", 3);
    assert_int_equal(eki_evidence_compare(&row, path, &seen, found), EKI_OK);
    assert_int_equal(seen, EKI_EVIDENCE_CHANGED);
    assert_string_not_equal(found, look.sha256);
    unlink(path);
    assert_int_equal(eki_evidence_compare(&row, path, &seen, found), EKI_OK);
    assert_int_equal(seen, EKI_EVIDENCE_GONE);
    assert_int_equal(eki_evidence_compare(&thing, path, &seen, found), EKI_OK);
    assert_int_equal(seen, EKI_EVIDENCE_UNSEEN);
    assert_int_equal(eki_evidence_look(path, &look, &fault), EKI_ERROR_OPEN);
}

static struct eki_store_custody first_step(struct eki_store_work *work, int64_t evidence)
{
    struct eki_store_custody *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {.where = {{.column = "evidence", .number = evidence}}};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0];
}

/* What the timeline told last. */
static const char *last_code(struct eki_store_work *work, int64_t of_case)
{
    struct eki_store_case_entry *rows;
    struct eki_store_page page;
    const struct eki_store_query query = {
        .where = {{.column = "of_case", .number = of_case}}, .descending = true, .limit = 1};
    assert_int_equal(eki_store_list(work, &query, &rows, &page), EKI_OK);
    assert_int_equal(page.count, 1);
    return rows[0].code;
}

/* A file that was handed in: what is known of it is the input's, and its class only gets stricter. */
static void of_an_input(void **state)
{
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    const struct eki_store_act act = {
        .at = 7, .who = "ada", .account = desk_add_account(work, "ada", "administrator")};
    struct eki_fault fault = {0};
    struct eki_store_evidence row;
    struct eki_store_input input;
    int64_t id, of_case = add_case(work);
    struct eki_evidence_adding adding = {.of_case = of_case,
                                         .name = "x",
                                         .input = add_input(work, true),
                                         .size = 99,
                                         .sealed = true,
                                         .handling_class = 2};
    assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_int_equal(row.size, 3);
    assert_string_equal(row.sha256, hash);
    assert_string_equal(row.path, "a");
    assert_string_equal(last_code(work, of_case), "evidence.kept");
    assert_int_equal(row.taken, 7);
    assert_int_equal(eki_store_get(work, &input, adding.input), EKI_OK);
    assert_int_equal(input.handling_class, 2);
    for (int class = 3; class <= 4; class ++) { /* no way to have it handed out */
        adding.handling_class = class;
        assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_ERROR_CONFLICT);
        assert_non_null(strstr(fault.what, "weaker"));
    }
    /* One that somebody else holds: a hash that was told is no look, and without a hash there is no size. */
    adding = (struct eki_evidence_adding){.of_case = of_case,
                                          .name = "disk",
                                          .sha256 = hash,
                                          .size = 99,
                                          .looked = true,
                                          .handling_class = 4,
                                          .taken = 5};
    assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_OK);
    struct eki_store_custody step = first_step(work, id);
    assert_string_equal(last_code(work, of_case), "evidence.recorded");
    assert_string_equal(step.seen, "");
    assert_string_equal(step.sha256, "");
    assert_string_equal(step.taker, "ada");
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_true(row.size == 99 && row.taken == 5);
    adding.sha256 = "";
    assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_OK);
    assert_int_equal(eki_store_get(work, &row, id), EKI_OK);
    assert_int_equal(row.size, 0);
    struct eki_store_case of;
    assert_int_equal(eki_store_get(work, &of, of_case), EKI_OK);
    assert_int_equal(of.handling_class, 2); /* a milder piece does not make it milder */
    eki_store_end(work);
    eki_store_close(store);
}

/* Coordinators and administrators give leave, as long as they may act. */
static void who_gives_leave(void **state)
{
    static const struct {
        const char *role;
        bool disabled, may;
    } cases[] = {{"coordinator", false, true},
                 {"administrator", false, true},
                 {"analyst", false, false},
                 {"coordinator", true, false},
                 {"viewer", false, false}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[20];
        int64_t id;
        struct eki_fault fault = {0};
        snprintf(name, sizeof name, "a%zu", i);
        struct eki_store_account account = place_account(name);
        account.role = cases[i].role;
        account.disabled = cases[i].disabled;
        assert_int_equal(eki_store_add(work, &account), EKI_OK);
        const struct eki_store_act act = {.at = 7, .who = name, .account = account.id};
        const struct eki_evidence_adding adding = {.of_case = add_case(work),
                                                   .name = "x",
                                                   .input = add_input(work, true),
                                                   .sha256 = hash,
                                                   .handling_class = 2};
        assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault),
                         cases[i].may ? EKI_OK : EKI_ERROR_CONFLICT);
    }
    assert_false(eki_evidence_rule(5)->keep); /* what is no class is as strict as the strictest */
    assert_false(eki_evidence_rule(0)->keep);
    assert_true(eki_evidence_rule(3)->download && eki_evidence_rule(4)->download);
    assert_false(eki_evidence_rule(1)->download || eki_evidence_rule(2)->download);
    eki_store_end(work);
    eki_store_close(store);
}

/* A file that is gone is told in the timeline, as one that changed is, and not as the same. */
static void looked_at_later(void **state)
{
    static const struct {
        enum eki_evidence_seen seen;
        const char *wanted; /* in the timeline; NULL: nothing */
    } cases[] = {{EKI_EVIDENCE_UNSEEN, NULL},
                 {EKI_EVIDENCE_SAME, NULL},
                 {EKI_EVIDENCE_CHANGED, "evidence.changed"},
                 {EKI_EVIDENCE_GONE, "evidence.gone"}};
    struct eki_store *store = place_open(*state);
    struct eki_store_work *work = place_write(store, 1);
    const struct eki_store_act act = {
        .at = 7, .who = "ada", .account = desk_add_account(work, "ada", "analyst")};
    memset(hash, 'a', 64);
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
        struct eki_fault fault = {0};
        uint64_t before, after, lines;
        const size_t which = i / 2;
        int64_t id, of_case = add_case(work);
        const struct eki_evidence_adding adding = {
            .of_case = of_case, .name = "disk", .sha256 = hash, .size = 3, .handling_class = 4};
        const struct eki_evidence_step step = {NULL, "laboratory", NULL, cases[which].seen, "bb"};
        assert_int_equal(eki_evidence_add(work, &act, &adding, &id, &fault), EKI_OK);
        assert_int_equal(eki_store_count(work, EKI_STORE_AUDIT, NULL, &before), EKI_OK);
        enum eki_error error = i % 2 ? eki_evidence_hand(work, &act, id, &step, &fault)
                                     : eki_evidence_verified(work, &act, id, cases[which].seen, "bb");
        assert_int_equal(error, EKI_OK);
        assert_int_equal(eki_store_count(work, EKI_STORE_AUDIT, NULL, &after), EKI_OK);
        assert_int_equal(after, before + 1 + i % 2 + (cases[which].wanted != NULL)); /* each is noted */
        const struct eki_store_query timeline = {.where = {{.column = "of_case", .number = of_case}}};
        assert_int_equal(eki_store_count(work, EKI_STORE_CASE_ENTRY, &timeline, &lines), EKI_OK);
        assert_int_equal(lines, 1 + i % 2 + (cases[which].wanted != NULL));
        if (cases[which].wanted) assert_string_equal(last_code(work, of_case), cases[which].wanted);
    }
    eki_store_end(work);
    eki_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PLACE_BOTH(classes),         PLACE_BOTH(chain),
                                       cmocka_unit_test(files),     PLACE_BOTH(of_an_input),
                                       PLACE_BOTH(who_gives_leave), PLACE_BOTH(looked_at_later)};
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
