/* SPDX-License-Identifier: Apache-2.0 */
/* Any input: what it is, is told from its first bytes. */
#include <string.h>

#include "analysis/state.h"
#include "base/cursor.h"
#include "capture/over.h"
#include "contact/log_format.h"

/* Contact lines of this program: they name their type first. */
static bool is_contact_lines(const char *head, size_t length)
{
    static const char *const starts[] = {"{\"type\":\"input\"", "{\"type\":\"contact\"", "{\"type\":\"flow\"",
                                         "{\"type\":\"sign\""};
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (length >= strlen(starts[i]) && !memcmp(head, starts[i], strlen(starts[i]))) return true;
    return false;
}

enum kind { KIND_CAPTURE, KIND_CONTACTS, KIND_LOG };

/* A slow pipe is asked for no more than tells a capture; a text tells itself by its first line. */
static enum kind kind_of(struct eki_source *source)
{
    eki_source_fill(source, 4);
    if (source->left < 4) return KIND_CAPTURE; /* which says what is wrong */
    struct eki_cursor c = eki_cursor_over(source->at, source->left);
    if (eki_capture_fits(eki_cursor_le32(&c))) return KIND_CAPTURE;
    while (source->left < EKI_LOG_WINDOW && !source->ended && !memchr(source->at, '\n', source->left))
        eki_source_fill(source, source->left + 1);
    if (is_contact_lines((const char *)source->at, source->left)) return KIND_CONTACTS;
    return eki_log_detect(source->at, source->left) ? KIND_LOG : KIND_CAPTURE;
}

enum eki_error eki_analysis_input(struct eki_analysis *a, const char *path, const char *format,
                                  struct eki_fault *ret_fault)
{
    struct eki_source source;
    if (format && !strcmp(format, "contacts")) return eki_analysis_contacts(a, path, ret_fault);
    if (format) return eki_analysis_log(a, path, format, ret_fault);
    enum eki_error error = eki_source_open(path, a->options.stop, &source, NULL);
    enum kind kind = error ? KIND_CAPTURE : kind_of(&source);
    if (kind == KIND_LOG) return eki_analysis_log_from(a, path, &source, ret_fault);
    if (kind == KIND_CAPTURE && !error) return eki_analysis_capture_from(a, path, &source, ret_fault);
    bool regular = source.raw_size > 0;
    eki_source_done(&source);
    if (error) return eki_analysis_capture(a, path, ret_fault); /* which keeps what is wrong in inputs[] */
    if (regular) return eki_analysis_contacts(a, path, ret_fault);
    return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "contact lines from a pipe need --format contacts");
}
