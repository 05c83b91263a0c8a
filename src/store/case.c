/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_case, id, INTEGER),
    EKI_LINE(eki_store_case, title, EKI_SEARCHED),
    EKI_WORD(eki_store_case, state, EKI_OPEN),
    EKI_COLUMN(eki_store_case, outbreak, REFERENCE),
    EKI_COLUMN(eki_store_case, merged_into, REFERENCE),
    EKI_COLUMN(eki_store_case, split_from, REFERENCE),
    EKI_WORD(eki_store_case, class, EKI_OPEN),
    EKI_COLUMN(eki_store_case, handling_class, INTEGER),
    EKI_WORD(eki_store_case, known, EKI_OPEN),
    EKI_WORD(eki_store_case, route, EKI_OPEN),
    EKI_WORD(eki_store_case, tlp, EKI_OPEN),
    EKI_WHOLE(eki_store_case, summary, EKI_SEARCHED),
    EKI_LINE(eki_store_case, profiles, EKI_OPEN),
    EKI_COLUMN(eki_store_case, account, REFERENCE),
    EKI_COLUMN(eki_store_case, created, INTEGER),
    EKI_COLUMN(eki_store_case, aware, INTEGER),
    EKI_COLUMN(eki_store_case, closed, INTEGER),
};

const struct eki_table eki_table_case = {
    .name = "case",
    EKI_TABLE_OF(eki_store_case, columns),
};
