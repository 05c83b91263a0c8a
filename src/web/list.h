/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LIST_H
#define EKI_WEB_LIST_H
/* Lists as the API shows them: {items, next, total}; ?limit=, ?cursor=, ?sort=, ?q= from the request. */
#include "web/request.h"

enum { EKI_LIST_MOST = 1000, EKI_LIST_USUAL = 100 };

/* Fills limit, cursor, sort and text of a query; `sorts` are the columns that may be asked for, ended by
 * NULL; the first is the usual one ("-column": falling). False after answering. */
bool eki_list_query(struct eki_request *request, const char *const *sorts, struct eki_store_query *ret_query);

/* Makes one item from the row at `row`. NULL without memory. */
typedef json_t *eki_list_item(void *user, const void *row);

/* Called once before, with all the rows: what each needs of other tables is read together. */
typedef void eki_list_ready(void *user, const void *rows, size_t count);

struct eki_list {
    enum eki_store_table table;
    size_t row_size;
    eki_list_item *item;
    void *user;
    eki_list_ready *ready; /* NULL: nothing is */
};

/* Reads the rows of a query and answers with the list. Ends the work. */
void eki_list_reply(struct eki_request *request, struct eki_store_work *work,
                    const struct eki_store_query *query, const struct eki_list *list);

/* The same for what belongs to the case of the path: the rows whose of_case it is. Answers 404 when there is
 * none. */
void eki_list_reply_of_case(struct eki_request *request, const char *const *sorts,
                            const struct eki_list *list);

/* The same for those of them where one more thing holds; one without a column always does. */
void eki_list_reply_of_case_where(struct eki_request *request, const char *const *sorts,
                                  const struct eki_list *list, struct eki_store_where also);

#endif
