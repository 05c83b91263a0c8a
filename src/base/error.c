/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/error.h"

#include <stdarg.h>
#include <stdio.h>

const char *eki_error_text(enum eki_error error)
{
    static const char *const texts[EKI_ERROR_COUNT] = {
        [EKI_OK] = "no error",
        [EKI_ERROR_MEMORY] = "out of memory",
        [EKI_ERROR_OPEN] = "cannot be opened",
        [EKI_ERROR_READ] = "cannot be read",
        [EKI_ERROR_WRITE] = "cannot be written",
        [EKI_ERROR_FORMAT] = "not a known format",
        [EKI_ERROR_EMPTY] = "empty",
        [EKI_ERROR_TRUNCATED] = "ends inside a record",
        [EKI_ERROR_CORRUPT] = "contradicts its format",
        [EKI_ERROR_UNSUPPORTED] = "of a kind that is not read",
        [EKI_ERROR_LIMIT] = "limit reached",
        [EKI_ERROR_ARGUMENT] = "unusable argument",
        [EKI_ERROR_STOPPED] = "stopped before its end",
    };
    if ((unsigned)error >= EKI_ERROR_COUNT) return "unknown error";
    return texts[error];
}

enum eki_error eki_fault_set(struct eki_fault *ret_fault, enum eki_error error, uint64_t offset,
                             const char *format, ...)
{
    if (!ret_fault) return error;
    ret_fault->offset = offset;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ret_fault->what, sizeof ret_fault->what, format, arguments);
    va_end(arguments);
    return error;
}
