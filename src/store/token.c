/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_token, id, INTEGER),      EKI_COLUMN(eki_store_token, account, REFERENCE),
    EKI_WORD(eki_store_token, name, EKI_SEARCHED), EKI_WORD(eki_store_token, token_hash, EKI_SECRET),
    EKI_LINE(eki_store_token, scopes, EKI_OPEN),   EKI_COLUMN(eki_store_token, created, INTEGER),
    EKI_COLUMN(eki_store_token, used, INTEGER),    EKI_COLUMN(eki_store_token, expires, INTEGER),
    EKI_COLUMN(eki_store_token, revoked, INTEGER),
};

const struct eki_table eki_table_token = {
    .name = "token",
    EKI_TABLE_OF(eki_store_token, columns),
};
