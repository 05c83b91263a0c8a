/* SPDX-License-Identifier: Apache-2.0 */
#include "case/notice_row.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/desk_directory.h"

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

enum eki_error eki_notice_over(struct eki_store_work *work, const struct eki_store_notice *notice,
                               bool *ret_over)
{
    struct eki_store_case row;
    enum eki_error error = eki_store_get(work, &row, notice->of_case);
    if (!error) *ret_over = !strcmp(row.state, "closed") || !strcmp(row.state, "merged");
    return error;
}

enum eki_error eki_notice_tighten(struct eki_store_work *work, struct eki_store_notice *notice)
{
    struct eki_store_case row;
    enum eki_tlp own = EKI_TLP_UNMARKED, of;
    enum eki_error error = eki_store_get(work, &row, notice->of_case);
    if (error || !row.tlp[0] || eki_tlp_parse(row.tlp, &of)) return error;
    if (notice->tlp[0] && eki_tlp_parse(notice->tlp, &own)) return EKI_OK; /* composing refuses it */
    of = eki_tlp_stricter(own, of);
    if (of != own) notice->tlp = eki_tlp_word(of);
    return EKI_OK;
}

enum eki_error eki_notice_stricter(struct eki_store_work *work, const struct eki_store_notice *notice,
                                   enum eki_tlp *ret_label)
{
    struct eki_store_case of;
    enum eki_error error = eki_store_get(work, &of, notice->of_case);
    if (!error) *ret_label = eki_notice_label(notice);
    if (!error && *ret_label <= eki_case_label(&of)) *ret_label = EKI_TLP_CLEAR;
    return error;
}

enum eki_error eki_notice_log(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_store_notice *notice, enum eki_saying saying,
                              const char *const *values)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)notice->id);
    struct eki_case_saying entry = {.of_case = notice->of_case,
                                    .kind = "notice",
                                    .tags = notice->state,
                                    .saying = saying,
                                    .values = {number, notice->address}};
    for (size_t i = 0; values && values[i] && i + 2 < EKI_SAYING_VALUES; i++) entry.values[i + 2] = values[i];
    enum eki_error error = eki_notice_stricter(work, notice, &entry.label);
    return error ? error : eki_case_say(work, act, &entry);
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
