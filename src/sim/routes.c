/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/routes.h"

#include "base/memory.h"

enum eki_error eki_sim_routes_init(const struct eki_scenario *scenario, struct eki_sim_routes *r)
{
    r->carried = eki_allocate(scenario->malware.usb_sticks + 1, sizeof *r->carried);
    return r->carried ? EKI_OK : EKI_ERROR_MEMORY;
}

void eki_sim_routes_done(struct eki_sim_routes *r)
{
    eki_free(r->carried);
}

void eki_sim_routes_reset(struct eki_sim_routes *r, const struct eki_scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->malware.usb_sticks; i++) r->carried[i] = EKI_SIM_SEED;
}

enum eki_error eki_sim_routes_mail(struct eki_simulator *s, struct eki_sim_agenda *agenda, uint32_t kind,
                                   uint32_t host)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    enum eki_error error = EKI_OK;
    for (uint32_t i = 0; i < m->mail_addresses && !error; i++) {
        if (eki_random_unit(&s->random) >= m->mail_opened) continue;
        struct eki_sim_entry entry = {.kind = kind, .host = host, .position = s->position[host]};
        entry.target = (int64_t)eki_random_below(&s->random, s->scenario->hosts);
        entry.at = s->now + (m->mail_delay_s > 0 ? eki_sim_wait(s, 1 / m->mail_delay_s) : 0);
        error = eki_sim_agenda_add(agenda, entry);
    }
    return error;
}

enum eki_error eki_sim_routes_carry(struct eki_simulator *s, struct eki_sim_agenda *agenda, uint32_t kind)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    double visits = m->usb_sticks * m->usb_visits_per_day / 86400;
    if (visits <= 0) return EKI_OK;
    return eki_sim_agenda_add(agenda,
                              (struct eki_sim_entry){.at = s->now + eki_sim_wait(s, visits), .kind = kind});
}

bool eki_sim_routes_visit(struct eki_simulator *s, struct eki_sim_routes *r, uint32_t *ret_host,
                          uint32_t *ret_parent)
{
    const struct eki_sim_malware *m = &s->scenario->malware;
    uint32_t *carried = &r->carried[eki_random_below(&s->random, m->usb_sticks)];
    uint32_t host = (uint32_t)eki_random_below(&s->random, s->scenario->hosts);
    if (s->position[host] != EKI_SIM_SEED) *carried = s->position[host];
    bool falls = s->position[host] == EKI_SIM_SEED && *carried != EKI_SIM_SEED &&
                 eki_random_unit(&s->random) < m->usb_success;
    *ret_host = host;
    *ret_parent = *carried;
    s->by_usb += falls;
    return falls;
}
