/* SPDX-License-Identifier: Apache-2.0 */
/* Signs out of logs (see log_sign.h). */
#define _GNU_SOURCE
#include "contact/log_sign.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "base/memory.h"

/* As in src/protocol/admin_share_exec: BZAR's window (MITRE), and the pace of a program. */
#define WINDOW (600 * EKI_SECOND)
#define PACE   (10 * EKI_SECOND)

enum { BUCKETS = 1024, WAYS = 4, REPEATS = 2, HOST_NAME = 256 /* RFC 1035, 3.1 */, FILE_NAME = 40 };

/* One pair of hosts; with target `::`, one host: then `felled`, `fell` and `writer` count. */
struct eki_log_step {
    struct eki_address source, target;
    eki_time dropped, ran, used; /* EKI_TIME_NONE: not yet */
    struct eki_address writer;   /* who wrote to its administrative shares last, at `dropped` */
    eki_time guessed;            /* the first of the series */
    uint64_t told;               /* record of what was told first; 0: nothing */
    eki_time told_first;
    uint32_t drops, felled, guesses, times;
    uint32_t kind; /* what is told again and again, with the service; 0 for all else */
    char file[FILE_NAME];
    uint8_t how; /* of `ran`: position in starters */
    bool complete, fell, logged_on;
};

static const struct eki_sign like_question = {.name = "killswitch-dns",
                                              .family = "wannacry",
                                              .technique = "",
                                              .grade = EKI_GRADE_NOTE,
                                              .automated = true};
static const struct eki_sign like_drop = {
    .name = "admin-share-write", .family = "", .technique = "T1570", .grade = EKI_GRADE_NOTE};

/* Not an operation but what a host's own log says of one. */
#define INSTALLED "an installed service"

/* The operations that start something ([MS-SCMR] 3.1.4, [MS-TSCH] 3.2.5, [MS-WMI] 3.1.4.3). */
static const struct {
    const char *operation, *technique;
    bool prepares; /* it only gets ready what another call then starts */
} starters[] = {{"CreateServiceW", "T1569.002", true},
                {"CreateServiceA", "T1569.002", true},
                {"CreateServiceWOW64A", "T1569.002", true},
                {"CreateServiceWOW64W", "T1569.002", true},
                {"CreateWowService", "T1569.002", true},
                {"StartServiceW", "T1569.002", false},
                {"StartServiceA", "T1569.002", false},
                {"NetrJobAdd", "T1053.002", false},
                {"JobAdd", "T1053.002", false},
                {"SchRpcRegisterTask", "T1053.005", true},
                {"SchRpcRun", "T1053.005", false},
                {"ExecMethod", "T1047", false},
                {"ExecMethodAsync", "T1047", false},
                {INSTALLED, "T1569.002", false}};

void eki_log_tell(struct eki_log_reading *r, const struct eki_sign *like, const struct eki_log_where *where,
                  const char *detail)
{
    struct eki_sign sign = *like;
    if (where->time == EKI_TIME_NONE || where->time < 0 || eki_address_equal(where->source, where->target))
        return;
    if (eki_address_is_special(where->source) || eki_address_is_special(where->target)) return;
    if (!like->id) sign.id = r->record ? r->record : 1;
    sign.source = where->source;
    sign.target = where->target;
    sign.last = eki_time_clamp(where->time);
    /* What began earlier says so by `like`. */
    if (!like->count || like->first > sign.last) sign.first = sign.last;
    sign.count = like->count ? like->count : 1;
    sign.service = where->service;
    sign.protocol = where->protocol;
    snprintf(sign.detail, sizeof sign.detail, "%s", detail);
    eki_log_sign(r, &sign);
}

bool eki_log_share_is_administrative(struct eki_field share)
{
    if (share.kind != EKI_FIELD_TEXT) return false;
    const char *end = share.at + share.length;
    if (share.length >= 6 && !strncasecmp(end - 6, "ADMIN$", 6)) return true;
    char drive = share.length >= 2 && end[-1] == '$' ? (char)(end[-2] | 0x20) : 0;
    return drive >= 'a' && drive <= 'z' && (share.length == 2 || end[-3] == '\\' || end[-3] == '/');
}

struct key {
    struct eki_address source, target;
    uint32_t kind;
};

/* The entry of a key, new or known; NULL when memory ran out, which ends the reading. */
static struct eki_log_step *entry_of(struct eki_log_reading *r, struct eki_log_steps *steps,
                                     const struct key *key, eki_time now)
{
    if (!steps->entries) steps->entries = eki_allocate(BUCKETS * WAYS, sizeof *steps->entries);
    if (!steps->entries) {
        eki_log_fail(r, EKI_ERROR_MEMORY, 0, "steps");
        return NULL;
    }
    uint64_t hash = eki_hash_pair(key->source, key->target, key->kind, 0);
    struct eki_log_step *bucket = steps->entries + hash % BUCKETS * WAYS, *oldest = bucket;
    for (struct eki_log_step *s = bucket; s < bucket + WAYS; s++) {
        if (s->kind == key->kind && eki_address_equal(s->source, key->source) &&
            eki_address_equal(s->target, key->target))
            return s;
        if (s->used < oldest->used) oldest = s;
    }
    *oldest = (struct eki_log_step){.source = key->source,
                                    .target = key->target,
                                    .kind = key->kind,
                                    .dropped = EKI_TIME_NONE,
                                    .ran = EKI_TIME_NONE,
                                    .used = now};
    return oldest;
}

static struct eki_log_step *step_of(struct eki_log_reading *r, struct eki_log_steps *steps,
                                    struct eki_address source, struct eki_address target, eki_time now)
{
    return entry_of(r, steps, &(struct key){source, target, 0}, now);
}

static bool is_usable(const struct eki_log_where *where)
{
    return where->time != EKI_TIME_NONE && where->time >= 0 && (where->source.hi || where->source.lo);
}

void eki_log_tell_again(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_sign *like,
                        const struct eki_log_where *where, const char *detail)
{
    if (!is_usable(where)) return;
    struct key key = {where->source, where->target, (uint32_t)where->kind << 16 | where->service};
    struct eki_log_step *s = entry_of(r, steps, &key, where->time);
    if (!s) return;
    struct eki_sign sign = *like;
    if (!s->told) {
        s->told = r->record ? r->record : 1;
        s->told_first = where->time;
    }
    if (where->time < s->told_first) s->told_first = where->time;
    struct eki_log_where latest = *where;
    if (s->used > latest.time) latest.time = s->used;
    s->used = latest.time;
    sign.id = sign.packet_first = s->told;
    sign.first = s->told_first;
    sign.count = ++s->times;
    eki_log_tell(r, &sign, &latest, detail);
}

void eki_log_question(struct eki_log_reading *r, struct eki_log_steps *steps,
                      const struct eki_log_where *where, struct eki_field name)
{
    struct eki_log_where asked = *where;
    char text[HOST_NAME], detail[sizeof((struct eki_sign *)0)->detail];
    if (name.kind != EKI_FIELD_TEXT || name.length >= sizeof text) return;
    const char *found = eki_sign_killswitch(eki_field_text(name, text, sizeof text));
    if (!found) return;
    snprintf(detail, sizeof detail, "asked for %s", found);
    asked.kind = UINT8_MAX;
    eki_log_tell_again(r, steps, &like_question, &asked, detail);
}

/* Both steps were seen, in whichever order the log tells them: code of the source ran on the target. */
static void complete(struct eki_log_reading *r, struct eki_log_steps *steps, struct eki_log_step *step,
                     const struct eki_log_where *where)
{
    struct eki_address none = {0, 0};
    char detail[sizeof((struct eki_sign *)0)->detail];
    struct eki_log_where whole = *where;
    struct eki_sign like = {.name = "admin-share-exec",
                            .family = "",
                            .technique = starters[step->how].technique,
                            .grade = EKI_GRADE_IMPLANT,
                            .vector = true,
                            .first = step->dropped,
                            .count = 2};
    snprintf(detail, sizeof detail, "%u files to administrative shares (%s), then started by %s", step->drops,
             step->file, starters[step->how].operation);
    bool quick = step->ran - step->dropped <= PACE, first = !step->complete;
    whole.time = step->ran;
    whole.service = 445; /* the way in is the file service, whatever port the call came on */
    step->complete = true;
    struct eki_log_step *source = step_of(r, steps, where->source, none, where->time);
    if (source) source->felled += first;
    like.automated = quick && source && (source->felled >= REPEATS || source->fell);
    eki_log_tell(r, &like, &whole, detail);
    struct eki_log_step *victim = step_of(r, steps, where->target, none, where->time);
    if (victim) victim->fell = true;
}

static bool is_near(const struct eki_log_step *s)
{
    return s->dropped != EKI_TIME_NONE && s->ran != EKI_TIME_NONE && s->ran >= s->dropped &&
           s->ran - s->dropped <= WINDOW;
}

static bool is_program(const char *name)
{
    static const char *const ends[] = {".exe", ".dll", ".sys", ".com", ".scr", ".bat", ".cmd",
                                       ".ps1", ".vbs", ".js",  ".hta", ".msi", ".dat"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(ends[i]);
        if (length > n && !strcasecmp(name + length - n, ends[i])) return true;
    }
    return false;
}

static void note_writer(struct eki_log_reading *r, struct eki_log_steps *steps,
                        const struct eki_log_where *where)
{
    struct eki_log_step *host = step_of(r, steps, where->target, (struct eki_address){0, 0}, where->time);
    if (!host) return;
    host->writer = where->source;
    host->dropped = host->used = where->time;
}

void eki_log_share_write(struct eki_log_reading *r, struct eki_log_steps *steps,
                         const struct eki_log_where *where, struct eki_field file)
{
    char path[HOST_NAME], detail[sizeof((struct eki_sign *)0)->detail];
    if (!is_usable(where)) return;
    struct eki_log_step *s = step_of(r, steps, where->source, where->target, where->time);
    if (!s) return;
    eki_field_text(file, path, sizeof path);
    const char *slash = strrchr(path, '\\'), *name = slash ? slash + 1 : path;
    if (s->dropped == EKI_TIME_NONE || where->time - s->dropped > WINDOW || where->time < s->dropped) {
        s->dropped = where->time;
        s->drops = 0;
    }
    s->used = where->time;
    s->drops++;
    snprintf(s->file, sizeof s->file, "%.*s", FILE_NAME - 1, name);
    note_writer(r, steps, where);
    struct eki_sign like = like_drop;
    if (is_program(name)) {
        like.grade = EKI_GRADE_ATTEMPT;
        like.vector = true;
    }
    snprintf(detail, sizeof detail, "%s written to an administrative share", s->file);
    if (!s->complete && is_near(s))
        complete(r, steps, s, where);
    else
        eki_log_tell(r, &like, where, detail);
}

void eki_log_remote_call(struct eki_log_reading *r, struct eki_log_steps *steps,
                         const struct eki_log_where *where, struct eki_field operation)
{
    size_t i = 0, count = sizeof starters / sizeof *starters;
    if (operation.kind != EKI_FIELD_TEXT) return;
    /* Zeek names some operations with their interface before them: "IWbemServices::ExecMethod". */
    for (const char *colon; (colon = memrchr(operation.at, ':', operation.length));) {
        operation.length -= (uint32_t)(colon + 1 - operation.at);
        operation.at = colon + 1;
    }
    while (i < count && !eki_field_is(operation, starters[i].operation)) i++;
    if (i == count || !is_usable(where)) return;
    struct eki_log_step *s = step_of(r, steps, where->source, where->target, where->time);
    if (!s) return;
    s->used = where->time;
    if (!starters[i].prepares || s->ran == EKI_TIME_NONE) s->how = (uint8_t)i;
    if (!starters[i].prepares && !s->complete) s->ran = where->time;
    if (!starters[i].prepares && is_near(s)) {
        complete(r, steps, s, where);
        return;
    }
    struct eki_sign like = {.name = "remote-exec",
                            .family = "",
                            .technique = starters[i].technique,
                            .grade = EKI_GRADE_ACCESS,
                            .vector = true};
    char detail[sizeof like.detail];
    struct eki_log_where here = *where;
    here.service = 445;
    snprintf(detail, sizeof detail, "called %s", starters[i].operation);
    eki_log_tell(r, &like, &here, detail);
}

void eki_log_install(struct eki_log_reading *r, struct eki_log_steps *steps,
                     const struct eki_log_where *where)
{
    struct eki_log_where known = *where;
    if (where->time == EKI_TIME_NONE) return;
    struct eki_log_step *host = step_of(r, steps, where->target, (struct eki_address){0, 0}, where->time);
    if (!host || host->dropped == EKI_TIME_NONE || where->time < host->dropped ||
        where->time - host->dropped > WINDOW)
        return;
    known.source = host->writer;
    eki_log_remote_call(r, steps, &known,
                        (struct eki_field){INSTALLED, sizeof INSTALLED - 1, EKI_FIELD_TEXT, false});
}

/* As in src/protocol/smb_logon_spray: a person mistypes a few times. */
#define SERIES (1800 * EKI_SECOND)
enum { GUESSES = 5, TOLD_AGAIN = 100 };

static bool is_guessing(const struct eki_log_step *s, eki_time now)
{
    return s->guesses && now >= s->guessed && now - s->guessed <= SERIES;
}

void eki_log_guess(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_log_where *where)
{
    if (!is_usable(where)) return;
    struct eki_log_step *s = step_of(r, steps, where->source, where->target, where->time);
    if (!s) return;
    if (!is_guessing(s, where->time)) {
        s->guesses = 0;
        s->guessed = where->time;
    }
    s->used = where->time;
    s->guesses++;
    if (s->guesses != GUESSES && s->guesses % TOLD_AGAIN) return;
    struct eki_sign like = {.name = "logon-guess",
                            .family = "",
                            .technique = "T1110",
                            .grade = EKI_GRADE_ATTEMPT,
                            .vector = true,
                            .first = s->guessed,
                            .count = s->guesses};
    char detail[sizeof like.detail];
    snprintf(detail, sizeof detail, "%u logons refused", s->guesses);
    eki_log_tell(r, &like, where, detail);
}

void eki_log_logon(struct eki_log_reading *r, struct eki_log_steps *steps, const struct eki_log_where *where)
{
    if (!is_usable(where)) return;
    struct eki_log_step *s = step_of(r, steps, where->source, where->target, where->time);
    if (!s) return;
    bool guessed = is_guessing(s, where->time) && s->guesses >= GUESSES, known = s->logged_on;
    s->used = where->time;
    s->logged_on = true;
    if (known && !guessed) return;
    struct eki_sign like = {.name = "logon",
                            .family = "",
                            .technique = "T1078",
                            .grade = guessed ? EKI_GRADE_ACCESS : EKI_GRADE_NOTE,
                            .vector = guessed};
    char detail[sizeof like.detail];
    snprintf(detail, sizeof detail, "logged on%s", guessed ? " after a series of refused logons" : "");
    s->guesses = 0;
    eki_log_tell(r, &like, where, detail);
}

void eki_log_steps_done(struct eki_log_steps *steps)
{
    eki_free(steps->entries);
    steps->entries = NULL;
}

bool eki_log_says(const char *text, const char *words)
{
    return strcasestr(text, words) != NULL;
}
