/* SPDX-License-Identifier: Apache-2.0 */
/* What belongs to one outbreak: its infections, the attacks that failed, one host, one edge. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ekigaku/address.h"
#include "ekigaku/report.h"
#include "web/handlers.h"
#include "web/lines.h"
#include "web/outbreak.h"

void eki_outbreak_infections_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    if (!eki_outbreak_find(request, &seen)) return;
    const char *columns = eki_target_parameter(&request->target, "columns");
    struct eki_results_part part = eki_outbreak_part(&seen, "infections");
    if (columns && !strcmp(columns, "1"))
        eki_outbreak_reply_part(request, &seen, "columns");
    else
        eki_lines_reply(request, &part);
    eki_store_end(seen.work);
}

void eki_outbreak_attempts_get(struct eki_request *request)
{
    struct eki_seen_outbreak seen;
    if (!eki_outbreak_find(request, &seen)) return;
    struct eki_results_part part = eki_outbreak_part(&seen, "attempts");
    eki_lines_reply(request, &part);
    eki_store_end(seen.work);
}

/* Appends the line at `at` when it holds the needle. */
static void take_line(json_t *found, const char *at, size_t length, const char *needle)
{
    if (memmem(at, length, needle, strlen(needle)))
        json_array_append_new(found, json_loadb(at, length, 0, NULL));
}

json_t *eki_outbreak_grep(const struct eki_web *web, const struct eki_results_part *part, const char *needle,
                          size_t most)
{
    struct eki_blocks blocks = {.file = -1};
    json_t *found = json_array();
    enum eki_error error = eki_results_open(web, part, &blocks);
    for (uint64_t line = 0; !error && line < blocks.lines; line += EKI_BLOCKS_LINES) {
        struct eki_buffer text = {0};
        error = eki_blocks_read(&blocks, line, EKI_BLOCKS_LINES, &text);
        const char *at = text.bytes, *end = at ? at + text.length : at;
        while (!error && at < end && json_array_size(found) < most) {
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            size_t length = newline ? (size_t)(newline - at) : (size_t)(end - at);
            take_line(found, at, length, needle);
            at += length + 1;
        }
        eki_buffer_done(&text);
    }
    eki_blocks_done(&blocks);
    return found;
}

json_t *eki_outbreak_infection(struct eki_request *request, const struct eki_seen_outbreak *seen,
                               const char *host, struct eki_store_infection *ret_row)
{
    struct eki_store_infection *rows;
    struct eki_store_page page = {0};
    struct eki_store_query query = {
        .where = {{.column = "outbreak", .number = (double)seen->row.id}, {.column = "host", .text = host}},
        .limit = 1};
    struct eki_results_part part = eki_outbreak_part(seen, "infections");
    enum eki_error error = eki_store_list(seen->work, &query, &rows, &page);
    if (!error && !page.count) {
        eki_problem(request, 404, "No such host was infected in this outbreak.");
        return NULL;
    }
    json_t *infection = NULL;
    if (!error) {
        *ret_row = rows[0];
        infection = eki_results_json(request->web, &part, (uint64_t)rows[0].number, &error);
    }
    if (error) eki_outbreak_unreadable(request, error);
    return infection;
}

/* The hosts that this one infected. */
static json_t *children_of(const struct eki_seen_outbreak *seen, const char *host)
{
    struct eki_store_infection *rows;
    struct eki_store_page page = {0};
    struct eki_store_query query = {
        .where = {{.column = "outbreak", .number = (double)seen->row.id}, {.column = "parent", .text = host}},
        .limit = EKI_REPORT_CHILDREN};
    json_t *hosts = json_array();
    if (eki_store_list(seen->work, &query, &rows, &page)) return hosts;
    for (size_t i = 0; i < page.count; i++) json_array_append_new(hosts, json_string(rows[i].host));
    return hosts;
}

/* Appends the source record of a host on the outbreak's service; null when it never searched. */
static void add_scanner(struct eki_request *request, const struct eki_seen_outbreak *seen, const char *host,
                        struct eki_buffer *out)
{
    struct eki_store_scanner *rows;
    struct eki_store_page page = {0};
    size_t before = out->length;
    struct eki_results_part part = {.facts_path = seen->analysis.facts_path, .name = "scanners"};
    struct eki_store_query query = {.where = {{.column = "analysis", .number = (double)seen->analysis.id},
                                              {.column = "host", .text = host},
                                              {.column = "port", .number = (double)seen->row.port},
                                              {.column = "proto", .text = seen->row.proto}},
                                    .limit = 1};
    enum eki_error error = eki_store_list(seen->work, &query, &rows, &page);
    if (!error && page.count) error = eki_results_line(request->web, &part, (uint64_t)rows[0].number, out);
    if (!error && page.count) return;
    out->length = before;
    eki_buffer_text(out, "null");
}

/* Appends "signs" and "attempts" of the host of an infection, two members; older results are looked through.
 */
static void add_shown(struct eki_request *request, const struct eki_seen_outbreak *seen,
                      const struct eki_store_infection *row, struct eki_buffer *out)
{
    char needle[EKI_ADDRESS_TEXT + 16];
    struct eki_buffer line = {0};
    struct eki_results_part hosts = eki_outbreak_part(seen, "hosts"),
                            signs = {.facts_path = seen->analysis.facts_path, .name = "signs"},
                            attempts = eki_outbreak_part(seen, "attempts");
    if (!eki_results_line(request->web, &hosts, (uint64_t)row->number, &line) && line.length > 2) {
        eki_buffer_add(out, line.bytes + 1, line.length - 2); /* without its braces */
    } else {
        snprintf(needle, sizeof needle, "\"%s\"", row->host);
        json_t *all[] = {eki_outbreak_grep(request->web, &signs, needle, EKI_REPORT_OF_HOST),
                         eki_outbreak_grep(request->web, &attempts, needle, EKI_REPORT_OF_HOST)};
        json_t *children = children_of(seen, row->host);
        eki_buffer_text(out, "\"children\":");
        eki_buffer_json(out, children);
        json_decref(children);
        eki_buffer_text(out, ",\"signs\":");
        eki_buffer_json(out, all[0]);
        eki_buffer_text(out, ",\"attempts\":");
        eki_buffer_json(out, all[1]);
        json_decref(all[0]);
        json_decref(all[1]);
    }
    eki_buffer_done(&line);
}

/* "192.0.2.1" in the one way it is written in the facts. */
static bool take_host(struct eki_request *request, char ret_host[EKI_ADDRESS_TEXT])
{
    struct eki_address address;
    if (eki_address_parse(request->values[1], &address)) {
        eki_problem(request, 404, "\"%.60s\" is no address.", request->values[1]);
        return false;
    }
    eki_address_format(address, ret_host);
    return true;
}

static void reply_host(struct eki_request *request, const struct eki_seen_outbreak *seen, json_t *infection,
                       const struct eki_store_infection *row)
{
    struct eki_buffer out = {0};
    json_t *onset = json_object_get(infection, "onset_t"), *dialog = json_object_get(infection, "dialog_t");
    json_object_set(infection, "screen_t", onset ? onset : json_null());
    if (!dialog) json_object_set_new(infection, "dialog_t", json_null());
    eki_lines_begin_object(&out, infection);
    eki_buffer_text(&out, ",\"scanner\":");
    add_scanner(request, seen, row->host, &out);
    eki_buffer_text(&out, ",");
    add_shown(request, seen, row, &out);
    eki_buffer_text(&out, "}");
    eki_reply_buffer(request, "application/json", &out);
}

void eki_outbreak_host_get(struct eki_request *request)
{
    char host[EKI_ADDRESS_TEXT];
    struct eki_seen_outbreak seen;
    struct eki_store_infection row;
    if (!take_host(request, host) || !eki_outbreak_find(request, &seen)) return;
    json_t *infection = eki_outbreak_infection(request, &seen, host, &row);
    if (infection) reply_host(request, &seen, infection, &row);
    json_decref(infection);
    eki_store_end(seen.work);
}

/* The steps in the language of who asks. */
static json_t *steps_of(const json_t *wire, bool japanese)
{
    json_t *steps = json_incref(json_object_get(wire, "steps"));
    for (size_t i = 0; i < json_array_size(steps); i++) {
        json_t *step = json_array_get(steps, i);
        if (japanese) json_object_set(step, "text", json_object_get(step, "text_ja"));
        json_object_del(step, "text_ja");
    }
    return steps ? steps : json_array();
}

/* What to paste into Wireshark to see the two on that service. */
static json_t *filter_of(const struct eki_seen_outbreak *seen, const char *source, const char *target)
{
    char text[300];
    const char *family = strchr(source, ':') ? "ipv6" : "ip";
    if (seen->row.port)
        snprintf(text, sizeof text, "%s.addr == %s && %s.addr == %s && %s.port == %" PRId64, family, source,
                 family, target, seen->row.proto, seen->row.port);
    else
        snprintf(text, sizeof text, "%s.addr == %s && %s.addr == %s", family, source, family, target);
    return json_string(text);
}

/* What is known of the input that an infection was seen in; null when that is gone. */
static json_t *input_of(struct eki_request *request, const struct eki_seen_outbreak *seen,
                        const json_t *infection)
{
    enum eki_error error;
    struct eki_results_part part = eki_outbreak_part(seen, "outbreak");
    json_t *whole = eki_results_json(request->web, &part, 0, &error);
    size_t number = (size_t)json_integer_value(json_object_get(infection, "input"));
    json_t *input = json_incref(json_array_get(json_object_get(whole, "inputs"), number));
    json_decref(whole);
    return input ? input : json_null();
}

/* A capture has packets. A log, of which the facts say what it cannot tell, has records, about which a
 * display filter says nothing. */
static bool has_packets(const json_t *input)
{
    return !json_object_get(input, "cannot_tell");
}

static void reply_edge(struct eki_request *request, const struct eki_seen_outbreak *seen,
                       const struct eki_store_infection *row, const json_t *infection)
{
    enum eki_error error;
    struct eki_results_part part = eki_outbreak_part(seen, "wires");
    json_t *wire = eki_results_json(request->web, &part, (uint64_t)row->number, &error);
    json_t *input = input_of(request, seen, infection), *path = json_object_get(input, "path");
    bool packets = has_packets(input);
    if (wire)
        eki_reply_json(request, 200,
                       json_pack("{s:s, s:s, s:s, s:I, s:O, s:O, s:s, s:o, s:o, s:I}", "source", row->parent,
                                 "target", row->host, "proto", seen->row.proto, "port",
                                 (json_int_t)seen->row.port, "packets", json_object_get(infection, "packets"),
                                 "input", path ? path : json_null(), "counted_in",
                                 packets ? "packets" : "records", "filter",
                                 packets ? filter_of(seen, row->parent, row->host) : json_null(), "wire",
                                 steps_of(wire, eki_request_japanese(request)), "omitted",
                                 json_integer_value(json_object_get(wire, "omitted"))));
    else
        eki_outbreak_unreadable(request, error);
    json_decref(wire);
    json_decref(input);
}

void eki_outbreak_edge_get(struct eki_request *request)
{
    char host[EKI_ADDRESS_TEXT];
    struct eki_seen_outbreak seen;
    struct eki_store_infection row;
    if (!take_host(request, host) || !eki_outbreak_find(request, &seen)) return;
    json_t *infection = eki_outbreak_infection(request, &seen, host, &row);
    if (infection && !row.parent[0])
        eki_problem(request, 404, "Nobody that was seen infected this host.");
    else if (infection)
        reply_edge(request, &seen, &row, infection);
    json_decref(infection);
    eki_store_end(seen.work);
}
