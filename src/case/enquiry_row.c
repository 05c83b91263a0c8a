/* SPDX-License-Identifier: Apache-2.0 */
#include "case/enquiry_row.h"

#include <stdio.h>

#include "ekigaku/case_exchange.h"

enum eki_error eki_enquiry_note(struct eki_store_work *work, const struct eki_store_act *act,
                                struct eki_store_enquiry_entry entry)
{
    entry.at = act->at;
    entry.account = act->account;
    return eki_store_add(work, &entry);
}

enum eki_tlp eki_enquiry_label(struct eki_store_work *work, const struct eki_store_enquiry *row)
{
    struct eki_store_case of = {.tlp = ""};
    struct eki_store_notice notice = {.tlp = ""};
    if (row->of_case && eki_store_get(work, &of, row->of_case)) return EKI_TLP_RED;
    if (!row->notice) return eki_case_label(&of);
    if (eki_store_get(work, &notice, row->notice)) return EKI_TLP_RED;
    return row->of_case ? eki_tlp_stricter(eki_case_label(&of), eki_notice_label(&notice))
                        : eki_notice_label(&notice);
}

enum eki_error eki_enquiry_log(struct eki_store_work *work, const struct eki_store_act *act,
                               const struct eki_store_enquiry *enquiry, enum eki_saying saying,
                               const char *const who_and_text[2])
{
    char number[24], tag[40];
    if (!enquiry->of_case) return EKI_OK;
    snprintf(number, sizeof number, "%lld", (long long)enquiry->id);
    snprintf(tag, sizeof tag, "enquiry-%s", number);
    struct eki_store_case of;
    struct eki_case_saying entry = {.of_case = enquiry->of_case,
                                    .kind = "enquiry",
                                    .tags = tag,
                                    .saying = saying,
                                    .values = {number, who_and_text[0], who_and_text[1]},
                                    .label = eki_enquiry_label(work, enquiry)};
    enum eki_error error = eki_store_get(work, &of, enquiry->of_case);
    if (!error && entry.label <= eki_case_label(&of)) entry.label = EKI_TLP_CLEAR;
    return error ? error : eki_case_say(work, act, &entry);
}

enum eki_error eki_enquiry_begin(struct eki_store_work *work, const struct eki_store_act *act,
                                 struct eki_store_enquiry *row, const struct eki_store_enquiry_entry *first)
{
    struct eki_store_enquiry_entry entry = *first;
    row->state = "open";
    row->created = act->at;
    enum eki_error error = eki_store_add(work, row);
    if (error) return error;
    entry.enquiry = row->id;
    entry.kind = eki_enquiry_kind_name(EKI_ENQUIRY_QUESTION);
    error = eki_enquiry_note(work, act, entry);
    if (error) return error;
    return eki_enquiry_log(work, act, row, EKI_SAYING_ENQUIRY_OPENED,
                           (const char *const[]){row->asker, row->subject});
}
