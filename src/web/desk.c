/* SPDX-License-Identifier: Apache-2.0 */
#include "web/desk.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/directory_label.h"
#include "web/leave.h"
#include "web/request.h"
#include "web/web.h"

#define AN_HOUR_US INT64_C(3600000000)

enum eki_error eki_desk_init(struct eki_desk *desk)
{
    desk->ready = !pthread_mutex_init(&desk->lock, NULL);
    return desk->ready ? EKI_OK : EKI_ERROR_MEMORY;
}

static void drop(struct eki_desk_view *view)
{
    if (!view || --view->users) return;
    eki_directory_free(view->directory);
    eki_free(view->teams);
    eki_free(view->rows);
    eki_free(view);
}

void eki_desk_done(struct eki_desk *desk)
{
    if (!desk->ready) return;
    drop(desk->view);
    drop(desk->program);
    pthread_mutex_destroy(&desk->lock);
    desk->ready = false;
}

/* The ids of the rows, in the order in which they were read. */
static enum eki_error list_rows(struct eki_store_work *work, struct eki_desk_view *view)
{
    struct eki_store_query query = {.sort = "position", .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_page page;
    do {
        struct eki_store_directory_record *rows;
        enum eki_error error = eki_store_list(work, &query, &rows, &page);
        if (error) return error;
        size_t before = view->row_count;
        int64_t *all = eki_reallocate(view->rows, before, before + page.count, sizeof *all);
        if (!all) return EKI_ERROR_MEMORY;
        view->rows = all;
        for (size_t i = 0; i < page.count; i++) view->rows[before + i] = rows[i].id;
        view->row_count += page.count;
        query.cursor = page.next;
    } while (page.next);
    return EKI_OK;
}

static enum eki_error sum_up(struct eki_desk_view *view)
{
    /* ALIVE, STALE, UNKNOWN, DEAD: the lower the better. */
    size_t teams, contacts, networks;
    const struct eki_directory *d = view->directory;
    eki_directory_teams(d, &teams);
    const struct eki_contact_point *contact = eki_directory_contacts(d, &contacts);
    const struct eki_network *network = eki_directory_networks(d, &networks);
    view->teams = eki_allocate(teams + 1, sizeof *view->teams);
    if (!view->teams) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < teams; i++) view->teams[i].health = EKI_HEALTHS;
    for (uint32_t i = 0; i < contacts; i++) {
        struct eki_desk_team *team = &view->teams[contact[i].team_at];
        uint8_t health = eki_directory_contact_state(d, i)->health;
        team->contacts++;
        if (health < team->health) team->health = health;
    }
    for (size_t i = 0; i < networks; i++) {
        if (network[i].team_at == EKI_NOWHERE) continue;
        struct eki_desk_team *team = &view->teams[network[i].team_at];
        team->networks[eki_network_resource(&network[i])]++;
        if (network[i].has_prefix && eki_address_is_v4(network[i].prefix.base))
            team->addresses += ldexp(1, 128 - network[i].prefix.bits);
    }
    return EKI_OK;
}

static enum eki_error make(struct eki_store_work *work, int64_t now, struct eki_desk_view **ret_view,
                           struct eki_fault *ret_fault)
{
    struct eki_desk_view *view = eki_allocate(1, sizeof *view);
    if (!view) return EKI_ERROR_MEMORY;
    view->users = 1;
    enum eki_error error = eki_desk_directory(work, now * 1000, &view->directory, ret_fault);
    if (!error) error = list_rows(work, view);
    if (!error) error = sum_up(view);
    if (error)
        drop(view);
    else
        *ret_view = view;
    return error;
}

/* Did a record change since the log was looked at last? */
static enum eki_error changed(struct eki_store_work *work, struct eki_desk *desk, bool *ret_changed)
{
    struct eki_store_query newest = {.descending = true, .limit = 1};
    struct eki_store_query change = {.where = {{.column = "id", .is = '>', .number = desk->seen},
                                               {.column = "table_name", .text = "directory_record"}},
                                     .limit = 1};
    struct eki_store_audit *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(work, &newest, &rows, &page);
    if (error) return error;
    int64_t seen = page.count ? rows[0].id : 0;
    *ret_changed = false;
    if (seen == desk->seen) return EKI_OK;
    error = eki_store_list(work, &change, &rows, &page);
    if (error) return error;
    *ret_changed = page.count > 0;
    desk->seen = seen;
    return EKI_OK;
}

static enum eki_error renew(struct eki_desk *desk, struct eki_store_work *work, int64_t now,
                            struct eki_fault *ret_fault)
{
    bool stale = !desk->view || now - desk->made > AN_HOUR_US, news = false;
    struct eki_desk_view *view;
    enum eki_error error = changed(work, desk, &news);
    if (error || (!stale && !news)) return error;
    error = make(work, now, &view, ret_fault);
    drop(desk->program);
    desk->program = NULL;
    if (error) {
        drop(desk->view); /* better none than one that is out of date */
        desk->view = NULL;
        return error;
    }
    drop(desk->view);
    desk->view = view;
    desk->made = now;
    return EKI_OK;
}

struct eki_desk_view *eki_desk_take(struct eki_request *request)
{
    struct eki_desk *desk = &request->web->desk;
    struct eki_desk_view *view = NULL;
    struct eki_fault fault = {0};
    struct eki_store_work *work = eki_request_reads(request);
    if (!work) return NULL;
    pthread_mutex_lock(&desk->lock);
    enum eki_error error = renew(desk, work, eki_request_now(request), &fault);
    if (!error) {
        view = desk->view;
        view->users++;
    }
    pthread_mutex_unlock(&desk->lock);
    if (error == EKI_ERROR_CORRUPT)
        eki_problem(request, 500, "The directory contradicts itself: %.150s", fault.what);
    else if (error)
        eki_problem_store(request, error, work, NULL);
    if (!error || error == EKI_ERROR_CORRUPT) eki_store_end(work);
    return view;
}

/* The part of the view that a program may see, made when it is first asked for. */
static enum eki_error show_program(struct eki_desk *desk)
{
    const struct eki_directory_asked asked = {EKI_TLP_EXIT_API, {.carries = EKI_TLP_ALL}};
    size_t withheld;
    if (desk->program) return EKI_OK;
    struct eki_desk_view *view = eki_allocate(1, sizeof *view);
    if (!view) return EKI_ERROR_MEMORY;
    view->users = 1;
    view->rows = eki_allocate(desk->view->row_count + 1, sizeof *view->rows);
    enum eki_error error = view->rows ? EKI_OK : EKI_ERROR_MEMORY;
    if (!error) memcpy(view->rows, desk->view->rows, desk->view->row_count * sizeof *view->rows);
    if (!error) view->row_count = desk->view->row_count;
    if (!error) error = eki_directory_permitted(desk->view->directory, &asked, &view->directory, &withheld);
    if (!error) error = sum_up(view);
    if (error)
        drop(view);
    else
        desk->program = view;
    return error;
}

struct eki_desk_view *eki_desk_take_shown(struct eki_request *request)
{
    struct eki_desk *desk = &request->web->desk;
    struct eki_desk_view *view = eki_desk_take(request), *shown = NULL;
    if (!view || eki_leave_may(request, EKI_TLP_RED)) return view;
    pthread_mutex_lock(&desk->lock);
    enum eki_error error = desk->view ? show_program(desk) : EKI_ERROR_MEMORY;
    if (!error) shown = desk->program;
    if (shown) shown->users++;
    drop(view);
    pthread_mutex_unlock(&desk->lock);
    if (error) eki_problem(request, 503, "%s", eki_error_text(error));
    return shown;
}

void eki_desk_release(struct eki_request *request, struct eki_desk_view *view)
{
    pthread_mutex_lock(&request->web->desk.lock);
    drop(view);
    pthread_mutex_unlock(&request->web->desk.lock);
}

int64_t eki_desk_row_of(const struct eki_desk_view *view, const struct eki_record *record)
{
    size_t at = record->line;
    return at >= 2 && at - 2 < view->row_count ? view->rows[at - 2] : 0;
}
