/* SPDX-License-Identifier: Apache-2.0 */
/* The sign as one JSON line and back, and what may stand in it. */
#include <string.h>

#include "base/json_pick.h"
#include "base/json_write.h"
#include "protocol/module.h"

static const char *const grades[] = {"note", "check", "attempt", "access", "exploit", "implant", NULL};

/* ATT&CK techniques that signs cite. */
static const char *const techniques[] = {"T1210",     "T1190",     "T1021.002", "T1047", "T1543.003", "T1569.002", "T1570",
                                         "T1110",     "T1110.001", "T1046",     "T1053.005", "T1105", "T1595.002", "T1053.002",
                                         NULL};

const char *eki_grade_name(enum eki_grade grade)
{
    return (unsigned)grade <= EKI_GRADE_IMPLANT ? grades[grade] : "?";
}

static const char *in_list(const char *const *list, const char *text)
{
    for (; list && *list; list++)
        if (!strcmp(*list, text)) return *list;
    return NULL;
}

static const char *known_name(const char *text)
{
    const char *name = NULL;
    for (int i = 0; eki_sign_modules[i] && !name; i++) name = in_list(eki_sign_modules[i]->signs, text);
    return name;
}

static const char *known_family(const char *text)
{
    const char *family = *text ? NULL : "";
    for (int i = 0; eki_sign_modules[i] && !family; i++) family = in_list(eki_sign_modules[i]->families, text);
    return family;
}

enum eki_error eki_sign_validate(const struct eki_sign *s)
{
    bool fine = s->id && s->grade <= EKI_GRADE_IMPLANT && s->first != EKI_TIME_NONE && s->last >= s->first && s->packet_first >= 1 &&
                s->count >= 1 && memchr(s->detail, 0, sizeof s->detail);
    return fine ? EKI_OK : EKI_ERROR_ARGUMENT;
}

size_t eki_sign_write(const struct eki_sign *s, char ret_line[EKI_SIGN_LINE])
{
    char protocol[4];
    struct eki_json j = eki_json_to_buffer(ret_line, EKI_SIGN_LINE - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, "sign");
    eki_json_key(&j, "id"), eki_json_unsigned(&j, s->id);
    eki_json_key(&j, "name"), eki_json_text(&j, s->name);
    eki_json_key(&j, "family"), eki_json_text(&j, s->family);
    eki_json_key(&j, "technique"), eki_json_text(&j, s->technique);
    eki_json_key(&j, "grade"), eki_json_text(&j, eki_grade_name(s->grade));
    eki_json_key(&j, "source"), eki_json_address(&j, s->source);
    eki_json_key(&j, "target"), eki_json_address(&j, s->target);
    eki_json_key(&j, "proto"), eki_json_text(&j, eki_protocol_name(s->protocol, protocol));
    eki_json_key(&j, "port"), eki_json_unsigned(&j, s->service);
    eki_json_key(&j, "first"), eki_json_time_exact(&j, s->first);
    eki_json_key(&j, "last"), eki_json_time_exact(&j, s->last);
    eki_json_key(&j, "packet"), eki_json_unsigned(&j, s->packet_first);
    eki_json_key(&j, "packet_last"), eki_json_unsigned(&j, s->packet_last);
    eki_json_key(&j, "count"), eki_json_unsigned(&j, s->count);
    eki_json_key(&j, "input"), eki_json_unsigned(&j, s->input);
    eki_json_key(&j, "vector"), eki_json_bool(&j, s->vector);
    eki_json_key(&j, "automated"), eki_json_bool(&j, s->automated);
    eki_json_key(&j, "detail"), eki_json_text(&j, s->detail);
    eki_json_end(&j);
    ret_line[j.length] = '\n';
    ret_line[j.length + 1] = 0;
    return j.length + 1;
}

static void pick_packets(struct eki_json_pick *pick, struct eki_sign *s)
{
    s->first = eki_json_pick_time(pick, "first");
    s->last = eki_json_pick_time(pick, "last");
    s->packet_first = eki_json_pick_unsigned(pick, "packet", UINT64_MAX);
    s->packet_last = eki_json_pick_unsigned(pick, "packet_last", UINT64_MAX);
    s->count = (uint32_t)eki_json_pick_unsigned(pick, "count", UINT32_MAX);
    s->input = (uint16_t)eki_json_pick_unsigned(pick, "input", UINT16_MAX);
}

enum eki_error eki_sign_read(const char *line, size_t length, struct eki_sign *ret_sign, struct eki_fault *ret_fault)
{
    struct eki_json_pick pick;
    struct eki_sign s = {0};
    char name[64], family[64], protocol[16];
    eki_json_pick_read(&pick, line, length);
    eki_json_pick_text(&pick, "name", name, sizeof name);
    eki_json_pick_text(&pick, "family", family, sizeof family);
    eki_json_pick_text(&pick, "proto", protocol, sizeof protocol);
    eki_json_pick_text(&pick, "detail", s.detail, sizeof s.detail);
    s.id = eki_json_pick_unsigned(&pick, "id", UINT64_MAX >> 17);
    s.grade = (uint8_t)eki_json_pick_choice(&pick, "grade", grades);
    s.source = eki_json_pick_address(&pick, "source");
    s.target = eki_json_pick_address(&pick, "target");
    s.service = (uint16_t)eki_json_pick_unsigned(&pick, "port", UINT16_MAX);
    s.vector = eki_json_pick_bool(&pick, "vector");
    s.automated = eki_json_pick_bool(&pick, "automated");
    pick_packets(&pick, &s);
    char technique[16];
    eki_json_pick_text(&pick, "technique", technique, sizeof technique);
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    s.name = known_name(name);
    s.family = known_family(family);
    s.technique = *technique ? in_list(techniques, technique) : "";
    if (!s.name || !s.family || !s.technique) return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "name, family or technique: unknown");
    if (!eki_protocol_read(protocol, &s.protocol)) return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "proto: unknown");
    if (eki_sign_validate(&s)) return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "fields contradict each other");
    *ret_sign = s;
    return EKI_OK;
}
