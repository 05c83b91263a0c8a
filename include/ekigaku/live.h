/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_LIVE_H
#define EKIGAKU_LIVE_H
/*
 * A watch beside the service: what `ekigaku watch` would tell on a terminal, shown by the pages and kept in
 * the store. The watch runs in a thread of the program and hands over what it sees; the service copies what
 * it shows and keeps no pointer to it.
 *
 *     eki_web_live_attach(web, "eth0", &fault);                 once, before any other call
 *     eki_web_live_state(web, true, NULL);                      it runs
 *     eki_web_live_news(web, &item);                            what is new
 *     eki_web_live_look(web, result, false);                    after each look
 *     eki_web_live_look(web, result, true);                     the same, and what was found is kept
 *     eki_web_live_state(web, false, "eth0: it is gone");       it does not run any more, and why
 *
 * All but the first may be called by a thread that may open no file and make no socket: what is kept is
 * written by a thread of the service.
 */
#include <stdbool.h>

#include "ekigaku/analysis.h"
#include "ekigaku/error.h"
#include "ekigaku/news.h"

#pragma GCC visibility push(default)

struct eki_web;

/* From now on the pages say that `input` is watched; copied. EKI_ERROR_MEMORY, _CONFLICT when there is a
 * watch already. */
EKI_MUST_USE enum eki_error eki_web_live_attach(struct eki_web *web, const char *input);

/* Whether it runs. `message` (copied, NULL: none) is told by the pages and goes to the log. */
void eki_web_live_state(struct eki_web *web, bool running, const char *message);

/* Something new; the last 200 are shown. */
void eki_web_live_news(struct eki_web *web, const struct eki_news_item *item);

/*
 * What a look shows: the sources with the most evidence, 500 of them, and counts. Those who listen are told
 * at most once a second. With `keep`, what was found is kept in the store as one analysis, the same at each
 * call, also after a restart with the same input; nothing is kept as long as nobody is seen to search or to
 * spread, nor when nothing has changed. It returns when that is done. EKI_ERROR_MEMORY, and with `keep` what
 * the store and the disk say: EKI_ERROR_OPEN, _WRITE, ... O(sources + with `keep` the result).
 */
EKI_MUST_USE enum eki_error eki_web_live_look(struct eki_web *web, const struct eki_result *result,
                                              bool keep);

#pragma GCC visibility pop

#endif
