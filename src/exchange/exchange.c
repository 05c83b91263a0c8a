/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/exchange.h"

#include <string.h>

#include "exchange/format.h"
#include "exchange/json.h"

const struct eki_exchange_format *const *eki_exchange_formats(void)
{
    return eki_exchange_format_table;
}

/* As people write the standards' names. */
static const struct {
    const char *alias, *name;
} aliases[] = {{"x-arf", "xarf"},
               {"csaf-2.0", "csaf"},
               {"csaf20", "csaf"},
               {"csaf-2.1", "csaf21"},
               {"stix2.1", "stix"},
               {"stix-2.1", "stix"},
               {"security.txt", "securitytxt"},
               {"iodef2", "iodef"}};

const struct eki_exchange_format *eki_exchange_find(const char *name)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcmp(aliases[i].alias, name)) name = aliases[i].name;
    for (size_t i = 0; eki_exchange_format_table[i]; i++)
        if (!strcmp(eki_exchange_format_table[i]->name, name)) return eki_exchange_format_table[i];
    return NULL;
}

const char *eki_exchange_name(const struct eki_exchange_format *format)
{
    return format->name;
}

const char *eki_exchange_title(const struct eki_exchange_format *format)
{
    return format->title;
}

unsigned eki_exchange_labels(const struct eki_exchange_format *format)
{
    return format->labels;
}

bool eki_exchange_needs_contact(const struct eki_exchange_format *format)
{
    return format->needs_contact;
}

bool eki_exchange_is_written(const struct eki_exchange_format *format)
{
    return format->write;
}

bool eki_exchange_is_read(const struct eki_exchange_format *format)
{
    return format->read;
}

enum eki_error eki_exchange_end(FILE *out, bool failed)
{
    return failed || fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}

static size_t skip_blanks(const char *bytes, size_t length)
{
    size_t at = length >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    while (at < length && strchr(" \t\r\n", bytes[at]) && bytes[at]) at++;
    return at;
}

/* The tree, when the content begins like one. Why it is none is kept: a reader may be asked for by name, and
 * lines of JSON are no tree. */
static enum eki_error look(const char *bytes, size_t length, struct eki_exchange_input *ret_input,
                           struct eki_fault *ret_fault)
{
    size_t at = skip_blanks(bytes, length);
    *ret_input = (struct eki_exchange_input){bytes + at, length - at, NULL};
    if (at == length) return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "nothing but blanks");
    if (length > EKI_EXCHANGE_BYTES)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than %zu bytes", EKI_EXCHANGE_BYTES);
    if (bytes[at] != '{' && bytes[at] != '[') return EKI_OK;
    enum eki_error error = eki_json_load(ret_input->bytes, ret_input->length, &ret_input->json, ret_fault);
    if (error && ret_fault) ret_fault->offset += at;
    return error == EKI_ERROR_CORRUPT ? EKI_OK : error;
}

static const struct eki_exchange_format *best(const struct eki_exchange_input *input)
{
    const struct eki_exchange_format *found = NULL;
    unsigned most = 0;
    for (size_t i = 0; eki_exchange_format_table[i]; i++) {
        const struct eki_exchange_format *format = eki_exchange_format_table[i];
        unsigned fit = format->read && format->detect ? format->detect(input) : 0;
        if (fit <= most) continue;
        most = fit;
        found = format;
    }
    return found;
}

const struct eki_exchange_format *eki_exchange_detect(const char *bytes, size_t length)
{
    struct eki_exchange_input input;
    const struct eki_exchange_format *found = look(bytes, length, &input, NULL) ? NULL : best(&input);
    json_decref(input.json);
    return found;
}

static enum eki_error read_as(const struct eki_exchange_format *format,
                              const struct eki_exchange_input *input, struct eki_incident **ret_incident,
                              struct eki_fault *ret_fault)
{
    struct eki_builder b;
    enum eki_error error = eki_build_begin(&b, ret_fault);
    if (error) return error;
    error = format->read(input, &b, ret_fault);
    if (b.error) error = b.error; /* what came first: a reader that found nothing may have had no memory */
    if (!error && b.passed)
        eki_build_note(&b, "%zu things passed over: of no use here or of a wrong type", b.passed);
    if (!error) error = b.error;
    if (!error) error = eki_incident_validate(b.incident, ret_fault);
    eki_build_done(&b);
    if (error)
        eki_incident_free(b.incident);
    else
        *ret_incident = b.incident;
    return error;
}

enum eki_error eki_exchange_read(const char *bytes, size_t length, const struct eki_exchange_format *format,
                                 struct eki_incident **ret_incident, struct eki_fault *ret_fault)
{
    struct eki_exchange_input input;
    struct eki_fault why = {0};
    enum eki_error error = look(bytes, length, &input, &why);
    if (!error && !format) format = best(&input);
    if (!error && !format)
        error = why.what[0] ? EKI_ERROR_CORRUPT
                            : eki_fault_set(&why, EKI_ERROR_FORMAT, 0, "none of the forms of exchange");
    if (!error && !format->read)
        error = eki_fault_set(&why, EKI_ERROR_ARGUMENT, 0, "%s is only written", format->name);
    if (!error) error = read_as(format, &input, ret_incident, &why);
    json_decref(input.json);
    if (error && ret_fault) *ret_fault = why;
    return error;
}

enum eki_error eki_exchange_write(const struct eki_exchange_format *format,
                                  const struct eki_incident *incident,
                                  const struct eki_tlp_decision *decision, FILE *out)
{
    bool complete = incident->id && incident->title && incident->reporter.name &&
                    incident->created != EKI_TIME_NONE && incident->first != EKI_TIME_NONE;
    if (format->as_it_is) complete = true;
    if (format->needs_contact && (!incident->reporter.mail || !incident->reporter.domain)) complete = false;
    /* The decision must be about this incident: its label never wider than the incident's own. */
    if (!decision->allowed || decision->label < incident->tlp || !format->write || !complete)
        return EKI_ERROR_ARGUMENT;
    struct eki_exchange_output output = {incident, decision->label, decision->written, out};
    return format->write(&output);
}
