/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_SIMULATION_H
#define EKIGAKU_SIMULATION_H
/*
 * The simulation: an outbreak among hosts that are array entries. Nothing is sent anywhere.
 *
 * Journey: a scenario file (YAML) becomes a struct eki_scenario; a simulator plays it once for each replicate
 * and gives the true infection tree of that run; an ensemble plays many replicates on some threads and gives
 * the distribution of what happened when. The same scenario, seed and replicate give the same bytes on any
 * number of threads.
 *
 *     struct eki_scenario *scenario;
 *     eki_scenario_read("slammer.yaml", &scenario, &fault);
 *     struct eki_ensemble *ensemble;
 *     eki_ensemble_run(scenario, &(struct eki_ensemble_options){.threads = 2}, &ensemble);
 *     ...
 *     eki_ensemble_free(ensemble);
 *     eki_scenario_free(scenario);
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ekigaku/address.h"
#include "ekigaku/error.h"

#pragma GCC visibility push(default)

/* More hosts than fit into memory at 12 to 40 bytes each are refused. */
enum { EKI_SIM_MOST_HOSTS = 100000000, EKI_SIM_MOST_RUNS = 100000, EKI_SIM_SHARES = 4, EKI_SIM_NAME = 64 };
enum { EKI_SIM_GROUPS = 8, EKI_SIM_HOURS = 24 };

#define EKI_SIM_SEED UINT32_MAX /* the parent of a host that was infected at the start */

enum eki_sim_place {
    EKI_SIM_INTERNET = 0, /* 2^32 addresses, hosts by density; every probe goes to one address */
    EKI_SIM_NETWORK       /* subnets of an organisation; every host walks its subnet, slot by slot */
};

/* Of the probes of a host, this share goes to addresses that have the first `bits` bits of its own. */
struct eki_sim_share {
    uint32_t bits; /* 0 (everywhere), 8, 16 or 24 */
    double share;
};

/* A share of the hosts, on which attempts succeed `factor` times as often. */
struct eki_sim_group {
    double share, factor;
};

struct eki_sim_malware {
    char name[EKI_SIM_NAME];
    double rate_per_s; /* probes per second of one host (Internet) */
    double cap_per_s;  /* probes per second of all together; 0: none */
    double success;    /* of an attempt on a host that can fall */
    double latency_s;  /* from infection to the first own probe: constant (Internet), mean (network) */
    struct eki_sim_share shares[EKI_SIM_SHARES]; /* of the Internet probes; sums to 1 */
    size_t share_count;
    uint64_t probe_limit; /* probes a host sends before it stops; 0: none */
    double active_s;      /* from infection until a host falls silent by itself (a reboot); 0: never */
    double permutation; /* Internet: share of the probes that walks one order of all addresses, common to all
                           hosts; the rest follows `shares` (Staniford, Paxson, Weaver 2002) */
    bool ascending;    /* Internet: the walk follows the addresses themselves, from the first address of a /24
                          upward, and goes on past infected hosts (Blaster) */
    double start_near; /* Internet: share of ascending walks that start in the own /16, up to 19 /24 lower */
    uint32_t halt_after; /* Internet: a walker that met so many infected hosts in a row stops; 0: never */
    uint32_t
        hit_list; /* Internet: addresses known before the start, each host halves its rest with its child */
    double hit_list_s;    /* Internet: how long an attempt on one of them takes */
    uint32_t slots;       /* network: attempts in flight */
    double dead_s;        /* network: how long an attempt on an address without a victim holds its slot */
    double service_s;     /* network: how long one on a victim does */
    double pass_pause_s;  /* network: between two passes over the subnet */
    uint32_t peers;       /* network: known hosts, anywhere in the organisation, tried before the subnet */
    double peers_every_s; /* network: they are looked up again so often; 0: once */
    bool exploit;         /* network: uses a weakness that patching closes */
    bool credentials; /* network: uses passwords it finds: hosts with the same administrator fall, patched or
                         not */
    uint32_t mail_addresses; /* that an infected host mails to when it wakes, anywhere in the population */
    double mail_opened, mail_delay_s; /* probability that one is opened; mean (exponential) time until then */
    uint32_t usb_sticks;              /* carried from host to host */
    double usb_visits_per_day, usb_success; /* of each stick; of an infected one on a host */
    double elsewhere_per_s; /* network: random Internet addresses beside the subnet, for the traffic's sake */
};

struct eki_sim_subnet {
    char name[EKI_SIM_NAME];
    struct eki_address base; /* IPv4 */
    uint32_t bits;
    uint32_t hosts;           /* that exist; addresses are given below, or drawn */
    uint32_t *listed;         /* last 32 bits of the addresses, `hosts` of them; NULL: drawn by the seed */
    double patched;           /* share on which the exploit fails */
    double no_backup;         /* share without a backup, or with one that is encrypted with the host */
    bool nat;                 /* reaches out, cannot be reached from other subnets */
    uint8_t *patches;         /* of an inventory: of each listed host whether it is patched; NULL: by share */
    uint32_t *administrators; /* likewise its password; NULL: that of the subnet */
    uint32_t administrator;   /* hosts with the same number share a password; 0: none */
};

/* Connections on the service from one subnet to another that the firewalls let through, by position. Within a
 * subnet all pass. */
struct eki_sim_reach {
    uint32_t from, to;
};

enum eki_sim_measure_kind {
    EKI_SIM_PATCH = 0, /* `share` of the hosts not yet infected cannot fall any more */
    EKI_SIM_ISOLATE,   /* from then on each infected host is silenced `after_s` after its infection */
    EKI_SIM_THROTTLE,  /* probes slow down to `share`, on `hosts` of the hosts */
    EKI_SIM_BLOCK,  /* network: nothing passes between subnets; Internet: `share` of the probes is dropped */
    EKI_SIM_RESET,  /* network: administrators' passwords are changed: they open nothing any more */
    EKI_SIM_STOP,   /* a kill switch: every infected host falls silent */
    EKI_SIM_RESTORE /* from then on `per_day` infected hosts are restored, the longest infected first, not
                       before `after_s`; `share` of them is patched before it returns, the others can fall
                       again */
};

struct eki_sim_measure {
    enum eki_sim_measure_kind kind;
    double at_s, share, after_s;
    double hosts;   /* Internet, throttle: share of the hosts that it is on; 0: all */
    double per_day; /* restore: hosts a day */
    double rebuild; /* restore: a host without a backup takes so many times as long; 0: as long as any */
};

struct eki_scenario {
    char name[EKI_SIM_NAME];
    char *title, *source; /* what it is, and where its figures come from */
    enum eki_sim_place place;
    uint32_t hosts;                              /* that can fall; of a network all that exist */
    struct eki_sim_group groups[EKI_SIM_GROUPS]; /* Internet: how easily hosts fall; shares sum to 1 */
    size_t group_count;                          /* 0: all as easily */
    uint32_t group_bits; /* hosts with so many first bits in common are of one group; 0: each for itself */
    double daily[EKI_SIM_HOURS]; /* Internet: factor of all rates in each hour of the day, when daily_on */
    bool daily_on;
    double start_h;    /* hour of the day at which the run starts */
    double nat;        /* Internet: share of the hosts behind a router of their own: no probe reaches them */
    double lease_s;    /* hosts without a listed address change it so often, within /24 or subnet; 0: never */
    uint32_t networks; /* Internet: /16 networks they lie in, by a heavy-tailed law; 0: uniformly in all */
    struct eki_sim_subnet *subnets;
    size_t subnet_count;
    struct eki_sim_reach *reach;
    size_t reach_count;
    struct eki_sim_malware malware;
    uint32_t seeds;                   /* infected at the start */
    uint32_t *seed_hosts;             /* network: their addresses, or NULL: the first hosts */
    struct eki_sim_measure *measures; /* in order of time */
    size_t measure_count;
    double stop_s; /* the run ends here at the latest */
    uint64_t seed;
    uint32_t runs;
    uint64_t hash; /* of everything above but seed and runs: stands in every output */
};

/* One host that fell. */
struct eki_sim_infection {
    double t;        /* seconds since the start */
    uint32_t host;   /* number of the host; see eki_simulator_address */
    uint32_t parent; /* position in the list of infections, EKI_SIM_SEED for the first */
};                   /* A host that was restored without a patch can stand in the list again. */

struct eki_sim_run {
    const struct eki_sim_infection *infections; /* in order of time; the simulator's, until its next run */
    uint32_t count;
    uint32_t again;           /* of them: hosts that had been infected and restored before */
    uint32_t restored;        /* times a host was restored */
    uint32_t lost;            /* hosts restored without a backup: what was on them is gone */
    uint32_t by_mail, by_usb; /* infections by these ways, not by contact */
    double restored_s;        /* when the last was; 0 without */
    double probes;            /* sent by all, expected number where misses were not generated */
    double end_s;
};

struct eki_simulator;

/* Reads and checks a scenario; the fault names line and key. EKI_ERROR_OPEN, _CORRUPT, _LIMIT, _MEMORY. */
EKI_MUST_USE enum eki_error eki_scenario_read(const char *path, struct eki_scenario **ret_scenario,
                                              struct eki_fault *ret_fault);

/* The same from a text that may go away afterwards, and that names no other file: `population.import` is
 * EKI_ERROR_CORRUPT, so that who sends a scenario cannot have files of this machine read. */
EKI_MUST_USE enum eki_error eki_scenario_parse(const char *text, size_t length,
                                               struct eki_scenario **ret_scenario,
                                               struct eki_fault *ret_fault);

/* EKI_ERROR_ARGUMENT with what is wrong in *ret_fault (may be NULL): shares that do not sum to 1, no hosts,
 * negative times, overlapping subnets... */
EKI_MUST_USE enum eki_error eki_scenario_validate(const struct eki_scenario *scenario,
                                                  struct eki_fault *ret_fault);

/* Of everything in it but name, title, source, seed and runs. */
uint64_t eki_scenario_hash(const struct eki_scenario *scenario);

/* NULL is allowed. */
void eki_scenario_free(struct eki_scenario *scenario);

/* Memory for one run at a time; the scenario stays the caller's and must outlive it. EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_simulator_new(const struct eki_scenario *scenario,
                                              struct eki_simulator **ret_simulator);

/* Plays replicate number `replicate`. O(infections) for uniform searching, O(infections log networks) with
 * local preference, O(probes log hosts) on a network. `stop` may be NULL; non-zero ends the run early with
 * EKI_ERROR_STOPPED. */
EKI_MUST_USE enum eki_error eki_simulator_run(struct eki_simulator *simulator, uint64_t replicate,
                                              const volatile int *stop, struct eki_sim_run *ret_run);

/* The address by which a sensor outside its subnet knows a host of the last run at time t: after the end of
 * leases another one; behind the NAT of a subnet that subnet's first address. */
struct eki_address eki_simulator_seen(const struct eki_simulator *simulator, uint32_t host, double t);

/* The address of a host of the last run at its start, which is what names it in the truth. */
struct eki_address eki_simulator_address(const struct eki_simulator *simulator, uint32_t host);

/* NULL is allowed. */
void eki_simulator_free(struct eki_simulator *simulator);

enum { EKI_SIM_LEVELS = 101 }; /* 0 % (the first infection after the seeds), 1 %, ... 100 % of all hosts */

/* What happened in one run. */
struct eki_sim_outcome {
    double reached_s[EKI_SIM_LEVELS]; /* when that share was infected; infinity when never */
    double peak_per_s, peak_at_s;     /* most new infections a second, over a hundredth of all infections */
    double probes, end_s;
    uint32_t infected; /* hosts, however often */
    uint32_t again, restored, lost, by_mail, by_usb;
    double restored_s;
};

struct eki_ensemble {
    struct eki_sim_outcome *outcomes; /* one for each run, in order of replicates */
    uint32_t runs, asked;             /* finished and asked for: they differ after a stop */
};

struct eki_ensemble_options {
    unsigned threads; /* 0: 1 */
    void (*progress)(void *user, uint32_t runs_done,
                     uint32_t runs); /* from any thread, one at a time; may be NULL */
    void *progress_user;
    const volatile int *stop; /* may be NULL */
};

/* Plays all runs. EKI_ERROR_STOPPED still gives the runs that were finished, up to the first that was not.
 * EKI_ERROR_MEMORY. */
EKI_MUST_USE enum eki_error eki_ensemble_run(const struct eki_scenario *scenario,
                                             const struct eki_ensemble_options *options,
                                             struct eki_ensemble **ret_ensemble);

/* NULL is allowed. */
void eki_ensemble_free(struct eki_ensemble *ensemble);

/* A quantile of some figure over the runs (linear between neighbours; Hyndman and Fan 1996, type 7), infinity
 * where runs never got there. `level` is an index into reached_s. */
double eki_ensemble_quantile(const struct eki_ensemble *ensemble, unsigned level, double quantile);

enum { EKI_SIM_MOMENTS = 241 };

/* How many hosts are infected (however often each) at a moment: over the runs 5 %, half and 95 % are below.
 */
struct eki_sim_band {
    double t, low, median, high;
};

/* The curve of infected hosts with its band, at EKI_SIM_MOMENTS moments evenly from the start until nothing
 * changes any more in 95 % of the runs. Exact up to 100 hosts, linear between hundredths of more.
 * EKI_ERROR_ARGUMENT without runs, _MEMORY. Any thread. O(moments runs log runs). */
EKI_MUST_USE enum eki_error eki_ensemble_bands(const struct eki_scenario *scenario,
                                               const struct eki_ensemble *ensemble,
                                               struct eki_sim_band ret_bands[EKI_SIM_MOMENTS]);

/* What many runs say, for a person: size, times to shares with 90 % intervals, peak. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_ensemble_write_text(const struct eki_scenario *scenario,
                                                    const struct eki_ensemble *ensemble, FILE *out);
/* The same for programs: one JSON object, schema "ekigaku.simulation/1". */
EKI_MUST_USE enum eki_error eki_ensemble_write_json(const struct eki_scenario *scenario,
                                                    const struct eki_ensemble *ensemble, FILE *out);
/* CSV, after one line that begins with # and names version, scenario and seed: share of all hosts, then the 5
 * %, 25 %, 50 %, 75 % and 95 % quantiles of the time at which it was reached. */
EKI_MUST_USE enum eki_error eki_ensemble_write_curve(const struct eki_scenario *scenario,
                                                     const struct eki_ensemble *ensemble, FILE *out);
/* The infection tree of one run: one JSON object, schema "ekigaku.tree/1". */
EKI_MUST_USE enum eki_error eki_sim_write_tree(const struct eki_simulator *simulator,
                                               const struct eki_sim_run *run, uint64_t replicate, FILE *out);
/* The same as JSON lines, one an infection. */
EKI_MUST_USE enum eki_error eki_sim_write_events(const struct eki_simulator *simulator,
                                                 const struct eki_sim_run *run, FILE *out);

#pragma GCC visibility pop

#endif
