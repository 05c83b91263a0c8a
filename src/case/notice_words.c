/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice says: the values of its holes, and a line for each host. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/memory.h"
#include "case/notice_book.h"
#include "case/notice_contact.h"

enum { DAY_S = 86400 };

const char *eki_notice_time(int64_t microseconds, int32_t zone, char ret_text[EKI_NOTICE_TIME])
{
    int64_t seconds = microseconds / 1000000 + (int64_t)zone * 60, year;
    unsigned month, day;
    int64_t days = seconds >= 0 ? seconds / DAY_S : -((DAY_S - 1 - seconds) / DAY_S);
    int rest = (int)(seconds - days * DAY_S), east = abs(zone);
    eki_civil_from_days(days, &year, &month, &day);
    snprintf(ret_text, EKI_NOTICE_TIME, "%04d-%02u-%02u %02d:%02d:%02d %c%02d:%02d", (int)year, month, day,
             rest / 3600, rest / 60 % 60, rest % 60, zone < 0 ? '-' : '+', east / 60, east % 60);
    return ret_text;
}

static const struct eki_notice_template *template_of(const struct eki_notice_part *part)
{
    const struct eki_notice_templates *t = part->book->setup->templates;
    return part->japanese ? &t->japanese : &t->english;
}

/* A word of the language with its holes filled. */
static void set_word(struct eki_notice_part *part, enum eki_word word, enum eki_hole hole,
                     struct eki_hole_values *values)
{
    struct eki_buffer text = {0};
    eki_stretch_fill(template_of(part)->words[word], values, &text);
    if (text.failed) values->failed = true;
    if (text.bytes) eki_hole_set(values, hole, text.bytes);
    eki_free(text.bytes);
}

static enum eki_word word_of(const char *evidence)
{
    static const struct {
        const char *evidence;
        enum eki_word word;
    } words[] = {{"implant", EKI_WORD_IMPLANT},
                 {"exploit", EKI_WORD_EXPLOIT},
                 {"session", EKI_WORD_SESSION},
                 {"contact", EKI_WORD_CONTACT},
                 {"scan", EKI_WORD_SCAN}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcmp(words[i].evidence, evidence)) return words[i].word;
    return EKI_WORD_OTHER;
}

/* A parent is named when it is the recipient's own; of others it is only said that there is one. */
static void set_parent(struct eki_notice_part *part, const struct eki_store_case_host *host,
                       struct eki_hole_values *values)
{
    values->at[EKI_HOLE_PARENT] = NULL;
    if (!host->parent[0]) return;
    bool own = eki_notice_owns(part, host->parent);
    eki_hole_set(values, EKI_HOLE_BY, own ? host->parent : NULL);
    set_word(part, own ? EKI_WORD_PARENT : EKI_WORD_STRANGER, EKI_HOLE_PARENT, values);
}

static void set_packets(struct eki_notice_part *part, const char *host, struct eki_hole_values *values)
{
    const struct eki_store_infection *infection = eki_notice_infection(part->book, host);
    values->at[EKI_HOLE_PACKETS] = NULL;
    if (!infection || !infection->first_packet) return;
    eki_hole_print(values, EKI_HOLE_FROM, "%" PRId64, infection->first_packet);
    eki_hole_print(values, EKI_HOLE_TO, "%" PRId64, infection->last_packet);
    eki_hole_print(values, EKI_HOLE_INPUT, "%" PRId64, infection->input + 1);
    set_word(part, EKI_WORD_PACKETS, EKI_HOLE_PACKETS, values);
}

static void write_host(struct eki_notice_part *part, const struct eki_store_case_host *host,
                       struct eki_hole_values *values, struct eki_buffer *out)
{
    char at[EKI_NOTICE_TIME];
    eki_hole_set(values, EKI_HOLE_HOST, host->host);
    eki_hole_set(values, EKI_HOLE_AT, eki_notice_time(host->at, part->zone, at));
    set_word(part, word_of(host->evidence), EKI_HOLE_WHAT, values);
    set_packets(part, host->host, values);
    set_parent(part, host, values);
    eki_stretch_fill(template_of(part)->words[EKI_WORD_HOST], values, out);
}

/* The lines are cleaned piece by piece, so they go in as they are. */
static void set_hosts(struct eki_notice_part *part, struct eki_hole_values *values)
{
    bool alone = !strcmp(part->notice->format, "text");
    size_t most = alone ? EKI_NOTICE_LINES_TEXT : EKI_NOTICE_LINES;
    size_t shown = part->host_count < most ? part->host_count : most;
    struct eki_buffer text = {0};
    for (size_t i = 0; i < shown; i++) {
        if (i) eki_buffer_add(&text, "\n", 1);
        write_host(part, part->hosts[i], values, &text);
    }
    values->at[EKI_HOLE_HOSTS] =
        text.failed || !text.bytes ? NULL : eki_arena_copy(values->arena, text.bytes, text.length + 1, 1);
    if (!values->at[EKI_HOLE_HOSTS]) values->failed = true;
    eki_free(text.bytes);
    if (shown == part->host_count) return;
    eki_hole_print(values, EKI_HOLE_REST, "%zu", part->host_count - shown);
    set_word(part, EKI_WORD_MORE, EKI_HOLE_MORE, values);
}

static void set_team(struct eki_notice_part *part, struct eki_hole_values *values)
{
    const struct eki_directory *d = part->book->setup->directory;
    const struct eki_store_notice *n = part->notice;
    size_t count;
    uint32_t team = eki_directory_team(d, n->team), department = eki_notice_department_of(d, n->department);
    const struct eki_team *t = team == EKI_NOWHERE ? NULL : &eki_directory_teams(d, &count)[team];
    eki_hole_set(values, EKI_HOLE_TEAM, !t ? n->team : part->japanese && t->name_ja ? t->name_ja : t->name);
    if (department == EKI_NOWHERE) return;
    const struct eki_department *x = &eki_directory_departments(d, &count)[department];
    const char *name = part->japanese && x->name_ja ? x->name_ja : x->name;
    eki_hole_print(values, EKI_HOLE_DEPARTMENT, "%s%.400s", part->japanese ? " " : ", ", name ? name : x->id);
}

/* The contact by name, else its team. */
static void set_recipient(struct eki_notice_part *part, struct eki_hole_values *values)
{
    const struct eki_directory *d = part->book->setup->directory;
    size_t count;
    const struct eki_contact_point *c =
        part->contact == EKI_NOWHERE ? NULL : &eki_directory_contacts(d, &count)[part->contact];
    const struct eki_team *t =
        c && c->team_at != EKI_NOWHERE ? &eki_directory_teams(d, &count)[c->team_at] : NULL;
    const char *name = c && c->name ? c->name : t && part->japanese && t->name_ja ? t->name_ja : NULL;
    if (!name) name = t ? t->name : part->notice->team;
    eki_hole_set(values, EKI_HOLE_RECIPIENT, name);
}

static void set_outbreak(struct eki_notice_part *part, struct eki_hole_values *values)
{
    const struct eki_notice_book *book = part->book;
    char service[32], at[EKI_NOTICE_TIME];
    eki_notice_service(book, service);
    eki_hole_set(values, EKI_HOLE_SERVICE, service[0] ? service : "?");
    eki_hole_set(values, EKI_HOLE_FAMILY, book->outbreak.id ? book->outbreak.family : NULL);
    eki_hole_set(values, EKI_HOLE_CLASS, book->row.class);
    const char *known = book->row.known;
    if (!strcmp(known, "known")) eki_hole_set(values, EKI_HOLE_KNOWN, known);
    if (!strcmp(known, "unknown")) eki_hole_set(values, EKI_HOLE_UNKNOWN, known);
    if (!strcmp(known, "re-emerging")) eki_hole_set(values, EKI_HOLE_REEMERGING, known);
    eki_hole_set(values, EKI_HOLE_FIRST, eki_notice_time(part->hosts[0]->at, part->zone, at));
    eki_hole_set(values, EKI_HOLE_LAST,
                 eki_notice_time(part->hosts[part->host_count - 1]->at, part->zone, at));
}

void eki_notice_words(struct eki_notice_part *part, struct eki_hole_values *values)
{
    const struct eki_notice_setup *setup = part->book->setup;
    static const enum eki_hole steps[] = {EKI_HOLES, EKI_HOLE_SECOND, EKI_HOLE_UPSTREAM, EKI_HOLE_NATIONAL};
    eki_hole_print(values, EKI_HOLE_CASE, "%" PRId64, part->book->row.id);
    eki_hole_print(values, EKI_HOLE_NOTICE, "%" PRId64, part->notice->id);
    eki_hole_print(values, EKI_HOLE_COUNT, "%zu", part->host_count);
    eki_hole_set(values, EKI_HOLE_SENDER, setup->sender.name ? setup->sender.name : "CSIRT");
    eki_hole_set(values, EKI_HOLE_SENDER_MAIL, setup->sender.mail);
    eki_hole_set(values, EKI_HOLE_SENDER_PHONE, setup->sender.phone);
    eki_hole_set(values, EKI_HOLE_PILOT, setup->pilot ? part->notice->address : NULL);
    if (part->notice->step > 0 && part->notice->step < 4)
        eki_hole_set(values, steps[part->notice->step], part->notice->team);
    set_team(part, values);
    set_recipient(part, values);
    set_outbreak(part, values);
    set_hosts(part, values);
}
