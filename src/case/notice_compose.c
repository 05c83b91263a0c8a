/* SPDX-License-Identifier: Apache-2.0 */
/* A notice becomes a message. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "case/notice_book.h"
#include "case/notice_contact.h"
#include "ekigaku/exchange.h"
#include "ekigaku/tlp_exit.h"

static const struct {
    const char *format, *name, *type;
} attachments[] = {
    {"csv", "hosts.csv", "text/csv"},
    {"xarf", "hosts.xarf.json", "application/json"},
    {"stix", "hosts.stix.json", "application/stix+json;version=2.1"},
    {"csaf", "hosts.csaf.json", "application/json"},
    {"iodef", "hosts.iodef.xml", "application/xml"},
};

static int by_time(const void *a, const void *b)
{
    const struct eki_store_case_host *x = *(const struct eki_store_case_host *const *)a,
                                     *y = *(const struct eki_store_case_host *const *)b;
    if (x->at != y->at) return x->at < y->at ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const struct eki_store_case_host *find_host(const struct eki_notice_book *book, int64_t id)
{
    size_t from = 0, to = book->host_count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (book->hosts[middle].id < id)
            from = middle + 1;
        else
            to = middle;
    }
    return from < book->host_count && book->hosts[from].id == id ? &book->hosts[from] : NULL;
}

static enum eki_error read_hosts(struct eki_notice_part *part)
{
    struct eki_store_notice_host *rows;
    struct eki_store_page page;
    struct eki_store_query query = {.where = {{.column = "notice", .number = part->notice->id}},
                                    .limit = EKI_NOTICE_HOSTS};
    enum eki_error error = eki_store_list(part->book->work, &query, &rows, &page);
    if (error) return error;
    if (!page.count) return EKI_ERROR_MISSING;
    part->hosts = eki_arena_take(&part->arena, page.count, sizeof *part->hosts);
    part->names = eki_arena_take(&part->arena, page.count, sizeof *part->names);
    if (!part->hosts || !part->names) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < page.count; i++) {
        const struct eki_store_case_host *host = find_host(part->book, rows[i].case_host);
        if (!host) return EKI_ERROR_MISSING;
        part->hosts[i] = host;
        part->names[i] = host->host;
    }
    part->host_count = page.count;
    qsort(part->hosts, page.count, sizeof *part->hosts, by_time);
    qsort(part->names, page.count, sizeof *part->names, by_name);
    return EKI_OK;
}

static void place_recipient(struct eki_notice_part *part)
{
    const struct eki_notice_setup *setup = part->book->setup;
    const struct eki_directory *d = setup->directory;
    const char *language = setup->language ? setup->language : part->notice->language;
    size_t count;
    part->japanese = !strcmp(language, "ja");
    part->contact = eki_notice_contact_of(d, part->notice->contact);
    if (part->contact == EKI_NOWHERE) return;
    uint32_t team = eki_directory_contacts(d, &count)[part->contact].team_at;
    const char *zone = team == EKI_NOWHERE ? NULL : eki_directory_teams(d, &count)[team].time_zone;
    if (zone && eki_zone_parse(zone, &part->zone)) part->zone = 0;
}

/* What cannot be read is the strictest. */
static enum eki_tlp label_of(const struct eki_store_notice *notice)
{
    enum eki_tlp label;
    if (!notice->tlp[0]) return EKI_TLP_UNMARKED;
    return eki_tlp_parse(notice->tlp, &label) ? EKI_TLP_RED : label;
}

/* A pilot's mail goes to ourselves, whose key it is not. */
static bool has_key(const struct eki_notice_part *part)
{
    const struct eki_key *key = eki_notice_key(part->book->setup->directory, part->contact);
    return key && key->fingerprint && !part->book->setup->pilot;
}

/* RED goes to persons named one by one, what is wider to the recipient's organisation. */
static struct eki_tlp_decision decide(const struct eki_notice_part *part, const char *format)
{
    const struct eki_store_notice *notice = part->notice;
    enum eki_tlp label = label_of(notice);
    bool preview = part->book->setup->preview;
    const struct eki_exchange_format *form = eki_exchange_find(format);
    struct eki_tlp_request request = {
        .label = label,
        .audience = label == EKI_TLP_RED ? EKI_AUDIENCE_NAMED : EKI_AUDIENCE_ORGANISATION,
        .carries = form ? eki_exchange_labels(form) : EKI_TLP_ALL,
        .labelled_outside = true,
        .encrypted = has_key(part),
        .releases = (unsigned)(notice->releaser != 0) +
                    (notice->second_releaser != 0 && notice->second_releaser != notice->releaser)};
    return eki_tlp_leave(preview ? EKI_TLP_EXIT_NOTICE_PREVIEW : EKI_TLP_EXIT_NOTICE_MAIL, &request);
}

/* The form of the attachment; "text" when there is none. A table takes the place of a text that cannot list
 * all its hosts, of a form that has words for labels but not this one (CSAF 2.0 and IODEF for AMBER+STRICT: a
 * file leaves its mail), and of one that must say who we are while we do not know. */
static const char *form_of(const struct eki_notice_part *part)
{
    const char *format = part->notice->format;
    const struct eki_exchange_format *form = eki_exchange_find(format);
    bool text = !strcmp(format, "text");
    if (text && part->host_count > EKI_NOTICE_LINES_TEXT) return "csv";
    if (text) return "text";
    if (!form || (eki_exchange_needs_contact(form) && !part->book->setup->sender.mail)) return "csv";
    unsigned labels = eki_exchange_labels(form);
    return !labels || labels & EKI_TLP_BIT(label_of(part->notice)) ? format : "csv";
}

static enum eki_error attach(const struct eki_notice_part *part, const char *format,
                             struct eki_notice_message *message)
{
    for (size_t i = 0; i < sizeof attachments / sizeof *attachments; i++) {
        if (strcmp(attachments[i].format, format) != 0) continue;
        message->attachment_name = attachments[i].name;
        message->attachment_type = attachments[i].type;
        struct eki_buffer sink = {0};
        enum eki_error error = eki_notice_attach(part, format, &message->decision, &sink);
        message->attachment = sink.bytes;
        message->attachment_length = sink.length;
        return error;
    }
    return EKI_OK;
}

static char *copy(const char *text)
{
    size_t length = strlen(text) + 1;
    char *to = eki_allocate(length, 1);
    if (to) memcpy(to, text, length);
    return to;
}

static char *fill(struct eki_stretch stretch, const struct eki_hole_values *values, const char *end)
{
    struct eki_buffer sink = {0};
    eki_stretch_fill(stretch, values, &sink);
    eki_buffer_text(&sink, end);
    if (!sink.failed && sink.bytes) return sink.bytes;
    eki_free(sink.bytes);
    return NULL;
}

static void set_link(const struct eki_notice_part *part, struct eki_notice_message *message,
                     struct eki_hole_values *values)
{
    const struct eki_notice_setup *setup = part->book->setup;
    char token[EKI_ANSWER_TOKEN], at[EKI_NOTICE_TIME];
    message->expires = EKI_TIME_NONE;
    if (!setup->secret || !setup->sender.url || !part->notice->expires) return;
    eki_notice_token(setup->secret, part->notice->id, part->notice->expires, token);
    size_t length = strlen(setup->sender.url);
    bool slash = length && setup->sender.url[length - 1] == '/';
    eki_hole_print(values, EKI_HOLE_LINK, "%.400s%sanswer/%s", setup->sender.url, slash ? "" : "/", token);
    eki_hole_set(values, EKI_HOLE_EXPIRES, eki_notice_time(part->notice->expires, part->zone, at));
    message->expires = part->notice->expires * 1000;
}

static void set_key(const struct eki_notice_part *part, struct eki_notice_message *message)
{
    const struct eki_key *key = eki_notice_key(part->book->setup->directory, part->contact);
    if (!has_key(part)) return;
    message->key = copy(key->fingerprint);
    message->key_smime = key->type == EKI_KEY_SMIME;
}

static enum eki_error write_message(struct eki_notice_part *part, struct eki_notice_message *message)
{
    const struct eki_notice_setup *setup = part->book->setup;
    const struct eki_notice_template *t =
        part->japanese ? &setup->templates->japanese : &setup->templates->english;
    struct eki_hole_values values = {.arena = &part->arena};
    char id[EKI_NOTICE_MESSAGE_ID];
    const char *at = setup->sender.mail ? strrchr(setup->sender.mail, '@') : NULL;
    eki_hole_set(&values, EKI_HOLE_TLP, eki_tlp_text(message->decision.label));
    eki_hole_set(&values, EKI_HOLE_ATTACHMENT, message->attachment ? message->attachment_name : NULL);
    set_link(part, message, &values);
    eki_notice_words(part, &values);
    eki_notice_message_id(setup->secret, part->notice, at ? at + 1 : "localhost.invalid", id);
    message->notice = part->notice->id;
    char *to = eki_notice_clean(&part->arena, setup->pilot ? setup->pilot : part->notice->address);
    message->to = to ? copy(to) : NULL;
    message->name = copy(values.at[EKI_HOLE_RECIPIENT] ? values.at[EKI_HOLE_RECIPIENT] : "");
    message->language = copy(part->japanese ? "ja" : "en");
    message->message_id = copy(id);
    message->subject = fill(t->subject, &values, "");
    message->text = fill(t->body, &values, "\n");
    set_key(part, message);
    message->preview = setup->preview;
    bool whole = message->to && message->name && message->language && message->message_id &&
                 message->subject && message->text && !values.failed;
    return whole ? EKI_OK : EKI_ERROR_MEMORY;
}

enum eki_error eki_notice_compose(struct eki_notice_book *book, const struct eki_store_notice *notice,
                                  struct eki_notice_message **ret_message, struct eki_fault *ret_fault)
{
    struct eki_notice_part part = {.book = book, .notice = notice};
    struct eki_notice_message *message = eki_allocate(1, sizeof *message);
    enum eki_error error = message ? read_hosts(&part) : EKI_ERROR_MEMORY;
    if (!error) {
        place_recipient(&part);
        const char *form = form_of(&part);
        message->decision = decide(&part, form);
        /* What may not leave is shown without the attachment, whose writer wants a permission. */
        if (message->decision.allowed) error = attach(&part, form, message);
    }
    if (!error) error = write_message(&part, message);
    eki_arena_done(&part.arena);
    if (error) {
        eki_fault_set(ret_fault, error, 0, "notice %lld: %.100s", (long long)notice->id,
                      eki_store_why(book->work)->what);
        eki_notice_message_free(message);
    } else {
        *ret_message = message;
    }
    return error;
}

void eki_notice_message_free(struct eki_notice_message *message)
{
    if (!message) return;
    eki_free(message->to);
    eki_free(message->name);
    eki_free(message->subject);
    eki_free(message->text);
    eki_free(message->message_id);
    eki_free(message->language);
    eki_free(message->attachment);
    eki_free(message->key);
    eki_free(message);
}
