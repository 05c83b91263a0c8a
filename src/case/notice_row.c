/* SPDX-License-Identifier: Apache-2.0 */
#include "case/notice_row.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "ekigaku/desk_directory.h"

enum { ENTRY = 2000 };

int64_t eki_notice_later(int64_t at, int64_t seconds)
{
    return at + seconds * 1000000;
}

void eki_notice_whole(char *text)
{
    char *to = text;
    for (const char *from = text; *from;) {
        size_t length = eki_utf8_length((const unsigned char *)from);
        for (size_t i = 0; i < length; i++) *to++ = from[i];
        from += length ? length : 1;
    }
    *to = 0;
}

enum eki_error eki_notice_log(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_store_notice *notice, const char *format, ...)
{
    char text[ENTRY];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    eki_notice_whole(text);
    struct eki_store_case_entry entry = {.of_case = notice->of_case,
                                         .at = act->at,
                                         .kind = "notice",
                                         .tags = notice->state,
                                         .text = text,
                                         .account = act->account,
                                         .created = act->at};
    return eki_store_add(work, &entry);
}

enum eki_error eki_notice_health(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_store_notice *notice, bool answered)
{
    enum eki_check_outcome outcome = answered ? EKI_CHECK_ANSWERED : EKI_CHECK_BOUNCED;
    struct eki_fault fault;
    if (!notice->contact[0]) return EKI_OK;
    enum eki_error error = eki_desk_contact_noted(work, act, notice->contact, outcome, &fault);
    return error == EKI_ERROR_MISSING ? EKI_OK : error;
}
