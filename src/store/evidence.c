/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_evidence, id, INTEGER),
    EKI_COLUMN(eki_store_evidence, of_case, REFERENCE),
    EKI_LINE(eki_store_evidence, name, EKI_SEARCHED),
    EKI_COLUMN(eki_store_evidence, input, REFERENCE),
    EKI_LINE(eki_store_evidence, path, EKI_OPEN),
    EKI_COLUMN(eki_store_evidence, size, INTEGER),
    EKI_WORD(eki_store_evidence, sha256, EKI_SEARCHED),
    EKI_COLUMN(eki_store_evidence, handling_class, INTEGER),
    EKI_COLUMN(eki_store_evidence, taken, INTEGER),
    EKI_COLUMN(eki_store_evidence, account, REFERENCE),
    EKI_COLUMN(eki_store_evidence, created, INTEGER),
};

const struct eki_table eki_table_evidence = {
    .name = "evidence",
    EKI_TABLE_OF(eki_store_evidence, columns),
};
