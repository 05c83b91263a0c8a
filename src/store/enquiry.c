/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_enquiry, id, INTEGER),        EKI_COLUMN(eki_store_enquiry, of_case, REFERENCE),
    EKI_COLUMN(eki_store_enquiry, notice, REFERENCE),  EKI_LINE(eki_store_enquiry, subject, EKI_SEARCHED),
    EKI_LINE(eki_store_enquiry, asker, EKI_SEARCHED),  EKI_WORD(eki_store_enquiry, state, EKI_OPEN),
    EKI_WORD(eki_store_enquiry, department, EKI_OPEN), EKI_COLUMN(eki_store_enquiry, account, REFERENCE),
    EKI_COLUMN(eki_store_enquiry, held, INTEGER),      EKI_COLUMN(eki_store_enquiry, handovers, INTEGER),
    EKI_COLUMN(eki_store_enquiry, created, INTEGER),   EKI_COLUMN(eki_store_enquiry, reached, INTEGER),
    EKI_COLUMN(eki_store_enquiry, answered, INTEGER),
};

const struct eki_table eki_table_enquiry = {
    .name = "enquiry",
    EKI_TABLE_OF(eki_store_enquiry, columns),
};
