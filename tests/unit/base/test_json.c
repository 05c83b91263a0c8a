/* SPDX-License-Identifier: Apache-2.0 */
/* The writer and the field picker against jansson, which reads and writes JSON without us. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include "base/json_pick.h"
#include "base/json_write.h"
#include "base/random.h"

static void written_text_is_json(void **state)
{
    (void)state;
    char buffer[1024];
    struct eki_json j = eki_json_to_buffer(buffer, sizeof buffer);
    eki_json_object(&j);
    eki_json_key(&j, "quote\"\\\n"), eki_json_text(&j, "\t\x01/\"\\ 疫学");
    eki_json_key(&j, "broken"), eki_json_text(&j, "a\xff\xc0\x80\xed\xa0\x80z");
    eki_json_key(&j, "list"), eki_json_array(&j);
    eki_json_unsigned(&j, UINT64_MAX), eki_json_bool(&j, true), eki_json_null(&j), eki_json_text(&j, NULL);
    eki_json_fixed(&j, 2.0 / 3, 3), eki_json_number(&j, NAN), eki_json_number(&j, -INFINITY),
        eki_json_number(&j, 1e-9);
    eki_json_end(&j);
    eki_json_end(&j);
    assert_false(j.failed);
    json_error_t why;
    json_t *root = json_loads(buffer, JSON_DECODE_INT_AS_REAL, &why);
    assert_non_null(root);
    assert_string_equal(json_string_value(json_object_get(root, "quote\"\\\n")), "\t\x01/\"\\ 疫学");
    const char *broken = json_string_value(json_object_get(root, "broken"));
    assert_true(broken && broken[0] == 'a' && broken[strlen(broken) - 1] == 'z' &&
                strstr(broken, "\xef\xbf\xbd"));
    json_t *list = json_object_get(root, "list");
    assert_int_equal(json_array_size(list), 8);
    assert_true(json_is_true(json_array_get(list, 1)) && json_is_null(json_array_get(list, 2)));
    assert_true(fabs(json_real_value(json_array_get(list, 4)) - .667) < 1e-12);
    assert_true(json_is_null(json_array_get(list, 5)) && json_is_null(json_array_get(list, 6)));
    json_decref(root);
}

static void too_small_and_too_deep(void **state)
{
    (void)state;
    for (size_t capacity = 1; capacity < 24; capacity++) {
        char buffer[24];
        memset(buffer, 'x', sizeof buffer);
        struct eki_json j = eki_json_to_buffer(buffer, capacity);
        eki_json_object(&j);
        eki_json_key(&j, "key"), eki_json_text(&j, "value");
        eki_json_end(&j);
        assert_int_equal(j.failed, capacity < sizeof "{\"key\":\"value\"}");
        for (size_t i = capacity; i < sizeof buffer; i++) assert_int_equal(buffer[i], 'x');
    }
    char buffer[256];
    struct eki_json j = eki_json_to_buffer(buffer, sizeof buffer);
    for (int i = 0; i <= EKI_JSON_DEPTH; i++) eki_json_array(&j);
    assert_true(j.failed);
}

/* Escapes are looked at when a text is asked for; so all are asked for here. */
static void ask_all(struct eki_json_pick *pick)
{
    for (unsigned i = 0; i < pick->count && !pick->error; i++) {
        const struct eki_json_field *f = &pick->fields[i];
        char key[256], text[256];
        snprintf(key, sizeof key, "%.*s", (int)f->key_length, f->key);
        if (f->kind == 't') eki_json_pick_text(pick, key, text, sizeof text);
    }
}

/* What the picker passes over unread: nested values, keys nobody asks for, a key that comes twice. */
static bool is_passed_over(const char *line, size_t length, const json_error_t *why)
{
    return !strncmp(why->text, "duplicate", 9) ||
           (length && (memchr(line + 1, '[', length - 1) || memchr(line + 1, '{', length - 1)));
}

/* A field as jansson reads it must be the one the picker reads; what jansson refuses, the picker refuses,
 * except where it passes over. */
static void compare(const char *line, size_t length)
{
    struct eki_json_pick pick;
    eki_json_pick_read(&pick, line, length);
    ask_all(&pick);
    json_error_t why;
    json_t *root = json_loadb(line, length, JSON_REJECT_DUPLICATES, &why);
    bool both = root && json_is_object(root) && !pick.error;
    if (pick.error || !root) {
        if (!pick.error && !is_passed_over(line, length, &why))
            fail_msg("'%.*s' was read, but %s", (int)length, line, why.text);
        json_decref(root);
        return;
    }
    assert_true(both);
    const char *key;
    json_t *value;
    json_object_foreach(root, key, value)
    {
        char text[256];
        if (!json_is_string(value) || strlen(json_string_value(value)) >= sizeof text) continue;
        struct eki_json_pick again = pick;
        eki_json_pick_text(&again, key, text, sizeof text);
        if (!again.error) assert_string_equal(text, json_string_value(value));
    }
    json_decref(root);
}

static void picker_agrees_with_jansson(void **state)
{
    (void)state;
    static const char flat[] =
        "{\"a\":\"x\\u00e9\\n\",\"b\":12,\"c\":-1.5e3,\"dddddd\":null,\"e\":true,\"f\":\"\"}";
    static const char nest[] =
        "{\"a\":\"x\\u00e9\\n\",\"b\":12,\"c\":[1,{\"d\":null}],\"e\":true,\"f\":\"\"}";
    static const char alphabet[] = "{}[]\",:u0123eE.+-truefalsn \n\x7f";
    static const char *const seeds[] = {flat, nest};
    struct eki_random random = eki_random_from(11);
    for (int round = 0; round < 30000; round++) {
        char line[sizeof flat + sizeof nest];
        size_t length = strlen(strcpy(line, seeds[round % 2]));
        compare(line, length);
        for (uint64_t i = 0, edits = 1 + eki_random_below(&random, 3); i < edits; i++)
            line[eki_random_below(&random, length)] =
                alphabet[eki_random_below(&random, sizeof alphabet - 1)];
        compare(line, eki_random_below(&random, 4) ? length : eki_random_below(&random, length));
    }
}

static void kinds_and_ranges(void **state)
{
    (void)state;
    static const char line[] =
        "{\"n\":65536,\"neg\":-1,\"real\":1.5,\"t\":\"text\",\"b\":false,\"null\":null}";
    struct eki_json_pick pick;
    struct {
        const char *key;
        uint64_t most, value;
        bool good;
    } const numbers[] = {{"n", 65536, 65536, true}, {"n", 65535, 0, false}, {"neg", 9, 0, false},
                         {"real", 9, 0, false},     {"t", 9, 0, false},     {"none", 9, 0, false}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        eki_json_pick_read(&pick, line, sizeof line - 1);
        assert_true(eki_json_pick_unsigned(&pick, numbers[i].key, numbers[i].most) == numbers[i].value);
        assert_int_equal(pick.error == EKI_OK, numbers[i].good);
    }
    eki_json_pick_read(&pick, line, sizeof line - 1);
    assert_true(eki_json_pick_has(&pick, "n") && !eki_json_pick_has(&pick, "null") &&
                !eki_json_pick_has(&pick, "x"));
    char small[4];
    eki_json_pick_text(&pick, "t", small, sizeof small);
    assert_int_equal(pick.error, EKI_ERROR_CORRUPT);
    struct eki_fault fault;
    assert_int_equal(eki_json_pick_fault(&pick, &fault), EKI_ERROR_CORRUPT);
    assert_non_null(strstr(fault.what, "t"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_text_is_json), cmocka_unit_test(too_small_and_too_deep),
        cmocka_unit_test(picker_agrees_with_jansson), cmocka_unit_test(kinds_and_ranges)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
