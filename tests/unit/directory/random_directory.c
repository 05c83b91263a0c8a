/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#include "random_directory.h"

#include <stdio.h>
#include <string.h>

enum { TEAMS = 12, DEPARTMENTS = 20, CONTACTS = 40 };

static const char *const sources[] = {NULL, "ripe", "ti", NULL};
static const char *const domains[] = {"example.jp",    "a.example.jp",  "b.a.example.jp",
                                      "example.co.jp", "co.jp",         "jp",
                                      "example.com",   "x.example.com", "github.io"};
static const char *const countries[] = {"JP", "AT", "BR"};

static unsigned below(struct eki_random *random, unsigned n)
{
    return (unsigned)eki_random_below(random, n);
}

struct eki_address random_address(struct eki_random *random)
{
    if (below(random, 3))
        return eki_address_v4(0xc0000000u | below(random, 4) << 22 | below(random, 1 << 12));
    return (struct eki_address){0x20010db800000000u | (uint64_t)below(random, 4) << 16 | below(random, 8),
                                (uint64_t)below(random, 4) << 62 | below(random, 16)};
}

const char *random_domain(struct eki_random *random, char ret_domain[64])
{
    static const char *const before[] = {"", "www.", "A.", "b.a.", "mail.x."};
    snprintf(ret_domain, 64, "%s%s", before[below(random, 5)], domains[below(random, 9)]);
    return ret_domain;
}

static void add(struct eki_directory *d, enum eki_record_kind kind, void *record)
{
    struct eki_fault fault = {0};
    enum eki_error error = eki_directory_add(d, kind, record, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
}

static void add_teams(struct eki_directory *d, struct eki_random *random)
{
    char id[16];
    (void)random;
    for (unsigned i = 0; i < TEAMS; i++) {
        struct eki_team team;
        eki_directory_blank(EKI_RECORD_TEAM, &team);
        snprintf(id, sizeof id, "t%u", i);
        team.id = team.name = id;
        add(d, EKI_RECORD_TEAM, &team);
    }
}

/* Department i belongs to team i % TEAMS; its parent is an earlier one of that team. */
static void add_departments(struct eki_directory *d)
{
    char id[16], team[16], parent[16];
    for (unsigned i = 0; i < DEPARTMENTS; i++) {
        struct eki_department x;
        eki_directory_blank(EKI_RECORD_DEPARTMENT, &x);
        snprintf(id, sizeof id, "d%u", i);
        snprintf(team, sizeof team, "t%u", i % TEAMS);
        snprintf(parent, sizeof parent, "d%u", i % TEAMS);
        x.id = x.name = id;
        x.team = team;
        x.parent = i >= TEAMS ? parent : NULL;
        add(d, EKI_RECORD_DEPARTMENT, &x);
    }
}

static void add_contacts(struct eki_directory *d, struct eki_random *random)
{
    char id[16], team[16], department[16];
    for (unsigned i = 0; i < CONTACTS; i++) {
        struct eki_contact_point c;
        eki_directory_blank(EKI_RECORD_CONTACT, &c);
        unsigned of = below(random, DEPARTMENTS), own = below(random, TEAMS - 2);
        bool inside = below(random, 2);
        snprintf(id, sizeof id, "c%u", i);
        snprintf(team, sizeof team, "t%u", inside ? of % TEAMS : own);
        snprintf(department, sizeof department, "d%u", of);
        c.id = id;
        c.team = team;
        c.department = inside ? department : NULL;
        c.address = "x@example.jp";
        c.role = (uint8_t)below(random, EKI_ROLES);
        c.medium = (uint8_t)below(random, EKI_MEDIA);
        c.disabled = below(random, 2);
        c.record.source = sources[below(random, 4)];
        add(d, EKI_RECORD_CONTACT, &c);
    }
}

static void draw_resource(struct eki_random *random, struct eki_network *n)
{
    static const uint8_t lengths4[] = {96, 104, 108, 110, 112, 115, 116, 119, 120, 122, 124, 127, 128},
                         lengths6[] = {0, 16, 32, 44, 48, 60, 63, 64, 65, 66, 96, 124, 128};
    switch (below(random, 8)) {
    case 0: n->domain = domains[below(random, 9)]; return;
    case 1: n->asn = 64500 + below(random, 4); return;
    case 2: n->country = countries[below(random, 3)]; return;
    default:
        n->prefix.base = random_address(random);
        bool v4 = eki_address_is_v4(n->prefix.base);
        n->prefix = eki_prefix_around(n->prefix.base, (v4 ? lengths4 : lengths6)[below(random, 13)]);
        n->has_prefix = true;
    }
}

static void add_network(struct eki_directory *d, struct eki_random *random)
{
    char team[16], department[16];
    struct eki_network n;
    eki_directory_blank(EKI_RECORD_NETWORK, &n);
    draw_resource(random, &n);
    unsigned of = below(random, DEPARTMENTS);
    snprintf(team, sizeof team, "t%u", of % TEAMS);
    snprintf(department, sizeof department, "d%u", of);
    n.team = team;
    if (below(random, 2)) n.department = department;
    n.record.source = sources[below(random, 4)];
    n.record.entered = RANDOM_NOW - (eki_time)below(random, 3) * EKI_SECOND;
    n.whole = !n.record.source && !below(random, 4);
    if (n.has_prefix && !below(random, 3)) {
        n.origin = 64500 + below(random, 5);
        if (below(random, 2)) n.team = n.department = NULL, n.whole = false;
    }
    if (n.has_prefix && !below(random, 4)) n.in_country = countries[below(random, 3)];
    add(d, EKI_RECORD_NETWORK, &n);
}

struct eki_directory *random_directory(uint64_t seed, unsigned networks)
{
    struct eki_random random = eki_random_from(seed);
    struct eki_directory *d;
    struct eki_fault fault = {0};
    assert_int_equal(eki_directory_new(&d), EKI_OK);
    add_teams(d, &random);
    add_departments(d);
    add_contacts(d, &random);
    for (unsigned i = 0; i < networks; i++) add_network(d, &random);
    enum eki_error error = eki_directory_settle(d, RANDOM_NOW, &fault);
    if (error) fail_msg("%s: %s", eki_error_text(error), fault.what);
    return d;
}
