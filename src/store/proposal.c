/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_proposal, id, INTEGER),        EKI_COLUMN(eki_store_proposal, record, REFERENCE),
    EKI_WHOLE(eki_store_proposal, line, EKI_SEARCHED),  EKI_LINE(eki_store_proposal, why, EKI_SEARCHED),
    EKI_WORD(eki_store_proposal, state, EKI_OPEN),      EKI_COLUMN(eki_store_proposal, notice, INTEGER),
    EKI_COLUMN(eki_store_proposal, account, REFERENCE), EKI_COLUMN(eki_store_proposal, decider, INTEGER),
    EKI_COLUMN(eki_store_proposal, created, INTEGER),   EKI_COLUMN(eki_store_proposal, decided, INTEGER),
};

const struct eki_table eki_table_proposal = {
    .name = "proposal",
    EKI_TABLE_OF(eki_store_proposal, columns),
};
