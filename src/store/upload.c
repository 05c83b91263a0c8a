/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_upload, id, INTEGER),        EKI_LINE(eki_store_upload, name, EKI_SEARCHED),
    EKI_COLUMN(eki_store_upload, length, INTEGER),    EKI_COLUMN(eki_store_upload, handling_class, INTEGER),
    EKI_LINE(eki_store_upload, path, EKI_OPEN),       EKI_COLUMN(eki_store_upload, input, REFERENCE),
    EKI_COLUMN(eki_store_upload, account, REFERENCE), EKI_COLUMN(eki_store_upload, created, INTEGER),
    EKI_COLUMN(eki_store_upload, expires, INTEGER),
};

const struct eki_table eki_table_upload = {
    .name = "upload",
    EKI_TABLE_OF(eki_store_upload, columns),
};
