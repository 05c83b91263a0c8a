/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_NOTIFY_DESK_H
#define EKI_CLI_NOTIFY_DESK_H
/* What `ekigaku notify` works with, and its steps. Each step returns an exit status after a message of its
 * own. */
#include "cli/notify_request.h"
#include "ekigaku/notice.h"

struct eki_notify_desk {
    const struct eki_notify_request *request;
    struct eki_store *store;
    struct eki_directory *directory;
    struct eki_notice_templates *templates;
    struct eki_notice_sender sender; /* its texts are the desk's */
    char texts[4][400], pilot[400];
    uint8_t secret[EKI_ANSWER_SECRET];
    int64_t hours[3], mass;
    struct eki_notice_setup setup;
    unsigned refused, left, unknown, telephone; /* notices and hosts that decide the exit status */
};

/* Opens all of it; pair with eki_notify_close, also after a failure. */
int eki_notify_open(const struct eki_notify_request *request, struct eki_notify_desk *ret_desk);
void eki_notify_close(struct eki_notify_desk *desk);

/* A work that writes as this account (0: nobody's); NULL after a message. */
struct eki_store_work *eki_notify_begin(struct eki_notify_desk *desk, int64_t account);

/* Ends it; commits when there was no error. */
int eki_notify_end(struct eki_store_work *work, enum eki_error error, bool commit);

/* Prints "ekigaku notify: ..." and returns the status that belongs to the error. */
int eki_notify_complain(enum eki_error error, const char *what);

/* Writes one message a file to the folder of a dry run, and tells what would be sent; the store stays as it
 * is.
 */
int eki_notify_dry_run(struct eki_notify_desk *desk);

/* Makes the drafts, releases them when asked, and tells where the notices of the case are. */
int eki_notify_draft(struct eki_notify_desk *desk);

/* Queues what is released and sends it, each once. */
int eki_notify_send(struct eki_notify_desk *desk);

/* Ends a work of a case that is over, and says so; the status. */
int eki_notify_over(struct eki_store_work *work);

/* Told of each host that no notice names: for struct eki_notice_options, with the desk as user. */
void eki_notify_tell_left(void *user, const struct eki_store_case_host *host, enum eki_notice_left why);

/* A notice whose contact has no mailbox: says whom to call, and counts. False when mail can be sent. */
bool eki_notify_by_telephone(struct eki_notify_desk *desk, const struct eki_store_notice *notice);

/* One notice for people or machines; `how` is said of it in words and may be NULL. */
void eki_notify_tell(const struct eki_notify_desk *desk, const struct eki_store_notice *notice,
                     const char *how, const char *file);

#endif
