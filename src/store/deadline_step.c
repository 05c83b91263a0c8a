/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_deadline_step, id, INTEGER),
    EKI_WORD(eki_store_deadline_step, profile, EKI_OPEN),
    EKI_WORD(eki_store_deadline_step, name, EKI_OPEN),
    EKI_WORD(eki_store_deadline_step, clock, EKI_OPEN),
    EKI_LINE(eki_store_deadline_step, title, EKI_OPEN),
    EKI_COLUMN(eki_store_deadline_step, hours, INTEGER),
    EKI_COLUMN(eki_store_deadline_step, account, REFERENCE),
    EKI_COLUMN(eki_store_deadline_step, changed, INTEGER),
};

const struct eki_table eki_table_deadline_step = {
    .name = "deadline_step",
    EKI_TABLE_OF(eki_store_deadline_step, columns),
};
