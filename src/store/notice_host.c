/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_notice_host, id, INTEGER),
    EKI_COLUMN(eki_store_notice_host, notice, REFERENCE),
    EKI_COLUMN(eki_store_notice_host, case_host, REFERENCE),
};

const struct eki_table eki_table_notice_host = {
    .name = "notice_host",
    EKI_TABLE_OF(eki_store_notice_host, columns),
};
