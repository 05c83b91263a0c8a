/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_account, id, INTEGER),
    EKI_WORD(eki_store_account, name, EKI_SEARCHED),
    EKI_WORD(eki_store_account, display, EKI_SEARCHED),
    EKI_WORD(eki_store_account, password_hash, EKI_SECRET),
    EKI_WORD(eki_store_account, role, EKI_OPEN),
    EKI_WORD(eki_store_account, language, EKI_OPEN),
    EKI_COLUMN(eki_store_account, disabled, FLAG),
    EKI_COLUMN(eki_store_account, created, INTEGER),
    EKI_COLUMN(eki_store_account, failed, INTEGER),
    EKI_COLUMN(eki_store_account, locked_until, INTEGER),
};

const struct eki_table eki_table_account = {
    .name = "account",
    EKI_TABLE_OF(eki_store_account, columns),
};
