/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_input, id, INTEGER),        EKI_LINE(eki_store_input, name, EKI_SEARCHED),
    EKI_COLUMN(eki_store_input, size, INTEGER),      EKI_WORD(eki_store_input, sha256, EKI_SEARCHED),
    EKI_WORD(eki_store_input, form, EKI_OPEN),       EKI_COLUMN(eki_store_input, handling_class, INTEGER),
    EKI_COLUMN(eki_store_input, kept, FLAG),         EKI_LINE(eki_store_input, path, EKI_OPEN),
    EKI_COLUMN(eki_store_input, account, REFERENCE), EKI_COLUMN(eki_store_input, created, INTEGER),
};

const struct eki_table eki_table_input = {
    .name = "input",
    EKI_TABLE_OF(eki_store_input, columns),
};
