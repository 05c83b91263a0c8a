/* SPDX-License-Identifier: Apache-2.0 */
/* The files: read by libcyaml against the schemas below, then held against each other. */
#include <cyaml/cyaml.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "catalogue/embedded.h"
#include "ekigaku/catalogue.h"

enum { MOST_BYTES = 4 << 20, FILES = 6, MOST_ENTRIES = 4096 };

static const cyaml_strval_t kinds[] = {{"virus", EKI_KIND_VIRUS},
                                       {"worm", EKI_KIND_WORM},
                                       {"trojan", EKI_KIND_TROJAN},
                                       {"hybrid", EKI_KIND_HYBRID}};
static const cyaml_strval_t routes[] = {
    {"contact", EKI_ROUTE_CONTACT}, {"droplet", EKI_ROUTE_DROPLET}, {"airborne", EKI_ROUTE_AIRBORNE}};
static const cyaml_strval_t trust[] = {
    {"low", EKI_CONFIDENCE_LOW}, {"medium", EKI_CONFIDENCE_MEDIUM}, {"high", EKI_CONFIDENCE_HIGH}};

#define TEXT(key, type, field) CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, field, 0, 1000)
#define MAYBE(key, type, field)                                                                              \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, field, 0, 1000)
#define CHOICE(key, type, field, names)                                                                      \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT, type, field, names, CYAML_ARRAY_LEN(names))

static const cyaml_schema_field_t value_fields[] = {
    TEXT("key", struct eki_catalogue_value, key),
    TEXT("value", struct eki_catalogue_value, value),
    TEXT("unit", struct eki_catalogue_value, unit),
    TEXT("source", struct eki_catalogue_value, source),
    CHOICE("confidence", struct eki_catalogue_value, confidence, trust),
    CYAML_FIELD_END};
static const cyaml_schema_value_t value_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_catalogue_value, value_fields)};

static const cyaml_schema_field_t inheritance_fields[] = {
    TEXT("from", struct eki_inheritance, from), TEXT("technique", struct eki_inheritance, technique),
    CYAML_FIELD_END};
static const cyaml_schema_value_t inheritance_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_inheritance, inheritance_fields)};

static const cyaml_schema_field_t family_fields[] = {
    TEXT("id", struct eki_family, id),
    TEXT("name", struct eki_family, name),
    TEXT("first", struct eki_family, first),
    CHOICE("kind", struct eki_family, kind, kinds),
    CYAML_FIELD_BOOL("propagates", CYAML_FLAG_DEFAULT, struct eki_family, propagates),
    CYAML_FIELD_BOOL("infects_files", CYAML_FLAG_DEFAULT, struct eki_family, infects_files),
    CHOICE("route", struct eki_family, route, routes),
    MAYBE("connected", struct eki_family, connected),
    MAYBE("elsewhere", struct eki_family, elsewhere),
    MAYBE("means", struct eki_family, means),
    TEXT("payload", struct eki_family, payload),
    TEXT("recovery", struct eki_family, recovery),
    MAYBE("kill_switch", struct eki_family, kill_switch),
    MAYBE("vaccine", struct eki_family, vaccine),
    MAYBE("limits", struct eki_family, limits),
    TEXT("measure_class", struct eki_family, measure_class),
    CYAML_FIELD_SEQUENCE_COUNT("inherits", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct eki_family,
                               inherits, inherits_count, &inheritance_schema, 0, 64),
    CYAML_FIELD_SEQUENCE_COUNT("values", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct eki_family, values,
                               value_count, &value_schema, 0, 256),
    TEXT("source", struct eki_family, source),
    CHOICE("confidence", struct eki_family, confidence, trust),
    CYAML_FIELD_END};

static const cyaml_schema_field_t technique_fields[] = {
    TEXT("id", struct eki_technique, id), TEXT("name", struct eki_technique, name),
    TEXT("attack", struct eki_technique, attack), TEXT("source", struct eki_technique, source),
    CYAML_FIELD_END};
static const cyaml_schema_field_t era_fields[] = {
    TEXT("id", struct eki_era, id),         TEXT("name", struct eki_era, name),
    TEXT("from", struct eki_era, from),     TEXT("to", struct eki_era, to),
    TEXT("aim", struct eki_era, aim),       TEXT("answer", struct eki_era, answer),
    TEXT("source", struct eki_era, source), CYAML_FIELD_END};
static const cyaml_schema_field_t class_fields[] = {TEXT("id", struct eki_class, id),
                                                    TEXT("name", struct eki_class, name),
                                                    TEXT("japanese", struct eki_class, japanese),
                                                    TEXT("model", struct eki_class, model),
                                                    TEXT("rule", struct eki_class, rule),
                                                    TEXT("obliges", struct eki_class, obliges),
                                                    TEXT("obliges_ja", struct eki_class, obliges_ja),
                                                    TEXT("forbids", struct eki_class, forbids),
                                                    TEXT("forbids_ja", struct eki_class, forbids_ja),
                                                    TEXT("source", struct eki_class, source),
                                                    CYAML_FIELD_END};

static const cyaml_strval_t roles[] = {{"desk", EKI_DEPARTMENT_DESK},
                                       {"network", EKI_DEPARTMENT_NETWORK},
                                       {"systems", EKI_DEPARTMENT_SYSTEMS},
                                       {"helpdesk", EKI_DEPARTMENT_HELPDESK},
                                       {"management", EKI_DEPARTMENT_MANAGEMENT},
                                       {"communications", EKI_DEPARTMENT_COMMUNICATIONS},
                                       {"legal", EKI_DEPARTMENT_LEGAL}};
static const cyaml_strval_t phases[] = {{"response", EKI_PHASE_RESPONSE}, {"readiness", EKI_PHASE_READINESS}};

static const cyaml_schema_field_t step_fields[] = {
    TEXT("id", struct eki_playbook_step, id),
    CHOICE("role", struct eki_playbook_step, role, roles),
    CYAML_FIELD_UINT("hours", CYAML_FLAG_DEFAULT, struct eki_playbook_step, hours),
    TEXT("title", struct eki_playbook_step, title),
    TEXT("title_ja", struct eki_playbook_step, title_ja),
    TEXT("text", struct eki_playbook_step, text),
    TEXT("text_ja", struct eki_playbook_step, text_ja),
    CYAML_FIELD_END};
static const cyaml_schema_value_t step_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_playbook_step, step_fields)};
static const cyaml_schema_field_t playbook_fields[] = {
    TEXT("id", struct eki_playbook, id),
    TEXT("name", struct eki_playbook, name),
    TEXT("japanese", struct eki_playbook, japanese),
    CHOICE("phase", struct eki_playbook, phase, phases),
    CYAML_FIELD_BOOL("measure", CYAML_FLAG_DEFAULT, struct eki_playbook, measure),
    MAYBE("classes", struct eki_playbook, classes),
    MAYBE("families", struct eki_playbook, families),
    MAYBE("routes", struct eki_playbook, routes),
    TEXT("source", struct eki_playbook, source),
    CYAML_FIELD_SEQUENCE_COUNT("steps", CYAML_FLAG_POINTER, struct eki_playbook, steps, step_count,
                               &step_schema, 1, 64),
    CYAML_FIELD_END};

#define ENTRY(name, type, fields)                                                                            \
    static const cyaml_schema_value_t name##_entry = {                                                       \
        CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, type, fields)};                                              \
    static const cyaml_schema_value_t name##_list = {                                                        \
        CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER, type, &name##_entry, 1, MOST_ENTRIES)}
ENTRY(family, struct eki_family, family_fields);
ENTRY(technique, struct eki_technique, technique_fields);
ENTRY(era, struct eki_era, era_fields);
ENTRY(class, struct eki_class, class_fields);
ENTRY(playbook, struct eki_playbook, playbook_fields);

static const struct {
    const char *name;
    const cyaml_schema_value_t *schema;
} files[FILES] = {{"families.yaml", &family_list}, {"techniques.yaml", &technique_list},
                  {"eras.yaml", &era_list},        {"measures.yaml", &class_list},
                  {"handling.yaml", &class_list},  {"playbooks.yaml", &playbook_list}};

/* What libcyaml gave, to be given back to it. */
struct memory {
    void *lists[FILES];
    unsigned counts[FILES];
};

/* The first complaint of libcyaml and the place that follows it. */
static void listen(cyaml_log_t level, void *user, const char *format, va_list arguments)
{
    char line[256], *complaint = user;
    (void)level;
    vsnprintf(line, sizeof line, format, arguments);
    char *text = line + strspn(line, " ");
    if (!strncmp(text, "Load: ", 6)) text += 6 + strspn(text + 6, " ");
    text[strcspn(text, "\n")] = 0;
    size_t used = strlen(complaint);
    bool place = !strncmp(text, "in ", 3);
    if (!strncmp(text, "Backtrace", 9) || (used && (!place || strstr(complaint, "(line:")))) return;
    snprintf(complaint + used, sizeof(struct eki_fault) - offsetof(struct eki_fault, what) - used, "%s%s",
             used ? " " : "", text);
}

static cyaml_config_t config_for(struct eki_fault *complaint)
{
    return (cyaml_config_t){.log_fn = listen,
                            .log_ctx = complaint->what,
                            .mem_fn = cyaml_mem,
                            .log_level = CYAML_LOG_ERROR,
                            .flags = CYAML_CFG_NO_ALIAS};
}

static enum eki_error load_bytes(struct memory *memory, int which, const uint8_t *bytes, size_t length,
                                 struct eki_fault *ret_fault)
{
    struct eki_fault complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    cyaml_err_t result = cyaml_load_data(bytes, length, &config, files[which].schema,
                                         (cyaml_data_t **)&memory->lists[which], &memory->counts[which]);
    if (result == CYAML_OK && !memory->lists[which])
        return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "only comments");
    if (result == CYAML_OK) return EKI_OK;
    if (result == CYAML_ERR_OOM) return EKI_ERROR_MEMORY;
    return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "%s",
                         complaint.what[0] ? complaint.what : cyaml_strerror(result));
}

static enum eki_error load_file(struct memory *memory, int which, const char *folder,
                                struct eki_fault *ret_fault)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, files[which].name);
    FILE *in = fopen(path, "rb");
    if (!in) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    uint8_t *bytes = eki_allocate(MOST_BYTES, 1);
    size_t length = bytes ? fread(bytes, 1, MOST_BYTES, in) : 0;
    enum eki_error error = !bytes        ? EKI_ERROR_MEMORY
                           : ferror(in)  ? EKI_ERROR_READ
                           : length == 0 ? EKI_ERROR_EMPTY
                                         : EKI_OK;
    fclose(in);
    if (!error)
        error = load_bytes(memory, which, bytes, length, ret_fault);
    else
        eki_fault_set(ret_fault, error, 0, "no entries");
    eki_free(bytes);
    return error;
}

static enum eki_error load_embedded(struct memory *memory, int which, struct eki_fault *ret_fault)
{
    const struct eki_embedded *file = eki_catalogue_files;
    while (file->name && strcmp(file->name, files[which].name) != 0) file++;
    return file->name ? load_bytes(memory, which, file->bytes, file->length, ret_fault)
                      : eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "not compiled in");
}

static enum eki_error wrong(struct eki_fault *fault, const char *id, const char *key, const char *why)
{
    return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "%.40s: %.60s: %s", id, key, why);
}

static const struct eki_class *find_class(const struct eki_class *classes, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(classes[i].id, id)) return &classes[i];
    return NULL;
}

typedef bool eki_knows(const struct eki_catalogue *c, const char *id);

static bool knows_class(const struct eki_catalogue *c, const char *id)
{
    return find_class(c->measures, c->measure_count, id) != NULL;
}

static bool knows_family(const struct eki_catalogue *c, const char *id)
{
    return eki_catalogue_family(c, id) != NULL;
}

static bool knows_route(const struct eki_catalogue *c, const char *id)
{
    (void)c;
    for (size_t i = 0; i < CYAML_ARRAY_LEN(routes); i++)
        if (!strcmp(routes[i].str, id)) return true;
    return false;
}

/* Whom a family inherits from came before it; so no line of descent can close. */
static enum eki_error check_inheritance(const struct eki_catalogue *c, const struct eki_family *family,
                                        struct eki_fault *fault)
{
    for (size_t i = 0; i < family->inherits_count; i++) {
        const struct eki_inheritance *from = &family->inherits[i];
        const struct eki_family *parent = eki_catalogue_family(c, from->from);
        if (!parent) return wrong(fault, family->id, from->from, "inherits from a family that is not there");
        if (!eki_catalogue_technique(c, from->technique))
            return wrong(fault, family->id, from->technique, "inherits a technique that is not there");
        if (strcmp(parent->first, family->first) > 0 || parent == family)
            return wrong(fault, family->id, from->from, "inherits from a family that came later");
    }
    return EKI_OK;
}

static enum eki_error check_families(const struct eki_catalogue *c, struct eki_fault *fault)
{
    for (size_t i = 0; i < c->family_count; i++) {
        const struct eki_family *family = &c->families[i];
        if (!family->source[0]) return wrong(fault, family->id, "source", "is empty");
        if (eki_catalogue_family(c, family->id) != family)
            return wrong(fault, family->id, "id", "stands twice");
        if (i && strcmp(c->families[i - 1].first, family->first) > 0)
            return wrong(fault, family->id, "first", "earlier than the entry before it");
        if (!find_class(c->measures, c->measure_count, family->measure_class))
            return wrong(fault, family->id, family->measure_class, "no such countermeasure class");
        for (size_t k = 0; k < family->value_count; k++)
            if (!family->values[k].source[0])
                return wrong(fault, family->id, family->values[k].key, "has no source");
        enum eki_error error = check_inheritance(c, family, fault);
        if (error) return error;
    }
    return EKI_OK;
}

/* The first of these ids, with blanks between, that `knows` does not know; its length in *ret_length. */
static const char *stranger(const struct eki_catalogue *c, const char *ids, eki_knows *knows,
                            size_t *ret_length)
{
    for (const char *at = ids ? ids + strspn(ids, " ") : ""; *at; at += strspn(at, " ")) {
        char id[32];
        size_t length = strcspn(at, " ");
        snprintf(id, sizeof id, "%.*s", (int)length, at);
        *ret_length = length;
        if (length >= sizeof id || !knows(c, id)) return at;
        at += length;
    }
    return NULL;
}

static enum eki_error check_steps(const struct eki_playbook *p, struct eki_fault *fault)
{
    for (size_t i = 0; i < p->step_count; i++) {
        if (!p->steps[i].hours) return wrong(fault, p->id, p->steps[i].id, "has no hours");
        for (size_t k = 0; k < i; k++)
            if (!strcmp(p->steps[k].id, p->steps[i].id))
                return wrong(fault, p->id, p->steps[i].id, "stands twice");
    }
    return EKI_OK;
}

static enum eki_error check_playbooks(const struct eki_catalogue *c, struct eki_fault *fault)
{
    const struct {
        const char *why;
        eki_knows *knows;
    } lists[] = {{"no such countermeasure class", knows_class},
                 {"no such family", knows_family},
                 {"no such route", knows_route}};
    for (size_t i = 0; i < c->playbook_count; i++) {
        const struct eki_playbook *p = &c->playbooks[i];
        const char *const ids[] = {p->classes, p->families, p->routes};
        if (!p->source[0]) return wrong(fault, p->id, "source", "is empty");
        for (size_t k = 0; k < i; k++)
            if (!strcmp(c->playbooks[k].id, p->id)) return wrong(fault, p->id, "id", "stands twice");
        for (size_t k = 0; k < sizeof lists / sizeof *lists; k++) {
            size_t length = 0;
            const char *id = stranger(c, ids[k], lists[k].knows, &length);
            char name[40];
            if (id) snprintf(name, sizeof name, "%.*s", (int)length, id);
            if (id) return wrong(fault, p->id, name, lists[k].why);
        }
        enum eki_error error = check_steps(p, fault);
        if (error) return error;
    }
    return EKI_OK;
}

enum eki_error eki_catalogue_read(const char *folder, struct eki_catalogue **ret_catalogue,
                                  const char **ret_path, struct eki_fault *ret_fault)
{
    struct eki_catalogue *c = eki_allocate(1, sizeof *c);
    struct memory *memory = eki_allocate(1, sizeof *memory);
    enum eki_error error = c && memory ? EKI_OK : EKI_ERROR_MEMORY;
    if (c) c->memory = memory;
    for (int i = 0; i < FILES && !error; i++) {
        *ret_path = files[i].name;
        error = folder ? load_file(memory, i, folder, ret_fault) : load_embedded(memory, i, ret_fault);
    }
    if (!error) {
        c->families = memory->lists[0], c->family_count = memory->counts[0];
        c->techniques = memory->lists[1], c->technique_count = memory->counts[1];
        c->eras = memory->lists[2], c->era_count = memory->counts[2];
        c->measures = memory->lists[3], c->measure_count = memory->counts[3];
        c->handling = memory->lists[4], c->handling_count = memory->counts[4];
        c->playbooks = memory->lists[5], c->playbook_count = memory->counts[5];
        *ret_path = files[0].name;
        error = check_families(c, ret_fault);
        if (!error) *ret_path = files[5].name;
        if (!error) error = check_playbooks(c, ret_fault);
    }
    if (error) {
        if (c)
            eki_catalogue_free(c);
        else
            eki_free(memory);
        return error;
    }
    *ret_catalogue = c;
    return EKI_OK;
}

void eki_catalogue_free(struct eki_catalogue *c)
{
    if (!c) return;
    struct memory *memory = c->memory;
    struct eki_fault complaint = {0};
    cyaml_config_t config = config_for(&complaint);
    for (int i = 0; memory && i < FILES; i++)
        if (memory->lists[i]) cyaml_free(&config, files[i].schema, memory->lists[i], memory->counts[i]);
    eki_free(memory);
    eki_free(c);
}

const struct eki_family *eki_catalogue_family(const struct eki_catalogue *c, const char *id)
{
    for (size_t i = 0; i < c->family_count; i++)
        if (!strcmp(c->families[i].id, id)) return &c->families[i];
    return NULL;
}

const struct eki_technique *eki_catalogue_technique(const struct eki_catalogue *c, const char *id)
{
    for (size_t i = 0; i < c->technique_count; i++)
        if (!strcmp(c->techniques[i].id, id)) return &c->techniques[i];
    return NULL;
}

const struct eki_class *eki_catalogue_measure(const struct eki_catalogue *c, const char *id)
{
    return find_class(c->measures, c->measure_count, id);
}

const struct eki_class *eki_catalogue_handling(const struct eki_catalogue *c, const char *id)
{
    return find_class(c->handling, c->handling_count, id);
}
