/* SPDX-License-Identifier: Apache-2.0 */
/* What a scenario must not say, its hash, its end. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "ekigaku/simulation.h"

static enum eki_error wrong(struct eki_fault *fault, const char *key, const char *why)
{
    return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "%s: %s", key, why);
}

/* Not below `least`, not above `most`, and a number at all. */
static bool is_within(double value, double least, double most)
{
    return value >= least && value <= most;
}

static enum eki_error check_shares(const struct eki_sim_malware *m, struct eki_fault *fault)
{
    double sum = 0;
    for (size_t i = 0; i < m->share_count; i++) {
        uint32_t bits = m->shares[i].bits;
        if (bits != 0 && bits != 8 && bits != 16 && bits != 24)
            return wrong(fault, "shares.bits", "0, 8, 16 or 24");
        if (!is_within(m->shares[i].share, 0, 1)) return wrong(fault, "shares.share", "between 0 and 1");
        sum += m->shares[i].share;
    }
    return fabs(sum - 1) < 1e-9 ? EKI_OK : wrong(fault, "shares", "must sum to 1");
}

/* Lists and walks are of the Internet. */
static enum eki_error check_walk(const struct eki_scenario *s, struct eki_fault *fault)
{
    const struct eki_sim_malware *m = &s->malware;
    if (!is_within(m->permutation, 0, 1)) return wrong(fault, "malware.permutation", "between 0 and 1");
    if (!is_within(m->start_near, 0, 1)) return wrong(fault, "malware.start_near", "between 0 and 1");
    if (m->start_near > 0 && !m->ascending)
        return wrong(fault, "malware.start_near", "is of ascending walks: ascending must be true");
    if (m->ascending && (m->permutation <= 0 || m->halt_after))
        return wrong(fault, "malware.ascending", "needs permutation above 0, and no halt_after");
    if (m->halt_after && m->permutation <= 0)
        return wrong(fault, "malware.halt_after", "is of walkers: permutation must be above 0");
    if (m->hit_list > s->hosts)
        return wrong(fault, "malware.hit_list", "at most as many as vulnerable hosts");
    if (m->hit_list && !is_within(m->hit_list_s, 1e-6, 1e9))
        return wrong(fault, "malware.hit_list_s", "is needed with a hit list, from 0.000001 to 1e9");
    if (s->place == EKI_SIM_NETWORK && (m->permutation > 0 || m->hit_list))
        return wrong(fault, m->hit_list ? "malware.hit_list" : "malware.permutation", "only on the Internet");
    return EKI_OK;
}

/* Mail and sticks. */
static enum eki_error check_routes(const struct eki_sim_malware *m, struct eki_fault *fault)
{
    if (m->mail_addresses > 100000) return wrong(fault, "malware.mail.addresses", "at most 100,000");
    if (!is_within(m->mail_opened, 0, 1)) return wrong(fault, "malware.mail.opened", "between 0 and 1");
    if (!is_within(m->mail_delay_s, 0, 1e9)) return wrong(fault, "malware.mail.delay_s", "from 0 to 1e9");
    if (m->usb_sticks > 10000000) return wrong(fault, "malware.usb.sticks", "at most 10,000,000");
    if (!is_within(m->usb_visits_per_day, 0, 1e4))
        return wrong(fault, "malware.usb.visits_per_day", "from 0 to 10,000");
    return is_within(m->usb_success, 0, 1) ? EKI_OK : wrong(fault, "malware.usb.success", "between 0 and 1");
}

/* How easily hosts fall, and when. */
static enum eki_error check_groups(const struct eki_scenario *s, struct eki_fault *fault)
{
    double sum = 0;
    for (size_t i = 0; i < s->group_count; i++) {
        if (!is_within(s->groups[i].share, 0, 1) || !is_within(s->groups[i].factor, 0, 1))
            return wrong(fault, "population.groups", "share and factor between 0 and 1");
        sum += s->groups[i].share;
    }
    if (s->group_count && fabs(sum - 1) > 1e-9)
        return wrong(fault, "population.groups", "shares must sum to 1");
    if (s->group_bits > 32) return wrong(fault, "population.group_bits", "0 to 32");
    for (unsigned i = 0; i < EKI_SIM_HOURS && s->daily_on; i++)
        if (!is_within(s->daily[i], 0, 1000)) return wrong(fault, "daily.factors", "from 0 to 1000");
    if (!is_within(s->start_h, 0, 24)) return wrong(fault, "daily.start_h", "from 0 to 24");
    if (!is_within(s->nat, 0, 1)) return wrong(fault, "population.nat", "between 0 and 1");
    if (s->lease_s != 0 && !is_within(s->lease_s, 60, 1e12))
        return wrong(fault, "population.lease_s", "0 or at least 60");
    if (s->lease_s > 0 && (s->malware.permutation > 0 || s->malware.hit_list))
        return wrong(fault, "population.lease_s", "not with permutation and hit_list, which know addresses");
    if (s->place == EKI_SIM_NETWORK && s->nat > 0)
        return wrong(fault, "population.nat", "only on the Internet; a subnet has nat: true");
    if (s->place == EKI_SIM_NETWORK && (s->group_count || s->daily_on))
        return wrong(fault, s->daily_on ? "daily" : "population.groups", "only on the Internet");
    return EKI_OK;
}

static enum eki_error check_malware(const struct eki_scenario *s, struct eki_fault *fault)
{
    const struct eki_sim_malware *m = &s->malware;
    const double ever = 1e9;
    if (!is_within(m->success, 0, 1)) return wrong(fault, "malware.success", "between 0 and 1");
    if (!is_within(m->rate_per_s, 0, ever)) return wrong(fault, "malware.rate_per_s", "from 0 to 1e9");
    if (!is_within(m->cap_per_s, 0, 1e15))
        return wrong(fault, "malware.cap_per_s", "from 0 (no cap) to 1e15");
    if (!is_within(m->latency_s, 0, ever)) return wrong(fault, "malware.latency_s", "from 0 to 1e9");
    if (!is_within(m->active_s, 0, ever)) return wrong(fault, "malware.active_s", "from 0 to 1e9");
    enum eki_error error = check_walk(s, fault);
    if (!error) error = check_routes(m, fault);
    if (error) return error;
    if (s->place == EKI_SIM_INTERNET) {
        if (m->rate_per_s <= 0)
            return wrong(fault, "malware.rate_per_s", "is needed on the Internet, above 0");
        return check_shares(m, fault);
    }
    if (m->slots < 1 || m->slots > 1024) return wrong(fault, "malware.slots", "1 to 1024");
    if (m->peers > 10000) return wrong(fault, "malware.peers", "at most 10,000");
    if (!is_within(m->dead_s, 1e-4, ever))
        return wrong(fault, "malware.dead_s", "is needed on a network, at least 0.0001");
    if (!is_within(m->service_s, 1e-4, ever))
        return wrong(fault, "malware.service_s", "is needed on a network, at least 0.0001");
    if (!is_within(m->pass_pause_s, 0, ever)) return wrong(fault, "malware.pass_pause_s", "from 0 to 1e9");
    if (!is_within(m->peers_every_s, 0, ever)) return wrong(fault, "malware.peers_every_s", "from 0 to 1e9");
    return is_within(m->elsewhere_per_s, 0, ever) ? EKI_OK
                                                  : wrong(fault, "malware.elsewhere_per_s", "from 0 to 1e9");
}

static bool overlap(const struct eki_sim_subnet *a, const struct eki_sim_subnet *b)
{
    uint32_t bits = a->bits < b->bits ? a->bits : b->bits;
    return !((a->base.lo ^ b->base.lo) >> (32 - bits) & 0xffffffffu);
}

static enum eki_error check_listed(const struct eki_sim_subnet *subnet, struct eki_fault *fault)
{
    uint32_t room = 1u << (32 - subnet->bits);
    bool *seen = subnet->listed ? eki_allocate(room, sizeof *seen) : NULL, twice = false;
    if (!seen) return subnet->listed ? EKI_ERROR_MEMORY : EKI_OK;
    for (uint32_t i = 0; i < subnet->hosts; i++) {
        bool *place = &seen[subnet->listed[i] & (room - 1)];
        twice |= *place;
        *place = true;
    }
    eki_free(seen);
    return twice ? wrong(fault, subnet->name, "an address stands twice") : EKI_OK;
}

static enum eki_error check_subnets(const struct eki_scenario *s, struct eki_fault *fault)
{
    if (!s->subnet_count) return wrong(fault, "population.subnets", "at least one is needed");
    for (size_t i = 0; i < s->subnet_count; i++) {
        const struct eki_sim_subnet *subnet = &s->subnets[i];
        if (!is_within(subnet->patched, 0, 1))
            return wrong(fault, subnet->name, "patched is between 0 and 1");
        if (!is_within(subnet->no_backup, 0, 1))
            return wrong(fault, subnet->name, "backup and backup_encrypted are between 0 and 1");
        if (subnet->hosts > (1u << (32 - subnet->bits)) - 2)
            return wrong(fault, subnet->name, "more hosts than addresses");
        for (size_t k = 0; k < i; k++) {
            if (!strcmp(s->subnets[k].name, subnet->name))
                return wrong(fault, subnet->name, "two subnets have this name");
            if (overlap(&s->subnets[k], subnet))
                return wrong(fault, subnet->name, "overlaps an earlier subnet");
        }
        enum eki_error error = check_listed(subnet, fault);
        if (error) return error;
    }
    return EKI_OK;
}

static bool is_listed(const struct eki_scenario *s, uint32_t address)
{
    for (size_t i = 0; i < s->subnet_count; i++)
        for (uint32_t k = 0; s->subnets[i].listed && k < s->subnets[i].hosts; k++)
            if (s->subnets[i].listed[k] == address) return true;
    return false;
}

static enum eki_error check_measures(const struct eki_scenario *s, struct eki_fault *fault)
{
    for (size_t i = 0; i < s->measure_count; i++) {
        const struct eki_sim_measure *m = &s->measures[i];
        if (!is_within(m->at_s, 0, 1e12) || !is_within(m->after_s, 0, 1e12))
            return wrong(fault, "measures", "at_s and after_s are from 0 to 1e12");
        if (!is_within(m->share, 0, 1)) return wrong(fault, "measures.share", "between 0 and 1");
        if (m->kind == EKI_SIM_RESTORE && !is_within(m->per_day, 1e-3, 1e9))
            return wrong(fault, "measures.per_day", "is needed to restore, from 0.001 to 1e9 hosts a day");
        bool some = m->hosts > 0 && m->hosts < 1;
        if (!is_within(m->hosts, 0, 1)) return wrong(fault, "measures.hosts", "between 0 and 1");
        if (some && (m->kind != EKI_SIM_THROTTLE || s->place == EKI_SIM_NETWORK || s->malware.cap_per_s > 0 ||
                     s->malware.permutation > 0 || s->malware.hit_list))
            return wrong(fault, "measures.hosts",
                         "only to throttle on the Internet, without cap_per_s, permutation and hit_list");
        if (!is_within(m->rebuild, 0, 1000)) return wrong(fault, "measures.rebuild", "from 0 to 1000");
        if (i && m->at_s < s->measures[i - 1].at_s)
            return wrong(fault, "measures", "must stand in order of time");
    }
    return EKI_OK;
}

enum eki_error eki_scenario_validate(const struct eki_scenario *s, struct eki_fault *fault)
{
    if (!s->hosts) return wrong(fault, "population", "holds no host (vulnerable, or subnets with hosts)");
    if (s->hosts > EKI_SIM_MOST_HOSTS)
        return eki_fault_set(fault, EKI_ERROR_LIMIT, 0, "population: at most %d hosts", EKI_SIM_MOST_HOSTS);
    if (s->networks > 65536) return wrong(fault, "population.networks", "there are 65,536 /16 networks");
    if (!s->seeds) return wrong(fault, "seeds", "at least 1: somebody must be infected at the start");
    if (s->seeds > s->hosts) return wrong(fault, "seeds", "more than there are hosts");
    if (!is_within(s->stop_s, 1e-6, 1e12)) return wrong(fault, "stop_s", "above 0, at most 1e12");
    if (!s->runs || s->runs > EKI_SIM_MOST_RUNS) return wrong(fault, "runs", "1 to 100,000");
    enum eki_error error = check_malware(s, fault);
    if (!error && s->place == EKI_SIM_NETWORK) error = check_subnets(s, fault);
    if (!error) error = check_groups(s, fault);
    if (!error) error = check_measures(s, fault);
    for (uint32_t i = 0; i < s->seeds && s->seed_hosts && !error; i++)
        if (!is_listed(s, s->seed_hosts[i]))
            error = wrong(fault, "seed_hosts", "is no listed address of a subnet");
    return error;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < length; i++) hash = (hash ^ at[i]) * 0x100000001b3u; /* FNV-1a */
    return hash;
}

/* What came later than the rest of the format is mixed in only where it is used, so that older scenarios keep
 * their hash and with it their population. */
static uint64_t mix_later(uint64_t hash, const struct eki_scenario *s)
{
    const struct eki_sim_malware *m = &s->malware;
    double figures[] = {m->active_s,
                        m->permutation,
                        m->halt_after,
                        m->hit_list,
                        m->hit_list_s,
                        (double)s->group_count,
                        (double)s->group_bits,
                        s->start_h,
                        s->nat,
                        m->mail_addresses,
                        m->mail_opened,
                        m->mail_delay_s,
                        m->usb_sticks,
                        m->usb_visits_per_day,
                        m->usb_success,
                        m->ascending,
                        m->start_near,
                        s->lease_s};
    bool used = s->daily_on;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) used |= figures[i] > 0;
    if (used) hash = mix(hash, figures, sizeof figures);
    for (size_t i = 0; i < s->group_count; i++) {
        double group[] = {s->groups[i].share, s->groups[i].factor};
        hash = mix(hash, group, sizeof group);
    }
    if (s->daily_on) hash = mix(hash, s->daily, sizeof s->daily);
    for (size_t i = 0; i < s->measure_count; i++)
        if (s->measures[i].per_day > 0) {
            double restore[] = {s->measures[i].per_day, s->measures[i].rebuild};
            hash = mix(hash, restore, sizeof restore);
        }
    for (size_t i = 0; i < s->measure_count; i++)
        if (s->measures[i].hosts > 0) hash = mix(hash, &s->measures[i].hosts, sizeof(double));
    for (size_t i = 0; i < s->subnet_count; i++) {
        double subnet[] = {s->subnets[i].no_backup, s->subnets[i].nat};
        if (subnet[0] > 0 || subnet[1] > 0) hash = mix(hash, subnet, sizeof subnet);
        const struct eki_sim_subnet *n = &s->subnets[i];
        if (n->patches) hash = mix(hash, n->patches, n->hosts);
        if (n->administrators) hash = mix(hash, n->administrators, n->hosts * sizeof *n->administrators);
    }
    return hash;
}

uint64_t eki_scenario_hash(const struct eki_scenario *s)
{
    uint64_t hash = 0xcbf29ce484222325u;
    uint32_t numbers[] = {(uint32_t)s->place, s->hosts, s->networks, s->seeds};
    hash = mix(hash, numbers, sizeof numbers);
    hash = mix(hash, &s->stop_s, sizeof s->stop_s);
    const struct eki_sim_malware *m = &s->malware;
    double figures[] = {m->rate_per_s,      m->cap_per_s,           m->success,      m->latency_s,
                        m->dead_s,          m->service_s,           m->pass_pause_s, m->peers_every_s,
                        m->elsewhere_per_s, (double)m->probe_limit, m->slots,        m->peers,
                        m->exploit,         m->credentials};
    hash = mix(hash, figures, sizeof figures);
    for (size_t i = 0; i < m->share_count; i++) {
        double share[] = {m->shares[i].bits, m->shares[i].share};
        hash = mix(hash, share, sizeof share);
    }
    for (size_t i = 0; i < s->subnet_count; i++) {
        const struct eki_sim_subnet *n = &s->subnets[i];
        double subnet[] = {(double)n->base.lo, n->bits, n->hosts, n->patched, n->administrator};
        hash = mix(hash, subnet, sizeof subnet);
        if (n->listed) hash = mix(hash, n->listed, n->hosts * sizeof *n->listed);
    }
    if (s->reach_count) hash = mix(hash, s->reach, s->reach_count * sizeof *s->reach);
    for (size_t i = 0; i < s->measure_count; i++) {
        double measure[] = {s->measures[i].kind, s->measures[i].at_s, s->measures[i].share,
                            s->measures[i].after_s};
        hash = mix(hash, measure, sizeof measure);
    }
    if (s->seed_hosts) hash = mix(hash, s->seed_hosts, s->seeds * sizeof *s->seed_hosts);
    return eki_hash_two(mix_later(hash, s), 0, 0);
}

void eki_scenario_free(struct eki_scenario *s)
{
    if (!s) return;
    for (size_t i = 0; i < s->subnet_count; i++) {
        eki_free(s->subnets[i].listed);
        eki_free(s->subnets[i].patches);
        eki_free(s->subnets[i].administrators);
    }
    eki_free(s->title);
    eki_free(s->source);
    eki_free(s->subnets);
    eki_free(s->reach);
    eki_free(s->seed_hosts);
    eki_free(s->measures);
    eki_free(s);
}
