/* SPDX-License-Identifier: Apache-2.0 */
/* What crossed the wire between an infected host and its parent, step by step. */
#include "report/facts.h"
#include "report/language.h"

/* Of one outbreak in the facts: more than a person reads, and a tenth of what a hundred thousand infections
 * would add. Pages take theirs one by one from eki_report_wire_lines. */
enum { WIRES = 1000 };

static void write_words(struct eki_json *j, const char *key, enum eki_language language,
                        const struct eki_wire_step *step)
{
    struct eki_sentence words;
    eki_report_fill(&words, language, step->what, EKI_VALUES(step->value));
    eki_report_write_text(j, key, words.text);
}

static void write_step(struct eki_json *j, const struct eki_wire_step *step, eki_time origin, bool both)
{
    eki_json_object(j);
    eki_report_write_since(j, "t", step->time, origin);
    eki_report_write_count(j, "packet", step->packet);
    eki_report_write_count(j, "input", step->input);
    eki_report_write_bool(j, "from_source", step->from_source);
    write_words(j, "text", EKI_ENGLISH, step);
    if (both) write_words(j, "text_ja", EKI_JAPANESE, step);
    eki_json_end(j);
}

static void write_steps(struct eki_json *j, const struct eki_outbreak *outbreak, size_t number,
                        const struct eki_result *result, bool both)
{
    eki_json_array(j);
    for (size_t i = 0; outbreak->wires && i < outbreak->wires[number].count; i++)
        write_step(j, &outbreak->steps[outbreak->wires[number].first + i], result->origin, both);
    eki_json_end(j);
}

static bool has_steps(const struct eki_outbreak *outbreak, size_t number)
{
    return number < outbreak->infection_count && outbreak->infections[number].has_parent && outbreak->wires &&
           outbreak->wires[number].count;
}

static void write_wire(struct eki_json *j, const struct eki_outbreak *outbreak, size_t number,
                       const struct eki_result *result)
{
    eki_json_object(j);
    eki_report_write_host(j, "source", outbreak->infections[number].parent);
    eki_report_write_host(j, "target", outbreak->infections[number].host);
    eki_report_write_count(j, "omitted", outbreak->wires[number].omitted);
    eki_json_key(j, "steps");
    write_steps(j, outbreak, number, result, false);
    eki_json_end(j);
}

void eki_report_write_wires(struct eki_json *j, const struct eki_outbreak *outbreak,
                            const struct eki_result *result)
{
    size_t written = 0, omitted = 0, best = outbreak->wire_infection;
    eki_json_key(j, "wire");
    if (has_steps(outbreak, best)) {
        write_steps(j, outbreak, best, result, false);
    } else {
        eki_json_array(j);
        eki_json_end(j);
    }
    eki_json_key(j, "wires");
    eki_json_array(j);
    for (size_t i = 0; i < outbreak->infection_count; i++) {
        if (!has_steps(outbreak, i)) continue;
        if (written++ < WIRES)
            write_wire(j, outbreak, i, result);
        else
            omitted++;
    }
    eki_json_end(j);
    eki_report_write_count(j, "wires_omitted", omitted);
}

enum eki_error eki_report_wire_lines(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                     FILE *out)
{
    for (size_t i = 0; i < outbreak->infection_count; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        eki_json_object(&j);
        eki_report_write_count(&j, "omitted", outbreak->wires ? outbreak->wires[i].omitted : 0);
        eki_json_key(&j, "steps");
        write_steps(&j, outbreak, i, result, true);
        eki_json_end(&j);
        if (j.failed || fputc('\n', out) == EOF) return EKI_ERROR_WRITE;
    }
    return EKI_OK;
}
