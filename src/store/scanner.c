/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_scanner, id, INTEGER),
    EKI_COLUMN(eki_store_scanner, analysis, REFERENCE),
    EKI_COLUMN(eki_store_scanner, number, INTEGER),
    EKI_WORD(eki_store_scanner, host, EKI_SEARCHED),
    EKI_WORD(eki_store_scanner, proto, EKI_OPEN),
    EKI_COLUMN(eki_store_scanner, port, INTEGER),
    EKI_WORD(eki_store_scanner, shape, EKI_OPEN),
    EKI_WORD(eki_store_scanner, verdict, EKI_OPEN),
    EKI_COLUMN(eki_store_scanner, targets, INTEGER),
    EKI_COLUMN(eki_store_scanner, answered, INTEGER),
    EKI_COLUMN(eki_store_scanner, rate_per_s, REAL),
    EKI_WORD(eki_store_scanner, strategy_connected, EKI_OPEN),
    EKI_WORD(eki_store_scanner, strategy_elsewhere, EKI_OPEN),
    EKI_COLUMN(eki_store_scanner, decided_after, INTEGER),
    EKI_COLUMN(eki_store_scanner, first, INTEGER),
    EKI_COLUMN(eki_store_scanner, last, INTEGER),
    EKI_COLUMN(eki_store_scanner, evidence, REAL),
};

const struct eki_table eki_table_scanner = {
    .name = "scanner",
    EKI_TABLE_OF(eki_store_scanner, columns),
};
