/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_enquiry_entry, id, INTEGER),
    EKI_COLUMN(eki_store_enquiry_entry, enquiry, REFERENCE),
    EKI_COLUMN(eki_store_enquiry_entry, at, INTEGER),
    EKI_WORD(eki_store_enquiry_entry, kind, EKI_OPEN),
    EKI_LINE(eki_store_enquiry_entry, author, EKI_OPEN),
    EKI_WHOLE(eki_store_enquiry_entry, text, EKI_SEARCHED),
    EKI_WORD(eki_store_enquiry_entry, tag, EKI_OPEN),
    EKI_COLUMN(eki_store_enquiry_entry, account, REFERENCE),
};

const struct eki_table eki_table_enquiry_entry = {
    .name = "enquiry_entry",
    EKI_TABLE_OF(eki_store_enquiry_entry, columns),
};
