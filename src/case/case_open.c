/* SPDX-License-Identifier: Apache-2.0 */
/* From an outbreak that is kept to a case with its affected hosts. */
#include <string.h>

#include "case/case_host.h"
#include "case/case_kin.h"
#include "case/case_match.h"
#include "case/case_signs.h"
#include "case/saying.h"
#include "ekigaku/case.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_task.h"

/* The strictest handling class of the evidence until somebody says otherwise: 3, as captures that hold
 * traffic of third parties are. */
enum { HANDLING = 3 };

struct adding {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_directory *directory;
    int64_t of_case;
    struct eki_kin_hosts known; /* what one of the kin has is told by that one */
    size_t added;
};

static enum eki_error add_host(struct adding *a, const struct eki_store_infection *infection)
{
    if (eki_kin_has(&a->known, infection->host)) return EKI_OK;
    struct eki_store_case_host row = {.of_case = a->of_case,
                                      .host = infection->host,
                                      .at = infection->at,
                                      .parent = infection->parent,
                                      .evidence = infection->evidence,
                                      .state = "affected",
                                      .changed = a->act->at};
    eki_case_host_owner(a->directory, &row);
    enum eki_error error = eki_store_add(a->work, &row);
    a->added += !error;
    return error;
}

static enum eki_error add_hosts(struct adding *a, const struct eki_store_outbreak *outbreak)
{
    const struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak->id}},
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_infection *rows;
    struct eki_store_page page;
    enum eki_error error = eki_case_kin_hosts(a->work, a->of_case, &a->known);
    if (!error) error = eki_store_list(a->work, &query, &rows, &page);
    if (!error && page.next) error = EKI_ERROR_LIMIT; /* none is left out without a word */
    for (size_t i = 0; !error && i < page.count; i++) error = add_host(a, &rows[i]);
    eki_kin_done(&a->known);
    return error ? error : eki_case_take_signs(a->work, a->act, a->of_case, outbreak);
}

/* A label only ever becomes stricter on the way: what is told to fewer does not go into a wider case. */
static enum eki_error label_objection(struct eki_store_work *work, const struct eki_store_case *row,
                                      const struct eki_store_outbreak *outbreak, const char *tlp,
                                      const char **ret_why)
{
    enum eki_tlp had = eki_case_label(row), bears;
    enum eki_error error = eki_outbreak_bears(work, outbreak, row->id, &bears);
    if (error) return error;
    if (tlp && *tlp) bears = eki_tlp_stricter(bears, eki_case_label(&(struct eki_store_case){.tlp = tlp}));
    if (eki_tlp_stricter(had, bears) != had)
        *ret_why =
            "what is added bears a stricter label than the case: label the case first (ekigaku case mark)";
    return EKI_OK;
}

/* The label of a new case: the one that is asked for, if it reaches no further than what the result bears. */
static enum eki_error choose_label(struct eki_store_work *work, const struct eki_store_outbreak *outbreak,
                                   const char *tlp, const char **ret_tlp, struct eki_fault *ret_fault)
{
    enum eki_tlp bears, asked = eki_case_label(&(struct eki_store_case){.tlp = tlp ? tlp : ""});
    enum eki_error error = eki_outbreak_bears(work, outbreak, 0, &bears);
    if (error) return error;
    *ret_tlp = tlp && *tlp ? tlp : bears == EKI_TLP_CLEAR ? "" : eki_tlp_word(bears);
    if (!tlp || !*tlp || eki_tlp_stricter(asked, bears) == asked) return EKI_OK;
    return eki_fault_set(
        ret_fault, EKI_ERROR_CONFLICT, 0,
        "%s reaches further than %s, under which the result is kept: leave it out; a coordinator "
        "may widen the case afterwards, with a reason",
        eki_tlp_text(asked), eki_tlp_text(bears));
}

enum eki_error eki_case_update(struct eki_store_work *work, const struct eki_store_act *act, int64_t of_case,
                               const struct eki_case_opening *opening, struct eki_case_news *ret_news)
{
    char count[24];
    struct eki_store_case row;
    struct eki_store_outbreak outbreak;
    struct adding a = {.work = work, .act = act, .directory = opening->directory, .of_case = of_case};
    enum eki_error error = eki_store_get(work, &row, of_case);
    if (!error) error = eki_store_get(work, &outbreak, opening->outbreak);
    if (!error) error = eki_case_objection(work, &row, &outbreak, &ret_news->why);
    if (!error && !ret_news->why)
        error = label_objection(work, &row, &outbreak, opening->tlp, &ret_news->why);
    if (!error && ret_news->why) error = EKI_ERROR_CONFLICT;
    if (!error) error = add_hosts(&a, &outbreak);
    snprintf(count, sizeof count, "%zu", a.added);
    const struct eki_case_saying saying = {
        .of_case = of_case, .kind = "finding", .saying = EKI_SAYING_MORE_HOSTS, .values = {count}};
    if (!error && a.added) error = eki_case_say(work, act, &saying);
    if (!error) ret_news->hosts = a.added;
    return error;
}

/* A case of this outbreak that is not over. */
static enum eki_error refuse_second(struct eki_store_work *work, int64_t outbreak,
                                    struct eki_fault *ret_fault)
{
    const struct eki_store_query query = {.where = {{.column = "outbreak", .number = outbreak}},
                                          .limit = 100};
    struct eki_store_case *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        struct eki_store_case now;
        error = eki_case_follow(work, rows[i].id, &now);
        if (!error && strcmp(now.state, "closed") != 0 && strcmp(now.state, "merged") != 0)
            return eki_fault_set(ret_fault, EKI_ERROR_CONFLICT, 0, "case %lld is open for this outbreak",
                                 (long long)now.id);
    }
    return error;
}

enum eki_error eki_case_open(struct eki_store_work *work, const struct eki_store_act *act,
                             const struct eki_case_opening *opening, int64_t *ret_case,
                             struct eki_fault *ret_fault)
{
    struct eki_store_outbreak outbreak;
    struct adding a = {.work = work, .act = act, .directory = opening->directory};
    enum eki_error error = eki_store_get(work, &outbreak, opening->outbreak);
    const char *tlp = "";
    if (!error) error = refuse_second(work, opening->outbreak, ret_fault);
    if (!error) error = choose_label(work, &outbreak, opening->tlp, &tlp, ret_fault);
    if (error) return error;
    bool titled = opening->title && *opening->title;
    struct eki_store_case row = {.title = titled ? opening->title : outbreak.title,
                                 .state = "open",
                                 .outbreak = outbreak.id,
                                 .class = outbreak.class,
                                 .handling_class = HANDLING,
                                 .known = outbreak.known,
                                 .route = outbreak.route,
                                 .tlp = tlp,
                                 .account = act->account,
                                 .created = act->at,
                                 .aware = opening->aware ? opening->aware : act->at};
    error = eki_store_add(work, &row);
    a.of_case = row.id;
    if (!error) error = add_hosts(&a, &outbreak);
    if (!error && opening->catalogue) error = eki_case_tasks_lay(work, act, row.id, opening->catalogue, NULL);
    const struct eki_case_saying saying = {
        .of_case = row.id, .kind = "decision", .saying = EKI_SAYING_OPENED};
    if (!error) error = eki_case_say(work, act, &saying);
    if (!error) *ret_case = row.id;
    return error;
}
