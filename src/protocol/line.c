/* SPDX-License-Identifier: Apache-2.0 */
/* The sign as one JSON line and back, and what may stand in it. */
#include <string.h>

#include "base/json_pick.h"
#include "base/json_write.h"
#include "protocol/module.h"

static const char *const grades[] = {"note", "check", "attempt", "access", "exploit", "implant", NULL};

const char *eki_grade_name(enum eki_grade grade)
{
    return (unsigned)grade <= EKI_GRADE_IMPLANT ? grades[grade] : "?";
}

enum eki_error eki_sign_validate(const struct eki_sign *s)
{
    bool texts = s->name && s->name[0] && s->family && s->technique && memchr(s->detail, 0, sizeof s->detail);
    bool times = s->first != EKI_TIME_NONE && s->last >= s->first;
    bool packets = s->packet_first >= 1 && s->packet_last >= s->packet_first;
    bool fine = texts && times && packets && s->id && s->count && s->grade <= EKI_GRADE_IMPLANT;
    return fine ? EKI_OK : EKI_ERROR_ARGUMENT;
}

size_t eki_sign_write(const struct eki_sign *s, char ret_line[EKI_SIGN_LINE])
{
    char protocol[4];
    struct eki_json j = eki_json_to_buffer(ret_line, EKI_SIGN_LINE - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, "sign");
    eki_json_key(&j, "id"), eki_json_unsigned(&j, s->id);
    eki_json_key(&j, "t"), eki_json_time_exact(&j, s->first);
    eki_json_key(&j, "last"), eki_json_time_exact(&j, s->last);
    eki_json_key(&j, "name"), eki_json_text(&j, s->name);
    if (s->family[0]) eki_json_key(&j, "family"), eki_json_text(&j, s->family);
    if (s->technique[0]) eki_json_key(&j, "technique"), eki_json_text(&j, s->technique);
    eki_json_key(&j, "source"), eki_json_address(&j, s->source);
    eki_json_key(&j, "target"), eki_json_address(&j, s->target);
    eki_json_key(&j, "proto"), eki_json_text(&j, eki_protocol_name(s->protocol, protocol));
    eki_json_key(&j, "port"), eki_json_unsigned(&j, s->service);
    eki_json_key(&j, "grade"), eki_json_text(&j, eki_grade_name(s->grade));
    eki_json_key(&j, "vector"), eki_json_bool(&j, s->vector);
    eki_json_key(&j, "automated"), eki_json_bool(&j, s->automated);
    eki_json_key(&j, "count"), eki_json_unsigned(&j, s->count);
    eki_json_key(&j, "packet"), eki_json_unsigned(&j, s->packet_first);
    eki_json_key(&j, "packet_last"), eki_json_unsigned(&j, s->packet_last);
    eki_json_key(&j, "input"), eki_json_unsigned(&j, s->input);
    eki_json_key(&j, "detail"), eki_json_text(&j, s->detail);
    eki_json_end(&j);
    ret_line[j.length] = '\n';
    ret_line[j.length + 1] = 0;
    return j.length + 1;
}

/* The static text equal to `text` in a list that ends with NULL, or NULL. */
static const char *own(const char *const *list, const char *text)
{
    for (; list && *list; list++)
        if (!strcmp(*list, text)) return *list;
    return NULL;
}

bool eki_sign_own_texts(struct eki_sign *s, const char *name, const char *family, const char *technique)
{
    for (size_t i = 0; eki_sign_modules[i]; i++) {
        const struct eki_sign_module *m = eki_sign_modules[i];
        s->name = own(m->signs, name);
        s->family = family[0] ? own(m->families, family) : "";
        s->technique = technique[0] ? own(m->techniques, technique) : "";
        if (s->name && s->family && s->technique) return true;
    }
    return false;
}

enum eki_error eki_sign_read(const char *line, size_t length, struct eki_sign *ret_sign,
                             struct eki_fault *ret_fault)
{
    struct eki_json_pick pick;
    struct eki_sign s = {0};
    char name[64], family[64] = "", technique[32] = "", protocol[16];
    eki_json_pick_read(&pick, line, length);
    s.id = eki_json_pick_unsigned(&pick, "id", UINT64_MAX);
    s.first = eki_json_pick_time(&pick, "t");
    s.last = eki_json_pick_time(&pick, "last");
    eki_json_pick_text(&pick, "name", name, sizeof name);
    if (eki_json_pick_has(&pick, "family")) eki_json_pick_text(&pick, "family", family, sizeof family);
    if (eki_json_pick_has(&pick, "technique"))
        eki_json_pick_text(&pick, "technique", technique, sizeof technique);
    s.source = eki_json_pick_address(&pick, "source");
    s.target = eki_json_pick_address(&pick, "target");
    eki_json_pick_text(&pick, "proto", protocol, sizeof protocol);
    s.service = (uint16_t)eki_json_pick_unsigned(&pick, "port", UINT16_MAX);
    s.grade = (uint8_t)eki_json_pick_choice(&pick, "grade", grades);
    s.vector = eki_json_pick_bool(&pick, "vector");
    s.automated = eki_json_pick_bool(&pick, "automated");
    s.count = (uint32_t)eki_json_pick_unsigned(&pick, "count", UINT32_MAX);
    s.packet_first = eki_json_pick_unsigned(&pick, "packet", UINT64_MAX);
    s.packet_last = eki_json_pick_unsigned(&pick, "packet_last", UINT64_MAX);
    s.input = (uint16_t)eki_json_pick_unsigned(&pick, "input", UINT16_MAX);
    if (eki_json_pick_has(&pick, "detail")) eki_json_pick_text(&pick, "detail", s.detail, sizeof s.detail);
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    if (!eki_protocol_read(protocol, &s.protocol))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "proto: unknown");
    if (!eki_sign_own_texts(&s, name, family, technique))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0,
                             "no sign of this name, family and technique is known");
    if (eki_sign_validate(&s))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "fields contradict each other");
    *ret_sign = s;
    return EKI_OK;
}
