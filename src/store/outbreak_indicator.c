/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_outbreak_indicator, id, INTEGER),
    EKI_COLUMN(eki_store_outbreak_indicator, outbreak, REFERENCE),
    EKI_WORD(eki_store_outbreak_indicator, kind, EKI_OPEN),
    EKI_LINE(eki_store_outbreak_indicator, value, EKI_OPEN),
    EKI_LINE(eki_store_outbreak_indicator, comment, EKI_OPEN),
    EKI_COLUMN(eki_store_outbreak_indicator, first, INTEGER),
    EKI_COLUMN(eki_store_outbreak_indicator, last, INTEGER),
};

const struct eki_table eki_table_outbreak_indicator = {
    .name = "outbreak_indicator",
    EKI_TABLE_OF(eki_store_outbreak_indicator, columns),
};
