/* SPDX-License-Identifier: Apache-2.0 */
#include "web/list.h"

#include "web/leave.h"

#include <string.h>

bool eki_list_query(struct eki_request *request, const char *const *sorts, struct eki_store_query *ret_query)
{
    int64_t limit = EKI_LIST_USUAL;
    const char *sort = eki_target_parameter(&request->target, "sort");
    if (!eki_request_integer(request, "limit", (struct eki_field){.least = 1, .most = EKI_LIST_MOST}, &limit))
        return false;
    const char *chosen = sorts[0], *wanted = sort ? sort + (sort[0] == '-') : NULL;
    for (size_t i = 0; wanted && sorts[i]; i++) {
        const char *name = sorts[i] + (sorts[i][0] == '-');
        if (!strcmp(name, wanted)) {
            chosen = sort;
            wanted = NULL;
        }
    }
    if (wanted) {
        eki_problem(request, 400, "sort: there is no order by \"%.60s\"", wanted);
        return false;
    }
    ret_query->limit = (uint32_t)limit;
    ret_query->descending = chosen[0] == '-';
    ret_query->sort = chosen + ret_query->descending;
    ret_query->cursor = eki_target_parameter(&request->target, "cursor");
    ret_query->text = eki_target_parameter(&request->target, "q");
    return true;
}

static json_t *items_of(const struct eki_list *list, const void *rows, size_t count)
{
    json_t *items = json_array();
    const char *row = rows;
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(items, list->item(list->user, row + i * list->row_size))) {
            json_decref(items);
            return NULL;
        }
    return items;
}

void eki_list_reply(struct eki_request *request, struct eki_store_work *work,
                    const struct eki_store_query *query, const struct eki_list *list)
{
    void *rows = NULL;
    struct eki_store_page page;
    uint64_t total;
    enum eki_error error = eki_store_list_rows(work, list->table, query, &rows, &page);
    if (error == EKI_ERROR_ARGUMENT) {
        eki_problem(request, 400, "cursor: is none of this list");
        eki_store_end(work);
        return;
    }
    if (!error) error = eki_store_count(work, list->table, query, &total);
    if (error) {
        eki_problem_store(request, error, work, NULL);
        return;
    }
    if (list->ready) list->ready(list->user, rows, page.count);
    json_t *items = items_of(list, rows, page.count);
    eki_reply_json(request, 200,
                   items ? json_pack("{s:o, s:o, s:I}", "items", items, "next",
                                     page.next ? json_string(page.next) : json_null(), "total",
                                     (json_int_t)total)
                         : NULL);
    eki_store_end(work);
}

void eki_list_reply_of_case(struct eki_request *request, const char *const *sorts,
                            const struct eki_list *list)
{
    eki_list_reply_of_case_where(request, sorts, list, (struct eki_store_where){0});
}

void eki_list_reply_of_case_where(struct eki_request *request, const char *const *sorts,
                                  const struct eki_list *list, struct eki_store_where also)
{
    struct eki_store_query query = {0};
    struct eki_store_case row;
    int64_t id = eki_request_id(request, 0);
    if (!id || !eki_list_query(request, sorts, &query)) return;
    query.where[0] = (struct eki_store_where){.column = "of_case", .number = id};
    query.where[1] = also;
    struct eki_store_work *work = eki_leave_case_reads(request, id, &row);
    if (work) eki_list_reply(request, work, &query, list);
}
