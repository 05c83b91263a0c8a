/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/notify_desk.h"

#include <jansson.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/directory_file.h"
#include "cli/output.h"
#include "cli/store_place.h"
#include "ekigaku/case_words.h"
#include "ekigaku/desk_directory.h"

int eki_notify_complain(enum eki_error error, const char *what)
{
    return eki_store_place_complain(&(struct eki_store_opening){.command = "notify"}, error, what);
}

struct eki_store_work *eki_notify_begin(struct eki_notify_desk *desk, int64_t account)
{
    struct eki_store_work *work;
    struct eki_fault fault = {0};
    struct eki_store_act act = {.at = desk->request->now / 1000, .account = account, .who = "ekigaku notify"};
    enum eki_error error = eki_store_begin(desk->store, &act, &work, &fault);
    if (!error) return work;
    eki_notify_complain(error, fault.what);
    return NULL;
}

int eki_notify_end(struct eki_store_work *work, enum eki_error error, bool commit)
{
    if (!error && commit) error = eki_store_commit(work);
    int status = error ? eki_notify_complain(error, eki_store_why(work)->what) : EKI_EXIT_NOTHING;
    eki_store_end(work);
    return status;
}

static void keep(char room[400], const char **text)
{
    if (!*text) return;
    snprintf(room, 400, "%s", *text);
    *text = room;
}

static enum eki_error read_settings(struct eki_notify_desk *desk, struct eki_store_work *work)
{
    struct eki_notice_settings settings;
    uint8_t fresh[EKI_ANSWER_SECRET];
    enum eki_error error = eki_notice_settings_read(work, &settings);
    if (error) return error;
    desk->sender = settings.sender;
    if (desk->request->from) desk->sender.mail = desk->request->from;
    keep(desk->texts[0], &desk->sender.name);
    keep(desk->texts[1], &desk->sender.mail);
    keep(desk->texts[2], &desk->sender.phone);
    keep(desk->texts[3], &desk->sender.url);
    memcpy(desk->hours, settings.hours, sizeof desk->hours);
    desk->mass = settings.mass;
    const char *pilot = desk->request->pilot ? desk->request->pilot : settings.pilot;
    keep(desk->pilot, &pilot);
    randombytes_buf(fresh, sizeof fresh);
    error = eki_notice_secret(work, fresh, desk->secret);
    desk->setup.pilot = pilot;
    return error;
}

/* Out of a file, or out of the store's rows. */
static int open_directory(struct eki_notify_desk *desk, struct eki_store_work *work)
{
    struct eki_fault fault = {0};
    if (desk->request->directory)
        return eki_directory_load(desk->request->directory, desk->request->now, &desk->directory);
    size_t teams;
    enum eki_error error = eki_desk_directory(work, desk->request->now, &desk->directory, &fault);
    if (!error && (eki_directory_teams(desk->directory, &teams), !teams))
        eki_warn("notify",
                 EKI_TEXT("the directory of the store is empty: name a file with -d, or import one (ekigaku "
                          "directory --store)"),
                 EKI_NO_VALUES);
    return error ? eki_notify_complain(error, fault.what) : EKI_EXIT_NOTHING;
}

int eki_notify_open(const struct eki_notify_request *request, struct eki_notify_desk *ret_desk)
{
    struct eki_notify_desk *desk = ret_desk;
    struct eki_fault fault = {0};
    const struct eki_store_opening opening = {
        .command = "notify", .url = request->store, .now = request->now};
    *desk = (struct eki_notify_desk){.request = request};
    enum eki_error error = eki_notice_templates_load(request->templates, &desk->templates, &fault);
    if (error) return eki_notify_complain(error, fault.what);
    error = eki_mail_start();
    if (error) return eki_notify_complain(error, "mail");
    int status = eki_store_place_open(&opening, &desk->store);
    if (status) return status;
    struct eki_store_work *work = eki_notify_begin(desk, 0);
    if (!work) return EKI_EXIT_UNREADABLE;
    status = open_directory(desk, work);
    error = status ? EKI_OK : read_settings(desk, work);
    int ended = eki_notify_end(work, error, !request->dry_run && !status);
    desk->setup = (struct eki_notice_setup){.directory = desk->directory,
                                            .templates = desk->templates,
                                            .sender = desk->sender,
                                            .secret = desk->secret,
                                            .pilot = desk->setup.pilot,
                                            .preview = request->dry_run != NULL,
                                            .now = request->now};
    return status ? status : ended;
}

void eki_notify_close(struct eki_notify_desk *desk)
{
    eki_directory_free(desk->directory);
    eki_notice_templates_free(desk->templates);
    eki_store_close(desk->store);
}

int eki_notify_over(struct eki_store_work *work)
{
    eki_warn("notify", EKI_TEXT("the case is over; ekigaku case reopen opens it again"), EKI_NO_VALUES);
    eki_store_end(work);
    return EKI_EXIT_USAGE;
}

void eki_notify_tell_left(void *user, const struct eki_store_case_host *host, enum eki_notice_left why)
{
    struct eki_notify_desk *desk = user;
    desk->left++;
    eki_warn("notify", "{1}: {2}",
             EKI_VALUES(host->host, eki_report_text_in(desk->request->language, eki_notice_left_text(why))));
}

bool eki_notify_by_telephone(struct eki_notify_desk *desk, const struct eki_store_notice *notice)
{
    if (!eki_notice_beside_mail(notice)) return false;
    desk->telephone++;
    eki_warn(
        "notify",
        notice->address[0]
            ? EKI_TEXT("notice {1} cannot be mailed: call {2}, {3}")
            : EKI_TEXT("notice {1} cannot be mailed: call {2}, whose number the directory does not know"),
        EKI_VALUES(eki_say_number(notice->id).text, notice->team, notice->address));
    return true;
}

void eki_notify_tell(const struct eki_notify_desk *desk, const struct eki_store_notice *notice,
                     const char *how, const char *file)
{
    if (desk->request->json) {
        json_t *row =
            json_pack("{s:s, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:s?, s:s?}", "type",
                      "notice", "id", (json_int_t)notice->id, "case", (json_int_t)notice->of_case, "state",
                      notice->state, "team", notice->team, "department", notice->department, "address",
                      notice->address, "language", notice->language, "format", notice->format, "tlp",
                      notice->tlp, "hosts", (json_int_t)notice->hosts, "step", (json_int_t)notice->step,
                      "message", notice->message, "how", how, "file", file);
        if (row) json_dumpf(row, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
        if (row) putchar('\n');
        json_decref(row);
        return;
    }
    enum eki_language language = desk->request->language;
    printf("%6lld  ", (long long)notice->id);
    eki_say_column(eki_case_word_in(language, "notice", notice->state), 16);
    eki_output_plain(stdout, notice->team);
    printf("%s", notice->department[0] ? "/" : "");
    eki_output_plain(stdout, notice->department);
    printf("  ");
    eki_output_plain(stdout, notice->address);
    printf("  %s  %s  TLP:%s",
           eki_say_count(language, (uint64_t)notice->hosts, EKI_TEXT("{1} host"), EKI_TEXT("{1} hosts")).text,
           eki_case_word_in(language, "format", notice->format), notice->tlp[0] ? notice->tlp : "?");
    if (how) printf("  %s", eki_report_text_in(language, how));
    if (notice->message[0]) printf("  ");
    eki_output_plain(stdout, notice->message);
    putchar('\n');
}
