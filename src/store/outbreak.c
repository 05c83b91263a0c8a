/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_outbreak, id, INTEGER),
    EKI_COLUMN(eki_store_outbreak, analysis, REFERENCE),
    EKI_COLUMN(eki_store_outbreak, number, INTEGER),
    EKI_WORD(eki_store_outbreak, proto, EKI_OPEN),
    EKI_COLUMN(eki_store_outbreak, port, INTEGER),
    EKI_WORD(eki_store_outbreak, family, EKI_SEARCHED),
    EKI_WORD(eki_store_outbreak, route, EKI_OPEN),
    EKI_WORD(eki_store_outbreak, class, EKI_OPEN),
    EKI_WORD(eki_store_outbreak, known, EKI_OPEN),
    EKI_WORD(eki_store_outbreak, patient_zero, EKI_SEARCHED),
    EKI_COLUMN(eki_store_outbreak, infected, INTEGER),
    EKI_COLUMN(eki_store_outbreak, started, INTEGER),
    EKI_COLUMN(eki_store_outbreak, ended, INTEGER),
    EKI_COLUMN(eki_store_outbreak, doubling_s, REAL),
    EKI_COLUMN(eki_store_outbreak, r, REAL),
    EKI_LINE(eki_store_outbreak, title, EKI_SEARCHED),
    EKI_LINE(eki_store_outbreak, text_en, EKI_OPEN),
    EKI_LINE(eki_store_outbreak, text_ja, EKI_OPEN),
};

const struct eki_table eki_table_outbreak = {
    .name = "outbreak",
    EKI_TABLE_OF(eki_store_outbreak, columns),
};
