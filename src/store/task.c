/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_task, id, INTEGER),       EKI_COLUMN(eki_store_task, of_case, REFERENCE),
    EKI_LINE(eki_store_task, title, EKI_SEARCHED), EKI_WHOLE(eki_store_task, text, EKI_OPEN),
    EKI_WORD(eki_store_task, playbook, EKI_OPEN),  EKI_WORD(eki_store_task, department, EKI_OPEN),
    EKI_WORD(eki_store_task, state, EKI_OPEN),     EKI_COLUMN(eki_store_task, account, REFERENCE),
    EKI_COLUMN(eki_store_task, due, INTEGER),      EKI_COLUMN(eki_store_task, created, INTEGER),
    EKI_COLUMN(eki_store_task, ended, INTEGER),
};

const struct eki_table eki_table_task = {
    .name = "task",
    EKI_TABLE_OF(eki_store_task, columns),
};
