/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_scenario, id, INTEGER),      EKI_WORD(eki_store_scenario, name, EKI_SEARCHED),
    EKI_WHOLE(eki_store_scenario, yaml, EKI_OPEN),    EKI_COLUMN(eki_store_scenario, account, REFERENCE),
    EKI_COLUMN(eki_store_scenario, created, INTEGER), EKI_COLUMN(eki_store_scenario, changed, INTEGER),
};

const struct eki_table eki_table_scenario = {
    .name = "scenario",
    EKI_TABLE_OF(eki_store_scenario, columns),
};
