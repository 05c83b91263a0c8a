/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_analysis, id, INTEGER),        EKI_COLUMN(eki_store_analysis, job, REFERENCE),
    EKI_LINE(eki_store_analysis, title, EKI_SEARCHED),  EKI_COLUMN(eki_store_analysis, origin, INTEGER),
    EKI_COLUMN(eki_store_analysis, ended, INTEGER),     EKI_COLUMN(eki_store_analysis, packets, INTEGER),
    EKI_COLUMN(eki_store_analysis, flows, INTEGER),     EKI_COLUMN(eki_store_analysis, contacts, INTEGER),
    EKI_COLUMN(eki_store_analysis, hosts, INTEGER),     EKI_WORD(eki_store_analysis, verdict, EKI_OPEN),
    EKI_LINE(eki_store_analysis, facts_path, EKI_OPEN), EKI_COLUMN(eki_store_analysis, created, INTEGER),
    EKI_COLUMN(eki_store_analysis, deleted, INTEGER),   EKI_LINE(eki_store_analysis, text_en, EKI_OPEN),
    EKI_LINE(eki_store_analysis, text_ja, EKI_OPEN),    EKI_WORD(eki_store_analysis, tlp, EKI_OPEN),
};

const struct eki_table eki_table_analysis = {
    .name = "analysis",
    EKI_TABLE_OF(eki_store_analysis, columns),
};
