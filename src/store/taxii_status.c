/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_taxii_status, id, INTEGER),
    EKI_WORD(eki_store_taxii_status, number, EKI_OPEN),
    EKI_COLUMN(eki_store_taxii_status, account, REFERENCE),
    EKI_WHOLE(eki_store_taxii_status, status, EKI_OPEN),
    EKI_COLUMN(eki_store_taxii_status, created, INTEGER),
};

const struct eki_table eki_table_taxii_status = {
    .name = "taxii_status",
    EKI_TABLE_OF(eki_store_taxii_status, columns),
};
