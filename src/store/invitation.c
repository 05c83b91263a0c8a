/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_invitation, id, INTEGER),
    EKI_WORD(eki_store_invitation, token_hash, EKI_SECRET),
    EKI_COLUMN(eki_store_invitation, account, REFERENCE),
    EKI_COLUMN(eki_store_invitation, expires, INTEGER),
    EKI_COLUMN(eki_store_invitation, used, INTEGER),
};

const struct eki_table eki_table_invitation = {
    .name = "invitation",
    EKI_TABLE_OF(eki_store_invitation, columns),
};
