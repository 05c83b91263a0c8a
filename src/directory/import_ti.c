/* SPDX-License-Identifier: Apache-2.0 */
/* The team list of the Trusted Introducer: an array of teams with emails, phones, keys and their
 * constituency. */
#include <string.h>

#include "directory/texts.h"
#include "directory/tree.h"

/* "08:00 to 18:00 Monday to Friday ..." in our form; "" for what is told in other words. */
static const char *hours_of(const char *text, char ret_hours[48])
{
    struct eki_hours hours;
    ret_hours[0] = '\0';
    if (!text) return ret_hours;
    if (!strncmp(text, "24/7", 4)) return "24/7";
    if (strlen(text) < 31 || memcmp(text + 5, " to ", 4) || strncmp(text + 14, " Monday to Friday", 17))
        return ret_hours;
    snprintf(ret_hours, 48, "mon-fri %.5s-%.5s", text, text + 9);
    if (eki_hours_parse(ret_hours, &hours)) ret_hours[0] = '\0';
    return ret_hours;
}

static bool has_word(const json_t *array, const char *start)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        const char *word = json_string_value(json_array_get(array, i));
        if (word && !strncmp(word, start, strlen(start))) return true;
    }
    return false;
}

static void read_contacts(struct eki_import *import, const char *team, const json_t *entry)
{
    const json_t *emails = eki_tree_array(entry, "emails"), *phones = eki_tree_array(entry, "phones");
    char id[160];
    for (size_t i = 0; i < json_array_size(emails); i++) {
        snprintf(id, sizeof id, "%s-email%zu", team, i + 1);
        eki_entry_contact(import, &(struct eki_entry_contact){
                                      .id = id,
                                      .team = team,
                                      .address = eki_tree_text(json_array_get(emails, i), "address"),
                                      .role = EKI_ROLE_POC,
                                      .medium = EKI_MEDIUM_EMAIL});
    }
    for (size_t i = 0; i < json_array_size(phones); i++) {
        const json_t *phone = json_array_get(phones, i), *usage = eki_tree_array(phone, "usage");
        snprintf(id, sizeof id, "%s-phone%zu", team, i + 1);
        eki_entry_contact(import, &(struct eki_entry_contact){
                                      .id = id,
                                      .team = team,
                                      .address = eki_tree_text(phone, "number"),
                                      .name = has_word(usage, "emergency") ? "emergency" : NULL,
                                      .role = EKI_ROLE_POC,
                                      .medium = has_word(usage, "fax") ? EKI_MEDIUM_FAX : EKI_MEDIUM_PHONE});
    }
}

static void read_keys(struct eki_import *import, const char *team, const json_t *entry)
{
    const json_t *keys = eki_tree_array(entry, "pgp_keys");
    for (size_t i = 0; i < json_array_size(keys); i++) {
        struct eki_key *key = eki_entry_record(import, EKI_RECORD_KEY);
        if (!key) return;
        key->type = EKI_KEY_OPENPGP;
        eki_entry_set(import, EKI_RECORD_KEY, key, "team", team);
        eki_entry_set(import, EKI_RECORD_KEY, key, "fingerprint",
                      eki_tree_text(json_array_get(keys, i), "fingerprint"));
        eki_entry_set(import, EKI_RECORD_KEY, key, "expires",
                      eki_tree_text(json_array_get(keys, i), "expires"));
    }
}

static void read_resources(struct eki_import *import, const char *team, const json_t *constituency)
{
    static const char *const lists[] = {"domains", "asns", "ipranges"};
    char number[24];
    for (int list = 0; list < 3; list++) {
        const json_t *items = eki_tree_array(constituency, lists[list]);
        for (size_t i = 0; i < json_array_size(items); i++) {
            const json_t *item = json_array_get(items, i);
            const char *word = json_string_value(item);
            if (json_is_integer(item)) {
                snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(item));
                word = number;
            }
            if (word && *word) eki_entry_resource(import, team, NULL, word);
        }
    }
    /* A country is claimed by a national team only; for others it says where their members are. */
    const json_t *countries = eki_tree_array(constituency, "countries");
    if (!has_word(eki_tree_array(constituency, "types"), "National")) return;
    for (size_t i = 0; i < json_array_size(countries); i++) {
        struct eki_network *n = eki_entry_record(import, EKI_RECORD_NETWORK);
        eki_entry_set(import, EKI_RECORD_NETWORK, n, "team", team);
        eki_entry_set(import, EKI_RECORD_NETWORK, n, "country",
                      eki_tree_text(json_array_get(countries, i), "code"));
    }
}

static void read_team(struct eki_import *import, const json_t *entry)
{
    char id[132], hours[48];
    const char *short_name = eki_tree_text(entry, "short_name"),
               *name = eki_tree_text(entry, "official_name");
    const json_t *constituency = json_object_get(entry, "constituency");
    if (!short_name || !*short_name) {
        eki_entry_wrong(import, "there is no \"short_name\"");
        return;
    }
    eki_id_from("ti", short_name, id);
    struct eki_team *team = eki_entry_record(import, EKI_RECORD_TEAM);
    const struct {
        const char *key, *text;
    } values[] = {{"id", id},
                  {"name", name && *name ? name : short_name},
                  {"host", eki_tree_text(entry, "host_organisation")},
                  {"country", eki_tree_text(json_object_get(entry, "country"), "code")},
                  {"founded", eki_tree_text(entry, "established")},
                  {"joined", eki_tree_text(json_object_get(entry, "classification"), "since")},
                  {"postal", eki_tree_text(entry, "postal_address")},
                  {"hours", hours_of(eki_tree_text(entry, "business_hours"), hours)},
                  {"time_zone", eki_tree_text(entry, "business_hours_timezone")},
                  {"sector", json_string_value(json_array_get(eki_tree_array(constituency, "types"), 0))}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        eki_entry_set(import, EKI_RECORD_TEAM, team, values[i].key, values[i].text);
    read_contacts(import, id, entry);
    read_keys(import, id, entry);
    read_resources(import, id, constituency);
}

enum eki_error eki_import_ti(struct eki_import *import, struct eki_source *source)
{
    json_t *tree, *entry;
    size_t index;
    enum eki_error error = eki_tree_read(source, &tree, import->fault);
    if (error) return error;
    if (!json_is_array(tree))
        error = eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0,
                              "no team list of the Trusted Introducer: it is no array");
    else
        json_array_foreach(tree, index, entry)
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
