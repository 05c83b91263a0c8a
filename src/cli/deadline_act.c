/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/deadline_act.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/case_words.h"
#include "ekigaku/deadline.h"

static void show_rule(const struct eki_desk_call *call, const struct eki_deadline_rule *r, int64_t hours)
{
    const char *title = eki_case_word_in(call->language, "deadline", r->id);
    eki_say_column(r->profile, 11);
    eki_say_column(eki_report_text_in(call->language, r->on ? EKI_TEXT("on") : EKI_TEXT("off")), 5);
    eki_say_column(r->months ? eki_say_count(call->language, (uint64_t)r->months, EKI_TEXT("{1} month"),
                                             EKI_TEXT("{1} months"))
                                   .text
                             : eki_say_count(call->language, (uint64_t)hours, EKI_TEXT("{1} hour"),
                                             EKI_TEXT("{1} hours"))
                                   .text,
                   11);
    eki_say_column(r->id, 25);
    eki_desk_put_line(strcmp(title, r->id) ? title : r->title);
    putchar('\n');
}

static int list_profiles(struct eki_desk_call *call)
{
    struct eki_deadline_rule rules[EKI_DEADLINES];
    size_t count = 0;
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_deadline_rules(work, rules, &count);
    for (size_t i = 0; !error && i < count; i++) {
        const struct eki_deadline_rule *r = &rules[i];
        long long hours = (long long)(r->after / INT64_C(3600000000));
        if (call->json) {
            eki_desk_put_json(json_pack("{s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:b,s:b}", "type", "step", "id", r->id,
                                        "profile", r->profile, "title", r->title, "source", r->source,
                                        "hours", (json_int_t)hours, "months", (json_int_t)r->months,
                                        "shipped", r->shipped, "on", r->on));
            continue;
        }
        show_rule(call, r, hours);
    }
    return eki_desk_end(call, work, error, NULL);
}

/* "owners 24 All owners are told": name, hours, what for. */
static struct eki_deadline_step read_step(char *line)
{
    char *rest, *hours = strchr(line, ' ');
    if (!hours) return (struct eki_deadline_step){line, "", 0};
    *hours++ = '\0';
    long long number = strtoll(hours, &rest, 10);
    return (struct eki_deadline_step){line, rest + strspn(rest, " "), *rest == ' ' || !*rest ? number : 0};
}

static int keep(struct eki_desk_call *call)
{
    struct eki_fault fault = {0};
    struct eki_deadline_step steps[EKI_DEADLINE_STEPS];
    if (call->count < 2 || call->count > EKI_DEADLINE_STEPS + 1)
        return eki_desk_misused(call, "%s", "keep: a profile, and 1 to 12 steps \"NAME HOURS WHAT FOR\"");
    struct eki_deadline_profile profile = {call->words[0], steps, (size_t)call->count - 1};
    for (int i = 1; i < call->count; i++) steps[i - 1] = read_step(call->words[i]);
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    int status = eki_desk_end(call, work, eki_deadline_keep(work, &call->act, &profile, &fault), &fault);
    if (status) return status;
    if (call->json)
        eki_desk_put_json(json_pack("{s:s,s:s,s:I}", "type", "profile", "profile", profile.name, "steps",
                                    (json_int_t)profile.count));
    else
        eki_desk_say_line(
            call, EKI_TEXT("Profile {1} is kept, with {2}. Which profiles run: ekigaku deadline list"),
            EKI_VALUES(profile.name, eki_say_count(call->language, profile.count, EKI_TEXT("{1} step"),
                                                   EKI_TEXT("{1} steps"))
                                         .text));
    return EKI_EXIT_NOTHING;
}

static int drop(struct eki_desk_call *call)
{
    struct eki_fault fault = {0};
    if (call->count != 1) return eki_desk_misused(call, "%s", "drop: which profile?");
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_deadline_drop(work, call->words[0], &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "profile %.60s", call->words[0]);
    int status = eki_desk_end(call, work, error, &fault);
    if (status) return status;
    if (call->json)
        eki_desk_put_json(
            json_pack("{s:s,s:s,s:b}", "type", "profile", "profile", call->words[0], "dropped", 1));
    else
        eki_desk_say_line(call, EKI_TEXT("Profile {1} is dropped; its clocks run in no case any more."),
                          EKI_VALUES(call->words[0]));
    return EKI_EXIT_NOTHING;
}

/* The clock that ends next and was not kept; NULL when there is none. */
static const struct eki_deadline *next_of(const struct eki_deadline *all, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!all[i].met) return &all[i];
    return NULL;
}

/* Its title in the language; one of a profile of one's own stays as it was written. */
static const char *title_of(const struct eki_desk_call *call, const struct eki_deadline *deadline)
{
    const char *title = eki_case_word_in(call->language, "deadline", deadline->id);
    return strcmp(title, deadline->id) ? title : deadline->title;
}

static void put_next(const struct eki_desk_call *call, const struct eki_deadline *next)
{
    putchar(' ');
    if (next)
        eki_desk_say_line(call, EKI_TEXT("Next: {1} ({2}), until {3}."),
                          EKI_VALUES(title_of(call, next), next->id, eki_say_time(next->due).text));
    else
        eki_desk_say_line(call, EKI_TEXT("Nothing is due."), EKI_NO_VALUES);
}

static json_t *next_json(const struct eki_deadline *next)
{
    return next ? json_pack("{s:s,s:s,s:o}", "id", next->id, "title", next->title, "due",
                            eki_desk_time(next->due))
                : json_null();
}

static void tell_choice(const struct eki_desk_call *call, int64_t of_case, const struct eki_deadline *all,
                        size_t count)
{
    const char *names = call->words[0];
    if (call->json) {
        json_t *line =
            json_pack("{s:s,s:o,s:s}", "type", "choice", "case",
                      of_case ? json_integer((json_int_t)of_case) : json_null(), "profiles", names);
        if (line && of_case) json_object_set_new(line, "clocks", json_integer((json_int_t)count));
        if (line && of_case) json_object_set_new(line, "next", next_json(next_of(all, count)));
        eki_desk_put_json(line);
        return;
    }
    if (of_case)
        eki_desk_say(call, EKI_TEXT("Case {1}: "), EKI_VALUES(eki_say_number(of_case).text));
    else
        eki_desk_say(call, EKI_TEXT("The desk: "), EKI_NO_VALUES);
    eki_desk_say(call,
                 !strcmp(names, "-") ? EKI_TEXT("no profile of deadlines runs.")
                 : *names            ? EKI_TEXT("the clocks of {1} run.")
                 : of_case           ? EKI_TEXT("what the desk chose runs.")
                                     : EKI_TEXT("all profiles of deadlines run."),
                 EKI_VALUES(names));
    if (!of_case) putchar(' ');
    if (of_case)
        put_next(call, next_of(all, count));
    else
        eki_desk_say_line(call, EKI_TEXT("A case may have a choice of its own."), EKI_NO_VALUES);
}

/* Says what was done, with the clocks of a case as they are now. */
typedef void told(const struct eki_desk_call *call, int64_t of_case, const struct eki_deadline *all,
                  size_t count);

/* In a work of its own, which the texts live as long as; of no case (0) there are no clocks. */
static int tell(const struct eki_desk_call *call, int64_t of_case, told *tell_it)
{
    struct eki_deadline all[EKI_DEADLINES];
    size_t count = 0;
    struct eki_store_work *work = eki_desk_begin_reading(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = of_case ? eki_case_deadlines(work, of_case, all, &count) : EKI_OK;
    if (!error) tell_it(call, of_case, all, count);
    return eki_desk_end(call, work, error, NULL);
}

static int choose(struct eki_desk_call *call, const char *of_case)
{
    struct eki_fault fault = {0};
    int64_t id = of_case ? eki_desk_number(of_case) : 0;
    if (call->count != 1 || (of_case && !id))
        return eki_desk_misused(call, "%s",
                                "choose: the names in one word, - for none, \"\" for what holds otherwise");
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_deadline_choose(work, &call->act, id, call->words[0], &fault);
    if (error == EKI_ERROR_MISSING) eki_fault_set(&fault, error, 0, "case %lld", (long long)id);
    int status = eki_desk_end(call, work, error, &fault);
    return status ? status : tell(call, id, tell_choice);
}

static void tell_met(const struct eki_desk_call *call, int64_t id, const struct eki_deadline *all,
                     size_t count)
{
    const struct eki_deadline *next = next_of(all, count), *met = all;
    while (strcmp(met->id, call->words[1]) != 0) met++;
    if (call->json) {
        eki_desk_put_json(json_pack("{s:s,s:I,s:s,s:o,s:o,s:o}", "type", "met", "case", (json_int_t)id, "id",
                                    met->id, "due", eki_desk_time(met->due), "met", eki_desk_time(met->met),
                                    "next", next_json(next)));
        return;
    }
    eki_desk_say(call,
                 met->met > met->due ? EKI_TEXT("Case {1}: done, but after its deadline: {2}.")
                                     : EKI_TEXT("Case {1}: done: {2}."),
                 EKI_VALUES(eki_say_number(id).text, title_of(call, met)));
    put_next(call, next);
}

static int met(struct eki_desk_call *call)
{
    struct eki_fault fault = {0};
    int64_t id = call->count == 2 ? eki_desk_number(call->words[0]) : 0;
    if (!id) return eki_desk_misused(call, "%s", "met: which case, and which deadline?");
    struct eki_store_work *work = eki_desk_begin(call);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_case_deadline_met(work, &call->act, id, call->words[1], &fault);
    if (error == EKI_ERROR_MISSING)
        eki_fault_set(&fault, error, 0, "case %lld, %.60s", (long long)id, call->words[1]);
    int status = eki_desk_end(call, work, error, &fault);
    return status ? status : tell(call, id, tell_met);
}

int eki_deadline_act(struct eki_desk_call *call, const char *of_case)
{
    static const char *const verbs[] = {"list", "keep", "drop", "choose", "met"};
    static const enum eki_desk_rank least[] = {EKI_RANK_VIEWER, EKI_RANK_COORDINATOR, EKI_RANK_COORDINATOR,
                                               EKI_RANK_COORDINATOR, EKI_RANK_ANALYST};
    size_t i = 0;
    const char *verb = call->count ? call->words[0] : "list";
    while (i < 5 && strcmp(verb, verbs[i]) != 0) i++;
    if (i == 5) return eki_desk_misused(call, "what? list, keep, drop, choose or met, not \"%s\"", verb);
    int status = eki_desk_open(call, i == 3 && of_case ? EKI_RANK_ANALYST : least[i]);
    if (status) return status;
    call->words += call->count > 0;
    call->count -= call->count > 0;
    switch (i) {
    case 1: return keep(call);
    case 2: return drop(call);
    case 3: return choose(call, of_case);
    case 4: return met(call);
    default: return list_profiles(call);
    }
}
