/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A scenario file: YAML, read by libcyaml against the schema of scenario_schema.c, so that an unknown key or
 * a wrong type is told with its line. What is written there is copied into a struct eki_scenario and checked.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/simulation.h"
#include "sim/inventory.h"
#include "sim/scenario_file.h"

/* libcyaml tells what is wrong in the first line and where in those after: both are kept. */
struct complaint {
    char text[160];
};

static void listen(cyaml_log_t level, void *user, const char *format, va_list arguments)
{
    struct complaint *complaint = user;
    char line[256];
    (void)level;
    vsnprintf(line, sizeof line, format, arguments);
    char *text = line;
    while (*text == ' ') text++;
    if (!strncmp(text, "Load: ", 6)) text += 6;
    while (*text == ' ') text++;
    text[strcspn(text, "\n")] = 0;
    size_t used = strlen(complaint->text);
    bool place = !strncmp(text, "in ", 3);
    if (!strncmp(text, "Backtrace", 9) || (used && strstr(complaint->text, "(line:"))) return;
    if (used && !place) return;
    snprintf(complaint->text + used, sizeof complaint->text - used, "%s%s", used ? " " : "", text);
}

/* More than any scenario needs; keeps a stranger's file from filling memory. */
enum { MOST_BYTES = 4 << 20 };

static enum eki_error read_bytes(const char *path, uint8_t **ret_bytes, size_t *ret_length,
                                 struct eki_fault *ret_fault)
{
    FILE *in = fopen(path, "rb");
    if (!in) return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
    uint8_t *bytes = eki_allocate(MOST_BYTES, 1);
    size_t length = bytes ? fread(bytes, 1, MOST_BYTES, in) : 0;
    bool failed = ferror(in);
    int number = errno;
    fclose(in);
    enum eki_error error = !bytes                 ? EKI_ERROR_MEMORY
                           : failed               ? EKI_ERROR_READ
                           : length == 0          ? EKI_ERROR_EMPTY
                           : length == MOST_BYTES ? EKI_ERROR_LIMIT
                                                  : EKI_OK;
    if (error) {
        eki_free(bytes);
        return eki_fault_set(ret_fault, error, 0, "%s", failed ? strerror(number) : "no scenario");
    }
    *ret_bytes = bytes;
    *ret_length = length;
    return EKI_OK;
}

static const cyaml_config_t settings = {
    .mem_fn = cyaml_mem, .log_level = CYAML_LOG_ERROR, .flags = CYAML_CFG_NO_ALIAS};

static enum eki_error load(const uint8_t *bytes, size_t length, struct eki_scenario_file **ret_file,
                           struct eki_fault *ret_fault)
{
    struct complaint complaint = {{0}};
    cyaml_config_t config = settings;
    config.log_fn = listen;
    config.log_ctx = &complaint;
    cyaml_err_t result =
        cyaml_load_data(bytes, length, &config, &eki_scenario_schema, (cyaml_data_t **)ret_file, NULL);
    if (result == CYAML_OK && !*ret_file)
        return eki_fault_set(ret_fault, EKI_ERROR_EMPTY, 0, "only comments");
    if (result == CYAML_OK) return EKI_OK;
    if (result == CYAML_ERR_OOM) return EKI_ERROR_MEMORY;
    return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "%s",
                         complaint.text[0] ? complaint.text : cyaml_strerror(result));
}

static enum eki_error wrong(struct eki_fault *fault, const char *key, const char *why)
{
    return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "%.60s: %s", key, why);
}

static enum eki_error parse_v4(const char *text, const char *key, uint32_t *ret_number,
                               struct eki_fault *fault)
{
    struct eki_address address;
    if (eki_address_parse(text, &address) || !eki_address_is_v4(address))
        return wrong(fault, key, "no IPv4 address");
    *ret_number = (uint32_t)address.lo;
    return EKI_OK;
}

/* "192.0.2.0/24", the address being the first of the network. */
static enum eki_error parse_network(const char *text, struct eki_sim_subnet *subnet, struct eki_fault *fault)
{
    char base[32];
    const char *slash = strchr(text, '/');
    snprintf(base, sizeof base, "%.*s", slash ? (int)(slash - text) : 0, text);
    char *end = NULL;
    unsigned long bits = slash ? strtoul(slash + 1, &end, 10) : 0;
    if (!slash || end == slash + 1 || *end || bits < 12 || bits > 30)
        return wrong(fault, text, "no network of /12 to /30");
    uint32_t number = 0;
    enum eki_error error = parse_v4(base, text, &number, fault);
    if (error) return error;
    if (number << bits && bits < 32 && number & ((1u << (32 - bits)) - 1))
        return wrong(fault, text, "has bits set behind its prefix");
    subnet->base = eki_address_v4(number);
    subnet->bits = (uint32_t)bits;
    return EKI_OK;
}

static enum eki_error copy_subnet(const struct eki_subnet_entry *entry, struct eki_sim_subnet *subnet,
                                  struct eki_fault *fault)
{
    snprintf(subnet->name, sizeof subnet->name, "%s", entry->name);
    subnet->patched = entry->patched;
    subnet->administrator = entry->administrator;
    subnet->nat = entry->nat;
    subnet->no_backup = 1 - (entry->backup ? *entry->backup : 1) * (1 - entry->backup_encrypted);
    enum eki_error error = parse_network(entry->network, subnet, fault);
    if (error) return error;
    subnet->hosts = entry->hosts ? *entry->hosts : entry->addresses_count;
    if (!entry->addresses_count) return EKI_OK;
    if (subnet->hosts != entry->addresses_count)
        return wrong(fault, entry->name, "hosts and addresses differ in number");
    subnet->listed = eki_allocate(subnet->hosts, sizeof *subnet->listed);
    if (!subnet->listed) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < subnet->hosts && !error; i++) {
        error = parse_v4(entry->addresses[i], "addresses", &subnet->listed[i], fault);
        if (!error && (subnet->listed[i] ^ (uint32_t)subnet->base.lo) >> (32 - subnet->bits))
            error = wrong(fault, entry->addresses[i], "not in its network");
    }
    return error;
}

static int find_subnet(const struct eki_scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->subnet_count; i++)
        if (!strcmp(scenario->subnets[i].name, name)) return (int)i;
    return -1;
}

static enum eki_error copy_reach(const struct eki_population_entry *p, struct eki_scenario *scenario,
                                 struct eki_fault *fault)
{
    size_t subnets = scenario->subnet_count, all = p->open ? subnets * subnets : 0;
    scenario->reach = eki_allocate(all + p->reach_count, sizeof *scenario->reach);
    if (!scenario->reach) return EKI_ERROR_MEMORY;
    for (size_t i = 0; i < all; i++)
        scenario->reach[scenario->reach_count++] =
            (struct eki_sim_reach){(uint32_t)(i / subnets), (uint32_t)(i % subnets)};
    for (size_t i = 0; i < p->reach_count; i++) {
        int from = find_subnet(scenario, p->reach[i].from), to = find_subnet(scenario, p->reach[i].to);
        if (from < 0) return wrong(fault, p->reach[i].from, "reach from a subnet that is not there");
        if (to < 0) return wrong(fault, p->reach[i].to, "reach to a subnet that is not there");
        scenario->reach[scenario->reach_count++] = (struct eki_sim_reach){(uint32_t)from, (uint32_t)to};
    }
    return EKI_OK;
}

/* The inventory stands beside the scenario, unless its path begins at the root. */
static enum eki_error import_hosts(const struct eki_population_entry *p, const char *scenario_path,
                                   struct eki_scenario *scenario, struct eki_fault *fault)
{
    char path[4096];
    if (!scenario_path) return wrong(fault, "population.import", "no other file can be read here");
    const char *slash = strrchr(scenario_path, '/');
    int folder = slash && *p->import != '/' ? (int)(slash + 1 - scenario_path) : 0;
    for (size_t i = 0; i < scenario->subnet_count; i++)
        if (scenario->subnets[i].hosts)
            return wrong(fault, scenario->subnets[i].name, "no hosts of its own beside an import");
    snprintf(path, sizeof path, "%.*s%s", folder, scenario_path, p->import);
    return eki_sim_inventory_read(path, scenario, fault);
}

static enum eki_error copy_population(const struct eki_population_entry *p, const char *path,
                                      struct eki_scenario *scenario, struct eki_fault *fault)
{
    scenario->place = p->place;
    scenario->hosts = p->vulnerable;
    scenario->networks = p->networks;
    scenario->nat = p->nat;
    scenario->lease_s = p->lease_s;
    scenario->group_bits = p->group_bits;
    scenario->group_count = p->groups_count;
    for (unsigned i = 0; i < p->groups_count; i++)
        scenario->groups[i] = (struct eki_sim_group){p->groups[i].share, p->groups[i].factor};
    if (p->place == EKI_SIM_INTERNET && p->import)
        return wrong(fault, "population.import", "only on a network");
    if (p->place == EKI_SIM_INTERNET) return EKI_OK;
    scenario->subnets = eki_allocate(p->subnets_count, sizeof *scenario->subnets);
    if (!scenario->subnets) return EKI_ERROR_MEMORY;
    uint64_t hosts = 0;
    for (unsigned i = 0; i < p->subnets_count; i++) {
        scenario->subnet_count++;
        enum eki_error error = copy_subnet(&p->subnets[i], &scenario->subnets[i], fault);
        if (error) return error;
    }
    enum eki_error error = p->import ? import_hosts(p, path, scenario, fault) : EKI_OK;
    if (error) return error;
    for (size_t i = 0; i < scenario->subnet_count; i++) hosts += scenario->subnets[i].hosts;
    scenario->hosts = hosts > EKI_SIM_MOST_HOSTS ? UINT32_MAX : (uint32_t)hosts;
    return copy_reach(p, scenario, fault);
}

static void copy_malware(const struct eki_malware_entry *entry, struct eki_sim_malware *m)
{
    *m = (struct eki_sim_malware){.rate_per_s = entry->rate_per_s,
                                  .cap_per_s = entry->cap_per_s,
                                  .success = entry->success,
                                  .latency_s = entry->latency_s,
                                  .probe_limit = entry->probe_limit,
                                  .active_s = entry->active_s,
                                  .permutation = entry->permutation,
                                  .ascending = entry->ascending,
                                  .start_near = entry->start_near,
                                  .halt_after = entry->halt_after,
                                  .hit_list = entry->hit_list,
                                  .hit_list_s = entry->hit_list_s,
                                  .slots = entry->slots ? *entry->slots : 1,
                                  .dead_s = entry->dead_s,
                                  .service_s = entry->service_s,
                                  .pass_pause_s = entry->pass_pause_s,
                                  .peers = entry->peers,
                                  .peers_every_s = entry->peers_every_s,
                                  .exploit = !entry->exploit || *entry->exploit,
                                  .credentials = entry->credentials,
                                  .elsewhere_per_s = entry->elsewhere_per_s,
                                  .shares = {{0, 1}},
                                  .share_count = 1};
    if (entry->mail) {
        m->mail_addresses = entry->mail->addresses;
        m->mail_opened = entry->mail->opened;
        m->mail_delay_s = entry->mail->delay_s;
    }
    if (entry->usb) {
        m->usb_sticks = entry->usb->sticks;
        m->usb_visits_per_day = entry->usb->visits_per_day;
        m->usb_success = entry->usb->success;
    }
    snprintf(m->name, sizeof m->name, "%s", entry->name);
    if (entry->shares_count) m->share_count = entry->shares_count;
    for (unsigned i = 0; i < entry->shares_count; i++)
        m->shares[i] = (struct eki_sim_share){entry->shares[i].bits, entry->shares[i].share};
}

static enum eki_error copy_seeds(const struct eki_scenario_file *file, struct eki_scenario *scenario,
                                 struct eki_fault *fault)
{
    scenario->seeds = file->seeds ? *file->seeds : 1;
    if (!file->seed_hosts_count) return EKI_OK;
    scenario->seeds = file->seed_hosts_count;
    scenario->seed_hosts = eki_allocate(scenario->seeds, sizeof *scenario->seed_hosts);
    if (!scenario->seed_hosts) return EKI_ERROR_MEMORY;
    enum eki_error error = EKI_OK;
    for (unsigned i = 0; i < scenario->seeds && !error; i++)
        error = parse_v4(file->seed_hosts[i], "seed_hosts", &scenario->seed_hosts[i], fault);
    return error;
}

static enum eki_error copy_measures(const struct eki_scenario_file *file, struct eki_scenario *scenario)
{
    scenario->measures = eki_allocate(file->measures_count, sizeof *scenario->measures);
    if (!scenario->measures) return EKI_ERROR_MEMORY;
    for (unsigned i = 0; i < file->measures_count; i++) {
        const struct eki_measure_entry *e = &file->measures[i];
        scenario->measures[i] = (struct eki_sim_measure){.kind = e->kind,
                                                         .at_s = e->at_s,
                                                         .share = e->share,
                                                         .after_s = e->after_s,
                                                         .per_day = e->per_day,
                                                         .rebuild = e->rebuild,
                                                         .hosts = e->hosts};
    }
    scenario->measure_count = file->measures_count;
    return EKI_OK;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = eki_allocate(size, 1);
    return copy ? memcpy(copy, text, size) : NULL;
}

static enum eki_error copy_file(const struct eki_scenario_file *file, const char *path,
                                struct eki_scenario *scenario, struct eki_fault *fault)
{
    snprintf(scenario->name, sizeof scenario->name, "%s", file->name);
    scenario->title = copy_text(file->title);
    scenario->source = copy_text(file->source);
    if (!scenario->title || !scenario->source) return EKI_ERROR_MEMORY;
    scenario->stop_s = file->stop_s;
    scenario->seed = file->seed ? file->seed : 1;
    scenario->runs = file->runs ? file->runs : 100;
    copy_malware(&file->malware, &scenario->malware);
    if (file->daily) {
        scenario->daily_on = true;
        scenario->start_h = file->daily->start_h;
        memcpy(scenario->daily, file->daily->factors, sizeof scenario->daily);
    }
    enum eki_error error = copy_population(&file->population, path, scenario, fault);
    if (!error) error = copy_seeds(file, scenario, fault);
    if (!error) error = copy_measures(file, scenario);
    return error ? error : eki_scenario_validate(scenario, fault);
}

/* `path` NULL: the scenario may name no other file. The bytes end with a NUL that does not count. */
static enum eki_error make(const uint8_t *bytes, size_t length, const char *path,
                           struct eki_scenario **ret_scenario, struct eki_fault *ret_fault)
{
    struct eki_scenario_file *file = NULL;
    enum eki_error error = load(bytes, length, &file, ret_fault);
    if (error) return error;
    struct eki_scenario *scenario = eki_allocate(1, sizeof *scenario);
    error = scenario ? copy_file(file, path, scenario, ret_fault) : EKI_ERROR_MEMORY;
    if (error && ret_fault) eki_scenario_locate((const char *)bytes, ret_fault);
    if (!error) scenario->hash = eki_scenario_hash(scenario);
    cyaml_free(&settings, &eki_scenario_schema, file, 0);
    if (error) {
        eki_scenario_free(scenario);
        return error;
    }
    *ret_scenario = scenario;
    return EKI_OK;
}

enum eki_error eki_scenario_read(const char *path, struct eki_scenario **ret_scenario,
                                 struct eki_fault *ret_fault)
{
    uint8_t *bytes = NULL;
    size_t length = 0;
    enum eki_error error = read_bytes(path, &bytes, &length, ret_fault);
    if (!error) error = make(bytes, length, path, ret_scenario, ret_fault);
    eki_free(bytes);
    return error;
}

enum eki_error eki_scenario_parse(const char *text, size_t length, struct eki_scenario **ret_scenario,
                                  struct eki_fault *ret_fault)
{
    if (!length || length >= MOST_BYTES)
        return eki_fault_set(ret_fault, length ? EKI_ERROR_LIMIT : EKI_ERROR_EMPTY, 0, "no scenario");
    uint8_t *bytes = eki_allocate(length + 1, 1);
    if (!bytes) return EKI_ERROR_MEMORY;
    memcpy(bytes, text, length);
    enum eki_error error = make(bytes, length, NULL, ret_scenario, ret_fault);
    eki_free(bytes);
    return error;
}
