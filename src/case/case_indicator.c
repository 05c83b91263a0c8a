/* SPDX-License-Identifier: Apache-2.0 */
/* One indicator of a case: changed, taken out. */
#include "ekigaku/case_indicator.h"

#include <stdio.h>
#include <string.h>

#include "case/indicator_row.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/indicator_list.h"

static int kind_of(const char *name)
{
    int i = 0;
    while (i < EKI_INDICATOR_KIND_COUNT && strcmp(name, eki_indicator_kind_name((enum eki_indicator_kind)i)))
        i++;
    return i < EKI_INDICATOR_KIND_COUNT ? i : -1;
}

/* What others look for by a wrong kind they do not find. */
static enum eki_error check_kind(const char *name, const char *value, struct eki_fault *fault)
{
    char text[EKI_INDICATOR_VALUE];
    enum eki_indicator_kind form;
    int kind = kind_of(name);
    if (kind < 0) return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "there is no kind \"%.40s\"", name);
    if (eki_indicator_fits((enum eki_indicator_kind)kind, value)) return EKI_OK;
    if (!eki_indicator_read(value, strlen(value), &form, text) && (int)form != kind)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "\"%.60s\" is no %s, it reads as %s", value, name,
                             eki_indicator_kind_name(form));
    return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "\"%.60s\" is no %s", value, name);
}

enum eki_tlp eki_indicator_label(const struct eki_store_indicator *row, enum eki_tlp of_case)
{
    const struct eki_store_case own = {.tlp = row->tlp};
    return row->tlp && *row->tlp ? eki_tlp_stricter(eki_case_label(&own), of_case) : of_case;
}

static bool is_label(const char *name)
{
    static const char *const labels[] = {"", "RED", "AMBER+STRICT", "AMBER", "GREEN", "CLEAR"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (!strcmp(name, labels[i])) return true;
    return false;
}

static enum eki_error check(const struct eki_indicator_change *change, const struct eki_store_case *of,
                            struct eki_fault *fault)
{
    if (change->comment && strlen(change->comment) > EKI_INDICATOR_COMMENT)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "longer than %d bytes", EKI_INDICATOR_COMMENT);
    if (!change->tlp || !*change->tlp) return EKI_OK;
    if (!is_label(change->tlp))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "there is no label \"%.20s\"", change->tlp);
    const struct eki_store_case own = {.tlp = change->tlp};
    if (eki_tlp_stricter(eki_case_label(&own), eki_case_label(of)) != eki_case_label(&own))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "%s is wider than the label of its case",
                             change->tlp);
    return EKI_OK;
}

/* Is there another of this kind and value in the case? */
static enum eki_error check_twin(struct eki_store_work *work, const struct eki_store_indicator *row,
                                 struct eki_fault *fault)
{
    uint64_t count;
    const struct eki_store_query query = {.where = {{.column = "of_case", .number = row->of_case},
                                                    {.column = "value", .text = row->value},
                                                    {.column = "kind", .text = row->kind},
                                                    {.column = "id", .is = '!', .number = row->id}}};
    enum eki_error error = eki_store_count(work, EKI_STORE_INDICATOR, &query, &count);
    if (error || !count) return error;
    return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0, "the case has this %s already", row->kind);
}

/* The timeline is shown under the label of the case: of what is for fewer it names the number only. */
static enum eki_error tell(struct eki_store_work *work, const struct eki_store_act *act,
                           const struct eki_store_indicator *row, bool removed)
{
    char tag[40];
    struct eki_store_case of;
    enum eki_error error = eki_store_get(work, &of, row->of_case);
    if (error) return error;
    bool strict = eki_indicator_label(row, eki_case_label(&of)) != eki_case_label(&of);
    snprintf(tag, sizeof tag, "indicator-%lld", (long long)row->id);
    struct eki_case_saying entry = {.of_case = row->of_case,
                                    .kind = "finding",
                                    .tags = tag,
                                    .saying =
                                        removed ? EKI_SAYING_INDICATOR_REMOVED : EKI_SAYING_INDICATOR_CHANGED,
                                    .values = {row->kind, row->value, row->comment ? row->comment : ""}};
    if (strict) {
        entry.saying = removed ? EKI_SAYING_INDICATOR_REMOVED_STRICT : EKI_SAYING_INDICATOR_CHANGED_STRICT;
        entry.values[0] = tag + strlen("indicator-");
        entry.values[1] = NULL;
    }
    return eki_case_say(work, act, &entry);
}

enum eki_error eki_indicator_change(struct eki_store_work *work, const struct eki_store_act *act,
                                    int64_t indicator, const struct eki_indicator_change *change,
                                    struct eki_fault *ret_fault)
{
    struct eki_store_case of;
    struct eki_store_indicator row;
    enum eki_error error = eki_store_get(work, &row, indicator);
    if (!error) error = eki_store_get(work, &of, row.of_case);
    if (!error) error = check(change, &of, ret_fault);
    if (error) return error;
    const struct eki_store_indicator before = row;
    const bool moves = change->kind && strcmp(change->kind, row.kind) != 0;
    if (moves) error = check_kind(change->kind, row.value, ret_fault);
    if (error) return error;
    if (change->comment) row.comment = change->comment;
    if (change->kind) row.kind = change->kind;
    if (change->tlp) row.tlp = change->tlp;
    if (change->detect >= 0) row.detect = change->detect != 0;
    error = check_twin(work, &row, ret_fault);
    if (!error && moves) error = eki_indicator_label_keep(work, act, &before);
    if (!error && moves) error = eki_indicator_label_take(work, &row);
    if (!error) error = eki_store_change(work, &row);
    return error ? error : tell(work, act, &row, false);
}

enum eki_error eki_indicator_widens(struct eki_store_work *work, int64_t indicator,
                                    const struct eki_indicator_change *change, bool *ret_widens)
{
    struct eki_store_case of;
    struct eki_store_indicator row;
    *ret_widens = false;
    enum eki_error error = eki_store_get(work, &row, indicator);
    if (!error) error = eki_store_get(work, &of, row.of_case);
    if (error || !change->tlp) return error;
    enum eki_tlp now = eki_indicator_label(&row, eki_case_label(&of));
    row.tlp = change->tlp;
    enum eki_tlp then = eki_indicator_label(&row, eki_case_label(&of));
    *ret_widens = now != then && eki_tlp_stricter(now, then) == now;
    return EKI_OK;
}

enum eki_error eki_indicator_remove(struct eki_store_work *work, const struct eki_store_act *act,
                                    int64_t indicator)
{
    struct eki_store_indicator row;
    enum eki_error error = eki_store_get(work, &row, indicator);
    if (!error) error = eki_indicator_take_out(work, act, &row);
    return error ? error : tell(work, act, &row, true);
}
