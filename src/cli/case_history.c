/* SPDX-License-Identifier: Apache-2.0 */
/* Each change of a case: who, when, what, before, after. */
#include "ekigaku/case_history.h"

#include <jansson.h>
#include <stdio.h>

#include "cli/case_desk.h"
#include "cli/command.h"
#include "cli/history_words.h"
#include "ekigaku/tlp_exit.h"

/* JSON that is a value already; null for none. */
static json_t *value_of(const char *text)
{
    json_t *value = *text ? json_loads(text, 0, NULL) : NULL;
    return value ? value : json_null();
}

static enum eki_error print_json(const struct eki_store_audit *e)
{
    char at[EKI_TIME_TEXT];
    json_t *object = json_pack("{s:s,s:I,s:s,s:s,s:I,s:s,s:s,s:s,s:o,s:o}", "type", "change", "id",
                               (json_int_t)e->id, "at", eki_time_format(e->at * 1000, at), "who", e->who,
                               "account", (json_int_t)e->account, "what", e->what, "table", e->table_name,
                               "row", e->row, "before", value_of(e->before), "after", value_of(e->after));
    if (!object) return EKI_ERROR_MEMORY;
    json_dumpf(object, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
    putchar('\n');
    json_decref(object);
    return EKI_OK;
}

struct printing {
    const struct eki_case_desk *desk;
    struct eki_history_words words;
};

/* What is for fewer than sit here is told without before and after. */
static enum eki_error print_event(void *user, const struct eki_store_audit *entry, enum eki_tlp label)
{
    const struct eki_tlp_request asked = {.label = label, .carries = EKI_TLP_ALL};
    struct eki_store_audit told = *entry;
    struct printing *p = user;
    if (!eki_tlp_leave(EKI_TLP_EXIT_CASE_SHOW, &asked).allowed) told.before = told.after = "";
    if (p->desk->request->json) return print_json(&told);
    eki_history_print(&p->words, &told);
    return EKI_OK;
}

int eki_case_print_history(const struct eki_case_desk *desk)
{
    struct eki_fault fault = {0};
    struct eki_store_case row;
    struct eki_store_work *work = eki_case_begin(desk);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_get(work, &row, desk->request->of_case);
    if (error == EKI_ERROR_MISSING)
        eki_fault_set(&fault, error, 0, "case %lld", (long long)desk->request->of_case);
    bool may = error || eki_case_may_show(desk, &row);
    struct printing p = {.desk = desk,
                         .words = {.language = desk->request->language, .catalogue = desk->catalogue}};
    if (!error) error = eki_history_init(&p.words, work);
    int status = eki_case_end(desk, work, error, &fault);
    if (!status && may) {
        error = eki_case_history(desk->store, desk->request->of_case, print_event, &p, &fault);
        if (error) status = eki_case_complain(desk, error, fault.what);
    }
    eki_history_done(&p.words);
    return status || may ? status : EKI_EXIT_USAGE;
}
