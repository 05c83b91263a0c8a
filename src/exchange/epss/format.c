/* SPDX-License-Identifier: Apache-2.0 */
/* FIRST's daily scores: how likely a vulnerability is to be exploited within 30 days. */
#include <math.h>

#include "exchange/format.h"
#include "exchange/table.h"

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct eki_table table;
    enum eki_error error = eki_table_open(input->bytes, input->length, &table);
    if (error) return eki_fault_set(ret_fault, error, 0, "the heading");
    while (eki_table_next(&table) && !b->error) {
        double epss = eki_build_share(eki_table_value(&table, "epss"));
        struct eki_vulnerability *v =
            isnan(epss) ? NULL : eki_build_vulnerability(b, eki_table_value(&table, "cve"));
        if (!v) {
            b->passed++;
            continue;
        }
        v->epss = epss;
        v->epss_centile = eki_build_share(eki_table_value(&table, "percentile"));
    }
    b->passed += table.broken;
    eki_build_cut(b, table.cut, table.first_cut);
    eki_table_done(&table);
    eki_build_mark(b, EKI_TLP_CLEAR); /* published for all */
    return EKI_OK;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    return eki_heading_has(input->bytes, input->length, "cve") &&
                   eki_heading_has(input->bytes, input->length, "epss")
               ? 90
               : 0;
}

const struct eki_exchange_format eki_exchange_format_epss = {
    .name = "epss",
    .title = "FIRST Exploit Prediction Scoring System, daily CSV",
    .detect = detect,
    .read = read,
};
