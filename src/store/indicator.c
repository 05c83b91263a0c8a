/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_indicator, id, INTEGER),         EKI_COLUMN(eki_store_indicator, of_case, REFERENCE),
    EKI_WORD(eki_store_indicator, kind, EKI_OPEN),        EKI_LINE(eki_store_indicator, value, EKI_SEARCHED),
    EKI_LINE(eki_store_indicator, comment, EKI_SEARCHED), EKI_COLUMN(eki_store_indicator, first, INTEGER),
    EKI_COLUMN(eki_store_indicator, last, INTEGER),       EKI_COLUMN(eki_store_indicator, sightings, INTEGER),
    EKI_COLUMN(eki_store_indicator, detect, FLAG),        EKI_WORD(eki_store_indicator, tlp, EKI_OPEN),
    EKI_COLUMN(eki_store_indicator, account, REFERENCE),  EKI_COLUMN(eki_store_indicator, created, INTEGER),
};

const struct eki_table eki_table_indicator = {
    .name = "indicator",
    EKI_TABLE_OF(eki_store_indicator, columns),
};
