/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes rows. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/contact.h"
#include "ekigaku/report.h"
#include "store/keep_shown.h"
#include "store/work.h"

static int64_t micros(eki_time time)
{
    return time == EKI_TIME_NONE ? 0 : time / 1000;
}

static int64_t whole(uint64_t count)
{
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

static double or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

static const char *copy_address(struct eki_store_work *work, struct eki_address address)
{
    char text[EKI_ADDRESS_TEXT];
    eki_address_format(address, text);
    return eki_arena_copy(&work->arena, text, sizeof text, 1);
}

/* The verdict in both languages; of the work. NULL without memory, which the row then lacks. */
struct words {
    const char *english, *japanese;
};

static const char *say_in(struct eki_store_work *work, const struct eki_result *result,
                          const struct eki_outbreak *outbreak, enum eki_language language)
{
    char text[EKI_REPORT_SENTENCE];
    eki_report_sentence(result, outbreak, language, text);
    return eki_arena_copy(&work->arena, text, strlen(text) + 1, 1);
}

static struct words say(struct eki_store_work *work, const struct eki_result *result,
                        const struct eki_outbreak *outbreak)
{
    return (struct words){say_in(work, result, outbreak, EKI_ENGLISH),
                          say_in(work, result, outbreak, EKI_JAPANESE)};
}

static enum eki_error keep_analysis(struct eki_store_work *work, const struct eki_store_keeping *keeping,
                                    const struct eki_result *result, struct eki_store_analysis *ret_analysis)
{
    int status = eki_report_exit_status(result);
    struct eki_store_analysis earlier = {.created = work->act.at};
    enum eki_error error = keeping->again ? eki_store_get(work, &earlier, keeping->again) : EKI_OK;
    if (error) return error;
    struct words words = say(work, result, NULL);
    *ret_analysis = (struct eki_store_analysis){
        .id = keeping->again,
        .job = keeping->job,
        .title = keeping->title,
        .origin = micros(result->origin),
        .ended = micros(result->end),
        .packets = whole(result->packets),
        .flows = whole(result->flows),
        .contacts = whole(result->contacts),
        .hosts = whole(result->hosts),
        .verdict = status == 20   ? "spreading"
                   : status == 10 ? "searching"
                                  : "calm",
        .facts_path = keeping->facts_path,
        .created = earlier.created,
        .deleted = earlier.deleted,
        .text_en = words.english,
        .text_ja = words.japanese,
        .tlp = keeping->tlp && *keeping->tlp ? keeping->tlp : earlier.tlp,
    };
    return keeping->again ? eki_store_change(work, ret_analysis)
                          : eki_row_insert(work, &eki_table_analysis, ret_analysis);
}

/* Where each host stands, in order of address, so that parents are found by halving. */
struct place_of_host {
    struct eki_address host;
    size_t number;
};

static int compare(const void *a, const void *b)
{
    const struct place_of_host *x = a, *y = b;
    return eki_address_compare(x->host, y->host);
}

struct infections {
    const struct eki_outbreak *outbreak;
    const struct place_of_host *places;
    int64_t id;
    eki_time origin;
    size_t next;
    char host[EKI_ADDRESS_TEXT], parent[EKI_ADDRESS_TEXT];
};

static void describe(struct infections *from, struct eki_store_infection *ret_row)
{
    const struct eki_infection *infection = &from->outbreak->infections[from->next];
    const struct place_of_host *parent = NULL;
    if (infection->has_parent) {
        struct place_of_host wanted = {.host = infection->parent};
        parent = bsearch(&wanted, from->places, from->outbreak->infection_count, sizeof wanted, compare);
    }
    bool scans = infection->scans && infection->scan_start != EKI_TIME_NONE;
    *ret_row = (struct eki_store_infection){
        .outbreak = from->id,
        .number = (int64_t)from->next,
        .host = eki_address_format(infection->host, from->host),
        .t = or_zero(eki_time_since(infection->time, from->origin)),
        .at = micros(infection->time),
        .error_s = or_zero(infection->error_s),
        .parent = infection->has_parent ? eki_address_format(infection->parent, from->parent) : "",
        .parent_number = parent ? (int64_t)parent->number : -1,
        .posterior = or_zero(infection->parent_posterior),
        .evidence = eki_evidence_name(infection->evidence),
        .generation = infection->generation,
        .first_packet = whole(infection->packet_first),
        .last_packet = whole(infection->packet_last),
        .scan_t = scans ? or_zero(eki_time_since(infection->scan_start, from->origin)) : -1,
        .input = infection->input,
    };
}

static bool next_infection(void *user, struct eki_value *ret_values)
{
    struct infections *from = user;
    struct eki_store_infection row;
    if (from->next == from->outbreak->infection_count) return false;
    describe(from, &row);
    from->next++;
    for (size_t i = 0; i < eki_table_infection.count; i++)
        ret_values[i] = eki_column_get(&eki_table_infection.columns[i], &row);
    return true;
}

static enum eki_error fill(struct eki_store_work *work, const struct eki_table *table, size_t first,
                           bool (*next)(void *, struct eki_value *), void *user)
{
    const char *names[EKI_TABLE_COLUMNS];
    for (size_t i = first; i < table->count; i++) names[i - first] = table->columns[i].name;
    struct eki_filling filling = {table->name, names, table->count - first, next, user};
    enum eki_error error = work->store->driver->fill(work->slot->connection, &filling, &work->fault);
    return eki_work_fail(work, error);
}

static enum eki_error keep_infections(struct eki_store_work *work, const struct eki_outbreak *outbreak,
                                      eki_time origin, int64_t id)
{
    size_t count = outbreak->infection_count;
    struct place_of_host *places = eki_allocate(count, sizeof *places);
    if (!places) return eki_work_fail(work, EKI_ERROR_MEMORY);
    for (size_t i = 0; i < count; i++) places[i] = (struct place_of_host){outbreak->infections[i].host, i};
    qsort(places, count, sizeof *places, compare);
    struct infections from = {.outbreak = outbreak, .places = places, .id = id, .origin = origin};
    enum eki_error error = fill(work, &eki_table_infection, 0, next_infection, &from);
    eki_free(places);
    return error;
}

/* The outbreaks of the analysis as it was earlier. */
struct earlier {
    struct eki_store_outbreak *rows;
    size_t count;
};

static struct eki_store_outbreak *find_earlier(const struct earlier *earlier,
                                               const struct eki_store_outbreak *row)
{
    for (size_t i = 0; i < earlier->count; i++)
        if (earlier->rows[i].number && earlier->rows[i].port == row->port &&
            !strcmp(earlier->rows[i].proto, row->proto))
            return &earlier->rows[i];
    return NULL;
}

static enum eki_error run(struct eki_store_work *work, const char *statement, int64_t id)
{
    struct eki_sql sql = eki_work_sql(work);
    eki_sql_put(&sql, statement);
    eki_sql_integer(&sql, id);
    return eki_work_run(work, &sql, NULL, NULL, NULL);
}

static bool stays(const struct eki_result *result, const struct eki_store_outbreak *row)
{
    char proto[4];
    if (row->number < 1 || (uint64_t)row->number > result->outbreak_count) return false;
    const struct eki_outbreak *now = &result->outbreaks[row->number - 1];
    return now->service == row->port && !strcmp(eki_protocol_name(now->protocol, proto), row->proto);
}

/* What the analysis held earlier. Numbers must differ while outbreaks change places: they are set apart. */
static enum eki_error take_earlier(struct eki_store_work *work, int64_t analysis,
                                   const struct eki_result *result, struct earlier *ret_earlier)
{
    bool moves = false;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "analysis", .number = analysis}},
                                    .limit = EKI_STORE_MOST_ROWS};
    enum eki_error error = eki_store_list(work, &query, &ret_earlier->rows, &page);
    if (error) return error;
    ret_earlier->count = page.count;
    error = run(work, "DELETE FROM scanner WHERE analysis = ?", analysis);
    for (size_t i = 0; i < page.count; i++) moves = moves || !stays(result, &ret_earlier->rows[i]);
    if (!error && moves)
        error = run(work, "UPDATE outbreak SET number = -number WHERE analysis = ?", analysis);
    return error;
}

/* Outbreaks that were told earlier and do not hold any more. */
static enum eki_error drop_earlier(struct eki_store_work *work, const struct earlier *earlier)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < earlier->count && !error; i++)
        if (earlier->rows[i].number) error = eki_store_remove(work, &earlier->rows[i]);
    return error;
}

/* A new row, or the one that this outbreak had. */
static enum eki_error put_outbreak(struct eki_store_work *work, struct earlier *earlier,
                                   struct eki_store_outbreak *row)
{
    struct eki_store_outbreak *known = find_earlier(earlier, row);
    if (!known) return eki_row_insert(work, &eki_table_outbreak, row);
    row->id = known->id;
    known->number = 0; /* taken */
    enum eki_error error = run(work, "DELETE FROM infection WHERE outbreak = ?", row->id);
    return error ? error : eki_store_change(work, row);
}

static enum eki_error keep_outbreak(struct eki_store_work *work, const struct eki_outbreak *outbreak,
                                    const struct eki_store_analysis *analysis,
                                    const struct eki_result *result, struct earlier *earlier)
{
    char proto[4], title[200];
    const char *family = outbreak->family.name ? outbreak->family.name : "";
    size_t count = outbreak->infection_count;
    const struct words words = say(work, result, outbreak);
    struct eki_store_outbreak row = {
        .analysis = analysis->id,
        .number = outbreak->id,
        .proto = eki_protocol_name(outbreak->protocol, proto),
        .port = outbreak->service,
        .family = family,
        .route = outbreak->route,
        .class = outbreak->countermeasure_class,
        .known = outbreak->known,
        .patient_zero = outbreak->has_patient_zero ? copy_address(work, outbreak->patient_zero) : "",
        .infected = (int64_t)count,
        .started = count ? micros(outbreak->infections[0].time) : 0,
        .ended = count ? micros(outbreak->infections[count - 1].time) : 0,
        .doubling_s = outbreak->growth.known ? or_zero(outbreak->growth.doubling_s) : 0,
        .r = outbreak->growth.known ? or_zero(outbreak->growth.r) : 0,
        .title = title,
        .text_en = words.english,
        .text_ja = words.japanese,
    };
    snprintf(title, sizeof title, "%s%s%s/%u", family, *family ? " " : "", row.proto, outbreak->service);
    enum eki_error error = put_outbreak(work, earlier, &row);
    if (!error) error = keep_infections(work, outbreak, result->origin, row.id);
    return error ? error : eki_keep_shown(work, outbreak, result, row.id);
}

struct scanners {
    const struct eki_result *result;
    int64_t analysis;
    size_t next;
    char host[EKI_ADDRESS_TEXT], proto[4];
};

static const char *strategy(const struct eki_scanner *scanner, enum eki_scope scope)
{
    const struct eki_strategy_finding *finding = &scanner->strategies[scope];
    return finding->probes ? eki_strategy_name(finding->name) : "";
}

static bool next_scanner(void *user, struct eki_value *ret_values)
{
    struct scanners *from = user;
    if (from->next == from->result->scanner_count) return false;
    const struct eki_scanner *scanner = &from->result->scanners[from->next];
    const struct eki_store_scanner row = {
        .analysis = from->analysis,
        .number = (int64_t)from->next++,
        .host = eki_address_format(scanner->host, from->host),
        .proto = eki_protocol_name(scanner->protocol, from->proto),
        .port = scanner->service,
        .shape = eki_shape_name(scanner->shape),
        .verdict = eki_verdict_name(scanner->verdict),
        .targets = whole(scanner->targets),
        .answered = whole(scanner->answered),
        .rate_per_s = or_zero(scanner->rate_per_s),
        .strategy_connected = strategy(scanner, EKI_SCOPE_CONNECTED),
        .strategy_elsewhere = strategy(scanner, EKI_SCOPE_ELSEWHERE),
        .decided_after = whole(scanner->decided_after),
        .first = micros(scanner->first),
        .last = micros(scanner->last),
        .evidence = or_zero(scanner->evidence),
    };
    for (size_t i = 1; i < eki_table_scanner.count; i++)
        ret_values[i - 1] = eki_column_get(&eki_table_scanner.columns[i], &row);
    return true;
}

/* One entry for the whole: what it says of the parts is how many there are. */
static enum eki_error note_kept(struct eki_store_work *work, const struct eki_result *result,
                                const struct eki_store_analysis *analysis, bool again)
{
    char id[24], after[300];
    uint64_t infections = 0;
    for (size_t i = 0; i < result->outbreak_count; i++) infections += result->outbreaks[i].infection_count;
    snprintf(id, sizeof id, "%" PRId64, analysis->id);
    snprintf(after, sizeof after,
             "{\"job\":%" PRId64 ",\"verdict\":\"%s\",\"outbreaks\":%zu,\"infections\":%" PRIu64
             ",\"scanners\":%zu}",
             analysis->job, analysis->verdict, result->outbreak_count, infections, result->scanner_count);
    struct eki_store_audit entry = {
        .what = again ? "change" : "add", .table_name = eki_table_analysis.name, .row = id, .after = after};
    return eki_audit_append(work, &entry);
}

enum eki_error eki_store_keep_result(struct eki_store_work *work, const struct eki_store_keeping *keeping,
                                     const struct eki_result *result, struct eki_store_analysis *ret_analysis)
{
    struct eki_store_analysis analysis;
    struct earlier earlier = {0};
    enum eki_error error = eki_work_ready(work, true);
    if (!error) error = keep_analysis(work, keeping, result, &analysis);
    if (!error && keeping->again) error = take_earlier(work, keeping->again, result, &earlier);
    for (size_t i = 0; i < result->outbreak_count && !error; i++)
        error = keep_outbreak(work, &result->outbreaks[i], &analysis, result, &earlier);
    if (!error) error = drop_earlier(work, &earlier);
    struct scanners from = {.result = result, .analysis = analysis.id};
    if (!error) error = fill(work, &eki_table_scanner, 1, next_scanner, &from);
    if (!error) error = note_kept(work, result, &analysis, keeping->again);
    if (!error) *ret_analysis = analysis;
    return error;
}
