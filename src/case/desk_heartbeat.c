/* SPDX-License-Identifier: Apache-2.0 */
/* Checks whether contacts answer: planned, answered, given up. */
#include <string.h>

#include "case/desk_rows.h"

enum { DAY_S = 86400 };

static enum eki_error add_check(struct eki_store_work *work, const struct eki_store_act *act,
                                const char *contact, const char *outcome, struct eki_fault *ret_fault)
{
    char at[EKI_TIME_TEXT];
    eki_time_format(eki_desk_time(act->at), at);
    return eki_desk_put_object(
        work, act,
        json_pack("{s:s,s:s,s:s,s:s}", "kind", "check", "contact", contact, "sent", at, "outcome", outcome),
        0, ret_fault);
}

/* Checks that wait since before a moment become silent. */
static enum eki_error give_up(struct eki_store_work *work, const struct eki_store_act *act,
                              const struct eki_directory *directory, eki_time before, size_t *ret_silent)
{
    size_t count;
    const struct eki_check *checks = eki_directory_records(directory, EKI_RECORD_CHECK, &count);
    for (uint32_t i = 0; i < count; i++) {
        struct eki_store_directory_record row;
        struct eki_fault fault;
        if (checks[i].outcome != EKI_CHECK_WAITING || checks[i].sent > before) continue;
        enum eki_error error = eki_desk_row(work, directory, EKI_RECORD_CHECK, i, &row);
        json_t *object = error ? NULL : json_loads(row.line, 0, NULL);
        if (error) return error;
        if (!object || json_object_set_new(object, "outcome", json_string("silent"))) {
            json_decref(object);
            return EKI_ERROR_MEMORY;
        }
        error = eki_desk_put_object(work, act, object, row.id, &fault);
        if (error) return error;
        ++*ret_silent;
    }
    return EKI_OK;
}

static enum eki_error begin_due(struct eki_store_work *work, const struct eki_store_act *act,
                                const struct eki_heartbeat *heartbeat, size_t *ret_planned,
                                struct eki_fault *ret_fault)
{
    struct eki_directory *directory;
    struct eki_due *due = NULL;
    size_t count = 0, all;
    enum eki_error error = eki_desk_directory(work, eki_desk_time(act->at), &directory, ret_fault);
    if (error) return error;
    const struct eki_contact_point *contacts = eki_directory_contacts(directory, &all);
    error = eki_heartbeat_due(directory, heartbeat, &due, &count);
    for (size_t i = 0; i < count && !error; i++) {
        if (eki_directory_contact_state(directory, due[i].contact)->waiting) continue;
        error = add_check(work, act, contacts[due[i].contact].id, "waiting", ret_fault);
        *ret_planned += !error;
    }
    eki_heartbeat_free(due);
    eki_directory_free(directory);
    return error;
}

enum eki_error eki_heartbeat_plan(struct eki_store_work *work, const struct eki_store_act *act,
                                  const struct eki_heartbeat *heartbeat,
                                  struct eki_heartbeat_planned *ret_planned, struct eki_fault *ret_fault)
{
    struct eki_directory *directory;
    struct eki_heartbeat_planned planned = {0};
    eki_time now = eki_desk_time(act->at);
    eki_time before = now - (eki_time)heartbeat->retry_days * DAY_S * EKI_SECOND;
    enum eki_error error = eki_desk_directory(work, now, &directory, ret_fault);
    if (error) return error;
    error = give_up(work, act, directory, before, &planned.silent);
    eki_directory_free(directory);
    if (!error) error = begin_due(work, act, heartbeat, &planned.planned, ret_fault);
    if (!error) *ret_planned = planned;
    return error;
}

/* The check of this contact that waits; a new one when none does. */
static enum eki_error waiting_check(struct eki_store_work *work, const struct eki_store_act *act,
                                    const char *contact, json_t **ret_object, int64_t *ret_row)
{
    struct eki_store_directory_record row;
    char at[EKI_TIME_TEXT];
    enum eki_error error = eki_desk_named(work, EKI_RECORD_CHECK, contact, &row);
    if (error && error != EKI_ERROR_MISSING) return error;
    json_t *object = error ? NULL : json_loads(row.line, 0, NULL);
    const char *outcome = json_string_value(json_object_get(object, "outcome"));
    if (outcome && !strcmp(outcome, "waiting")) {
        *ret_object = object;
        *ret_row = row.id;
        return EKI_OK;
    }
    json_decref(object);
    eki_time_format(eki_desk_time(act->at), at);
    *ret_object = json_pack("{s:s,s:s,s:s}", "kind", "check", "contact", contact, "sent", at);
    *ret_row = 0;
    return *ret_object ? EKI_OK : EKI_ERROR_MEMORY;
}

enum eki_error eki_heartbeat_noted(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_heartbeat_answer *answer, struct eki_fault *ret_fault)
{
    struct eki_store_directory_record contact;
    json_t *object;
    int64_t row;
    char at[EKI_TIME_TEXT];
    bool when = answer->outcome == EKI_CHECK_ANSWERED || answer->outcome == EKI_CHECK_WRONG_PERSON;
    enum eki_error error = eki_desk_named(work, EKI_RECORD_CONTACT, answer->contact, &contact);
    if (!error) error = waiting_check(work, act, answer->contact, &object, &row);
    if (error) return error;
    eki_time_format(eki_desk_time(act->at), at);
    int failed = json_object_set_new(object, "outcome", json_string(eki_check_outcome_name(answer->outcome)));
    if (when) failed |= json_object_set_new(object, "answered", json_string(at));
    if (answer->hops) failed |= json_object_set_new(object, "hops", json_integer(answer->hops));
    if (answer->note && *answer->note)
        failed |= json_object_set_new(object, "note", json_string(answer->note));
    if (!failed) return eki_desk_put_object(work, act, object, row, ret_fault);
    json_decref(object);
    return EKI_ERROR_MEMORY;
}
