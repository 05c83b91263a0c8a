/* SPDX-License-Identifier: Apache-2.0 */
/* The team list of FIRST's API: {"status":"OK","data":[{"id","team","team-full","host","country","email",
 * ...}]}. */
#include <string.h>

#include "directory/texts.h"
#include "directory/tree.h"

/* "August 23, 2019" (and 2019-08-23) as a date; "" for anything else. */
static const char *english_date(const char *text, char ret_date[16])
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct eki_date date = {0};
    char day[3] = "", year[5];
    ret_date[0] = '\0';
    if (!text) return ret_date;
    if (!eki_date_parse(text, &date)) return eki_date_format(date, ret_date);
    const char *blank = strchr(text, ' '), *comma = strchr(text, ',');
    if (!blank || !comma || comma < blank || comma - blank > 3 || strlen(comma) != 6 || comma[1] != ' ')
        return ret_date;
    uint32_t number, which;
    memcpy(day, blank + 1, (size_t)(comma - blank - 1));
    memcpy(year, comma + 2, 5);
    if (!eki_count_read(day, 31, &number) || !number || !eki_count_read(year, 9999, &which)) return ret_date;
    for (unsigned i = 0; i < 12; i++)
        if (!strncmp(text, months + i * 3, 3)) snprintf(ret_date, 16, "%04u-%02u-%02u", which, i + 1, number);
    if (eki_date_parse(ret_date, &date)) ret_date[0] = '\0';
    return ret_date;
}

static void read_constituency(struct eki_import *import, struct eki_team *team, const json_t *value)
{
    char text[EKI_DIRECTORY_TEXT] = "";
    size_t used = 0, index;
    const json_t *part;
    if (json_is_string(value))
        eki_entry_set(import, EKI_RECORD_TEAM, team, "constituency", json_string_value(value));
    if (!json_is_array(value)) return;
    json_array_foreach((json_t *)value, index, part)
    {
        const char *word = json_string_value(part);
        if (!word || used + strlen(word) + 3 > sizeof text) continue;
        used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? ", " : "", word);
    }
    eki_entry_set(import, EKI_RECORD_TEAM, team, "constituency", text);
}

static void read_key(struct eki_import *import, const char *id, const json_t *entry)
{
    const char *fingerprint = eki_tree_text(entry, "pgp-fingerprint");
    if (!fingerprint || !*fingerprint) return;
    struct eki_key *key = eki_entry_record(import, EKI_RECORD_KEY);
    if (!key) return;
    key->type = EKI_KEY_OPENPGP;
    eki_entry_set(import, EKI_RECORD_KEY, key, "team", id);
    eki_entry_set(import, EKI_RECORD_KEY, key, "fingerprint", fingerprint);
}

static void read_team(struct eki_import *import, const json_t *entry)
{
    char id[132], contact[160], date[16];
    const char *name = eki_tree_text(entry, "team-full"), *short_name = eki_tree_text(entry, "team"),
               *own = eki_tree_text(entry, "id"), *email = eki_tree_text(entry, "email");
    if (!name || !*name) name = short_name;
    if (!name || !*name) {
        eki_entry_wrong(import, "there is neither \"team-full\" nor \"team\"");
        return;
    }
    eki_id_from("first", own && *own ? own : short_name ? short_name : name, id);
    struct eki_team *team = eki_entry_record(import, EKI_RECORD_TEAM);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "id", id);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "name", name);
    eki_entry_set(import, EKI_RECORD_TEAM, team, "host", eki_tree_text(entry, "host"));
    eki_entry_set(import, EKI_RECORD_TEAM, team, "country", eki_tree_text(entry, "country"));
    eki_entry_set(import, EKI_RECORD_TEAM, team, "website", eki_tree_text(entry, "website"));
    eki_entry_set(import, EKI_RECORD_TEAM, team, "joined",
                  english_date(eki_tree_text(entry, "member-since"), date));
    read_constituency(import, team, json_object_get(entry, "constituency"));
    if (email && *email) {
        snprintf(contact, sizeof contact, "%s-email", id);
        eki_entry_contact(import, &(struct eki_entry_contact){.id = contact,
                                                              .team = id,
                                                              .address = email,
                                                              .role = EKI_ROLE_POC,
                                                              .medium = EKI_MEDIUM_EMAIL});
    }
    read_key(import, id, entry);
}

enum eki_error eki_import_first(struct eki_import *import, struct eki_source *source)
{
    json_t *tree, *entry;
    size_t index;
    enum eki_error error = eki_tree_read(source, &tree, import->fault);
    if (error) return error;
    json_t *data = json_object_get(tree, "data");
    if (!json_is_array(data))
        error = eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0,
                              "no team list of FIRST: there is no array \"data\"");
    else
        json_array_foreach(data, index, entry)
        {
            eki_entry_begin(import, (uint32_t)index + 1);
            if (json_is_object(entry))
                read_team(import, entry);
            else
                eki_entry_wrong(import, "is no object");
            error = eki_entry_end(import);
            if (error) break;
        }
    json_decref(tree);
    if (!error) error = eki_import_unique(import->directory, EKI_RECORD_TEAM);
    return error ? error : eki_import_unique(import->directory, EKI_RECORD_CONTACT);
}
