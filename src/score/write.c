/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <math.h>

#include "base/json_write.h"
#include "ekigaku/score.h"

static enum eki_error end_of(FILE *out)
{
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

static void write_share(FILE *out, const char *name, uint32_t part, uint32_t whole)
{
    fprintf(out, "  %-34s %6.3f  (%" PRIu32 " of %" PRIu32 ")\n", name, eki_score_share(part, whole), part,
            whole);
}

enum eki_error eki_score_write_text(const struct eki_score *s, FILE *out)
{
    write_share(out, "infected hosts, precision", s->hosts_right, s->hosts_given);
    write_share(out, "infected hosts, recall", s->hosts_right, s->hosts_true);
    write_share(out, "edges, precision", s->edges_right, s->edges_given);
    write_share(out, "edges, recall", s->edges_right, s->edges_true);
    if (s->edges_seen < s->edges_true)
        write_share(out, "edges, recall of those captured", s->seen_right, s->edges_seen);
    fprintf(out, "  %-34s %6s\n", "patient zero", !s->zero_known ? "-" : s->zero_right ? "right" : "wrong");
    if (s->timed)
        fprintf(out, "  %-34s %6.3g s median, %.3g s for 95 %%\n", "error of the times", s->error_median_s,
                s->error_95_s);
    write_share(out, "sources found", s->sources_found, s->sources_true);
    fprintf(out, "  %-34s %6" PRIu32 "\n", "sources that are none", s->false_alarms);
    write_share(out, "strategies right", s->strategies_right, s->strategies_judged);
    fprintf(out, "  %-34s %6" PRIu32 "  (of %" PRIu32 ")\n", "attacked in vain, called infected",
            s->vain_called_infected, s->vain);
    if (!s->edges_given) return end_of(out);
    fprintf(out, "  %-34s %6.3f\n  posterior     edges   said   right\n", "Brier score of the posteriors",
            s->brier);
    for (int i = 0; i < EKI_SCORE_BINS; i++) {
        const struct eki_score_bin *bin = &s->bins[i];
        if (bin->edges)
            fprintf(out, "  %.2f to %.2f %7" PRIu32 "  %.3f   %.3f\n", bin->low, bin->high, bin->edges,
                    bin->mean, eki_score_share(bin->right, bin->edges));
    }
    return end_of(out);
}

static void write_pair(struct eki_json *j, const char *name, uint32_t right, uint32_t given, uint32_t wanted)
{
    eki_json_key(j, name);
    eki_json_object(j);
    eki_json_key(j, "true"), eki_json_unsigned(j, wanted);
    eki_json_key(j, "given"), eki_json_unsigned(j, given);
    eki_json_key(j, "right"), eki_json_unsigned(j, right);
    eki_json_key(j, "precision"), eki_json_number(j, eki_score_share(right, given));
    eki_json_key(j, "recall"), eki_json_number(j, eki_score_share(right, wanted));
    eki_json_end(j);
}

static void write_calibration(struct eki_json *j, const struct eki_score *s)
{
    eki_json_key(j, "brier"), eki_json_number(j, s->brier);
    eki_json_key(j, "calibration");
    eki_json_array(j);
    for (int i = 0; i < EKI_SCORE_BINS; i++) {
        const struct eki_score_bin *bin = &s->bins[i];
        eki_json_object(j);
        eki_json_key(j, "low"), eki_json_number(j, bin->low);
        eki_json_key(j, "high"), eki_json_number(j, bin->high);
        eki_json_key(j, "edges"), eki_json_unsigned(j, bin->edges);
        eki_json_key(j, "right"), eki_json_unsigned(j, bin->right);
        eki_json_key(j, "mean_posterior"), eki_json_number(j, bin->mean);
        eki_json_end(j);
    }
    eki_json_end(j);
}

enum eki_error eki_score_write_json(const struct eki_score *s, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, true);
    eki_json_object(&j);
    eki_json_key(&j, "schema"), eki_json_text(&j, "ekigaku.score/1");
    write_pair(&j, "hosts", s->hosts_right, s->hosts_given, s->hosts_true);
    write_pair(&j, "edges", s->edges_right, s->edges_given, s->edges_true);
    eki_json_key(&j, "edges_captured"), eki_json_unsigned(&j, s->edges_seen);
    eki_json_key(&j, "edges_captured_right"), eki_json_unsigned(&j, s->seen_right);
    eki_json_key(&j, "patient_zero");
    if (s->zero_known)
        eki_json_bool(&j, s->zero_right);
    else
        eki_json_null(&j);
    eki_json_key(&j, "time_error_median_s"), eki_json_number(&j, s->error_median_s);
    eki_json_key(&j, "time_error_95_s"), eki_json_number(&j, s->error_95_s);
    eki_json_key(&j, "sources_true"), eki_json_unsigned(&j, s->sources_true);
    eki_json_key(&j, "sources_found"), eki_json_unsigned(&j, s->sources_found);
    eki_json_key(&j, "false_alarms"), eki_json_unsigned(&j, s->false_alarms);
    eki_json_key(&j, "strategies_judged"), eki_json_unsigned(&j, s->strategies_judged);
    eki_json_key(&j, "strategies_right"), eki_json_unsigned(&j, s->strategies_right);
    eki_json_key(&j, "attacked_in_vain"), eki_json_unsigned(&j, s->vain);
    eki_json_key(&j, "called_infected"), eki_json_unsigned(&j, s->vain_called_infected);
    write_calibration(&j, s);
    eki_json_end(&j);
    fputc('\n', out);
    return j.failed ? EKI_ERROR_WRITE : end_of(out);
}
