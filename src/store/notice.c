/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_notice, id, INTEGER),         EKI_COLUMN(eki_store_notice, of_case, REFERENCE),
    EKI_WORD(eki_store_notice, team, EKI_SEARCHED),    EKI_WORD(eki_store_notice, department, EKI_OPEN),
    EKI_WORD(eki_store_notice, contact, EKI_OPEN),     EKI_LINE(eki_store_notice, address, EKI_SEARCHED),
    EKI_WORD(eki_store_notice, language, EKI_OPEN),    EKI_WORD(eki_store_notice, format, EKI_OPEN),
    EKI_WORD(eki_store_notice, tlp, EKI_OPEN),         EKI_WORD(eki_store_notice, state, EKI_OPEN),
    EKI_LINE(eki_store_notice, subject, EKI_SEARCHED), EKI_LINE(eki_store_notice, path, EKI_OPEN),
    EKI_LINE(eki_store_notice, message_id, EKI_OPEN),  EKI_WORD(eki_store_notice, token_hash, EKI_SECRET),
    EKI_COLUMN(eki_store_notice, hosts, INTEGER),      EKI_COLUMN(eki_store_notice, step, INTEGER),
    EKI_COLUMN(eki_store_notice, releaser, INTEGER),   EKI_COLUMN(eki_store_notice, second_releaser, INTEGER),
    EKI_COLUMN(eki_store_notice, attempts, INTEGER),   EKI_LINE(eki_store_notice, message, EKI_OPEN),
    EKI_COLUMN(eki_store_notice, created, INTEGER),    EKI_COLUMN(eki_store_notice, released, INTEGER),
    EKI_COLUMN(eki_store_notice, sent, INTEGER),       EKI_COLUMN(eki_store_notice, answered, INTEGER),
    EKI_COLUMN(eki_store_notice, due, INTEGER),        EKI_COLUMN(eki_store_notice, expires, INTEGER),
};

const struct eki_table eki_table_notice = {
    .name = "notice",
    EKI_TABLE_OF(eki_store_notice, columns),
};
