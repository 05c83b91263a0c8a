/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts and releases, and where they are. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/notify_desk.h"
#include "cli/store_place.h"

static struct eki_store_act act_of(const struct eki_notify_desk *desk, int64_t account)
{
    return (struct eki_store_act){
        .at = desk->request->now / 1000, .account = account, .who = "ekigaku notify"};
}

static int make_drafts(struct eki_notify_desk *desk)
{
    struct eki_notice_summary summary;
    struct eki_notice_options options = {
        .format = desk->request->format, .left = eki_notify_tell_left, .user = desk};
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error =
        eki_notice_draft(work, desk->request->of_case, desk->directory, &options, &summary);
    if (error == EKI_ERROR_CONFLICT) return eki_notify_over(work);
    return eki_notify_end(work, error, true);
}

static int release(struct eki_notify_desk *desk)
{
    struct eki_desk_actor actor;
    struct eki_notice_released counts;
    const char *name = desk->request->release;
    int status =
        eki_store_place_actor(&(struct eki_store_opening){.command = "notify"}, desk->store, name, &actor);
    if (status) return status;
    if (actor.rank < EKI_RANK_COORDINATOR) {
        eki_warn("notify", EKI_TEXT("{1} is no coordinator: only they release"), EKI_VALUES(name));
        return EKI_EXIT_USAGE;
    }
    struct eki_store_act act = act_of(desk, actor.account);
    struct eki_store_work *work = eki_notify_begin(desk, actor.account);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_notice_release_case(work, &act, desk->request->of_case, desk->mass, &counts);
    if (!error)
        eki_warn(
            "notify",
            EKI_TEXT("released: {1}; waiting for a second person: {2}; released by this one already: {3}"),
            EKI_VALUES(eki_say_number(counts.released).text, eki_say_number(counts.waiting).text,
                       eki_say_number(counts.refused).text));
    return eki_notify_end(work, error, true);
}

static int list(struct eki_notify_desk *desk)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "of_case", .number = desk->request->of_case}},
                                    .limit = EKI_NOTICE_HOSTS};
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        desk->unknown += !strcmp(rows[i].state, "unknown");
        /* As a dry run says it, whether somebody has released it or not. */
        bool waits = !strcmp(rows[i].state, "draft") || !strcmp(rows[i].state, "released");
        if (waits) (void)eki_notify_by_telephone(desk, &rows[i]);
        eki_notify_tell(desk, &rows[i], NULL, NULL);
    }
    return eki_notify_end(work, error, false);
}

int eki_notify_draft(struct eki_notify_desk *desk)
{
    int status = make_drafts(desk);
    if (!status && desk->request->release) status = release(desk);
    if (!status && desk->request->relay) status = eki_notify_send(desk);
    return status ? status : list(desk);
}
