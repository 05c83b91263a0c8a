/* SPDX-License-Identifier: Apache-2.0 */
/* Which reader reads which files. */
#include "ekigaku/roster.h"

#include <string.h>

#include "directory/entry.h"

static const char *const names[] = {"own", "csv", "first", "ti", "ripe", "ipam"};

enum eki_roster_format eki_roster_format_of(const char *name)
{
    unsigned format = 0;
    while (format < EKI_ROSTER_FORMATS && strcmp(names[format], name) != 0) format++;
    return format;
}

const char *eki_roster_format_name(enum eki_roster_format format)
{
    return (unsigned)format < EKI_ROSTER_FORMATS ? names[format] : "?";
}

static enum eki_error read_opened(struct eki_import *import, struct eki_rpsl *rpsl, struct eki_source *source)
{
    switch (import->request->format) {
    case EKI_ROSTER_CSV: return eki_import_csv(import, source);
    case EKI_ROSTER_IPAM: return eki_import_ipam(import, source);
    case EKI_ROSTER_FIRST: return eki_import_first(import, source);
    case EKI_ROSTER_TI: return eki_import_ti(import, source);
    case EKI_ROSTER_RIPE: return eki_rpsl_read(rpsl, import, source);
    default: return EKI_ERROR_ARGUMENT;
    }
}

static size_t count_all(const struct eki_directory *d)
{
    size_t count = 0;
    for (unsigned kind = 0; kind < EKI_RECORD_KINDS; kind++) count += d->of[kind].count;
    return count;
}

static enum eki_error read_path(struct eki_import *import, struct eki_rpsl *rpsl, const char *path)
{
    struct eki_source source = {0};
    if (import->request->format == EKI_ROSTER_OWN) {
        size_t before = count_all(import->directory);
        enum eki_error error = eki_directory_read(import->directory, path, import->fault);
        import->counts->entries += count_all(import->directory) - before;
        return error;
    }
    enum eki_error error = eki_source_open(path, NULL, &source, import->fault);
    if (!error) error = read_opened(import, rpsl, &source);
    if (error && source.error && import->fault) *import->fault = source.fault;
    if (error == EKI_ERROR_LIMIT && import->fault && !import->fault->what[0])
        (void)eki_fault_set(import->fault, error, 0, "a line of more than %d bytes", EKI_DIRECTORY_LINE);
    eki_source_done(&source);
    return error;
}

enum eki_error eki_roster_import(struct eki_directory *d, const struct eki_roster_request *request,
                                 struct eki_roster_counts *ret_counts, struct eki_fault *ret_fault)
{
    struct eki_roster_counts counts = {0};
    struct eki_import import = {.directory = d, .request = request, .counts = &counts, .fault = ret_fault};
    struct eki_rpsl *rpsl = NULL;
    eki_directory_unsettle(d);
    enum eki_error error = request->format == EKI_ROSTER_RIPE ? eki_rpsl_new(&rpsl) : EKI_OK;
    for (size_t i = 0; i < request->path_count && !error; i++) {
        counts.path = i;
        error = read_path(&import, rpsl, request->paths[i]);
    }
    if (!error && rpsl) error = eki_rpsl_finish(rpsl, &import);
    eki_rpsl_free(rpsl);
    *ret_counts = counts;
    return error;
}
