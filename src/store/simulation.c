/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_simulation, id, INTEGER),
    EKI_COLUMN(eki_store_simulation, job, REFERENCE),
    EKI_COLUMN(eki_store_simulation, scenario, REFERENCE),
    EKI_LINE(eki_store_simulation, title, EKI_SEARCHED),
    EKI_COLUMN(eki_store_simulation, seed, INTEGER),
    EKI_COLUMN(eki_store_simulation, runs, INTEGER),
    EKI_WHOLE(eki_store_simulation, summary, EKI_OPEN),
    EKI_LINE(eki_store_simulation, folder, EKI_OPEN),
    EKI_COLUMN(eki_store_simulation, created, INTEGER),
    EKI_COLUMN(eki_store_simulation, deleted, INTEGER),
};

const struct eki_table eki_table_simulation = {
    .name = "simulation",
    EKI_TABLE_OF(eki_store_simulation, columns),
};
