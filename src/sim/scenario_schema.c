/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of a scenario file, one row each. */
#include "sim/scenario_file.h"

#define OPT       CYAML_FLAG_OPTIONAL
#define PTR       CYAML_FLAG_POINTER
#define FIELD_END CYAML_FIELD_END

static const cyaml_strval_t place_names[] = {{"internet", EKI_SIM_INTERNET}, {"network", EKI_SIM_NETWORK}};
static const cyaml_strval_t measure_names[] = {{"patch", EKI_SIM_PATCH},       {"isolate", EKI_SIM_ISOLATE},
                                               {"throttle", EKI_SIM_THROTTLE}, {"block", EKI_SIM_BLOCK},
                                               {"reset", EKI_SIM_RESET},       {"stop", EKI_SIM_STOP},
                                               {"restore", EKI_SIM_RESTORE}};

static const cyaml_schema_field_t share_fields[] = {
    CYAML_FIELD_UINT("bits", CYAML_FLAG_DEFAULT, struct eki_share_entry, bits),
    CYAML_FIELD_FLOAT("share", CYAML_FLAG_DEFAULT, struct eki_share_entry, share), FIELD_END};
static const cyaml_schema_value_t share_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_share_entry, share_fields)};

static const cyaml_schema_field_t mail_fields[] = {
    CYAML_FIELD_UINT("addresses", CYAML_FLAG_DEFAULT, struct eki_mail_entry, addresses),
    CYAML_FIELD_FLOAT("opened", CYAML_FLAG_DEFAULT, struct eki_mail_entry, opened),
    CYAML_FIELD_FLOAT("delay_s", OPT, struct eki_mail_entry, delay_s), FIELD_END};
static const cyaml_schema_field_t usb_fields[] = {
    CYAML_FIELD_UINT("sticks", CYAML_FLAG_DEFAULT, struct eki_usb_entry, sticks),
    CYAML_FIELD_FLOAT("visits_per_day", CYAML_FLAG_DEFAULT, struct eki_usb_entry, visits_per_day),
    CYAML_FIELD_FLOAT("success", CYAML_FLAG_DEFAULT, struct eki_usb_entry, success), FIELD_END};

static const cyaml_schema_field_t malware_fields[] = {
    CYAML_FIELD_STRING_PTR("name", PTR, struct eki_malware_entry, name, 1, EKI_SIM_NAME - 1),
    CYAML_FIELD_FLOAT("rate_per_s", OPT, struct eki_malware_entry, rate_per_s),
    CYAML_FIELD_FLOAT("cap_per_s", OPT, struct eki_malware_entry, cap_per_s),
    CYAML_FIELD_FLOAT("success", CYAML_FLAG_DEFAULT, struct eki_malware_entry, success),
    CYAML_FIELD_FLOAT("latency_s", OPT, struct eki_malware_entry, latency_s),
    CYAML_FIELD_SEQUENCE("shares", PTR | OPT, struct eki_malware_entry, shares, &share_schema, 1,
                         EKI_SIM_SHARES),
    CYAML_FIELD_UINT("probe_limit", OPT, struct eki_malware_entry, probe_limit),
    CYAML_FIELD_FLOAT("active_s", OPT, struct eki_malware_entry, active_s),
    CYAML_FIELD_FLOAT("permutation", OPT, struct eki_malware_entry, permutation),
    CYAML_FIELD_BOOL("ascending", OPT, struct eki_malware_entry, ascending),
    CYAML_FIELD_FLOAT("start_near", OPT, struct eki_malware_entry, start_near),
    CYAML_FIELD_UINT("halt_after", OPT, struct eki_malware_entry, halt_after),
    CYAML_FIELD_UINT("hit_list", OPT, struct eki_malware_entry, hit_list),
    CYAML_FIELD_FLOAT("hit_list_s", OPT, struct eki_malware_entry, hit_list_s),
    CYAML_FIELD_UINT_PTR("slots", PTR | OPT, struct eki_malware_entry, slots),
    CYAML_FIELD_FLOAT("dead_s", OPT, struct eki_malware_entry, dead_s),
    CYAML_FIELD_FLOAT("service_s", OPT, struct eki_malware_entry, service_s),
    CYAML_FIELD_FLOAT("pass_pause_s", OPT, struct eki_malware_entry, pass_pause_s),
    CYAML_FIELD_UINT("peers", OPT, struct eki_malware_entry, peers),
    CYAML_FIELD_FLOAT("peers_every_s", OPT, struct eki_malware_entry, peers_every_s),
    CYAML_FIELD_MAPPING_PTR("mail", PTR | OPT, struct eki_malware_entry, mail, mail_fields),
    CYAML_FIELD_MAPPING_PTR("usb", PTR | OPT, struct eki_malware_entry, usb, usb_fields),
    CYAML_FIELD_FLOAT("elsewhere_per_s", OPT, struct eki_malware_entry, elsewhere_per_s),
    CYAML_FIELD_BOOL_PTR("exploit", PTR | OPT, struct eki_malware_entry, exploit),
    CYAML_FIELD_BOOL("credentials", OPT, struct eki_malware_entry, credentials),
    FIELD_END};

static const cyaml_schema_value_t text_schema = {CYAML_VALUE_STRING(PTR, char, 1, 63)};
static const cyaml_schema_field_t subnet_fields[] = {
    CYAML_FIELD_STRING_PTR("name", PTR, struct eki_subnet_entry, name, 1, EKI_SIM_NAME - 1),
    CYAML_FIELD_STRING_PTR("network", PTR, struct eki_subnet_entry, network, 1, 31),
    CYAML_FIELD_UINT_PTR("hosts", PTR | OPT, struct eki_subnet_entry, hosts),
    CYAML_FIELD_SEQUENCE("addresses", PTR | OPT, struct eki_subnet_entry, addresses, &text_schema, 1, 65536),
    CYAML_FIELD_FLOAT("patched", OPT, struct eki_subnet_entry, patched),
    CYAML_FIELD_FLOAT_PTR("backup", PTR | OPT, struct eki_subnet_entry, backup),
    CYAML_FIELD_FLOAT("backup_encrypted", OPT, struct eki_subnet_entry, backup_encrypted),
    CYAML_FIELD_BOOL("nat", OPT, struct eki_subnet_entry, nat),
    CYAML_FIELD_UINT("administrator", OPT, struct eki_subnet_entry, administrator),
    FIELD_END};
static const cyaml_schema_value_t subnet_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_subnet_entry, subnet_fields)};

static const cyaml_schema_field_t reach_fields[] = {
    CYAML_FIELD_STRING_PTR("from", PTR, struct eki_reach_entry, from, 1, EKI_SIM_NAME - 1),
    CYAML_FIELD_STRING_PTR("to", PTR, struct eki_reach_entry, to, 1, EKI_SIM_NAME - 1), FIELD_END};
static const cyaml_schema_value_t reach_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_reach_entry, reach_fields)};

static const cyaml_schema_field_t group_fields[] = {
    CYAML_FIELD_FLOAT("share", CYAML_FLAG_DEFAULT, struct eki_group_entry, share),
    CYAML_FIELD_FLOAT("factor", CYAML_FLAG_DEFAULT, struct eki_group_entry, factor), FIELD_END};
static const cyaml_schema_value_t group_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_group_entry, group_fields)};

static const cyaml_schema_field_t population_fields[] = {
    CYAML_FIELD_ENUM("place", CYAML_FLAG_STRICT, struct eki_population_entry, place, place_names,
                     CYAML_ARRAY_LEN(place_names)),
    CYAML_FIELD_UINT("vulnerable", OPT, struct eki_population_entry, vulnerable),
    CYAML_FIELD_FLOAT("nat", OPT, struct eki_population_entry, nat),
    CYAML_FIELD_FLOAT("lease_s", OPT, struct eki_population_entry, lease_s),
    CYAML_FIELD_UINT("networks", OPT, struct eki_population_entry, networks),
    CYAML_FIELD_SEQUENCE("groups", PTR | OPT, struct eki_population_entry, groups, &group_schema, 1,
                         EKI_SIM_GROUPS),
    CYAML_FIELD_UINT("group_bits", OPT, struct eki_population_entry, group_bits),
    CYAML_FIELD_STRING_PTR("import", PTR | OPT, struct eki_population_entry, import, 1, 400),
    CYAML_FIELD_SEQUENCE("subnets", PTR | OPT, struct eki_population_entry, subnets, &subnet_schema, 1, 4096),
    CYAML_FIELD_SEQUENCE("reach", PTR | OPT, struct eki_population_entry, reach, &reach_schema, 1, 65536),
    CYAML_FIELD_BOOL("open", OPT, struct eki_population_entry, open),
    FIELD_END};

static const cyaml_schema_field_t measure_fields[] = {
    CYAML_FIELD_FLOAT("at_s", CYAML_FLAG_DEFAULT, struct eki_measure_entry, at_s),
    CYAML_FIELD_ENUM("do", CYAML_FLAG_STRICT, struct eki_measure_entry, kind, measure_names,
                     CYAML_ARRAY_LEN(measure_names)),
    CYAML_FIELD_FLOAT("share", OPT, struct eki_measure_entry, share),
    CYAML_FIELD_FLOAT("after_s", OPT, struct eki_measure_entry, after_s),
    CYAML_FIELD_FLOAT("hosts", OPT, struct eki_measure_entry, hosts),
    CYAML_FIELD_FLOAT("per_day", OPT, struct eki_measure_entry, per_day),
    CYAML_FIELD_FLOAT("rebuild", OPT, struct eki_measure_entry, rebuild),
    FIELD_END};
static const cyaml_schema_value_t measure_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct eki_measure_entry, measure_fields)};

static const cyaml_schema_value_t factor_schema = {CYAML_VALUE_FLOAT(CYAML_FLAG_DEFAULT, double)};
static const cyaml_schema_field_t daily_fields[] = {
    CYAML_FIELD_FLOAT("start_h", CYAML_FLAG_DEFAULT, struct eki_daily_entry, start_h),
    CYAML_FIELD_SEQUENCE("factors", PTR, struct eki_daily_entry, factors, &factor_schema, EKI_SIM_HOURS,
                         EKI_SIM_HOURS),
    FIELD_END};

static const cyaml_schema_field_t file_fields[] = {
    CYAML_FIELD_STRING_PTR("name", PTR, struct eki_scenario_file, name, 1, EKI_SIM_NAME - 1),
    CYAML_FIELD_STRING_PTR("title", PTR, struct eki_scenario_file, title, 1, 400),
    CYAML_FIELD_STRING_PTR("source", PTR, struct eki_scenario_file, source, 1, 2000),
    CYAML_FIELD_MAPPING("population", CYAML_FLAG_DEFAULT, struct eki_scenario_file, population,
                        population_fields),
    CYAML_FIELD_MAPPING("malware", CYAML_FLAG_DEFAULT, struct eki_scenario_file, malware, malware_fields),
    CYAML_FIELD_UINT_PTR("seeds", PTR | OPT, struct eki_scenario_file, seeds),
    CYAML_FIELD_SEQUENCE("seed_hosts", PTR | OPT, struct eki_scenario_file, seed_hosts, &text_schema, 1,
                         1024),
    CYAML_FIELD_MAPPING_PTR("daily", PTR | OPT, struct eki_scenario_file, daily, daily_fields),
    CYAML_FIELD_SEQUENCE("measures", PTR | OPT, struct eki_scenario_file, measures, &measure_schema, 1, 1024),
    CYAML_FIELD_FLOAT("stop_s", CYAML_FLAG_DEFAULT, struct eki_scenario_file, stop_s),
    CYAML_FIELD_UINT("seed", OPT, struct eki_scenario_file, seed),
    CYAML_FIELD_UINT("runs", OPT, struct eki_scenario_file, runs),
    FIELD_END};
const cyaml_schema_value_t eki_scenario_schema = {
    CYAML_VALUE_MAPPING(PTR, struct eki_scenario_file, file_fields)};
