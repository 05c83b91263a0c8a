/* SPDX-License-Identifier: Apache-2.0 */
/* A dry run: every message as it would be sent, one file each. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/notify_desk.h"
#include "cli/output.h"
#include "cli/say.h"

enum { PATH = 4096, TEAM = 40 };

/* "notice-12-kawa.eml": of the team's id only what harms no file name. */
static void name_file(const struct eki_notify_desk *desk, const struct eki_store_notice *notice,
                      char ret_path[PATH])
{
    char team[TEAM + 1];
    size_t used = 0;
    for (const char *at = notice->team; *at && used < TEAM; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                     *at == '-';
        team[used++] = plain ? *at : '_';
    }
    team[used] = '\0';
    snprintf(ret_path, PATH, "%s/notice-%lld-%s.eml", desk->request->dry_run, (long long)notice->id, team);
}

static int write_file(const char *path, const char *bytes, size_t length)
{
    struct eki_output output;
    if (!eki_output_open(path, &output)) return EKI_EXIT_FAILED;
    bool whole = fwrite(bytes, 1, length, output.file) == length;
    return eki_output_close(&output, whole) ? EKI_EXIT_NOTHING : EKI_EXIT_FAILED;
}

static int write_mail(struct eki_notify_desk *desk, const struct eki_store_notice *notice,
                      const struct eki_notice_message *message)
{
    char path[PATH];
    struct eki_notice_mailed mailed;
    struct eki_fault fault = {0};
    struct eki_notice_sender sender = desk->sender;
    if (!sender.mail) sender.mail = "csirt@localhost.invalid"; /* nothing leaves: any will do */
    struct eki_notice_envelope envelope = {.sender = &sender,
                                           .pgp_signer = desk->request->pgp_key,
                                           .smime_signer = desk->request->smime_key,
                                           .keys = desk->request->keys,
                                           .date = desk->request->now,
                                           .seed = (uint64_t)desk->request->now};
    enum eki_error error = eki_notice_mail(message, &envelope, &mailed, &fault);
    if (error) {
        desk->refused++;
        eki_notify_tell(desk, notice, EKI_TEXT("refused"), NULL);
        return eki_notify_complain(error, fault.what);
    }
    name_file(desk, notice, path);
    int status = write_file(path, mailed.bytes, mailed.length);
    eki_mail_bytes_free(mailed.bytes);
    if (!status) eki_notify_tell(desk, notice, eki_notice_protection_text(mailed.protection), path);
    return status;
}

static int write_one(struct eki_notify_desk *desk, struct eki_notice_book *book,
                     const struct eki_store_notice *notice)
{
    struct eki_notice_message *message;
    struct eki_fault fault = {0};
    enum eki_error error = eki_notice_compose(book, notice, &message, &fault);
    if (error) return eki_notify_complain(error, fault.what);
    int status = EKI_EXIT_NOTHING;
    if (!message->decision.allowed) {
        desk->refused++;
        eki_notify_tell(desk, notice, eki_tlp_reason_text(message->decision.reason), NULL);
    } else if (eki_notify_by_telephone(desk, notice)) {
        eki_notify_tell(desk, notice, eki_notice_beside_mail(notice), NULL);
    } else {
        status = write_mail(desk, notice, message);
    }
    eki_notice_message_free(message);
    return status;
}

/* Those that are not sent yet. */
static bool is_waiting(const struct eki_store_notice *notice)
{
    enum eki_notice_state state = eki_notice_state_parse(notice->state);
    return state == EKI_NOTICE_DRAFT || state == EKI_NOTICE_RELEASED || state == EKI_NOTICE_QUEUED;
}

static int write_all(struct eki_notify_desk *desk, struct eki_store_work *work)
{
    struct eki_store_notice *rows;
    struct eki_store_page page;
    struct eki_notice_book *book;
    struct eki_fault fault = {0};
    struct eki_store_query query = {.where = {{.column = "of_case", .number = desk->request->of_case}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(work, &query, &rows, &page);
    if (!error) error = eki_notice_open(work, desk->request->of_case, &desk->setup, &book, &fault);
    if (error) return eki_notify_complain(error, fault.what);
    int status = EKI_EXIT_NOTHING;
    for (size_t i = 0; i < page.count && status != EKI_EXIT_FAILED; i++) {
        int one = is_waiting(&rows[i]) ? write_one(desk, book, &rows[i]) : EKI_EXIT_NOTHING;
        if (one) status = one;
    }
    eki_notice_close(book);
    return status;
}

int eki_notify_dry_run(struct eki_notify_desk *desk)
{
    struct eki_notice_summary summary;
    struct eki_notice_options options = {
        .format = desk->request->format, .left = eki_notify_tell_left, .user = desk};
    if (mkdir(desk->request->dry_run, 0700) && errno != EEXIST) {
        eki_warn("notify", EKI_TEXT("the folder {1} cannot be made: {2}"),
                 EKI_VALUES(desk->request->dry_run, eki_say_fault(strerror(errno)).text));
        return EKI_EXIT_FAILED;
    }
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    enum eki_error error =
        eki_notice_draft(work, desk->request->of_case, desk->directory, &options, &summary);
    if (error == EKI_ERROR_CONFLICT) return eki_notify_over(work);
    int status = error ? EKI_EXIT_NOTHING : write_all(desk, work);
    int ended = eki_notify_end(work, error, false); /* taken back: a dry run changes nothing */
    return ended ? ended : status;
}
