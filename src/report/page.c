/* SPDX-License-Identifier: Apache-2.0 */
/* A result becomes one self-contained page. */
#include "report/verdict.h"

enum eki_error eki_report_html(const struct eki_result *result, enum eki_language language, FILE *out)
{
    struct eki_sentence words = eki_report_verdict(language, result);
    fprintf(out, "<!DOCTYPE html>\n<html><head><title>ekigaku</title></head><body><h1>%s</h1></body></html>\n", words.text);
    return ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
