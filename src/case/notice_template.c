/* SPDX-License-Identifier: Apache-2.0 */
#include "case/notice_template.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { TEMPLATE_BYTES = 64 << 10, PATH = 4096, PRINTED = 512 };

static const char *const hole_names[EKI_HOLES] = {
    [EKI_HOLE_TLP] = "tlp",
    [EKI_HOLE_RECIPIENT] = "recipient",
    [EKI_HOLE_SENDER] = "sender",
    [EKI_HOLE_SENDER_MAIL] = "sender_mail",
    [EKI_HOLE_SENDER_PHONE] = "sender_phone",
    [EKI_HOLE_TEAM] = "team",
    [EKI_HOLE_DEPARTMENT] = "department",
    [EKI_HOLE_CASE] = "case",
    [EKI_HOLE_NOTICE] = "notice",
    [EKI_HOLE_COUNT] = "count",
    [EKI_HOLE_SERVICE] = "service",
    [EKI_HOLE_FAMILY] = "family",
    [EKI_HOLE_KNOWN] = "known",
    [EKI_HOLE_UNKNOWN] = "unknown",
    [EKI_HOLE_REEMERGING] = "reemerging",
    [EKI_HOLE_CLASS] = "class",
    [EKI_HOLE_FIRST] = "first",
    [EKI_HOLE_LAST] = "last",
    [EKI_HOLE_HOSTS] = "hosts",
    [EKI_HOLE_MORE] = "more",
    [EKI_HOLE_ATTACHMENT] = "attachment",
    [EKI_HOLE_LINK] = "link",
    [EKI_HOLE_EXPIRES] = "expires",
    [EKI_HOLE_PILOT] = "pilot",
    [EKI_HOLE_SECOND] = "second",
    [EKI_HOLE_UPSTREAM] = "upstream",
    [EKI_HOLE_NATIONAL] = "national",
    [EKI_HOLE_HOST] = "host",
    [EKI_HOLE_AT] = "at",
    [EKI_HOLE_WHAT] = "what",
    [EKI_HOLE_PACKETS] = "packets",
    [EKI_HOLE_PARENT] = "parent",
    [EKI_HOLE_FROM] = "from",
    [EKI_HOLE_TO] = "to",
    [EKI_HOLE_INPUT] = "input",
    [EKI_HOLE_BY] = "by",
    [EKI_HOLE_REST] = "rest",
};

static const char *const word_names[EKI_WORDS] = {
    [EKI_WORD_HOST] = "host",         [EKI_WORD_PACKETS] = "packets", [EKI_WORD_PARENT] = "parent",
    [EKI_WORD_STRANGER] = "stranger", [EKI_WORD_IMPLANT] = "implant", [EKI_WORD_EXPLOIT] = "exploit",
    [EKI_WORD_SESSION] = "session",   [EKI_WORD_CONTACT] = "contact", [EKI_WORD_SCAN] = "scan",
    [EKI_WORD_OTHER] = "other",       [EKI_WORD_MORE] = "more",
};

static unsigned find_name(const char *const *names, unsigned count, const char *text, size_t length)
{
    for (unsigned i = 0; i < count; i++)
        if (strlen(names[i]) == length && !strncmp(names[i], text, length)) return i;
    return count;
}

/* What stands between braces at `at`: the hole, and '#', '^' or '/' before it. EKI_HOLES: no such hole;
 * *ret_length is that of the whole, 0 when there is no hole here. */
static unsigned read_hole(const char *at, size_t room, char *ret_kind, size_t *ret_length)
{
    const char *end = memchr(at, '}', room);
    *ret_length = 0;
    if (*at != '{' || !end) return EKI_HOLES;
    const char *name = at + 1;
    *ret_kind = '\0';
    if (*name == '#' || *name == '^' || *name == '/') *ret_kind = *name++;
    *ret_length = (size_t)(end - at) + 1;
    return find_name(hole_names, EKI_HOLES, name, (size_t)(end - name));
}

struct reading {
    const char *name;
    unsigned line, section_line;
    unsigned section; /* the open one; EKI_HOLES none */
    struct eki_fault *fault;
};

static enum eki_error refuse(const struct reading *r, unsigned line, const char *what,
                             struct eki_stretch part)
{
    int length = part.length > 60 ? 60 : (int)part.length;
    return eki_fault_set(r->fault, EKI_ERROR_CORRUPT, 0, "%.60s line %u: %s%.*s", r->name, line, what, length,
                         length ? part.at : "");
}

/* Sections stand on lines of their own, and not within each other. */
static enum eki_error check_section(struct reading *r, unsigned hole, char kind, struct eki_stretch part)
{
    if (kind == '/' && hole != r->section) return refuse(r, r->line, "closes what is not open: ", part);
    if (kind != '/' && r->section != EKI_HOLES) return refuse(r, r->line, "a section within another: ", part);
    r->section = kind == '/' ? (unsigned)EKI_HOLES : hole;
    r->section_line = r->line;
    return EKI_OK;
}

static enum eki_error check_line(struct reading *r, struct eki_stretch line, bool sections)
{
    for (size_t i = 0; i < line.length; i++) {
        char kind = '\0';
        size_t length;
        if (line.at[i] != '{') continue;
        unsigned hole = read_hole(line.at + i, line.length - i, &kind, &length);
        struct eki_stretch part = {line.at + i, length ? length : line.length - i};
        if (!length) return refuse(r, r->line, "a brace that is not closed: ", part);
        if (hole == EKI_HOLES) return refuse(r, r->line, "nothing is known by the name ", part);
        if (kind && (!sections || i || length != line.length))
            return refuse(r, r->line, "a section has its own line: ", part);
        enum eki_error error = kind ? check_section(r, hole, kind, part) : EKI_OK;
        if (error) return error;
        i += length - 1;
    }
    return EKI_OK;
}

static enum eki_error take_word(struct reading *r, struct eki_stretch line, struct eki_notice_template *t)
{
    const char *blank = memchr(line.at, ' ', line.length);
    size_t length = blank ? (size_t)(blank - line.at) : line.length;
    unsigned word = find_name(word_names, EKI_WORDS, line.at + 1, length - 1);
    if (word == EKI_WORDS)
        return refuse(r, r->line, "there is no word ", (struct eki_stretch){line.at, length});
    if (!blank) return refuse(r, r->line, "nothing after ", (struct eki_stretch){line.at, length});
    t->words[word] = (struct eki_stretch){blank + 1, line.length - length - 1};
    return check_line(r, t->words[word], false);
}

/* The next line without its end; false after the last. Moves *at on. */
static bool next_line(const char **at, const char *end, struct eki_stretch *ret_line)
{
    if (*at == end) return false;
    const char *newline = memchr(*at, '\n', (size_t)(end - *at));
    const char *stop = newline ? newline : end;
    *ret_line = (struct eki_stretch){*at, (size_t)(stop - *at)};
    if (ret_line->length && stop[-1] == '\r') ret_line->length--;
    *at = newline ? newline + 1 : end;
    return true;
}

static bool begins(struct eki_stretch line, const char *with)
{
    return line.length >= strlen(with) && !strncmp(line.at, with, strlen(with));
}

/* Comments, words, then the subject; *at stands behind it afterwards. */
static enum eki_error read_head(struct reading *r, const char **at, const char *end,
                                struct eki_notice_template *t)
{
    struct eki_stretch line;
    while (next_line(at, end, &line)) {
        enum eki_error error = EKI_OK;
        r->line++;
        if (begins(line, "%%") || !line.length) continue;
        if (begins(line, "Subject: ")) {
            t->subject = (struct eki_stretch){line.at + 9, line.length - 9};
            return check_line(r, t->subject, false);
        }
        if (!begins(line, "@"))
            return refuse(r, r->line, "expected %%, @ or Subject: ", (struct eki_stretch){NULL, 0});
        error = take_word(r, line, t);
        if (error) return error;
    }
    return refuse(r, r->line, "no line \"Subject: ...\"", (struct eki_stretch){NULL, 0});
}

static enum eki_error read_body(struct reading *r, const char *at, const char *end,
                                struct eki_notice_template *t)
{
    struct eki_stretch line;
    const char *after = at;
    if (next_line(&after, end, &line) && !line.length) { /* one empty line after the subject */
        at = after;
        r->line++;
    }
    t->body = (struct eki_stretch){at, (size_t)(end - at)};
    while (next_line(&at, end, &line)) {
        r->line++;
        enum eki_error error = check_line(r, line, true);
        if (error) return error;
    }
    if (r->section != EKI_HOLES)
        return refuse(r, r->section_line, "a section that is not closed", (struct eki_stretch){NULL, 0});
    return EKI_OK;
}

static bool is_utf8(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t step = eki_utf8_length((const unsigned char *)bytes + i);
        if (!step || !bytes[i]) return false;
        i += step;
    }
    return true;
}

enum eki_error eki_notice_template_read(const char *name, const void *bytes, size_t length,
                                        struct eki_notice_template *ret_template, struct eki_fault *ret_fault)
{
    struct eki_notice_template t = {0};
    struct reading r = {.name = name, .section = EKI_HOLES, .fault = ret_fault};
    if (!length) return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "%.60s", name);
    if (length > TEMPLATE_BYTES)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "%.60s: more than 64 KiB", name);
    t.bytes = eki_allocate(length + 1, 1);
    if (!t.bytes) return EKI_ERROR_MEMORY;
    memcpy(t.bytes, bytes, length);
    const char *at = t.bytes, *end = t.bytes + length;
    enum eki_error error = EKI_OK;
    if (!is_utf8(t.bytes, length))
        error = eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "%.60s: is not UTF-8", name);
    if (!error) error = read_head(&r, &at, end, &t);
    if (!error) error = read_body(&r, at, end, &t);
    for (unsigned i = 0; !error && i < EKI_WORDS; i++)
        if (!t.words[i].at)
            error = eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "%.60s: no word @%s", name, word_names[i]);
    if (error)
        eki_free(t.bytes);
    else
        *ret_template = t;
    return error;
}

/* One line, harmless: see eki_hole_set. */
char *eki_notice_clean(struct eki_arena *arena, const char *text)
{
    static const char mark[] = "\xef\xbf\xbd"; /* U+FFFD */
    char *clean = eki_arena_take(arena, strlen(text) * 3 + 1, 1);
    size_t used = 0;
    for (const unsigned char *at = (const unsigned char *)text; clean && *at;) {
        size_t length = eki_utf8_length(at);
        bool turns =
            length == 3 && at[0] == 0xe2 &&
            ((at[1] == 0x80 && ((at[2] >= 0xa8 && at[2] <= 0xae) || at[2] == 0x8e || at[2] == 0x8f)) ||
             (at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9));
        bool control = *at < 0x20 || *at == 0x7f || (length == 2 && at[0] == 0xc2 && at[1] < 0xa0);
        bool bad = !length || control || turns;
        memcpy(clean + used, bad ? mark : (const char *)at, bad ? 3 : length);
        used += bad ? 3 : length;
        at += length ? length : 1;
    }
    return clean;
}

void eki_hole_set(struct eki_hole_values *values, enum eki_hole hole, const char *text)
{
    values->at[hole] = text && *text ? eki_notice_clean(values->arena, text) : NULL;
    if (text && *text && !values->at[hole]) values->failed = true;
}

void eki_hole_print(struct eki_hole_values *values, enum eki_hole hole, const char *format, ...)
{
    char text[PRINTED];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    eki_hole_set(values, hole, text);
}

static void fill_line(struct eki_stretch line, const struct eki_hole_values *values, struct eki_buffer *out)
{
    for (size_t i = 0; i < line.length; i++) {
        char kind;
        size_t length = 0;
        unsigned hole =
            line.at[i] == '{' ? read_hole(line.at + i, line.length - i, &kind, &length) : (unsigned)EKI_HOLES;
        if (length && hole < EKI_HOLES)
            eki_buffer_text(out, values->at[hole]);
        else
            eki_buffer_add(out, line.at + i, 1);
        if (length) i += length - 1;
    }
}

void eki_stretch_fill(struct eki_stretch stretch, const struct eki_hole_values *values,
                      struct eki_buffer *out)
{
    const char *at = stretch.at, *end = stretch.at + stretch.length;
    struct eki_stretch line;
    bool shown = true, first = true;
    while (next_line(&at, end, &line)) {
        char kind = '\0';
        size_t length = 0;
        unsigned hole = line.length ? read_hole(line.at, line.length, &kind, &length) : (unsigned)EKI_HOLES;
        bool alone = length && length == line.length && hole < EKI_HOLES;
        if (alone && kind) {
            shown = kind == '/' || (kind == '#') == (values->at[hole] != NULL);
            continue;
        }
        if (!shown || (alone && !values->at[hole])) continue;
        if (!first) eki_buffer_add(out, "\n", 1);
        first = false;
        fill_line(line, values, out);
    }
}

/* The whole of a file of the folder; MISSING when there is none. */
static enum eki_error read_file(const char *folder, const char *name,
                                struct eki_notice_template *ret_template, struct eki_fault *ret_fault)
{
    char path[PATH];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = length < PATH ? fopen(path, "re") : NULL;
    if (!file && errno == ENOENT) return EKI_ERROR_MISSING;
    if (!file) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.60s: %.60s", name, strerror(errno));
    char *bytes = eki_allocate(TEMPLATE_BYTES + 2, 1);
    size_t got = bytes ? fread(bytes, 1, TEMPLATE_BYTES + 1, file) : 0;
    enum eki_error error = !bytes ? EKI_ERROR_MEMORY : ferror(file) ? EKI_ERROR_READ : EKI_OK;
    fclose(file);
    if (!error) error = eki_notice_template_read(name, bytes, got, ret_template, ret_fault);
    eki_free(bytes);
    return error;
}

/* From the folder, when it has one, else the one built in; *found counts those of the folder. */
static enum eki_error load(const char *folder, const char *name, unsigned *found,
                           struct eki_notice_template *ret_template, struct eki_fault *ret_fault)
{
    enum eki_error error = folder ? read_file(folder, name, ret_template, ret_fault) : EKI_ERROR_MISSING;
    *found += error != EKI_ERROR_MISSING;
    if (error != EKI_ERROR_MISSING) return error;
    for (const struct eki_embedded *file = eki_template_files; file->name; file++)
        if (!strcmp(file->name, name))
            return eki_notice_template_read(name, file->bytes, file->length, ret_template, ret_fault);
    return eki_fault_set(ret_fault, EKI_ERROR_MISSING, 0, "%.60s", name);
}

enum eki_error eki_notice_templates_load(const char *folder, struct eki_notice_templates **ret_templates,
                                         struct eki_fault *ret_fault)
{
    struct eki_notice_templates *templates = eki_allocate(1, sizeof *templates);
    unsigned found = 0;
    if (!templates) return EKI_ERROR_MEMORY;
    enum eki_error error = load(folder, "notice.en.txt", &found, &templates->english, ret_fault);
    if (!error) error = load(folder, "notice.ja.txt", &found, &templates->japanese, ret_fault);
    if (!error && folder && !found)
        error = eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0,
                              "%.60s holds neither notice.en.txt nor notice.ja.txt", folder);
    if (error)
        eki_notice_templates_free(templates);
    else
        *ret_templates = templates;
    return error;
}

void eki_notice_templates_free(struct eki_notice_templates *templates)
{
    if (!templates) return;
    eki_free(templates->english.bytes);
    eki_free(templates->japanese.bytes);
    eki_free(templates);
}
