/* SPDX-License-Identifier: Apache-2.0 */
#include "traffic/truth.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/hash.h"
#include "base/json_write.h"
#include "ekigaku/version.h"

static void write_host_address(struct eki_json *j, const char *key, const struct world *world, uint32_t host)
{
    eki_json_key(j, key);
    if (host == NOBODY)
        eki_json_null(j);
    else
        eki_json_address(j, eki_address_v4(world->hosts[host].address));
}

static void write_text(struct eki_json *j, const char *key, const char *text)
{
    eki_json_key(j, key);
    eki_json_text(j, text);
}

static void write_service(struct eki_json *j, uint8_t protocol, uint16_t port)
{
    write_text(j, "proto", protocol == 6 ? "tcp" : protocol == 17 ? "udp" : protocol == 1 ? "icmp" : "arp");
    eki_json_key(j, "port");
    eki_json_unsigned(j, port);
}

static void write_strategy(struct eki_json *j, const char *connected, const char *elsewhere)
{
    eki_json_key(j, "strategy");
    eki_json_object(j);
    write_text(j, "connected", connected);
    write_text(j, "elsewhere", elsewhere);
    eki_json_end(j);
}

static bool has_met(const struct world *world, uint32_t source, uint32_t target)
{
    uint64_t hash = eki_hash_two(source, target, 1);
    for (struct eki_index_probe p = eki_index_find(&world->by_meeting, hash);
         eki_index_next(&world->by_meeting, &p);) {
        const struct meeting *known = &world->meetings[p.position];
        if (known->source == source && known->target == target)
            return known->first <= world->hosts[target].infected;
    }
    return false;
}

static void write_host(struct eki_json *j, const struct world *world, uint32_t number)
{
    const struct host *host = &world->hosts[number];
    eki_json_object(j);
    write_host_address(j, "host", world, number);
    eki_json_key(j, "infected_at");
    eki_json_fixed(j, eki_time_since(host->infected, world->writer.first), 6);
    eki_json_key(j, "at");
    eki_json_time(j, host->infected);
    write_host_address(j, "parent", world, host->parent);
    write_host_address(j, "loader", world, host->loader);
    write_text(j, "vector", host->vector);
    write_service(j, world->worm->protocol, world->worm->port);
    write_strategy(j, host->connected, host->elsewhere);
    eki_json_key(j, "visible");
    eki_json_bool(j, host->seen > 0);
    eki_json_key(j, "met");
    eki_json_bool(j, host->parent != NOBODY && has_met(world, host->parent, number));
    eki_json_end(j);
}

/* In order of infection: every parent stands before its children. */
static void write_hosts(struct eki_json *j, const struct world *world)
{
    eki_json_key(j, "hosts");
    eki_json_array(j);
    eki_time after = INT64_MIN;
    uint32_t last = 0;
    for (size_t written = 0; written < world->infected; written++) {
        uint32_t best = NOBODY;
        for (uint32_t i = 0; i < world->host_count; i++) {
            const struct host *host = &world->hosts[i];
            if (!(host->flags & HOST_INFECTED)) continue;
            if (host->infected < after || (host->infected == after && written && i <= last)) continue;
            if (best == NOBODY || host->infected < world->hosts[best].infected) best = i;
        }
        if (best == NOBODY) break;
        write_host(j, world, best);
        after = world->hosts[best].infected;
        last = best;
    }
    eki_json_end(j);
}

static void write_attacks(struct eki_json *j, const struct world *world)
{
    eki_json_key(j, "attacked_in_vain");
    eki_json_array(j);
    for (size_t i = 0; i < world->attack_count; i++) {
        const struct attack *attack = &world->attacks[i];
        if (world->hosts[attack->target].flags & HOST_INFECTED) continue;
        eki_json_object(j);
        write_host_address(j, "source", world, attack->source);
        write_host_address(j, "target", world, attack->target);
        eki_json_key(j, "attempts");
        eki_json_unsigned(j, attack->attempts);
        eki_json_end(j);
    }
    eki_json_end(j);
}

static struct eki_json begin(FILE *file, const struct world *world, const char *worm)
{
    struct eki_json j = eki_json_to_file(file, true);
    eki_json_object(&j);
    write_text(&j, "schema", "ekigaku.truth/1");
    write_text(&j, "worm", worm);
    eki_json_key(&j, "seed");
    eki_json_unsigned(&j, world->options->seed);
    write_text(&j, "version", EKI_VERSION);
    if (world->options->scenario_hash) {
        char hash[24];
        snprintf(hash, sizeof hash, "%016" PRIx64, world->options->scenario_hash);
        write_text(&j, "scenario_hash", hash);
    }
    eki_json_key(&j, "packets");
    eki_json_unsigned(&j, world->writer.written);
    eki_json_key(&j, "first");
    eki_json_time(&j, world->writer.first);
    return j;
}

static bool finish(struct eki_json *j, FILE *file)
{
    eki_json_end(j);
    fputc('\n', file);
    return !fclose(file) && !j->failed;
}

bool eki_truth_write(const struct world *world)
{
    if (!world->options->truth) return true;
    FILE *file = fopen(world->options->truth, "w");
    if (!file) return false;
    struct eki_json j = begin(file, world, world->worm->name);
    write_host_address(&j, "patient_zero", world, world->patient_zero);
    write_hosts(&j, world);
    write_attacks(&j, world);
    return finish(&j, file);
}

bool eki_truth_write_scan(const struct world *world, const struct truth_scan *scan)
{
    if (!world->options->truth) return true;
    FILE *file = fopen(world->options->truth, "w");
    if (!file) return false;
    struct eki_json j = begin(file, world, "none");
    write_text(&j, "kind", scan->kind);
    eki_json_key(&j, "patient_zero");
    eki_json_null(&j);
    eki_json_key(&j, "hosts");
    eki_json_array(&j);
    eki_json_end(&j);
    eki_json_key(&j, "scanners");
    eki_json_array(&j);
    eki_json_object(&j);
    eki_json_key(&j, "host");
    eki_json_address(&j, eki_address_v4(scan->host));
    write_service(&j, scan->protocol, scan->port);
    write_text(&j, "verdict", scan->expected);
    eki_json_key(&j, "since");
    eki_json_fixed(&j, eki_time_since(scan->since, world->writer.first), 6);
    write_strategy(&j, scan->connected, scan->elsewhere);
    eki_json_end(&j);
    eki_json_end(&j);
    write_attacks(&j, world);
    return finish(&j, file);
}
