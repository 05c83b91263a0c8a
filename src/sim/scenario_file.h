/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_SIM_SCENARIO_FILE_H
#define EKI_SIM_SCENARIO_FILE_H
/*
 * A scenario file as libcyaml lays it out: one member a key, nothing checked but its type. scenario.c copies
 * it into a struct eki_scenario. Pointers are NULL where the key is not there.
 */
#include <cyaml/cyaml.h>

#include "ekigaku/simulation.h"

struct eki_share_entry {
    uint32_t bits;
    double share;
};

struct eki_group_entry {
    double share, factor;
};

struct eki_daily_entry {
    double start_h;
    double *factors;
    unsigned factors_count;
};

struct eki_mail_entry {
    uint32_t addresses;
    double opened, delay_s;
};

struct eki_usb_entry {
    uint32_t sticks;
    double visits_per_day, success;
};

struct eki_malware_entry {
    struct eki_mail_entry *mail;
    struct eki_usb_entry *usb;
    char *name;
    double active_s, permutation, start_near, hit_list_s;
    bool ascending;
    uint32_t hit_list, halt_after;
    double rate_per_s, cap_per_s, success, latency_s, dead_s, service_s, pass_pause_s, peers_every_s,
        elsewhere_per_s;
    struct eki_share_entry *shares;
    unsigned shares_count;
    uint64_t probe_limit;
    uint32_t *slots; /* NULL: not given */
    uint32_t peers;
    bool *exploit, credentials;
};

struct eki_subnet_entry {
    char *name, *network;
    uint32_t *hosts;
    char **addresses;
    unsigned addresses_count;
    double patched, backup_encrypted;
    double *backup;
    bool nat;
    uint32_t administrator;
};

struct eki_reach_entry {
    char *from, *to;
};

struct eki_population_entry {
    enum eki_sim_place place;
    uint32_t vulnerable, networks, group_bits;
    double nat, lease_s;
    struct eki_group_entry *groups;
    unsigned groups_count;
    char *import;
    struct eki_subnet_entry *subnets;
    unsigned subnets_count;
    struct eki_reach_entry *reach;
    unsigned reach_count;
    bool open;
};

struct eki_measure_entry {
    double at_s, share, after_s, per_day, rebuild, hosts;
    enum eki_sim_measure_kind kind;
};

struct eki_scenario_file {
    char *name, *title, *source;
    struct eki_population_entry population;
    struct eki_malware_entry malware;
    uint32_t *seeds; /* NULL: not given */
    char **seed_hosts;
    unsigned seed_hosts_count;
    struct eki_daily_entry *daily;
    struct eki_measure_entry *measures;
    unsigned measures_count;
    double stop_s;
    uint64_t seed;
    uint32_t runs;
};

/* Of the whole file; its value is a struct eki_scenario_file. */
extern const cyaml_schema_value_t eki_scenario_schema;

/* Adds the line to a fault that begins with "some.key: " or with a word that stands in the file: that of the
 * key, of the nearest key around it that is there, or of the word. Unchanged when none is. */
void eki_scenario_locate(const char *text, struct eki_fault *fault);

#endif
