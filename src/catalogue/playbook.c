/* SPDX-License-Identifier: Apache-2.0 */
/* Playbooks: which of them fit a case, their steps by name, and all of them for people and programs. */
#include <stdio.h>
#include <string.h>

#include "base/json_write.h"
#include "ekigaku/catalogue.h"

const char *eki_department_role_name(enum eki_role_of_department role)
{
    static const char *const names[EKI_DEPARTMENTS] = {"desk",       "network",        "systems", "helpdesk",
                                                       "management", "communications", "legal"};
    return (unsigned)role < EKI_DEPARTMENTS ? names[role] : "?";
}

static bool has_word(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; length && (at = strstr(at, word)); at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length])) return true;
    return false;
}

bool eki_playbook_fits(const struct eki_playbook *playbook, const char *class, const char *family,
                       const char *route)
{
    if (playbook->routes && !has_word(playbook->routes, route)) return false;
    if (!playbook->classes && !playbook->families) return true;
    return (playbook->classes && has_word(playbook->classes, class)) ||
           (playbook->families && has_word(playbook->families, family));
}

const struct eki_playbook_step *eki_catalogue_step(const struct eki_catalogue *catalogue, const char *name,
                                                   const struct eki_playbook **ret_playbook)
{
    size_t length = strcspn(name, "/");
    for (size_t i = 0; name[length] && i < catalogue->playbook_count; i++) {
        const struct eki_playbook *p = &catalogue->playbooks[i];
        if (strlen(p->id) != length || strncmp(p->id, name, length) != 0) continue;
        for (size_t k = 0; k < p->step_count; k++) {
            if (strcmp(p->steps[k].id, name + length + 1) != 0) continue;
            if (ret_playbook) *ret_playbook = p;
            return &p->steps[k];
        }
    }
    return NULL;
}

static void pair(struct eki_json *j, const char *key, const char *text)
{
    eki_json_key(j, key);
    if (text)
        eki_json_text(j, text);
    else
        eki_json_null(j);
}

static void step_json(struct eki_json *j, const struct eki_playbook_step *s)
{
    eki_json_object(j);
    pair(j, "id", s->id), pair(j, "role", eki_department_role_name(s->role));
    eki_json_key(j, "hours");
    eki_json_unsigned(j, s->hours);
    pair(j, "title", s->title), pair(j, "title_ja", s->title_ja);
    pair(j, "text", s->text), pair(j, "text_ja", s->text_ja);
    eki_json_end(j);
}

static void playbook_json(struct eki_json *j, const struct eki_playbook *p)
{
    eki_json_object(j);
    pair(j, "id", p->id), pair(j, "name", p->name), pair(j, "japanese", p->japanese);
    pair(j, "phase", p->phase == EKI_PHASE_RESPONSE ? "response" : "readiness");
    eki_json_key(j, "measure");
    eki_json_bool(j, p->measure);
    pair(j, "classes", p->classes), pair(j, "families", p->families), pair(j, "routes", p->routes);
    pair(j, "source", p->source);
    eki_json_key(j, "steps");
    eki_json_array(j);
    for (size_t i = 0; i < p->step_count; i++) step_json(j, &p->steps[i]);
    eki_json_end(j);
    eki_json_end(j);
}

static void playbook_text(FILE *out, const struct eki_playbook *p)
{
    fprintf(out, "%s: %s (%s)\n  for: %s%s%s; route %s\n", p->id, p->name, p->japanese,
            p->classes    ? p->classes
            : p->families ? ""
                          : "any class",
            p->classes && p->families ? " " : "", p->families ? p->families : "",
            p->routes ? p->routes : "any");
    for (size_t i = 0; i < p->step_count; i++)
        fprintf(out, "  %5u h  %-14s  %s\n", (unsigned)p->steps[i].hours,
                eki_department_role_name(p->steps[i].role), p->steps[i].title);
    fprintf(out, "  source: %s\n\n", p->source);
}

enum eki_error eki_catalogue_write_playbooks(const struct eki_catalogue *c, bool json, FILE *out)
{
    if (json) {
        struct eki_json j = eki_json_to_file(out, true);
        eki_json_object(&j);
        eki_json_key(&j, "playbooks");
        eki_json_array(&j);
        for (size_t i = 0; i < c->playbook_count; i++) playbook_json(&j, &c->playbooks[i]);
        eki_json_end(&j);
        eki_json_end(&j);
        if (j.failed) return EKI_ERROR_WRITE;
        fputc('\n', out);
    }
    for (size_t i = 0; !json && i < c->playbook_count; i++) playbook_text(out, &c->playbooks[i]);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
