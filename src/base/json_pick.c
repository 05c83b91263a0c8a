/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_pick.h"

#include <string.h>

/* The place in the line; `at` never passes `end`. */
struct scan {
    struct eki_json_pick *pick;
    const char *at, *end;
};

static bool fail_at(struct eki_json_pick *pick, const char *place, const char *wrong)
{
    if (pick->error) return false;
    pick->error = EKI_ERROR_CORRUPT;
    pick->offset = (size_t)(place - pick->line);
    pick->wrong = wrong;
    pick->wrong_key = "";
    return false;
}

static bool fail(struct scan *s, const char *wrong)
{
    return fail_at(s->pick, s->at, wrong);
}

static void skip_blanks(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\r' || *s->at == '\n')) s->at++;
}

static bool expect(struct scan *s, char c, const char *wrong)
{
    skip_blanks(s);
    if (s->at == s->end || *s->at != c) return fail(s, wrong);
    s->at++;
    return true;
}

/* Passes over a text; gives what stands between the quotes. */
static bool pass_text(struct scan *s, const char **ret_text, uint32_t *ret_length)
{
    if (!expect(s, '"', "a quote was expected")) return false;
    const char *start = s->at;
    while (s->at < s->end && *s->at != '"') {
        if ((unsigned char)*s->at < 0x20) return fail(s, "a control character in a text");
        s->at += *s->at == '\\' && s->end - s->at > 1 ? 2 : 1;
    }
    if (s->at >= s->end) return fail(s, "a text does not end");
    *ret_text = start;
    *ret_length = (uint32_t)(s->at - start);
    s->at++;
    return true;
}

/* Passes over an object or array: only the balance of brackets is looked at. */
static bool pass_nested(struct scan *s)
{
    unsigned depth = 0;
    do {
        const char *text;
        uint32_t length;
        if (s->at == s->end) return fail(s, "a bracket does not close");
        if (*s->at == '"') {
            if (!pass_text(s, &text, &length)) return false;
            continue;
        }
        if ((*s->at == '{' || *s->at == '[') && ++depth > EKI_JSON_PICK_DEPTH)
            return fail(s, "nested too deeply");
        if (*s->at == '}' || *s->at == ']') depth--;
        s->at++;
    } while (depth);
    return true;
}

static bool is_word(const struct eki_json_field *f, const char *word)
{
    return f->value_length == strlen(word) && !memcmp(f->value, word, f->value_length);
}

static const char *pass_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') at++;
    return at;
}

/* RFC 8259, section 6. */
static bool is_number(const struct eki_json_field *f)
{
    const char *at = f->value, *end = at + f->value_length, *digits;
    if (at < end && *at == '-') at++;
    digits = at;
    at = pass_digits(at, end);
    if (at == digits || (*digits == '0' && at > digits + 1)) return false;
    if (at < end && *at == '.') {
        digits = ++at;
        if ((at = pass_digits(at, end)) == digits) return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) at++;
        digits = at;
        if ((at = pass_digits(at, end)) == digits) return false;
    }
    return at == end;
}

/* A number, true, false or null. */
static bool pass_word(struct scan *s, struct eki_json_field *f)
{
    f->value = s->at;
    while (s->at < s->end && !strchr(",}] \t\r\n", *s->at)) s->at++;
    f->value_length = (uint32_t)(s->at - f->value);
    if (is_number(f))
        f->kind = '0';
    else if (is_word(f, "true") || is_word(f, "false"))
        f->kind = 'b';
    else if (is_word(f, "null"))
        f->kind = 'n';
    else
        return fail_at(s->pick, f->value, "no JSON value");
    return true;
}

static bool pass_value(struct scan *s, struct eki_json_field *f)
{
    skip_blanks(s);
    if (s->at == s->end) return fail(s, "a value is missing");
    if (*s->at == '"') {
        f->kind = 't';
        return pass_text(s, &f->value, &f->value_length);
    }
    if (*s->at != '{' && *s->at != '[') return pass_word(s, f);
    f->kind = '{';
    f->value = s->at;
    return pass_nested(s);
}

static bool pass_field(struct scan *s)
{
    if (s->pick->count == EKI_JSON_PICK_FIELDS) return fail(s, "too many fields");
    struct eki_json_field *f = &s->pick->fields[s->pick->count];
    if (!pass_text(s, &f->key, &f->key_length) || !expect(s, ':', "a colon was expected") ||
        !pass_value(s, f))
        return false;
    s->pick->count++;
    return true;
}

void eki_json_pick_read(struct eki_json_pick *ret_pick, const char *line, size_t length)
{
    ret_pick->count = 0;
    ret_pick->line = line;
    ret_pick->error = EKI_OK;
    struct scan s = {ret_pick, line, line + length};
    if (length > INT32_MAX) {
        fail(&s, "longer than any record");
        return;
    }
    if (!expect(&s, '{', "an object was expected")) return;
    skip_blanks(&s);
    bool more = s.at < s.end && *s.at != '}';
    while (more) {
        if (!pass_field(&s)) return;
        skip_blanks(&s);
        more = s.at < s.end && *s.at == ',';
        s.at += more;
    }
    if (!expect(&s, '}', "a comma or the end of the object was expected")) return;
    skip_blanks(&s);
    if (s.at != s.end) fail(&s, "more after the end of the object");
}

/* The last of equal keys counts, as in most readers. */
static const struct eki_json_field *find(const struct eki_json_pick *pick, const char *key)
{
    size_t length = strlen(key);
    for (unsigned i = pick->count; i-- > 0;) {
        const struct eki_json_field *f = &pick->fields[i];
        if (f->key_length == length && !memcmp(f->key, key, length)) return f;
    }
    return NULL;
}

bool eki_json_pick_has(const struct eki_json_pick *pick, const char *key)
{
    const struct eki_json_field *f = find(pick, key);
    return f && f->kind != 'n';
}

static void reject(struct eki_json_pick *pick, const struct eki_json_field *f, const char *key,
                   const char *wrong)
{
    if (pick->error) return;
    fail_at(pick, f && f->value ? f->value : pick->line, wrong);
    pick->wrong_key = key;
}

/* The field when it is of this kind, else NULL and the error. */
static const struct eki_json_field *of_kind(struct eki_json_pick *pick, const char *key, char kind,
                                            const char *wrong)
{
    const struct eki_json_field *f = find(pick, key);
    if (f && f->kind == kind) return f;
    reject(pick, f, key, f ? wrong : "missing");
    return NULL;
}

uint64_t eki_json_pick_unsigned(struct eki_json_pick *pick, const char *key, uint64_t most)
{
    const struct eki_json_field *f = of_kind(pick, key, '0', "not a number");
    uint64_t value = 0;
    for (uint32_t i = 0; f && i < f->value_length; i++) {
        unsigned digit = (unsigned)(f->value[i] - '0');
        bool leads = i == 0 && digit == 0 && f->value_length > 1;
        if (digit > 9 || leads || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, digit, &value) || value > most) {
            reject(pick, f, key, "not a whole number in range");
            return 0;
        }
    }
    return value;
}

bool eki_json_pick_bool(struct eki_json_pick *pick, const char *key)
{
    const struct eki_json_field *f = of_kind(pick, key, 'b', "neither true nor false");
    return f && f->value[0] == 't';
}

static int hex(const char *digits)
{
    int value = 0;
    for (int i = 0; i < 4; i++) {
        char c = digits[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* One code point as UTF-8; returns how many bytes. */
static size_t put_utf8(unsigned code, char ret_bytes[4])
{
    if (code < 0x80) {
        ret_bytes[0] = (char)code;
        return 1;
    }
    size_t n = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = n; i-- > 1; code >>= 6) ret_bytes[i] = (char)(0x80 | (code & 0x3f));
    ret_bytes[0] = (char)((0xf00 >> n & 0xff) | code);
    return n;
}

/* \uXXXX, with its second half when it is one of a pair; half a pair becomes U+FFFD. Returns how many bytes
 * of the line it took; 0: wrong. */
static size_t unescape_code(const char *at, const char *end, unsigned *ret_code)
{
    int code = end - at >= 6 ? hex(at + 2) : -1;
    if (code < 0) return 0;
    *ret_code = (unsigned)code;
    if (code < 0xd800 || code > 0xdfff) return 6;
    int low = code < 0xdc00 && end - at >= 12 && at[6] == '\\' && at[7] == 'u' ? hex(at + 8) : -1;
    bool pair = low >= 0xdc00 && low <= 0xdfff;
    *ret_code = pair ? 0x10000 + ((unsigned)(code - 0xd800) << 10) + (unsigned)(low - 0xdc00) : 0xfffd;
    return pair ? 12 : 6;
}

/* One character of a text as bytes; returns how many bytes of the line it took; 0: wrong. */
static size_t unescape(const char *at, const char *end, char ret_bytes[4], size_t *ret_count)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    *ret_count = 1;
    ret_bytes[0] = *at;
    if (*at != '\\') return 1;
    if (end - at < 2) return 0;
    const char *simple = at[1] ? strchr(from, at[1]) : NULL;
    if (simple) {
        ret_bytes[0] = to[simple - from];
        return 2;
    }
    unsigned code = 0;
    size_t taken = at[1] == 'u' ? unescape_code(at, end, &code) : 0;
    if (!taken || !code) return 0; /* a NUL would end the text early */
    *ret_count = put_utf8(code, ret_bytes);
    return taken;
}

void eki_json_pick_text(struct eki_json_pick *pick, const char *key, char *ret_text, size_t capacity)
{
    const struct eki_json_field *f = of_kind(pick, key, 't', "not a text");
    ret_text[0] = 0;
    if (!f) return;
    size_t length = 0;
    for (const char *at = f->value, *end = f->value + f->value_length; at < end;) {
        char bytes[4];
        size_t count, taken = unescape(at, end, bytes, &count);
        if (!taken || length + count >= capacity) {
            reject(pick, f, key, taken ? "longer than allowed" : "a wrong escape");
            ret_text[0] = 0;
            return;
        }
        memcpy(ret_text + length, bytes, count);
        length += count;
        at += taken;
    }
    ret_text[length] = 0;
}

struct eki_address eki_json_pick_address(struct eki_json_pick *pick, const char *key)
{
    char text[EKI_ADDRESS_TEXT];
    struct eki_address address = {0, 0};
    eki_json_pick_text(pick, key, text, sizeof text);
    if (!pick->error && eki_address_parse(text, &address))
        reject(pick, find(pick, key), key, "no IP address");
    return address;
}

eki_time eki_json_pick_time(struct eki_json_pick *pick, const char *key)
{
    char text[EKI_TIME_TEXT];
    eki_time time = EKI_TIME_NONE;
    const struct eki_json_field *f = find(pick, key);
    if (f && f->kind == 'n') return time;
    eki_json_pick_text(pick, key, text, sizeof text);
    if (!pick->error && eki_time_parse(text, &time))
        reject(pick, f, key, "no UTC time as in 2017-05-12T07:44:01.000123Z");
    return time;
}

unsigned eki_json_pick_choice(struct eki_json_pick *pick, const char *key, const char *const *choices)
{
    char text[64];
    eki_json_pick_text(pick, key, text, sizeof text);
    for (unsigned i = 0; choices[i]; i++)
        if (!strcmp(choices[i], text)) return i;
    reject(pick, find(pick, key), key, "not one of the known words");
    return 0;
}

enum eki_error eki_json_pick_fault(const struct eki_json_pick *pick, struct eki_fault *ret_fault)
{
    if (!pick->error) return EKI_OK;
    const char *key = pick->wrong_key ? pick->wrong_key : "";
    return eki_fault_set(ret_fault, pick->error, pick->offset, "%s%s%s", key, *key ? ": " : "", pick->wrong);
}
