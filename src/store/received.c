/* SPDX-License-Identifier: Apache-2.0 */
#include "store/table.h"

static const struct eki_column columns[] = {
    EKI_COLUMN(eki_store_received, id, INTEGER),        EKI_WORD(eki_store_received, way, EKI_OPEN),
    EKI_WORD(eki_store_received, form, EKI_OPEN),       EKI_WORD(eki_store_received, incident, EKI_SEARCHED),
    EKI_WORD(eki_store_received, origin, EKI_OPEN),     EKI_WORD(eki_store_received, sender, EKI_SEARCHED),
    EKI_WORD(eki_store_received, team, EKI_SEARCHED),   EKI_COLUMN(eki_store_received, tier, INTEGER),
    EKI_COLUMN(eki_store_received, proven, FLAG),       EKI_LINE(eki_store_received, title, EKI_SEARCHED),
    EKI_WORD(eki_store_received, tlp, EKI_OPEN),        EKI_WORD(eki_store_received, digest, EKI_OPEN),
    EKI_COLUMN(eki_store_received, version, INTEGER),   EKI_COLUMN(eki_store_received, at, INTEGER),
    EKI_WORD(eki_store_received, family, EKI_SEARCHED), EKI_WORD(eki_store_received, proto, EKI_OPEN),
    EKI_COLUMN(eki_store_received, port, INTEGER),      EKI_COLUMN(eki_store_received, of_case, REFERENCE),
    EKI_WORD(eki_store_received, answer, EKI_OPEN),     EKI_LINE(eki_store_received, why, EKI_OPEN),
    EKI_COLUMN(eki_store_received, hosts, INTEGER),     EKI_COLUMN(eki_store_received, indicators, INTEGER),
    EKI_COLUMN(eki_store_received, account, REFERENCE),
};

const struct eki_table eki_table_received = {
    .name = "received",
    EKI_TABLE_OF(eki_store_received, columns),
};
