/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_directory_record, id, INTEGER),
    EKI_WORD(eki_store_directory_record, kind, EKI_OPEN),
    EKI_WORD(eki_store_directory_record, name, EKI_SEARCHED),
    EKI_WHOLE(eki_store_directory_record, line, EKI_SEARCHED),
    EKI_WORD(eki_store_directory_record, source, EKI_OPEN),
    EKI_COLUMN(eki_store_directory_record, position, INTEGER),
    EKI_COLUMN(eki_store_directory_record, account, REFERENCE),
    EKI_COLUMN(eki_store_directory_record, changed, INTEGER),
};

const struct eki_table eki_table_directory_record = {
    .name = "directory_record",
    EKI_TABLE_OF(eki_store_directory_record, columns),
};
