/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts and releases, and where they are. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/notify_desk.h"

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
    struct eki_store_account account;
    struct eki_notice_released counts;
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error = eki_store_find(work, &account, "name", desk->request->release);
    int64_t id = error ? 0 : account.id;
    bool disabled = !error && account.disabled;
    bool may = !error && (!strcmp(account.role, "coordinator") || !strcmp(account.role, "administrator"));
    eki_store_end(work);
    if (error || disabled) {
        fprintf(stderr, "ekigaku notify: there is no account \"%s\"\n", desk->request->release);
        return EKI_EXIT_USAGE;
    }
    if (!may) {
        fprintf(stderr, "ekigaku notify: %s is no coordinator: only they release\n", desk->request->release);
        return EKI_EXIT_USAGE;
    }
    struct eki_store_act act = act_of(desk, id);
    work = eki_notify_begin(desk, id);
    if (!work) return EKI_EXIT_UNREADABLE;
    error = eki_notice_release_case(work, &act, desk->request->of_case, desk->mass, &counts);
    if (!error)
        fprintf(
            stderr,
            "ekigaku notify: released %u; %u wait for a second person, %u were released by this one already\n",
            counts.released, counts.waiting, counts.refused);
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
        if (!strcmp(rows[i].state, "released")) (void)eki_notify_by_telephone(desk, &rows[i]);
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
