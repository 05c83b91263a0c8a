/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_infection, outbreak, REFERENCE),
    EKI_COLUMN(eki_store_infection, number, INTEGER),
    EKI_WORD(eki_store_infection, host, EKI_SEARCHED),
    EKI_COLUMN(eki_store_infection, t, REAL),
    EKI_COLUMN(eki_store_infection, at, INTEGER),
    EKI_COLUMN(eki_store_infection, error_s, REAL),
    EKI_WORD(eki_store_infection, parent, EKI_SEARCHED),
    EKI_COLUMN(eki_store_infection, parent_number, INTEGER),
    EKI_COLUMN(eki_store_infection, posterior, REAL),
    EKI_WORD(eki_store_infection, evidence, EKI_OPEN),
    EKI_COLUMN(eki_store_infection, generation, INTEGER),
    EKI_COLUMN(eki_store_infection, first_packet, INTEGER),
    EKI_COLUMN(eki_store_infection, last_packet, INTEGER),
    EKI_COLUMN(eki_store_infection, scan_t, REAL),
    EKI_COLUMN(eki_store_infection, input, INTEGER),
};

const struct eki_table eki_table_infection = {
    .name = "infection",
    EKI_TABLE_OF(eki_store_infection, columns),
    .key = 1,
    .within = true,
};
