/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_case_host, id, INTEGER),      EKI_COLUMN(eki_store_case_host, of_case, REFERENCE),
    EKI_WORD(eki_store_case_host, host, EKI_SEARCHED), EKI_COLUMN(eki_store_case_host, at, INTEGER),
    EKI_WORD(eki_store_case_host, parent, EKI_OPEN),   EKI_WORD(eki_store_case_host, evidence, EKI_OPEN),
    EKI_WORD(eki_store_case_host, team, EKI_SEARCHED), EKI_WORD(eki_store_case_host, department, EKI_OPEN),
    EKI_WORD(eki_store_case_host, state, EKI_OPEN),    EKI_COLUMN(eki_store_case_host, account, REFERENCE),
    EKI_COLUMN(eki_store_case_host, changed, INTEGER),
};

const struct eki_table eki_table_case_host = {
    .name = "case_host",
    EKI_TABLE_OF(eki_store_case_host, columns),
};
