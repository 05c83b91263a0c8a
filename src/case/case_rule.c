/* SPDX-License-Identifier: Apache-2.0 */
/* A result comes in: cases that are open take what is new of their outbreak, and where the rule says so new
 * ones are opened. */
#include "ekigaku/case_rule.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "case/case_kin.h"
#include "case/case_match.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/desk_directory.h"
#include "ekigaku/notice.h"

#define FOLLOWS   "case.follow"
#define OPEN_FROM "case.open_from"

struct applying {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_catalogue *catalogue;
    struct eki_case_rule rule;
    struct eki_directory *directory; /* NULL until it is needed */
    struct eki_case_rule_outcome *outcome;
};

enum eki_error eki_case_rule_read(struct eki_store_work *work, struct eki_case_rule *ret_rule)
{
    const char *follows, *from;
    enum eki_error error = eki_store_chosen(work, FOLLOWS, "on", &follows);
    if (error) return error;
    ret_rule->follows = !strcmp(follows, "on");
    error = eki_store_chosen(work, OPEN_FROM, "0", &from);
    if (!error) ret_rule->open_from = strtoll(from, NULL, 10);
    return error;
}

enum eki_error eki_case_rule_choose(struct eki_store_work *work, const struct eki_case_rule *rule,
                                    struct eki_fault *ret_fault)
{
    char from[24];
    if (rule->open_from < 0 || rule->open_from > EKI_CASE_RULE_MOST)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "open_from: 0 (never) to %d infected hosts",
                             EKI_CASE_RULE_MOST);
    snprintf(from, sizeof from, "%" PRId64, rule->open_from);
    enum eki_error error = eki_store_choose(work, FOLLOWS, rule->follows ? "on" : "off");
    return error ? error : eki_store_choose(work, OPEN_FROM, from);
}

/* The sentence with the number in its place, into a room of this size; its length. */
static size_t put(const char *sentence, int64_t number, char *room, size_t size)
{
    const char *place = strstr(sentence, "{1}");
    int length = place ? snprintf(room, size, "%.*s%" PRId64 "%s", (int)(place - sentence), sentence, number,
                                  place + 3)
                       : snprintf(room, size, "%s", sentence);
    return length < 0 ? 0 : (size_t)length < size ? (size_t)length : size - 1;
}

const char *eki_case_rule_words(const struct eki_case_rule *rule, enum eki_language language,
                                char ret_text[EKI_CASE_RULE_WORDS])
{
    const char *follows =
        rule->follows
            ? EKI_TEXT(
                  "An open case takes new hosts of its outbreak by itself, also from another capture within {1} days.")
            : EKI_TEXT("New hosts of an outbreak are added to its case by hand.");
    const char *opens = rule->open_from == 1
                            ? EKI_TEXT("An outbreak becomes a case from {1} infected host on.")
                        : rule->open_from ? EKI_TEXT("An outbreak becomes a case from {1} infected hosts on.")
                                          : EKI_TEXT("A case is opened by a person.");
    size_t at = put(eki_report_text_in(language, follows), EKI_CASE_RULE_DAYS, ret_text, EKI_CASE_RULE_WORDS);
    if (language == EKI_ENGLISH && at + 1 < EKI_CASE_RULE_WORDS) ret_text[at++] = ' ';
    put(eki_report_text_in(language, opens), rule->open_from, ret_text + at, EKI_CASE_RULE_WORDS - at);
    return ret_text;
}

static enum eki_error need_directory(struct applying *a)
{
    struct eki_fault fault = {0};
    if (a->directory) return EKI_OK;
    return eki_desk_directory(a->work, a->act->at * 1000, &a->directory, &fault);
}

static enum eki_error tell(struct applying *a, const struct eki_case_applied *item)
{
    struct eki_case_rule_outcome *o = a->outcome;
    struct eki_case_applied *more = eki_array_reserve(o->items, o->count, &o->room, sizeof *more);
    if (!more) return EKI_ERROR_MEMORY;
    o->items = more;
    o->items[o->count++] = *item;
    return EKI_OK;
}

/* The newest host of a case; 0 when it has none. */
static enum eki_error last_host(struct applying *a, int64_t of_case, int64_t *ret_id)
{
    struct eki_store_case_host *rows;
    struct eki_store_page page;
    const struct eki_store_query newest = {
        .where = {{.column = "of_case", .number = of_case}}, .sort = "id", .descending = true, .limit = 1};
    enum eki_error error = eki_store_list(a->work, &newest, &rows, &page);
    if (!error) *ret_id = page.count ? rows[0].id : 0;
    return error;
}

/* Where owners are being told, those of new hosts are too, whoever they are; hosts that were there stay as
 * people left them. Nobody is told of a case that people have not begun to tell of, or stopped telling of. */
static enum eki_error draft(struct applying *a, struct eki_case_applied *item, int64_t after)
{
    char notices[24], hosts[24];
    uint64_t told;
    struct eki_notice_summary summary;
    const struct eki_notice_options options = {.after = after};
    const struct eki_store_query of = {.where = {{.column = "of_case", .number = item->of_case},
                                                 {.column = "state", .is = '!', .text = "withdrawn"},
                                                 {.column = "state", .is = '!', .text = "disputed"}}};
    enum eki_error error = eki_store_count(a->work, EKI_STORE_NOTICE, &of, &told);
    if (error || !told) return error;
    error = eki_notice_draft(a->work, item->of_case, a->directory, &options, &summary);
    if (error || !summary.notices) return error;
    item->notices = summary.notices;
    snprintf(notices, sizeof notices, "%" PRIu32, summary.notices);
    snprintf(hosts, sizeof hosts, "%" PRIu32, summary.hosts);
    const struct eki_case_saying saying = {
        .of_case = item->of_case, .kind = "notice", .saying = EKI_SAYING_DRAFTED, .values = {notices, hosts}};
    return eki_case_say(a->work, a->act, &saying);
}

static enum eki_error follow(struct applying *a, int64_t of_case, const struct eki_store_outbreak *outbreak)
{
    bool news;
    int64_t last = 0;
    struct eki_case_news found = {0};
    struct eki_case_applied item = {.of_case = of_case, .outbreak = outbreak->id};
    enum eki_error error = eki_case_lacks(a->work, of_case, outbreak, &news);
    if (error || !news) return error; /* what it shows comes with its hosts */
    error = need_directory(a);
    if (!error) error = last_host(a, of_case, &last);
    const struct eki_case_opening opening = {.outbreak = outbreak->id, .directory = a->directory};
    if (!error) error = eki_case_update(a->work, a->act, of_case, &opening, &found);
    if (error == EKI_ERROR_CONFLICT && found.why) { /* merged into a case of another service, for one */
        a->outcome->unsure++;
        return EKI_OK;
    }
    if (error || !found.hosts) return error;
    item.hosts = found.hosts;
    error = draft(a, &item, last);
    return error ? error : tell(a, &item);
}

static enum eki_error open(struct applying *a, const struct eki_store_outbreak *outbreak)
{
    char infected[24], from[24];
    struct eki_fault fault = {0};
    struct eki_case_applied item = {
        .outbreak = outbreak->id, .hosts = (size_t)outbreak->infected, .opened = true};
    enum eki_tlp bears = EKI_TLP_CLEAR;
    enum eki_error error = need_directory(a);
    if (!error) error = eki_outbreak_bears(a->work, outbreak, 0, &bears);
    /* What nobody looked at is labelled as what nobody labelled: to widen that wants a reason. */
    const struct eki_case_opening opening = {.outbreak = outbreak->id,
                                             .directory = a->directory,
                                             .tlp = eki_tlp_word(eki_tlp_stricter(EKI_TLP_UNMARKED, bears)),
                                             .catalogue = a->catalogue};
    if (!error) error = eki_case_open(a->work, a->act, &opening, &item.of_case, &fault);
    snprintf(infected, sizeof infected, "%" PRId64, outbreak->infected);
    snprintf(from, sizeof from, "%" PRId64, a->rule.open_from);
    const struct eki_case_saying saying = {.of_case = item.of_case,
                                           .kind = "decision",
                                           .saying = EKI_SAYING_BY_RULE,
                                           .values = {infected, from}};
    if (!error) error = eki_case_say(a->work, a->act, &saying);
    return error ? error : tell(a, &item);
}

static enum eki_error take(struct applying *a, const struct eki_store_outbreak *outbreak)
{
    struct eki_case_match match;
    enum eki_error error = eki_case_match(a->work, outbreak, &match);
    if (error) return error;
    if (match.fits > 1) {
        a->outcome->unsure++;
        return EKI_OK;
    }
    if (match.of_case) return a->rule.follows ? follow(a, match.of_case, outbreak) : EKI_OK;
    bool opens = a->rule.open_from && outbreak->infected >= a->rule.open_from;
    return opens && !match.had ? open(a, outbreak) : EKI_OK;
}

enum eki_error eki_case_rule_apply(struct eki_store_work *work, const struct eki_store_act *act,
                                   const struct eki_case_applying *applying,
                                   struct eki_case_rule_outcome *ret_outcome)
{
    struct applying a = {.work = work, .act = act, .catalogue = applying->catalogue, .outcome = ret_outcome};
    struct eki_store_outbreak *rows;
    struct eki_store_page page;
    const struct eki_store_query of = {.where = {{.column = "analysis", .number = applying->analysis}},
                                       .limit = EKI_STORE_MOST_ROWS};
    *ret_outcome = (struct eki_case_rule_outcome){0};
    enum eki_error error = eki_case_rule_read(work, &a.rule);
    if (error || (!a.rule.follows && !a.rule.open_from)) return error;
    error = eki_store_list(work, &of, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) error = take(&a, &rows[i]);
    eki_directory_free(a.directory);
    return error;
}

void eki_case_rule_done(struct eki_case_rule_outcome *outcome)
{
    eki_free(outcome->items);
    *outcome = (struct eki_case_rule_outcome){0};
}
