/* SPDX-License-Identifier: Apache-2.0 */
#include "web/results.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ekigaku/report.h"
#include "ekigaku/store.h"
#include "web/secret.h"

enum { PATH = 4096 };
static const char folder_name[] = "results";

/* What writes one part. */
struct part {
    const char *name;
    enum eki_error (*write)(const struct eki_result *result, FILE *out);
    enum eki_error (*write_outbreak)(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                     FILE *out);
};

static enum eki_error write_english(const struct eki_result *result, FILE *out)
{
    return eki_report_html(result, EKI_ENGLISH, out);
}

static enum eki_error write_japanese(const struct eki_result *result, FILE *out)
{
    return eki_report_html(result, EKI_JAPANESE, out);
}

static enum eki_error draw_english(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                   FILE *out)
{
    return eki_report_picture(result, outbreak, EKI_ENGLISH, out);
}

static enum eki_error draw_japanese(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                    FILE *out)
{
    return eki_report_picture(result, outbreak, EKI_JAPANESE, out);
}

static const struct part parts[] = {
    {"facts", eki_report_json, NULL},
    {"verdict", eki_report_verdict_json, NULL},
    {"report-en", write_english, NULL},
    {"report-ja", write_japanese, NULL},
    {"scanners", eki_report_scanner_lines, NULL},
    {"reach", eki_report_reach_lines, NULL},
    {"signs", eki_report_sign_lines, NULL},
    {"outbreak", NULL, eki_report_outbreak_json},
    {"infections", NULL, eki_report_infection_lines},
    {"attempts", NULL, eki_report_attempt_lines},
    {"curve", NULL, eki_report_curve_json},
    {"hosts", NULL, eki_report_host_lines},
    {"columns", NULL, eki_report_columns_json},
    {"wires", NULL, eki_report_wire_lines},
    {"picture-en", NULL, draw_english},
    {"picture-ja", NULL, draw_japanese},
};
enum { PARTS = sizeof parts / sizeof *parts };

static bool is_safe(const char *facts_path)
{
    return facts_path[0] && facts_path[0] != '.' && facts_path[0] != '/' && !strstr(facts_path, "..");
}

bool eki_results_path(const struct eki_web *web, const struct eki_results_part *part, char ret_path[4096])
{
    char name[PATH];
    const char *slash = strchr(part->facts_path, '/');
    if (!slash || !is_safe(part->facts_path)) return false;
    int folder = (int)(slash - part->facts_path);
    int length = part->number ? snprintf(name, sizeof name, "%.*s/%s-%" PRId64, folder, part->facts_path,
                                         part->name, part->number)
                              : snprintf(name, sizeof name, "%.*s/%s", folder, part->facts_path, part->name);
    return length > 0 && length < PATH && eki_web_path(web, folder_name, name, ret_path);
}

static enum eki_error write_part(const struct eki_web *web, const struct eki_results_part *part,
                                 const struct part *how, const struct eki_result *result)
{
    char path[PATH];
    struct eki_blocks_writer *writer;
    if (!eki_results_path(web, part, path)) return EKI_ERROR_WRITE;
    enum eki_error error = eki_blocks_create(path, &writer);
    if (error) return error;
    FILE *out = eki_blocks_out(writer);
    error = part->number ? how->write_outbreak(result, &result->outbreaks[part->number - 1], out)
                         : how->write(result, out);
    enum eki_error closed = eki_blocks_close(writer);
    return closed ? closed : error; /* a full disk shows itself in both: the file knows better */
}

static bool flush_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = folder >= 0 && !fsync(folder);
    if (folder >= 0) close(folder);
    return good;
}

static enum eki_error write_parts(const struct eki_web *web, const char *facts_path,
                                  const struct eki_result *result)
{
    enum eki_error error = EKI_OK;
    for (int i = 0; i < PARTS && !error; i++) {
        struct eki_results_part part = {.facts_path = facts_path, .name = parts[i].name};
        if (parts[i].write) error = write_part(web, &part, &parts[i], result);
        for (size_t k = 0; parts[i].write_outbreak && k < result->outbreak_count && !error; k++) {
            part.number = (int64_t)k + 1;
            error = write_part(web, &part, &parts[i], result);
        }
    }
    return error;
}

/* A new folder of a job; `last` is the file that its row names. */
static enum eki_error make_folder(const struct eki_web *web, int64_t job, const char *last,
                                  char ret_path[EKI_RESULTS_NAME])
{
    char token[EKI_TOKEN_TEXT], name[EKI_RESULTS_NAME], path[PATH];
    eki_secret_token(token);
    snprintf(name, sizeof name, "%" PRId64 "-%.12s", job, token);
    if (!eki_web_path(web, folder_name, name, path) || mkdir(path, 0700)) return EKI_ERROR_WRITE;
    snprintf(ret_path, EKI_RESULTS_NAME, "%.60s/%.12s", name, last);
    return EKI_OK;
}

/* To the disk with the folder and its name; or away with all of it. */
static enum eki_error settle_folder(const struct eki_web *web, const char *facts_path, enum eki_error error)
{
    char path[PATH], above[PATH];
    struct eki_results_part part = {.facts_path = facts_path, .name = ""};
    bool good = !error && eki_results_path(web, &part, path) && eki_web_path(web, folder_name, "", above) &&
                flush_folder(path) && flush_folder(above);
    if (good) return EKI_OK;
    eki_results_remove(web, facts_path);
    return error ? error : EKI_ERROR_WRITE;
}

enum eki_error eki_results_write(const struct eki_web *web, int64_t job, const struct eki_result *result,
                                 char ret_facts_path[EKI_RESULTS_NAME])
{
    enum eki_error error = make_folder(web, job, "facts", ret_facts_path);
    if (error) return error;
    return settle_folder(web, ret_facts_path, write_parts(web, ret_facts_path, result));
}

enum eki_error eki_results_write_text(const struct eki_web *web, int64_t job, const char *name,
                                      const struct eki_buffer *text, char ret_path[EKI_RESULTS_NAME])
{
    char path[PATH];
    struct eki_blocks_writer *writer = NULL;
    enum eki_error error = make_folder(web, job, name, ret_path);
    if (error) return error;
    struct eki_results_part part = {.facts_path = ret_path, .name = name};
    error = eki_results_path(web, &part, path) ? eki_blocks_create(path, &writer) : EKI_ERROR_WRITE;
    if (!error) {
        if (text->length) fwrite(text->bytes, 1, text->length, eki_blocks_out(writer));
        error = eki_blocks_close(writer);
    }
    return settle_folder(web, ret_path, error);
}

enum eki_error eki_results_open(const struct eki_web *web, const struct eki_results_part *part,
                                struct eki_blocks *ret_blocks)
{
    char path[PATH];
    if (!eki_results_path(web, part, path)) return EKI_ERROR_OPEN;
    return eki_blocks_open(path, ret_blocks);
}

enum eki_error eki_results_read(const struct eki_web *web, const struct eki_results_part *part,
                                struct eki_buffer *out)
{
    struct eki_blocks blocks = {.file = -1};
    enum eki_error error = eki_results_open(web, part, &blocks);
    for (uint64_t line = 0; !error && line < blocks.lines; line += EKI_BLOCKS_LINES) {
        error = eki_blocks_read(&blocks, line, EKI_BLOCKS_LINES, out);
        if (out->length > EKI_RESULTS_MOST) error = EKI_ERROR_LIMIT;
    }
    eki_blocks_done(&blocks);
    return error;
}

enum eki_error eki_results_line(const struct eki_web *web, const struct eki_results_part *part, uint64_t line,
                                struct eki_buffer *out)
{
    struct eki_blocks blocks = {.file = -1};
    size_t before = out->length;
    enum eki_error error = eki_results_open(web, part, &blocks);
    if (!error) error = eki_blocks_read(&blocks, line, 1, out);
    if (!error && out->length == before) error = EKI_ERROR_MISSING;
    if (!error && out->bytes[out->length - 1] == '\n') out->length--;
    eki_blocks_done(&blocks);
    return error;
}

json_t *eki_results_json(const struct eki_web *web, const struct eki_results_part *part, uint64_t line,
                         enum eki_error *ret_error)
{
    struct eki_buffer text = {0};
    json_t *json = NULL;
    enum eki_error error = eki_results_line(web, part, line, &text);
    if (!error) {
        json = json_loadb(text.bytes, text.length, JSON_DECODE_ANY, NULL);
        if (!json) error = EKI_ERROR_CORRUPT;
    }
    eki_buffer_done(&text);
    *ret_error = error;
    return json;
}

void eki_results_tag(const struct eki_results_part *part, char ret_tag[EKI_RESULTS_NAME])
{
    enum { HASH = 16 };
    char name[PATH], text[HASH * 2 + 1];
    unsigned char hash[HASH];
    int length =
        snprintf(name, sizeof name, "%.2000s %.100s %" PRId64, part->facts_path, part->name, part->number);
    crypto_generichash(hash, sizeof hash, (const unsigned char *)name, (unsigned long long)length, NULL, 0);
    sodium_bin2hex(text, sizeof text, hash, sizeof hash);
    snprintf(ret_tag, EKI_RESULTS_NAME, "W/\"%s\"", text);
}

static void remove_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (!folder) return;
    for (struct dirent *entry; (entry = readdir(folder));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(folder), entry->d_name, 0);
    closedir(folder);
    rmdir(path);
}

void eki_results_remove(const struct eki_web *web, const char *facts_path)
{
    char path[PATH];
    struct eki_results_part part = {.facts_path = facts_path, .name = ""};
    if (eki_results_path(web, &part, path)) remove_folder(path);
}

static bool is_orphan(struct eki_store_work *work, const char *name)
{
    char facts_path[PATH];
    struct eki_store_analysis analysis;
    struct eki_store_simulation simulation;
    snprintf(facts_path, sizeof facts_path, "%.1000s/facts", name);
    if (eki_store_find(work, &analysis, "facts_path", facts_path) != EKI_ERROR_MISSING) return false;
    snprintf(facts_path, sizeof facts_path, "%.1000s/tree", name);
    return eki_store_find(work, &simulation, "folder", facts_path) == EKI_ERROR_MISSING;
}

void eki_results_sweep(const struct eki_web *web)
{
    char path[PATH];
    struct eki_store_work *work;
    DIR *folder = eki_web_path(web, folder_name, "", path) ? opendir(path) : NULL;
    if (!folder) return;
    if (!eki_store_begin(web->options.store, NULL, &work, NULL)) {
        for (struct dirent *entry; (entry = readdir(folder));)
            if (entry->d_name[0] != '.' && is_orphan(work, entry->d_name) &&
                eki_web_path(web, folder_name, entry->d_name, path))
                remove_folder(path);
        eki_store_end(work);
    }
    closedir(folder);
}
