/* SPDX-License-Identifier: Apache-2.0 */
/* The facts in parts: one object a line, so that one of 100,000 is found without reading all. */
#include "report/facts.h"

#include <string.h>

#include "report/verdict.h"

/* Ends a line; EKI_ERROR_WRITE when it did not go out. */
static enum eki_error end_line(const struct eki_json *j, FILE *out)
{
    return j->failed || fputc('\n', out) == EOF ? EKI_ERROR_WRITE : EKI_OK;
}

static void write_reach(struct eki_json *j, const struct eki_scanner *scanner, eki_time origin)
{
    double start = eki_time_since(scanner->first, origin);
    eki_json_array(j);
    for (size_t i = 0; i < scanner->reach_count; i++) {
        eki_json_object(j);
        eki_json_key(j, "t");
        eki_json_fixed(j, scanner->reach[i].t - start, 6);
        eki_report_write_count(j, "distinct", scanner->reach[i].targets);
        eki_json_end(j);
    }
    eki_json_end(j);
}

enum eki_error eki_report_reach_lines(const struct eki_result *result, FILE *out)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < result->scanner_count && !error; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        write_reach(&j, &result->scanners[i], result->origin);
        error = end_line(&j, out);
    }
    return error;
}

enum eki_error eki_report_sign_lines(const struct eki_result *result, FILE *out)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < result->sign_count && !error; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        eki_report_write_sign(&j, &result->signs[i], result->origin);
        error = end_line(&j, out);
    }
    return error;
}

enum eki_error eki_report_infection_lines(const struct eki_result *result,
                                          const struct eki_outbreak *outbreak, FILE *out)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < outbreak->infection_count && !error; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        eki_report_write_infection(&j, &outbreak->infections[i], result);
        error = end_line(&j, out);
    }
    return error;
}

enum eki_error eki_report_attempt_lines(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                        FILE *out)
{
    enum eki_error error = EKI_OK;
    for (size_t i = 0; i < outbreak->failed_count && !error; i++) {
        struct eki_json j = eki_json_to_file(out, false);
        eki_report_write_attempt(&j, &outbreak->failed[i], result->origin);
        error = end_line(&j, out);
    }
    return error;
}

enum eki_error eki_report_curve_json(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                     FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    (void)result;
    eki_report_write_curve(&j, outbreak);
    return end_line(&j, out);
}

static const struct {
    enum eki_language language;
    const char *code;
} languages[] = {{EKI_ENGLISH, "en"}, {EKI_JAPANESE, "ja"}};
enum { LANGUAGES = sizeof languages / sizeof *languages };

static void write_verdict(struct eki_json *j, const struct eki_result *result)
{
    eki_json_object(j);
    for (int i = 0; i < LANGUAGES; i++) {
        struct eki_sentence words = eki_report_verdict(languages[i].language, result);
        eki_report_write_text(j, languages[i].code, words.text);
    }
    eki_json_end(j);
}

static void write_advice(struct eki_json *j, const struct eki_result *result)
{
    eki_json_object(j);
    for (int i = 0; i < LANGUAGES; i++) {
        struct eki_advice advice;
        eki_report_advise(languages[i].language, result, &advice);
        eki_json_key(j, languages[i].code);
        eki_json_array(j);
        for (size_t k = 0; k < advice.count; k++) eki_json_text(j, advice.lines[k].text);
        eki_json_end(j);
    }
    eki_json_end(j);
}

/* As if the outbreak were the only one: verdict and advice speak of it. */
static struct eki_result alone(const struct eki_result *result, const struct eki_outbreak *outbreak)
{
    struct eki_result one = *result;
    one.outbreaks = outbreak;
    one.outbreak_count = 1;
    return one;
}

void eki_report_sentence(const struct eki_result *result, const struct eki_outbreak *outbreak,
                         enum eki_language language, char ret_text[EKI_REPORT_SENTENCE])
{
    const struct eki_result one = outbreak ? alone(result, outbreak) : *result;
    struct eki_sentence words = eki_report_verdict(language, &one);
    memcpy(ret_text, words.text, EKI_REPORT_SENTENCE);
}

enum eki_error eki_report_verdict_json(const struct eki_result *result, FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    write_verdict(&j, result);
    return end_line(&j, out);
}

static void write_context(struct eki_json *j, const struct eki_result *result)
{
    eki_json_key(j, "origin");
    eki_json_time(j, result->origin);
    eki_json_key(j, "end");
    eki_json_time(j, result->end);
    eki_report_write_count(j, "hosts", result->hosts);
    eki_json_key(j, "inputs");
    eki_json_array(j);
    for (size_t i = 0; i < result->input_count; i++) eki_report_write_input(j, &result->inputs[i]);
    eki_json_end(j);
    eki_report_write_limits(j, result);
}

enum eki_error eki_report_outbreak_json(const struct eki_result *result, const struct eki_outbreak *outbreak,
                                        FILE *out)
{
    struct eki_json j = eki_json_to_file(out, false);
    struct eki_result one = alone(result, outbreak);
    eki_json_object(&j);
    eki_report_write_class(&j, outbreak);
    eki_report_write_growth(&j, &outbreak->growth);
    write_context(&j, result);
    eki_json_key(&j, "text");
    write_verdict(&j, &one);
    eki_json_key(&j, "advice");
    write_advice(&j, &one);
    eki_json_end(&j);
    return end_line(&j, out);
}
