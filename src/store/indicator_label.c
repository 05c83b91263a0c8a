/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_indicator_label, id, INTEGER),
    EKI_COLUMN(eki_store_indicator_label, of_case, REFERENCE),
    EKI_WORD(eki_store_indicator_label, kind, EKI_OPEN),
    EKI_LINE(eki_store_indicator_label, value, EKI_OPEN),
    EKI_WORD(eki_store_indicator_label, tlp, EKI_OPEN),
    EKI_COLUMN(eki_store_indicator_label, created, INTEGER),
};

const struct eki_table eki_table_indicator_label = {
    .name = "indicator_label",
    EKI_TABLE_OF(eki_store_indicator_label, columns),
};
