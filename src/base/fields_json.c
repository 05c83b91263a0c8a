/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over a JSON object (see fields.h). Objects inside are walked, arrays passed over. */
#include <string.h>

#include "base/fields.h"

struct walk {
    const struct eki_field_names *names;
    struct eki_field *fields;
    const char *line, *at, *end;
    const char *wrong;
    char path[EKI_FIELD_NAME]; /* of the object that is walked, with its dot */
    size_t path_length;        /* above EKI_FIELD_NAME: too long to be wanted */
    size_t before[EKI_FIELD_DEPTH];
    unsigned depth;
};

static bool fail(struct walk *w, const char *what)
{
    if (!w->wrong) w->wrong = what;
    return false;
}

static void pass_blanks(struct walk *w)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t' || *w->at == '\r' || *w->at == '\n')) w->at++;
}

/* Eight bytes at once: a bit in each byte that is a quote, a backslash or a control character. Bytes behind
 * the first such one may be marked wrongly; only the first is used. */
static uint64_t stops_in(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    uint64_t low = (word - ones * 0x20) & ~word;
    return (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | low) & tops;
}

/* To the closing quote; the opening one was passed. */
static bool pass_text(struct walk *w, bool *ret_escaped)
{
    const char *at = w->at;
    *ret_escaped = false;
    for (;;) {
        while (w->end - at >= 8) {
            uint64_t word;
            memcpy(&word, at, 8);
            uint64_t stops = stops_in(word);
            if (stops) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
                at += __builtin_ctzll(stops) >> 3;
#endif
                break;
            }
            at += 8;
        }
        while (at < w->end && *at != '"' && *at != '\\' && (unsigned char)*at >= 0x20) at++;
        w->at = at;
        if (at == w->end) return fail(w, "ends inside a text");
        if (*at == '"') return true;
        if (*at != '\\') return fail(w, "a control character in a text");
        if (w->end - at < 2) return fail(w, "ends inside a text");
        *ret_escaped = true;
        at += 2;
    }
}

/* A number is what looks like one: digits, sign, point, exponent; the readers of values look closer. */
static bool pass_number(struct walk *w)
{
    const char *start = w->at;
    while (w->at < w->end && ((*w->at >= '0' && *w->at <= '9') || *w->at == '.' || *w->at == '-' ||
                              *w->at == '+' || *w->at == 'e' || *w->at == 'E'))
        w->at++;
    return w->at > start || fail(w, "neither a text, a number, an object, an array, true, false nor null");
}

static bool pass_word(struct walk *w, const char *word, size_t length)
{
    if ((size_t)(w->end - w->at) < length || memcmp(w->at, word, length))
        return fail(w, "neither a text, a number, an object, an array, true, false nor null");
    w->at += length;
    return true;
}

/* An array, with all that is in it. Brackets are counted together: which closes which is not checked. */
static bool pass_array(struct walk *w)
{
    unsigned depth = 0;
    bool escaped;
    while (w->at < w->end) {
        char c = *w->at++;
        if (c == '"' && !pass_text(w, &escaped)) return false;
        if (c == '"') w->at++;
        if (c == '[' || c == '{') depth++;
        if ((c == ']' || c == '}') && --depth == 0) return true;
        if (depth > EKI_FIELD_DEPTH) return fail(w, "nested too deeply");
    }
    return fail(w, "ends inside an array");
}

/* A value that is no object. */
static bool pass_value(struct walk *w, struct eki_field *ret_field)
{
    const char *start = w->at;
    *ret_field = (struct eki_field){.at = start, .kind = EKI_FIELD_ABSENT};
    switch (*start) {
    case '"':
        w->at++;
        if (!pass_text(w, &ret_field->escaped)) return false;
        *ret_field =
            (struct eki_field){start + 1, (uint32_t)(w->at - start - 1), EKI_FIELD_TEXT, ret_field->escaped};
        w->at++;
        return true;
    case '[': return pass_array(w);
    case 't': ret_field->kind = EKI_FIELD_TRUE; return pass_word(w, "true", 4);
    case 'f': ret_field->kind = EKI_FIELD_FALSE; return pass_word(w, "false", 5);
    case 'n': return pass_word(w, "null", 4);
    default: break;
    }
    if (!pass_number(w)) return false;
    *ret_field = (struct eki_field){start, (uint32_t)(w->at - start), EKI_FIELD_NUMBER, false};
    return true;
}

/* The position of a member, by its name alone at the top, else by the whole way to it. */
static int wanted(struct walk *w, const char *name, size_t length)
{
    if (!w->depth) return eki_field_position(w->names, name, length);
    if (w->path_length + length > sizeof w->path) return -1;
    memcpy(w->path + w->path_length, name, length);
    return eki_field_position(w->names, w->path, w->path_length + length);
}

static bool enter(struct walk *w, const char *name, size_t length)
{
    if (w->depth + 1 >= EKI_FIELD_DEPTH) return fail(w, "nested too deeply");
    w->before[w->depth++] = w->path_length;
    if (w->path_length + length + 1 <= sizeof w->path) {
        memcpy(w->path + w->path_length, name, length);
        w->path[w->path_length + length] = '.';
    }
    w->path_length += length + 1;
    w->at++;
    return true;
}

/* One member, up to the comma or bracket behind it; of an object only its beginning. */
static bool pass_member(struct walk *w, bool *ret_entered)
{
    bool escaped;
    *ret_entered = false;
    if (w->at == w->end || *w->at != '"') return fail(w, "a name in quotes is missing");
    const char *name = ++w->at;
    if (!pass_text(w, &escaped)) return false;
    size_t length = (size_t)(w->at++ - name);
    if (w->at < w->end && *w->at != ':') pass_blanks(w);
    if (w->at == w->end || *w->at != ':') return fail(w, "a colon is missing");
    w->at++;
    if (w->at < w->end && *w->at == ' ') pass_blanks(w);
    if (w->at == w->end) return fail(w, "a value is missing");
    if (*w->at == '{') {
        *ret_entered = true;
        return enter(w, name, length);
    }
    struct eki_field field;
    if (!pass_value(w, &field)) return false;
    int position = wanted(w, name, length);
    if (position >= 0) w->fields[position] = field;
    return true;
}

/* Closing brackets; true when another member follows, false at the end or when something is wrong. */
static bool pass_closings(struct walk *w, bool *ret_done)
{
    for (;;) {
        pass_blanks(w);
        if (w->at == w->end) return fail(w, "ends inside an object");
        char c = *w->at++;
        if (c == ',') {
            pass_blanks(w);
            return true;
        }
        if (c != '}') {
            w->at--;
            return fail(w, "a comma or closing bracket is missing");
        }
        if (!w->depth) {
            *ret_done = true;
            return false;
        }
        w->path_length = w->before[--w->depth];
    }
}

static bool pass_object(struct walk *w)
{
    bool done = false, entered = true; /* an object may be empty: then its closing comes at once */
    for (;;) {
        if (entered) pass_blanks(w);
        bool empty = entered && w->at < w->end && *w->at == '}';
        if (!empty && !pass_member(w, &entered)) return false;
        if (!empty && entered) continue;
        if (!pass_closings(w, &done)) break;
        entered = false;
    }
    return done;
}

bool eki_fields_json(const struct eki_field_names *names, const char *line, size_t length,
                     struct eki_field *ret_fields, struct eki_field_fault *ret_fault)
{
    struct walk w = {.names = names, .fields = ret_fields, .line = line, .at = line, .end = line + length};
    memset(ret_fields, 0, names->count * sizeof *ret_fields);
    pass_blanks(&w);
    bool good = w.at < w.end && *w.at == '{' ? (w.at++, true) : fail(&w, "no object: { is missing");
    good = good && pass_object(&w);
    if (good) pass_blanks(&w);
    if (good && w.at < w.end) good = fail(&w, "something stands behind the object");
    if (!good) *ret_fault = (struct eki_field_fault){(size_t)(w.at - line), w.wrong};
    return good;
}
