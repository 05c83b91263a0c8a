/* SPDX-License-Identifier: Apache-2.0 */
/* Each change of a case: who, when, what, before, after. */
#include "ekigaku/case_history.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/case_desk.h"
#include "cli/command.h"
#include "cli/output.h"
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

static void print_value(const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    eki_output_plain(stdout, text ? text : "");
    free(text);
}

/* Of a change only what differs; of what was added or removed all of it. */
static enum eki_error print_event(void *user, const struct eki_store_audit *entry, enum eki_tlp label)
{
    const struct eki_tlp_request asked = {.label = label, .carries = EKI_TLP_ALL};
    struct eki_store_audit told = *entry, *e = &told;
    if (!eki_tlp_leave(EKI_TLP_EXIT_CASE_SHOW, &asked).allowed) told.before = told.after = "";

    const struct eki_case_desk *desk = user;
    char at[EKI_TIME_TEXT];
    const char *key;
    const json_t *value;
    if (desk->request->json) return print_json(e);
    json_t *before = value_of(e->before), *after = value_of(e->after);
    printf("%.19sZ  ", eki_time_format(e->at * 1000, at));
    eki_output_plain(stdout, e->who);
    printf("  %s %s %s\n", e->what, e->table_name, e->row);
    json_object_foreach(json_is_object(after) ? after : before, key, value)
    {
        const json_t *old = json_object_get(before, key);
        printf("    %s: ", key);
        if (old && json_is_object(after)) {
            print_value(old);
            printf(" -> ");
        }
        print_value(value);
        putchar('\n');
    }
    json_decref(before);
    json_decref(after);
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
    int status = eki_case_end(desk, work, error, &fault);
    if (status || !may) return status ? status : EKI_EXIT_USAGE;
    error = eki_case_history(desk->store, desk->request->of_case, print_event, (void *)desk, &fault);
    if (!error) return EKI_EXIT_NOTHING;
    return eki_case_complain(desk, error, fault.what);
}
