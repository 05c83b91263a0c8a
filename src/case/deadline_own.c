/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles of deadlines of one's own: kept, removed; which profiles run. */
#include <stdio.h>
#include <string.h>

#include "case/case_kin.h"
#include "case/deadline_row.h"

enum { WORDS = 600 };

static const char setting[] = "deadline-profiles";

static bool is_name(const char *name)
{
    size_t length = strlen(name);
    return length && length < EKI_DEADLINE_NAME && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static enum eki_error check_step(const struct eki_deadline_profile *profile, size_t i,
                                 struct eki_fault *fault)
{
    const struct eki_deadline_step *step = &profile->steps[i];
    if (!is_name(step->name))
        return eki_fault_set(
            fault, EKI_ERROR_ARGUMENT, 0,
            "step %zu: a name is a letter, then letters a to z, digits and \"-\", %d at most", i + 1,
            EKI_DEADLINE_NAME - 1);
    if (step->hours < 1 || step->hours > EKI_DEADLINE_HOURS)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "step %s: 1 to %d hours, not %lld", step->name,
                             EKI_DEADLINE_HOURS, (long long)step->hours);
    size_t length = strlen(step->title), blanks = strspn(step->title, " \t");
    if (blanks == length || length > EKI_DEADLINE_TITLE || strpbrk(step->title, "\r\n"))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "step %s: what for? one line of at most %d bytes",
                             step->name, EKI_DEADLINE_TITLE);
    for (size_t k = 0; k < i; k++)
        if (!strcmp(profile->steps[k].name, step->name))
            return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "step %s stands there twice", step->name);
    return EKI_OK;
}

static enum eki_error check(const struct eki_deadline_profile *profile, struct eki_fault *fault)
{
    if (!is_name(profile->name))
        return eki_fault_set(
            fault, EKI_ERROR_ARGUMENT, 0,
            "the name of a profile is a letter, then letters a to z, digits and \"-\", %d at most",
            EKI_DEADLINE_NAME - 1);
    if (eki_deadline_shipped(profile->name))
        return eki_fault_set(fault, EKI_ERROR_CONFLICT, 0,
                             "%s comes along and stays as it is: switch it off, and make one of your own",
                             profile->name);
    if (!profile->count || profile->count > EKI_DEADLINE_STEPS)
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "1 to %d steps, not %zu", EKI_DEADLINE_STEPS,
                             profile->count);
    for (size_t i = 0; i < profile->count; i++) {
        enum eki_error error = check_step(profile, i, fault);
        if (error) return error;
    }
    return EKI_OK;
}

enum eki_error eki_deadline_rows(struct eki_store_work *work, const char *profile,
                                 struct eki_store_deadline_step **ret_rows, size_t *ret_count)
{
    struct eki_store_page page;
    struct eki_store_query query = {.limit = EKI_DEADLINE_PROFILES * EKI_DEADLINE_STEPS};
    if (profile) query.where[0] = (struct eki_store_where){.column = "profile", .text = profile};
    enum eki_error error = eki_store_list(work, &query, ret_rows, &page);
    if (!error) *ret_count = page.count;
    return error;
}

/* Removes the steps of a profile, and counts the others' profiles. */
static enum eki_error clear(struct eki_store_work *work, const char *profile, size_t *ret_removed,
                            size_t *ret_others)
{
    struct eki_store_deadline_step *rows;
    size_t count;
    const char *last = "";
    *ret_removed = *ret_others = 0;
    enum eki_error error = eki_deadline_rows(work, NULL, &rows, &count);
    for (size_t i = 0; !error && i < count; i++) {
        bool own = !strcmp(rows[i].profile, profile);
        if (own) error = eki_store_remove(work, &rows[i]);
        *ret_removed += own;
        *ret_others +=
            !own && strcmp(rows[i].profile, last) != 0; /* a profile's rows come one after another */
        last = rows[i].profile;
    }
    return error;
}

enum eki_error eki_deadline_keep(struct eki_store_work *work, const struct eki_store_act *act,
                                 const struct eki_deadline_profile *profile, struct eki_fault *ret_fault)
{
    size_t removed, others;
    enum eki_error error = check(profile, ret_fault);
    if (!error) error = clear(work, profile->name, &removed, &others);
    if (!error && others >= EKI_DEADLINE_PROFILES)
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "there are %d profiles already",
                             EKI_DEADLINE_PROFILES);
    for (size_t i = 0; !error && i < profile->count; i++) {
        char clock[2 * EKI_DEADLINE_NAME];
        const struct eki_deadline_step *step = &profile->steps[i];
        snprintf(clock, sizeof clock, "%s.%s", profile->name, step->name);
        struct eki_store_deadline_step row = {.profile = profile->name,
                                              .name = step->name,
                                              .clock = clock,
                                              .title = step->title,
                                              .hours = step->hours,
                                              .account = act->account,
                                              .changed = act->at};
        error = eki_store_add(work, &row);
    }
    return error;
}

enum eki_error eki_deadline_drop(struct eki_store_work *work, const char *profile,
                                 struct eki_fault *ret_fault)
{
    size_t removed, others;
    if (eki_deadline_shipped(profile))
        return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "%s comes along: switch it off instead",
                             profile);
    enum eki_error error = clear(work, profile, &removed, &others);
    return !error && !removed ? EKI_ERROR_MISSING : error;
}

/* Is each word the name of a profile? */
static enum eki_error check_words(struct eki_store_work *work, const char *words, struct eki_fault *fault)
{
    if (!strcmp(words, "-")) return EKI_OK;
    for (const char *at = words + strspn(words, " "); *at; at += strspn(at, " ")) {
        char name[EKI_DEADLINE_NAME];
        struct eki_store_deadline_step *rows;
        size_t length = strcspn(at, " "), count = 0;
        enum eki_error error = EKI_OK;
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        bool shipped = length < sizeof name && eki_deadline_shipped(name);
        if (!shipped && length < sizeof name) error = eki_deadline_rows(work, name, &rows, &count);
        if (error) return error;
        if (!shipped && !count)
            return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "there is no profile \"%s\"", name);
        at += length;
    }
    return EKI_OK;
}

enum eki_error eki_deadline_choose(struct eki_store_work *work, const struct eki_store_act *act,
                                   int64_t of_case, const char *profiles, struct eki_fault *ret_fault)
{
    struct eki_store_case row;
    (void)act;
    if (strlen(profiles) > WORDS) return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "too many names");
    enum eki_error error = check_words(work, profiles, ret_fault);
    if (error) return error;
    if (!of_case) return eki_store_choose(work, setting, profiles);
    error = eki_case_takes(work, of_case, &row, ret_fault);
    row.profiles = profiles;
    return error ? error : eki_store_change(work, &row);
}

enum eki_error eki_deadline_chosen(struct eki_store_work *work, const struct eki_store_case *of,
                                   const char **ret_words)
{
    if (of && of->profiles && of->profiles[0]) {
        *ret_words = of->profiles;
        return EKI_OK;
    }
    return eki_store_chosen(work, setting, "", ret_words);
}
