/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_custody, id, INTEGER),        EKI_COLUMN(eki_store_custody, evidence, REFERENCE),
    EKI_COLUMN(eki_store_custody, at, INTEGER),        EKI_LINE(eki_store_custody, giver, EKI_OPEN),
    EKI_LINE(eki_store_custody, taker, EKI_OPEN),      EKI_LINE(eki_store_custody, why, EKI_OPEN),
    EKI_WORD(eki_store_custody, seen, EKI_OPEN),       EKI_WORD(eki_store_custody, sha256, EKI_OPEN),
    EKI_COLUMN(eki_store_custody, account, REFERENCE),
};

const struct eki_table eki_table_custody = {
    .name = "custody",
    EKI_TABLE_OF(eki_store_custody, columns),
};
