/* SPDX-License-Identifier: Apache-2.0 */
#include "case/entry_label.h"

#include <stdlib.h>
#include <string.h>

#include "case/case_move.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"

static bool begins(const char *text, const char *with)
{
    return text && !strncmp(text, with, strlen(with));
}

enum eki_error eki_case_entry_notice(struct eki_store_work *work, const struct eki_store_case_entry *entry,
                                     int64_t *ret_notice)
{
    struct eki_store_enquiry enquiry;
    *ret_notice = 0;
    bool asks = begins(entry->code, "enquiry.");
    if (!entry->said || (!asks && !begins(entry->code, "notice."))) return EKI_OK;
    int64_t number = strtoll(entry->said, NULL, 10); /* the first value of all of them */
    if (asks) {
        enum eki_error error = eki_store_get(work, &enquiry, number);
        if (error) return error;
        number = enquiry.notice;
    }
    *ret_notice = number;
    return EKI_OK;
}

int64_t eki_case_entry_indicator(const struct eki_store_case_entry *entry)
{
    static const char tag[] = "indicator-";
    if (!begins(entry->code, "indicator.") || !begins(entry->tags, tag)) return 0;
    return strtoll(entry->tags + strlen(tag), NULL, 10);
}

/* The label that was kept of an indicator that is gone; the entry says which it was. */
static enum eki_error read_kept(struct eki_store_work *work, const struct eki_store_case_entry *entry,
                                struct eki_store_indicator *ret_row)
{
    struct eki_store_indicator_label *rows = NULL;
    size_t count = 0;
    enum eki_error error = eki_case_rows(work, entry->of_case, &rows, &count);
    ret_row->tlp = "";
    for (size_t i = 0; !error && i < count; i++) {
        size_t kind = strlen(rows[i].kind), value = strlen(rows[i].value);
        const char *said = entry->said;
        if (begins(said, rows[i].kind) && said[kind] == '\x1f' && begins(said + kind + 1, rows[i].value) &&
            (said[kind + 1 + value] == '\x1f' || !said[kind + 1 + value]))
            ret_row->tlp = rows[i].tlp;
    }
    return error;
}

/* The label of what the entry is about; CLEAR when that has none of its own, RED when it is not there. */
static enum eki_error find_label(struct eki_store_work *work, const struct eki_store_case_entry *entry,
                                 enum eki_tlp *ret_label)
{
    int64_t id, indicator = eki_case_entry_indicator(entry);
    struct eki_store_notice notice;
    struct eki_store_indicator row;
    *ret_label = EKI_TLP_CLEAR;
    enum eki_error error = eki_case_entry_notice(work, entry, &id);
    if (!error && id) {
        error = eki_store_get(work, &notice, id);
        if (!error) *ret_label = eki_notice_label(&notice);
    } else if (!error && indicator) {
        error = eki_store_get(work, &row, indicator);
        if (error == EKI_ERROR_MISSING) error = read_kept(work, entry, &row);
        const struct eki_store_case own = {.tlp = error || !row.tlp ? "" : row.tlp};
        if (!error && *own.tlp) *ret_label = eki_case_label(&own);
    }
    if (error != EKI_ERROR_MISSING) return error;
    *ret_label = EKI_TLP_RED;
    return EKI_OK;
}

enum eki_error eki_case_entries_hide(struct eki_store_work *work, int64_t of_case, enum eki_tlp label)
{
    struct eki_store_case_entry *rows = NULL;
    size_t count = 0;
    enum eki_error error = eki_case_rows(work, of_case, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) {
        enum eki_tlp own;
        error = find_label(work, &rows[i], &own);
        if (!error && own > label) error = eki_case_say_less(work, &rows[i], own);
    }
    return error;
}
