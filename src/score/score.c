/* SPDX-License-Identifier: Apache-2.0 */
/* The comparison. Trees are read with jansson; what is missing in them counts as not there. */
#include "ekigaku/score.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct comparison {
    json_t *truth, *facts;
    json_t *infected; /* host -> infection, of the facts */
    json_t *sources;  /* host -> source, of the truth */
    struct eki_score score;
    double *errors;
};

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static bool is_visible(const json_t *host)
{
    return !json_is_false(json_object_get(host, "visible"));
}

/* Parent and victim met in what was captured; a truth that does not say so means they did. */
static bool was_seen(const json_t *host)
{
    return !json_is_false(json_object_get(host, "met"));
}

static const char *parent_of(const json_t *host)
{
    return json_string_value(json_object_get(host, "parent"));
}

/* The first infection of each host over all outbreaks. */
static enum eki_error index_infections(struct comparison *c)
{
    size_t i, k;
    json_t *outbreak, *infection;
    json_array_foreach(json_object_get(c->facts, "outbreaks"), i, outbreak)
        json_array_foreach(json_object_get(outbreak, "infections"), k, infection)
    {
        const char *host = text_of(infection, "host");
        if (json_object_get(c->infected, host)) continue;
        if (json_object_set(c->infected, host, infection)) return EKI_ERROR_MEMORY;
    }
    return EKI_OK;
}

static void note_posterior(struct eki_score *score, double posterior, bool right)
{
    score->brier += pow(posterior - right, 2);
    for (int i = 0; i < EKI_SCORE_BINS; i++) {
        struct eki_score_bin *bin = &score->bins[i];
        if (posterior < bin->low || (posterior >= bin->high && i + 1 < EKI_SCORE_BINS)) continue;
        bin->edges++;
        bin->right += right;
        bin->mean += posterior;
        return;
    }
}

static const json_t *true_host(const struct comparison *c, const char *name)
{
    size_t i;
    json_t *host;
    json_array_foreach(json_object_get(c->truth, "hosts"), i,
                       host) if (!strcmp(text_of(host, "host"), name)) return host;
    return NULL;
}

static void compare_given(struct comparison *c)
{
    struct eki_score *score = &c->score;
    const char *name;
    json_t *infection;
    json_object_foreach(c->infected, name, infection)
    {
        const json_t *host = true_host(c, name);
        const char *parent = parent_of(infection),
                   *wanted = host && is_visible(host) ? parent_of(host) : NULL;
        score->hosts_given++;
        score->hosts_right += host != NULL && is_visible(host);
        if (!parent) continue;
        bool right = wanted && !strcmp(parent, wanted);
        score->edges_given++;
        score->edges_right += right;
        score->seen_right += right && was_seen(host);
        note_posterior(score, json_number_value(json_object_get(infection, "parent_posterior")), right);
    }
    for (int i = 0; i < EKI_SCORE_BINS; i++)
        if (score->bins[i].edges) score->bins[i].mean /= score->bins[i].edges;
    score->brier = score->edges_given ? score->brier / score->edges_given : NAN;
}

static void compare_true(struct comparison *c)
{
    struct eki_score *score = &c->score;
    size_t i;
    json_t *host;
    json_array_foreach(json_object_get(c->truth, "hosts"), i, host)
    {
        if (!is_visible(host)) continue;
        score->hosts_true++;
        if (!parent_of(host)) continue;
        score->edges_true++;
        score->edges_seen += was_seen(host);
        const json_t *found = json_object_get(c->infected, text_of(host, "host"));
        if (!found) continue;
        c->errors[score->timed++] = fabs(json_number_value(json_object_get(found, "t")) -
                                         json_number_value(json_object_get(host, "infected_at")));
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sum_errors(struct comparison *c)
{
    uint32_t n = c->score.timed;
    c->score.error_median_s = c->score.error_95_s = NAN;
    if (!n) return;
    qsort(c->errors, n, sizeof *c->errors, by_size);
    c->score.error_median_s = c->errors[n / 2];
    c->score.error_95_s = c->errors[(size_t)(.95 * (n - 1) + .5)];
}

/* Patient zero of the outbreak with most infections. */
static void compare_zero(struct comparison *c)
{
    const char *wanted = json_string_value(json_object_get(c->truth, "patient_zero"));
    size_t i, most = 0;
    json_t *outbreak, *largest = NULL;
    json_array_foreach(json_object_get(c->facts, "outbreaks"), i, outbreak)
    {
        size_t size = json_array_size(json_object_get(outbreak, "infections"));
        if (size <= most) continue;
        most = size;
        largest = outbreak;
    }
    c->score.zero_known = wanted != NULL;
    c->score.zero_right =
        wanted && !strcmp(text_of(json_object_get(largest, "patient_zero"), "host"), wanted);
}

static bool searches(const json_t *host)
{
    const json_t *strategy = json_object_get(host, "strategy");
    return *text_of(strategy, "connected") || *text_of(strategy, "elsewhere");
}

/* Who searched: infected hosts that did, and the scanners of a truth without outbreak. */
static enum eki_error index_sources(struct comparison *c)
{
    size_t i;
    json_t *host;
    json_array_foreach(json_object_get(c->truth, "hosts"), i, host)
    {
        bool counts = is_visible(host) && searches(host);
        if (counts && json_object_set(c->sources, text_of(host, "host"), host)) return EKI_ERROR_MEMORY;
    }
    json_array_foreach(json_object_get(c->truth, "scanners"), i, host)
    {
        bool counts = !strcmp(text_of(host, "verdict"), "scanner");
        if (counts && json_object_set(c->sources, text_of(host, "host"), host)) return EKI_ERROR_MEMORY;
    }
    c->score.sources_true = (uint32_t)json_object_size(c->sources);
    return EKI_OK;
}

static void judge_strategies(struct comparison *c, const json_t *source, const json_t *scanner)
{
    json_int_t port = json_integer_value(json_object_get(scanner, "port"));
    if (port && port != json_integer_value(json_object_get(source, "port"))) return;
    size_t i;
    json_t *finding;
    json_array_foreach(json_object_get(scanner, "strategies"), i, finding)
    {
        const char *wanted = text_of(json_object_get(source, "strategy"), text_of(finding, "scope"));
        bool enough = json_number_value(json_object_get(finding, "probes")) >= EKI_SCORE_PROBES;
        if (!*wanted || !enough) continue;
        c->score.strategies_judged++;
        c->score.strategies_right += !strcmp(wanted, text_of(finding, "name"));
    }
}

static enum eki_error compare_sources(struct comparison *c)
{
    json_t *seen = json_object(), *scanner;
    size_t i;
    if (!seen) return EKI_ERROR_MEMORY;
    json_array_foreach(json_object_get(c->facts, "scanners"), i, scanner)
    {
        const char *host = text_of(scanner, "host");
        if (strcmp(text_of(scanner, "verdict"), "scanner") != 0) continue;
        const json_t *source = json_object_get(c->sources, host);
        if (source) judge_strategies(c, source, scanner);
        if (json_object_get(seen, host)) continue;
        if (json_object_set_new(seen, host, json_true())) break;
        c->score.sources_found += source != NULL;
        c->score.false_alarms += source == NULL;
    }
    json_decref(seen);
    return EKI_OK;
}

static void compare_vain(struct comparison *c)
{
    size_t i;
    json_t *attack;
    json_array_foreach(json_object_get(c->truth, "attacked_in_vain"), i, attack)
    {
        const json_t *found = json_object_get(c->infected, text_of(attack, "target"));
        c->score.vain++;
        c->score.vain_called_infected += found && parent_of(found);
    }
}

static enum eki_error compare(struct comparison *c)
{
    static const double edges[EKI_SCORE_BINS + 1] = {0, .5, .75, .9, .99, 1};
    for (int i = 0; i < EKI_SCORE_BINS; i++)
        c->score.bins[i] = (struct eki_score_bin){.low = edges[i], .high = edges[i + 1]};
    c->infected = json_object();
    c->sources = json_object();
    c->errors = eki_allocate(json_array_size(json_object_get(c->truth, "hosts")), sizeof *c->errors);
    if (!c->infected || !c->sources || !c->errors) return EKI_ERROR_MEMORY;
    enum eki_error error = index_infections(c);
    if (!error) error = index_sources(c);
    if (error) return error;
    compare_given(c);
    compare_true(c);
    sum_errors(c);
    compare_zero(c);
    compare_vain(c);
    return compare_sources(c);
}

static enum eki_error load(const char *path, const char *schema, json_t **ret_root,
                           struct eki_fault *ret_fault)
{
    FILE *in = fopen(path, "rb");
    if (!in) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    json_error_t why;
    json_t *root = json_loadf(in, JSON_REJECT_DUPLICATES, &why);
    fclose(in);
    if (!root && json_error_code(&why) == json_error_out_of_memory) return EKI_ERROR_MEMORY;
    if (!root)
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "line %d, column %d: %s", why.line, why.column,
                             why.text);
    if (!strcmp(text_of(root, "schema"), schema)) {
        *ret_root = root;
        return EKI_OK;
    }
    json_decref(root);
    return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "its schema is not \"%s\"", schema);
}

enum eki_error eki_score_files(const char *truth_path, const char *facts_path, struct eki_score *ret_score,
                               const char **ret_path, struct eki_fault *ret_fault)
{
    struct comparison c = {0};
    *ret_path = truth_path;
    enum eki_error error = load(truth_path, "ekigaku.truth/1", &c.truth, ret_fault);
    if (!error) {
        *ret_path = facts_path;
        error = load(facts_path, "ekigaku.analysis/1", &c.facts, ret_fault);
    }
    if (!error) error = compare(&c);
    if (!error) *ret_score = c.score;
    json_decref(c.truth);
    json_decref(c.facts);
    json_decref(c.infected);
    json_decref(c.sources);
    eki_free(c.errors);
    return error;
}
