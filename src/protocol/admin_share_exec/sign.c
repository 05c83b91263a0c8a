/* SPDX-License-Identifier: Apache-2.0 */
/*
 * See README.md. A file written to an administrative share, then something started on the same host by a
 * remote call, within ten minutes: the two steps of BZAR (MITRE). Each step alone is told too, lower.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "protocol/module.h"

/* BZAR's window, and the pace of a program: from the first byte of the drop to the start of it. */
#define WINDOW (600 * EKI_SECOND)
#define PACE   (10 * EKI_SECOND)
/* What is done to a host this long after it fell is administration of it, not its infection. */
#define SETTLED (30 * EKI_SECOND)

enum { REPEATS = 2, FELLED = 16 /* victims of a source that may have to be told again */ };

struct pair {
    struct eki_pair_key key;
    struct eki_sign drop, exec;
    eki_time dropped, ran; /* first byte of the newest series of drops; the first start that completed it */
    uint64_t last_file;
    uint32_t drops, programs; /* files, and those that are programs by name or content */
    char name[32];
    uint8_t how; /* of the exec: enum eki_rpc_interface */
    bool complete, interactive;
};

/* One source, or one host that fell. */
struct host {
    struct eki_pair_key key;
    struct eki_address felled[FELLED];
    uint32_t count;
    bool fell; /* was itself the target of a complete pair */
};

struct state {
    struct eki_pairs pairs, hosts;
};

/* Pairs that wrote to or started something on an administrative share: 3 MB, and 0.4 MB. */
static const struct eki_pairs_shape pair_shape = {sizeof(struct pair), 1 << 12},
                                    host_shape = {sizeof(struct host), 1 << 10};

static const struct eki_sign like_drop = {
    .name = "admin-share-write", .family = "", .technique = "T1570", .grade = EKI_GRADE_NOTE};
static const struct eki_sign like_exec = {
    .name = "remote-exec", .family = "", .technique = "T1569.002", .grade = EKI_GRADE_ACCESS, .vector = true};

/* The operations that start something ([MS-SCMR] 3.1.4, [MS-TSCH] 3.2.5, [MS-WMI] 3.1.4.3). */
static const struct {
    uint8_t interface;
    uint16_t operation;
    const char *what, *technique;
    bool prepares; /* it only gets ready what another call then starts */
} starters[] = {
    {EKI_RPC_SVCCTL, 12, "CreateServiceW", "T1569.002", true},
    {EKI_RPC_SVCCTL, 24, "CreateServiceA", "T1569.002", true},
    {EKI_RPC_SVCCTL, 44, "CreateServiceWOW64A", "T1569.002", true},
    {EKI_RPC_SVCCTL, 45, "CreateServiceWOW64W", "T1569.002", true},
    {EKI_RPC_SVCCTL, 60, "CreateWowService", "T1569.002", true},
    {EKI_RPC_SVCCTL, 19, "StartServiceW", "T1569.002", false},
    {EKI_RPC_SVCCTL, 31, "StartServiceA", "T1569.002", false},
    {EKI_RPC_ATSVC, 0, "NetrJobAdd", "T1053.002", false},
    {EKI_RPC_SCHEDULER, 1, "SchRpcRegisterTask", "T1053.005", true},
    {EKI_RPC_SCHEDULER, 12, "SchRpcRun", "T1053.005", false},
    {EKI_RPC_WMI, 24, "IWbemServices::ExecMethod", "T1047", false},
    {EKI_RPC_WMI, 25, "IWbemServices::ExecMethodAsync", "T1047", false},
};

static struct pair *pair_of(struct eki_sign_context *context, struct eki_address source,
                            struct eki_address target)
{
    struct state *state = eki_sign_state(context);
    return eki_sign_recall(context, &state->pairs, pair_shape, &(struct eki_pair_key){source, target, 0});
}

static struct host *host_of(struct eki_sign_context *context, struct eki_address host)
{
    struct state *state = eki_sign_state(context);
    return eki_sign_recall(context, &state->hosts, host_shape, &(struct eki_pair_key){.a = host});
}

static void emit_exec(struct eki_sign_context *context, struct pair *p, bool automated)
{
    struct eki_sign *s = &p->exec;
    s->automated = automated && !p->interactive;
    const char *pace = p->interactive ? ", then an interactive session" : "";
    if (p->complete)
        snprintf(s->detail, sizeof s->detail, "%u files to administrative shares (%s), then started by %s%s",
                 p->drops, p->name, starters[p->how].what, pace);
    else
        snprintf(s->detail, sizeof s->detail, "%u calls to start something, last %s%s", s->count,
                 starters[p->how].what, pace);
    eki_sign_emit(context, s);
}

/*
 * A program at work and not a person: nothing interactive followed, the steps followed each other at the pace
 * of a program, and the same was done again: by this source to another host, with more than one program, or
 * by a host that had fallen in this way itself.
 */
static bool is_repeated(const struct pair *p, const struct host *source)
{
    return p->programs >= REPEATS || source->count >= REPEATS || source->fell;
}

static void note_fall(struct host *source, struct eki_address target)
{
    uint32_t kept = source->count < FELLED ? source->count : FELLED;
    for (uint32_t i = 0; i < kept; i++)
        if (eki_address_equal(source->felled[i], target)) return;
    source->felled[source->count++ % FELLED] = target;
}

/* The second host that falls makes the first one the work of a program too. */
static void tell_earlier(struct eki_sign_context *context, const struct host *source)
{
    struct state *state = eki_sign_state(context);
    uint32_t kept = source->count < FELLED ? source->count : FELLED;
    for (uint32_t i = 0; source->count == REPEATS && i < kept; i++) {
        struct eki_pair_key key = {source->key.a, source->felled[i], 0};
        struct pair *p = eki_pairs_find(&state->pairs, pair_shape, &key);
        if (p && p->complete && !p->exec.automated && p->ran - p->dropped <= PACE)
            emit_exec(context, p, true);
    }
}

static void complete(struct eki_sign_context *context, struct pair *p)
{
    struct host *victim = host_of(context, p->exec.target);
    if (victim) victim->fell = true;
    struct host *source = host_of(context, p->exec.source);
    if (!source) return;
    note_fall(source, p->exec.target);
    p->exec.name = "admin-share-exec";
    p->exec.grade = EKI_GRADE_IMPLANT;
    emit_exec(context, p, p->ran - p->dropped <= PACE && is_repeated(p, source));
    tell_earlier(context, source);
}

static void on_rpc(struct eki_sign_context *context, const struct eki_rpc_call *call)
{
    size_t i = 0, count = sizeof starters / sizeof *starters;
    while (i < count &&
           (starters[i].interface != call->interface || starters[i].operation != call->operation))
        i++;
    if (i == count) return;
    struct pair *p = pair_of(context, call->client, call->server);
    eki_time now = call->segment->packet->time;
    if (!p || (p->complete && now - p->ran > SETTLED)) return;
    eki_sign_witness(context, &p->exec, &like_exec, call->segment->packet);
    p->exec.source = call->client;
    p->exec.target = call->server;
    p->exec.service = 445; /* the way in is the file service, whatever port the call came on */
    p->exec.technique = starters[i].technique;
    p->how = (uint8_t)i;
    bool dropped = p->drops && now - p->dropped <= WINDOW;
    if (p->complete || (dropped && !starters[i].prepares)) {
        if (!p->complete) p->ran = now;
        p->complete = true;
        if (p->exec.first > p->drop.first) {
            p->exec.first = p->drop.first;
            p->exec.packet_first = p->drop.packet_first;
        }
        complete(context, p);
        return;
    }
    emit_exec(context, p, false);
}

static bool is_program(const struct eki_smb_message *m, const struct eki_smb_write *w)
{
    struct eki_cursor c = w->data;
    const uint8_t *p = w->offset ? NULL : eki_cursor_take(&c, 2);
    return m->file->executable || (p && p[0] == 'M' && p[1] == 'Z');
}

static void on_write(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    struct eki_smb_write w;
    bool administrative =
        m->file && (m->file->share == EKI_SMB_SHARE_ADMIN || m->file->share == EKI_SMB_SHARE_DRIVE);
    if (!administrative || !eki_smb_write(m, &w)) return;
    struct pair *p = pair_of(context, m->client, m->server);
    eki_time now = m->segment->packet->time;
    if (!p || (p->complete && now - p->ran > SETTLED)) return;
    if (!p->drops || now - p->dropped > WINDOW) {
        p->dropped = now;
        p->drops = p->programs = 0;
    }
    bool another =
        !p->drops || m->file->id != p->last_file || strncmp(p->name, m->file->name, sizeof p->name - 1);
    p->last_file = m->file->id;
    if (!another) return;
    bool program = is_program(m, &w);
    p->drops++;
    p->programs += program;
    snprintf(p->name, sizeof p->name, "%.*s", (int)sizeof p->name - 1, m->file->name);
    eki_sign_witness_smb(context, &p->drop, &like_drop, m);
    if (program && p->drop.grade < EKI_GRADE_ATTEMPT) {
        p->drop.grade = EKI_GRADE_ATTEMPT;
        p->drop.vector = true;
    }
    snprintf(p->drop.detail, sizeof p->drop.detail, "%u files written to administrative shares, last %s",
             p->drop.count, p->name);
    eki_sign_emit(context, &p->drop);
}

/* Pipes that Windows itself serves; what else is opened after a start belongs to what was started. */
static bool is_known_pipe(const char *name)
{
    static const char *const known[] = {
        "svcctl",   "srvsvc",       "wkssvc",   "samr",      "lsarpc",
        "lsass",    "netlogon",     "atsvc",    "winreg",    "spoolss",
        "epmapper", "browser",      "eventlog", "ntsvcs",    "protected_storage",
        "router",   "initshutdown", "scerpc",   "trkwks",    "keysvc",
        "tapsrv",   "plugplay",     "unixinfo", "msftewds",  "lsm_api_service",
        "efsrpc",   "netdfs",       "wmi",      "sql\\query"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcasecmp(name, known[i])) return true;
    return false;
}

/* After a start: a pipe of its own, or its output read back from the share, is somebody's session. */
static bool is_session(const struct eki_smb_message *m)
{
    char name[64];
    bool administrative = m->share == EKI_SMB_SHARE_ADMIN || m->share == EKI_SMB_SHARE_DRIVE;
    if (m->command == (m->version == 2 ? EKI_SMB2_READ : EKI_SMB1_READ_ANDX)) return administrative;
    if (m->share != EKI_SMB_SHARE_PIPES || !eki_smb_create_name(m, name, sizeof name)) return false;
    return !is_known_pipe(name[0] == '\\' ? name + 1 : name);
}

static void on_smb(struct eki_sign_context *context, const struct eki_smb_message *m)
{
    if (m->reply) return;
    if (m->file) on_write(context, m);
    struct state *state = eki_sign_state(context);
    if (!state->pairs.count || !is_session(m)) return;
    struct pair *p =
        eki_pairs_find(&state->pairs, pair_shape, &(struct eki_pair_key){m->client, m->server, 0});
    if (!p || !p->exec.id || p->interactive || m->segment->packet->time - p->exec.last > WINDOW) return;
    p->interactive = true;
    emit_exec(context, p, false);
}

static void done(void *user)
{
    struct state *state = user;
    eki_pairs_done(&state->pairs);
    eki_pairs_done(&state->hosts);
}

static const char *const signs[] = {"admin-share-write", "remote-exec", "admin-share-exec", NULL};
static const char *const techniques[] = {"T1570", "T1569.002", "T1053.002", "T1053.005", "T1047", NULL};

static const struct eki_sign_table tables[] = {
    {offsetof(struct state, pairs), &pair_shape, {offsetof(struct pair, drop), offsetof(struct pair, exec)}},
    {offsetof(struct state, hosts), &host_shape, {0}},
    {0, NULL, {0}}};

extern const struct eki_sign_module eki_sign_module_admin_share_exec;
const struct eki_sign_module eki_sign_module_admin_share_exec = {.signs = signs,
                                                                 .techniques = techniques,
                                                                 .state_size = sizeof(struct state),
                                                                 .tables = tables,
                                                                 .done = done,
                                                                 .smb = on_smb,
                                                                 .rpc = on_rpc};
