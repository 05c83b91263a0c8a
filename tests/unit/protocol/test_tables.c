/* SPDX-License-Identifier: Apache-2.0 */
/* Every module names all of its tables: what is not named would be missing from the saved state. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "protocol/module.h"

static void all_tables_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; eki_sign_modules[i]; i++) {
        const struct eki_sign_module *module = eki_sign_modules[i];
        size_t covered = 0;
        for (const struct eki_sign_table *t = module->tables; t && t->shape; t++) {
            assert_int_equal(t->place, covered);
            covered += sizeof(struct eki_pairs);
            for (int j = 0; j < 3 && t->signs[j]; j++)
                assert_true(t->signs[j] + sizeof(struct eki_sign) <= t->shape->size);
        }
        if (covered != module->state_size)
            fail_msg("%s: %zu of %zu", module->signs[0], covered, module->state_size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_tables_are_named)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
