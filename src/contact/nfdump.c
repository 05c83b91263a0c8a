/* SPDX-License-Identifier: Apache-2.0 */
/* What `nfdump -o line`, `-o long`, `-o extended` and `-o csv` print, columns apart by blanks or tabs. */
#define _GNU_SOURCE
#include <string.h>

#include "contact/halves.h"
#include "contact/lacks.h"

enum { TOKENS_MOST = 24, CSV_MOST = 64, NOWHERE = 255 };

/* Columns of the comma-separated form, in the order of csv_names. */
enum csv_column {
    CSV_FIRST,
    CSV_LAST,
    CSV_SOURCE,
    CSV_TARGET,
    CSV_SOURCE_PORT,
    CSV_TARGET_PORT,
    CSV_PROTOCOL,
    CSV_FLAGS,
    CSV_PACKETS,
    CSV_BYTES,
    CSV_BACK_PACKETS,
    CSV_BACK_BYTES,
    CSV_COLUMNS
};

static const char *const csv_names[CSV_COLUMNS + 1] = {"ts", "te",  "sa",   "da",   "sp",   "dp",
                                                       "pr", "flg", "ipkt", "ibyt", "opkt", "obyt"};

struct nfdump {
    struct eki_halves halves;
    uint8_t column_of[CSV_COLUMNS];
    uint8_t columns; /* of the comma-separated form */
    bool csv, flags, started, ended;
};

static const char *const heads[] = {"Date flow start", "Date first seen", "ts,te,td,sa,da,"};

static bool fits(const char *head, size_t length)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (eki_log_has_line(head, length, heads[i])) return true;
    return false;
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct nfdump *n = r->state;
    return eki_halves_init(&n->halves, (uint64_t)(uintptr_t)n * 0x9e3779b97f4a7c15u);
}

static struct eki_field text_of(const char *at, size_t length)
{
    return (struct eki_field){.at = at, .length = (uint32_t)length, .kind = EKI_FIELD_TEXT};
}

/* Words between blanks and tabs; returns how many, at most TOKENS_MOST. */
static size_t words_of(const char *line, size_t length, struct eki_field words[TOKENS_MOST])
{
    size_t count = 0, from = 0;
    for (size_t i = 0; i <= length && count < TOKENS_MOST; i++) {
        bool inside = i < length && line[i] != ' ' && line[i] != '\t';
        if (inside) continue;
        if (i > from) words[count++] = text_of(&line[from], i - from);
        from = i + 1;
    }
    return count;
}

static void take_csv_head(struct nfdump *n, const char *line, size_t length)
{
    struct eki_field names[CSV_MOST];
    size_t count = eki_fields_split(line, length, ',', names, CSV_MOST);
    struct eki_field_names wanted = eki_field_names(csv_names);
    memset(n->column_of, NOWHERE, sizeof n->column_of);
    n->columns = (uint8_t)(count < CSV_MOST ? count : CSV_MOST);
    for (size_t i = 0; i < n->columns; i++) {
        int position = eki_field_position(&wanted, names[i].at, names[i].length);
        if (position >= 0) n->column_of[position] = (uint8_t)i;
    }
}

static void take_head(struct nfdump *n, const char *line, size_t length)
{
    n->started = true;
    n->csv = length > 3 && !memcmp(line, "ts,", 3);
    n->flags = n->csv || memmem(line, length, "Flags", 5);
    if (n->csv) take_csv_head(n, line, length);
}

/* ".AP.SF" or "0x1b". */
static uint8_t flags_of(struct eki_field field)
{
    static const char letters[] = "FSRPAU";
    uint8_t flags = 0;
    for (uint32_t i = 0; i < field.length; i++) {
        const char *letter = field.at[i] == '.' ? NULL : strchr(letters, field.at[i]);
        if (letter && *letter) flags |= (uint8_t)(1u << (letter - letters));
    }
    return flags;
}

/* "10.0.0.1:445", "2001:db8::1.445", and for ICMP "10.0.0.1:8.0" (type and code). */
static void read_end(struct eki_field_reader *v, struct eki_field word, struct eki_address *ret_address,
                     uint16_t *ret_port)
{
    const char *colon = memrchr(word.at, ':', word.length), *first = memchr(word.at, ':', word.length);
    bool six = colon != first;
    const char *split = six ? memchr(word.at, '.', word.length) : colon;
    size_t length = split ? (size_t)(split - word.at) : word.length;
    *ret_address = eki_field_address(v, text_of(word.at, length));
    *ret_port = 0;
    if (!split || length + 1 >= word.length) return;
    struct eki_field port = text_of(split + 1, word.length - length - 1), parts[2];
    size_t count = eki_fields_split(port.at, port.length, '.', parts, 2);
    uint64_t high = eki_field_unsigned(v, parts[0], UINT16_MAX);
    *ret_port = (uint16_t)(count == 2 ? high << 8 | eki_field_unsigned(v, parts[1], UINT8_MAX) : high);
}

/* "936", or "1.2 M" in two words: *position moves on. */
static uint64_t count_of(struct eki_field_reader *v, const struct eki_field *words, size_t count,
                         size_t *position)
{
    static const char units[] = "KMGT";
    if (*position >= count) {
        v->wrong = v->wrong ? v->wrong : "fewer columns than the header names";
        return 0;
    }
    struct eki_field word = words[(*position)++];
    bool scaled = *position < count && words[*position].length == 1 && strchr(units, *words[*position].at);
    if (!scaled) return eki_field_unsigned(v, word, UINT64_MAX / 2);
    uint64_t unit = 1;
    for (const char *u = units; u <= strchr(units, *words[*position].at); u++) unit *= 1000;
    (*position)++;
    eki_time thousandths = eki_field_seconds(v, word); /* a number with a fraction, times 10^9 */
    return thousandths < 0 ? 0 : eki_halves_times((uint64_t)thousandths / 1000000, unit / 1000);
}

/* "28.123", or of nfdump 1.7 "00:00:28.123". */
static eki_time duration_of(struct eki_field_reader *v, struct eki_field word)
{
    struct eki_field parts[3];
    if (eki_fields_split(word.at, word.length, ':', parts, 3) != 3) return eki_field_seconds(v, word);
    uint64_t minutes = eki_field_unsigned(v, parts[0], UINT16_MAX) * 60 + eki_field_unsigned(v, parts[1], 59);
    return (eki_time)minutes * 60 * EKI_SECOND + eki_field_seconds(v, parts[2]) % (60 * EKI_SECOND);
}

static struct eki_half read_words(struct eki_field_reader *v, const struct eki_field *words, size_t count,
                                  bool flags)
{
    struct eki_half half = {.flags_told = flags};
    /* date, time, duration, protocol, source, arrow, target */
    size_t at = 7;
    if (count < at + 2 || !eki_field_is(words[5], "->")) {
        v->wrong = count < at + 2 ? "fewer columns than the header names" : "no arrow from source to target";
        return half;
    }
    char date[40];
    size_t length = (size_t)words[0].length + words[1].length + 1;
    if (length >= sizeof date) {
        v->wrong = "no date";
        return half;
    }
    memcpy(date, words[0].at, words[0].length);
    date[words[0].length] = ' ';
    memcpy(&date[words[0].length + 1], words[1].at, words[1].length);
    half.first = eki_field_date(v, text_of(date, length));
    if (v->wrong) v->at = words[0].at;
    eki_time duration = duration_of(v, words[2]);
    half.protocol = eki_log_protocol(words[3]);
    read_end(v, words[4], &half.source, &half.source_port);
    read_end(v, words[6], &half.target, &half.target_port);
    if (flags) {
        half.flags = flags_of(words[at]);
        at += 2; /* the type of service behind it */
    }
    half.packets = count_of(v, words, count, &at);
    half.bytes = count_of(v, words, count, &at);
    bool fits = half.first >= 0 && duration >= 0 && half.first <= EKI_TIME_LATEST - duration;
    half.last = fits ? half.first + duration : half.first;
    return half;
}

static struct eki_half read_csv(struct eki_field_reader *v, const struct nfdump *n,
                                const struct eki_field *values)
{
    struct eki_field f[CSV_COLUMNS];
    for (int i = 0; i < CSV_COLUMNS; i++)
        f[i] = n->column_of[i] == NOWHERE ? (struct eki_field){.kind = EKI_FIELD_ABSENT}
                                          : values[n->column_of[i]];
    struct eki_half half = {.source = eki_field_address(v, f[CSV_SOURCE]),
                            .target = eki_field_address(v, f[CSV_TARGET]),
                            .first = eki_field_date(v, f[CSV_FIRST]),
                            .last = eki_field_date(v, f[CSV_LAST]),
                            .packets = eki_field_unsigned(v, f[CSV_PACKETS], UINT64_MAX / 2),
                            .bytes = eki_field_unsigned(v, f[CSV_BYTES], UINT64_MAX / 2),
                            .back_packets = eki_field_unsigned(v, f[CSV_BACK_PACKETS], UINT64_MAX / 2),
                            .back_bytes = eki_field_unsigned(v, f[CSV_BACK_BYTES], UINT64_MAX / 2),
                            .source_port = (uint16_t)eki_field_unsigned(v, f[CSV_SOURCE_PORT], UINT16_MAX),
                            .protocol = eki_log_protocol(f[CSV_PROTOCOL]),
                            .flags = flags_of(f[CSV_FLAGS]),
                            .flags_told = eki_field_there(f[CSV_FLAGS])};
    struct eki_field port = f[CSV_TARGET_PORT];
    const char *dot = eki_field_there(port) ? memchr(port.at, '.', port.length) : NULL;
    if (!dot) {
        half.target_port = (uint16_t)eki_field_unsigned(v, port, UINT16_MAX);
        return half;
    }
    struct eki_field type = text_of(port.at, (size_t)(dot - port.at));
    half.target_port = (uint16_t)(eki_field_unsigned(v, type, UINT8_MAX) << 8);
    return half;
}

static bool is_head(const char *line, size_t length)
{
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (length >= strlen(heads[i]) && !memcmp(line, heads[i], strlen(heads[i]))) return true;
    return false;
}

static struct eki_half read_line(struct eki_field_reader *v, const struct nfdump *n, const char *line,
                                 size_t length)
{
    struct eki_field words[CSV_MOST > TOKENS_MOST ? CSV_MOST : TOKENS_MOST];
    if (!n->csv) return read_words(v, words, words_of(line, length, words), n->flags);
    if (eki_fields_split(line, length, ',', words, CSV_MOST) >= n->columns) return read_csv(v, n, words);
    v->wrong = "fewer columns than the header names";
    return (struct eki_half){.packets = 0};
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct nfdump *n = r->state;
    if (is_head(line, length)) {
        take_head(n, line, length);
        return;
    }
    /* Totals stand behind the flows; a filter or a warning may stand before the header. */
    if (n->started && length >= 7 && !memcmp(line, "Summary", 7)) n->ended = true;
    if (n->ended || !n->started) {
        if (!n->started && *line >= '0' && *line <= '9') eki_log_reject(r, 0, "no header before it");
        return;
    }
    struct eki_field_reader v = {0};
    struct eki_half half = read_line(&v, n, line, length);
    if (v.wrong || half.first == EKI_TIME_NONE) {
        eki_log_reject(r, 0, v.wrong ? v.wrong : "it has no time");
        return;
    }
    if (half.protocol == EKI_PROTOCOL_ICMP && !eki_address_is_v4(half.source))
        half.protocol = EKI_PROTOCOL_ICMP6;
    if (!half.packets) half.packets = 1;
    half.record = r->record;
    eki_halves_take(&n->halves, r, &half, 1);
}

static void end(struct eki_log_reading *r)
{
    struct nfdump *n = r->state;
    eki_halves_finish(&n->halves, r);
}

static void stop(struct eki_log_reading *r)
{
    struct nfdump *n = r->state;
    if (n) eki_halves_done(&n->halves);
}

const struct eki_log_format eki_log_nfdump = {
    .kind = {.name = "nfdump",
             .what = "what nfdump prints, as lines or as its comma-separated values",
             .lacks = EKI_LACKS_ZONE "; " EKI_LACKS_SIZES "; " EKI_LACKS_FLAGS},
    .fits = fits,
    .state_size = sizeof(struct nfdump),
    .start = start,
    .line = take_line,
    .end = end,
    .stop = stop};
