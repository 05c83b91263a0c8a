/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/error.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

const char *eki_error_text(enum eki_error error)
{
    static const char *const texts[EKI_ERROR_COUNT] = {
        [EKI_OK] = EKI_TEXT("no error"),
        [EKI_ERROR_MEMORY] = EKI_TEXT("out of memory"),
        [EKI_ERROR_OPEN] = EKI_TEXT("cannot be opened"),
        [EKI_ERROR_READ] = EKI_TEXT("cannot be read"),
        [EKI_ERROR_WRITE] = EKI_TEXT("cannot be written"),
        [EKI_ERROR_FORMAT] = EKI_TEXT("not a known format"),
        [EKI_ERROR_EMPTY] = EKI_TEXT("empty"),
        [EKI_ERROR_TRUNCATED] = EKI_TEXT("ends inside a record"),
        [EKI_ERROR_CORRUPT] = EKI_TEXT("contradicts its format"),
        [EKI_ERROR_UNSUPPORTED] = EKI_TEXT("of a kind that is not read"),
        [EKI_ERROR_LIMIT] = EKI_TEXT("limit reached"),
        [EKI_ERROR_ARGUMENT] = EKI_TEXT("unusable argument"),
        [EKI_ERROR_STOPPED] = EKI_TEXT("stopped before its end"),
        [EKI_ERROR_MISSING] = EKI_TEXT("not there"),
        [EKI_ERROR_CONFLICT] = EKI_TEXT("contradicts what is kept already"),
    };
    if ((unsigned)error >= EKI_ERROR_COUNT) return EKI_TEXT("unknown error");
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
