/* SPDX-License-Identifier: Apache-2.0 */
/* What address managements export: a prefix (or address and mask), whom it is given to, a description. */
#include <string.h>

#include "directory/entry.h"
#include "directory/columns.h"
#include "directory/texts.h"

struct ipam {
    struct eki_import *import;
    struct eki_columns row;
    int prefix, mask, tenant, name;
};

/* "255.255.255.0" or "24" as a number of bits; false for anything else. */
static bool mask_bits(const char *text, uint32_t *ret_bits)
{
    struct eki_address mask;
    if (eki_count_read(text, 128, ret_bits)) return true;
    if (eki_address_parse(text, &mask) || !eki_address_is_v4(mask)) return false;
    uint32_t ones = (uint32_t)mask.lo;
    *ret_bits = ones ? (uint32_t)__builtin_popcount(ones) : 0;
    return ones == (*ret_bits ? UINT32_MAX << (32 - *ret_bits) : 0);
}

static void add_prefix(struct ipam *ipam, const char *department)
{
    char text[EKI_DIRECTORY_TEXT + 1], mask[EKI_DIRECTORY_TEXT + 1], joined[96];
    const char *prefix = eki_columns_value(&ipam->row, ipam->prefix, text),
               *width = eki_columns_value(&ipam->row, ipam->mask, mask);
    uint32_t bits;
    if (!prefix || !width || strlen(prefix) > 80) {
        eki_entry_wrong(ipam->import, "the prefix is too long");
        return;
    }
    if (*width && !strchr(prefix, '/')) {
        if (!mask_bits(*width == '/' ? width + 1 : width, &bits))
            eki_entry_wrong(ipam->import, "mask \"%.40s\" is none", width);
        snprintf(joined, sizeof joined, "%s/%u", prefix, bits);
        prefix = joined;
    }
    if (!*prefix) eki_entry_wrong(ipam->import, "there is no prefix");
    eki_entry_resource(ipam->import, ipam->import->request->team, department, prefix);
}

static enum eki_error read_row(struct ipam *ipam)
{
    struct eki_import *import = ipam->import;
    char tenant[EKI_DIRECTORY_TEXT + 1], name[EKI_DIRECTORY_TEXT + 1], prefix[24], id[132];
    eki_entry_begin(import, ipam->row.line);
    const char *owner = eki_columns_value(&ipam->row, ipam->tenant, tenant),
               *description = eki_columns_value(&ipam->row, ipam->name, name);
    if (!owner || !description) eki_entry_wrong(import, "a value is too long");
    bool has_owner = owner && *owner;
    snprintf(prefix, sizeof prefix, "%.20s", import->request->source ? import->request->source : "dept");
    if (has_owner) {
        eki_id_from(prefix, owner, id);
        struct eki_department *d = eki_entry_record(import, EKI_RECORD_DEPARTMENT);
        eki_entry_set(import, EKI_RECORD_DEPARTMENT, d, "id", id);
        eki_entry_set(import, EKI_RECORD_DEPARTMENT, d, "team", import->request->team);
        eki_entry_set(import, EKI_RECORD_DEPARTMENT, d, "name", owner);
    }
    size_t first = import->directory->of[EKI_RECORD_NETWORK].count;
    if (!import->wrong) add_prefix(ipam, has_owner ? id : NULL);
    struct eki_network *networks = import->directory->of[EKI_RECORD_NETWORK].items;
    for (size_t i = first; i < import->directory->of[EKI_RECORD_NETWORK].count; i++)
        eki_entry_set(import, EKI_RECORD_NETWORK, &networks[i], "name", description);
    return eki_entry_end(import);
}

enum eki_error eki_import_ipam(struct eki_import *import, struct eki_source *source)
{
    struct ipam ipam = {.import = import};
    if (!import->request->team)
        return eki_fault_set(import->fault, EKI_ERROR_ARGUMENT, 0,
                             "a list of prefixes needs a team whose they are");
    enum eki_error error = eki_columns_open(source, &ipam.row, import->fault);
    if (error) return error;
    ipam.prefix = eki_columns_find(&ipam.row, "prefix network subnet cidr address ip_prefix");
    ipam.mask = eki_columns_find(&ipam.row, "mask netmask prefix_length prefixlen bits");
    ipam.tenant = eki_columns_find(&ipam.row, "tenant department section owner customer unit 部署");
    ipam.name = eki_columns_find(&ipam.row, "description name comment");
    if (ipam.prefix < 0)
        return eki_fault_set(import->fault, EKI_ERROR_FORMAT, 0,
                             "line %u: no column \"prefix\", \"network\", \"subnet\" or \"cidr\"",
                             ipam.row.line);
    while (eki_columns_next(&ipam.row, &error)) {
        error = read_row(&ipam);
        if (error) return error;
    }
    return error ? error : eki_import_unique(import->directory, EKI_RECORD_DEPARTMENT);
}
