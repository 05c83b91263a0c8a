/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over a JSON object (see fields.h). Objects inside are walked, arrays passed over. */
#include <string.h>

#include "base/bytes.h"
#include "base/fields.h"

struct walk {
    const struct eki_field_names *names;
    struct eki_field *fields;
    const char *line, *at, *end;
    const char *wrong;
    const char *window; /* 64 bytes of the line, and where texts cannot just go on in them */
    uint64_t stops;
    unsigned node; /* of the object that is walked, NOWHERE when nothing in it is wanted */
    unsigned before[EKI_FIELD_DEPTH];
    unsigned depth;
};

enum { NOWHERE = UINT8_MAX + 1 };

static bool fail(struct walk *w, const char *what)
{
    if (!w->wrong) w->wrong = what;
    return false;
}

static void pass_blanks(struct walk *w)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\t' || *w->at == '\r' || *w->at == '\n')) w->at++;
}

/* The next quote, backslash or control character at or behind `at`; the end of the line when there is none.
 */
static inline const char *next_stop(struct walk *w, const char *at)
{
    while (at < w->end) {
        size_t in = (size_t)(at - w->window);
        if (in >= EKI_BYTES) {
            w->window += in / EKI_BYTES * EKI_BYTES;
            w->stops = eki_bytes_stops(w->window, (size_t)(w->end - w->window));
            in %= EKI_BYTES;
        }
        uint64_t left = w->stops >> in;
        if (left) return at + __builtin_ctzll(left);
        at = w->window + EKI_BYTES;
    }
    return w->end;
}

/* To the closing quote; the opening one was passed. */
static inline bool pass_text(struct walk *w, bool *ret_escaped)
{
    *ret_escaped = false;
    for (const char *at = w->at;; at += 2) {
        at = next_stop(w, at);
        w->at = at;
        if (at == w->end) return fail(w, "ends inside a text");
        if (*at == '"') return true;
        if (*at != '\\') return fail(w, "a control character in a text");
        if (w->end - at < 2) return fail(w, "ends inside a text");
        *ret_escaped = true;
    }
}

/* A number is what looks like one: digits, sign, point, exponent; the readers of values look closer. */
static bool pass_number(struct walk *w)
{
    const char *start = w->at;
    w->at += eki_bytes_number(start, (size_t)(w->end - start));
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

static const struct eki_field_edge *wanted(const struct walk *w, const char *name, size_t length)
{
    return w->node == NOWHERE ? NULL : eki_field_edge(w->names, w->node, name, length);
}

static bool enter(struct walk *w, const char *name, size_t length)
{
    if (w->depth + 1 >= EKI_FIELD_DEPTH) return fail(w, "nested too deeply");
    const struct eki_field_edge *edge = wanted(w, name, length);
    w->before[w->depth++] = w->node;
    w->node = edge && edge->inside ? edge->inside : NOWHERE;
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
    const struct eki_field_edge *edge = wanted(w, name, length);
    if (edge && edge->field) w->fields[edge->field - 1] = field;
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
        w->node = w->before[--w->depth];
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

static bool walk_line(const struct eki_field_names *names, const char *line, size_t length,
                      struct eki_field *ret_fields, struct eki_field_fault *ret_fault)
{
    struct walk w; /* the ways of its objects are not cleared for each line */
    w.names = names;
    w.fields = ret_fields;
    w.line = w.at = w.window = line;
    w.end = line + length;
    w.wrong = NULL;
    w.stops = eki_bytes_stops(line, length);
    w.node = w.depth = 0;
    memset(ret_fields, 0, names->count * sizeof *ret_fields);
    pass_blanks(&w);
    bool good = w.at < w.end && *w.at == '{' ? (w.at++, true) : fail(&w, "no object: { is missing");
    good = good && pass_object(&w);
    if (good) pass_blanks(&w);
    if (good && w.at < w.end) good = fail(&w, "something stands behind the object");
    if (!good) *ret_fault = (struct eki_field_fault){(size_t)(w.at - line), w.wrong};
    return good;
}

#ifdef __x86_64__
/* The same code, translated for newer processors: a sixth faster. */
EKI_BYTES_NEWER static bool walk_newer(const struct eki_field_names *names, const char *line, size_t length,
                                       struct eki_field *ret_fields, struct eki_field_fault *ret_fault)
{
    return walk_line(names, line, length, ret_fields, ret_fault);
}
#endif

bool eki_fields_json(const struct eki_field_names *names, const char *line, size_t length,
                     struct eki_field *ret_fields, struct eki_field_fault *ret_fault)
{
#ifdef __x86_64__
    if (eki_bytes_newer()) return walk_newer(names, line, length, ret_fields, ret_fault);
#endif
    return walk_line(names, line, length, ret_fields, ret_fault);
}
