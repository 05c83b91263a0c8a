/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_case_entry, id, INTEGER),       EKI_COLUMN(eki_store_case_entry, of_case, REFERENCE),
    EKI_COLUMN(eki_store_case_entry, at, INTEGER),       EKI_WORD(eki_store_case_entry, kind, EKI_OPEN),
    EKI_WORD(eki_store_case_entry, host, EKI_SEARCHED),  EKI_LINE(eki_store_case_entry, tags, EKI_SEARCHED),
    EKI_WHOLE(eki_store_case_entry, text, EKI_SEARCHED), EKI_WORD(eki_store_case_entry, code, EKI_OPEN),
    EKI_WHOLE(eki_store_case_entry, said, EKI_OPEN),     EKI_COLUMN(eki_store_case_entry, account, REFERENCE),
    EKI_COLUMN(eki_store_case_entry, created, INTEGER),
};

const struct eki_table eki_table_case_entry = {
    .name = "case_entry",
    EKI_TABLE_OF(eki_store_case_entry, columns),
};
