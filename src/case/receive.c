/* SPDX-License-Identifier: Apache-2.0 */
/* What another team sends is taken in: compared with what came before, put into a case, written down. */
#include "ekigaku/case_receive.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/buffer.h"
#include "base/text.h"
#include "case/case_mark.h"
#include "case/receive_rows.h"
#include "case/receive_text.h"
#include "case/saying.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/case_task.h"
#include "ekigaku/exchange.h"

enum {
    HANDLING = 3, /* as of captures with traffic of third parties, until somebody says otherwise */
    WORD = 200,   /* bytes of the columns */
    TITLE = 300,
    SUMMARY = 16 << 10,
    MERGES = 100, /* steps from a merged case to the one that goes on: more is a circle */
    LINKS = 20,   /* cases of the same thing from others that are named */
    NUMBERS = 16, /* of cases that are looked up: one for each desk that it went through */
    DIGEST = 65
};

/* Clocks of two teams may differ; what is later than this was not made then. */
static const int64_t ahead_us = INT64_C(86400) * 1000000;

struct receiving {
    struct eki_store_work *work;
    const struct eki_store_act *act;
    const struct eki_incident *incident;
    const struct eki_receive_origin *origin;
    struct eki_arena arena;
    struct eki_gathered gathered;
    struct eki_store_received row;    /* what will be written */
    struct eki_store_received before; /* the version of this sender that was taken in last; id 0: none */
    struct eki_store_case into;       /* id 0: none */
    struct eki_reception reception;
    char digest[DIGEST];
    bool known; /* a row of this sender has this content already */
};

static const char *text_or_empty(const char *text)
{
    return text ? text : "";
}

static enum eki_error plain(struct receiving *r, const char *text, size_t most, const char **ret_text)
{
    const char *copy = eki_receive_plain(&r->arena, text, most, true);
    if (!copy) return EKI_ERROR_MEMORY;
    *ret_text = copy;
    return EKI_OK;
}

/* SHA-256 of the incident in this program's own words: the same whatever carried it. */
static enum eki_error take_digest(struct receiving *r)
{
    const struct eki_tlp_decision decision = {.allowed = true, .written = true, .label = r->incident->tlp};
    unsigned char hash[crypto_hash_sha256_BYTES];
    struct eki_buffer body = {0};
    FILE *out = eki_buffer_open(&body);
    enum eki_error error = EKI_ERROR_MEMORY;
    if (out) error = eki_exchange_write(eki_exchange_find("incident"), r->incident, &decision, out);
    if (out && (fclose(out) || body.failed) && !error) error = EKI_ERROR_MEMORY;
    if (!error) {
        crypto_hash_sha256(hash, (const unsigned char *)body.bytes, body.length);
        sodium_bin2hex(r->digest, sizeof r->digest, hash, sizeof hash);
    }
    eki_buffer_done(&body);
    return error;
}

static int64_t version_of(const struct receiving *r)
{
    const struct eki_incident *incident = r->incident;
    if (r->origin->made) return r->origin->made;
    eki_time told = incident->modified != EKI_TIME_NONE ? incident->modified : incident->created;
    return told != EKI_TIME_NONE && told > 0 ? told / 1000 : 0;
}

/* The number under which another desk keeps it as a case; else its id, or what its sender calls it, or what
 * follows from the content. The number goes along when it is passed on, so that the other desk knows its own.
 */
static enum eki_error take_ids(struct receiving *r)
{
    const struct eki_incident *incident = r->incident;
    const char *id = incident->id, *number = NULL, *origin = NULL;
    char made[DIGEST + 8];
    int64_t other;
    for (size_t i = 0; i < incident->reference_count; i++) {
        const struct eki_incident_reference *reference = &incident->references[i];
        if (!reference->id || !*reference->id) continue;
        if (!id || !*id) id = reference->id;
        if (!reference->source || strcmp(reference->source, EKI_CASE_SOURCE) != 0) continue;
        if (!number && eki_case_number_read(reference->id, &other)) number = reference->id;
        origin = reference->id;
    }
    if (number) id = number;
    snprintf(made, sizeof made, "sha256:%s", r->digest);
    if (!id || !*id || strlen(id) > WORD) id = made; /* one that is cut would be another's */
    enum eki_error error = plain(r, id, WORD, &r->row.incident);
    if (error) return error;
    return plain(r, origin ? origin : id, WORD, &r->row.origin);
}

static enum eki_tlp label_of(const struct receiving *r)
{
    enum eki_tlp label = r->incident->tlp;
    return r->origin->labelled ? eki_tlp_stricter(label, r->origin->label) : label;
}

static bool is_marked(const struct receiving *r)
{
    return r->incident->marked || r->origin->labelled;
}

/* Who it is from: nobody is told by a word alone to be a team that proves itself. */
static enum eki_error take_sender(struct receiving *r)
{
    const struct eki_receive_origin *origin = r->origin;
    char sender[WORD + 1];
    bool team = origin->team && *origin->team;
    if (team && origin->proven)
        snprintf(sender, sizeof sender, "team %.190s", origin->team);
    else if (team)
        snprintf(sender, sizeof sender, "said %.190s", origin->team);
    else
        snprintf(sender, sizeof sender, "%.200s", text_or_empty(origin->sender));
    if (!*sender) return EKI_ERROR_ARGUMENT;
    return plain(r, sender, WORD, &r->row.sender);
}

/* Named after its family and service, as an outbreak is, which reads the same in each language. */
static enum eki_error make_title(struct receiving *r)
{
    char title[TITLE];
    const struct eki_store_received *row = &r->row;
    bool service = *row->proto && row->port;
    if (service)
        snprintf(title, sizeof title, "%s%s%s/%lld", row->family, *row->family ? " " : "", row->proto,
                 (long long)row->port);
    else
        snprintf(title, sizeof title, "%s", *row->family ? row->family : row->incident);
    return plain(r, title, TITLE, &r->row.title);
}

static enum eki_error form_row(struct receiving *r)
{
    const struct eki_incident *incident = r->incident;
    const struct eki_receive_origin *origin = r->origin;
    struct eki_store_received *row = &r->row;
    row->way = text_or_empty(origin->way);
    row->form = text_or_empty(origin->form);
    row->team = text_or_empty(origin->team);
    row->tier = origin->tier <= 3 ? origin->tier : 0;
    row->proven = origin->proven;
    row->tlp = is_marked(r) ? eki_tlp_word(label_of(r)) : "";
    row->digest = r->digest;
    row->version = version_of(r);
    row->at = r->act->at;
    row->proto = incident->protocol == 6 ? "tcp" : incident->protocol == 17 ? "udp" : "";
    row->port = incident->port;
    row->account = r->act->account;
    enum eki_error error = take_digest(r);
    if (!error) error = take_sender(r);
    if (!error) error = take_ids(r);
    if (!error) error = plain(r, incident->title, TITLE, &row->title);
    if (!error) error = plain(r, incident->family, WORD, &row->family);
    if (!error && !*row->title) error = make_title(r);
    if (!error) error = eki_receive_gather(&r->arena, incident, &r->gathered);
    if (!error) r->reception.passed = r->gathered.passed;
    return error;
}

/* What of this sender has this id, the newest version first; and is this content among it? */
static enum eki_error find_before(struct receiving *r)
{
    const struct eki_store_query query = {.where = {{.column = "incident", .text = r->row.incident},
                                                    {.column = "sender", .text = r->row.sender}},
                                          .sort = "version",
                                          .descending = true,
                                          .limit = EKI_STORE_MOST_ROWS};
    struct eki_store_received *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(r->work, &query, &rows, &page);
    if (error) return error;
    for (size_t i = 0; i < page.count; i++) {
        bool taken = !strcmp(rows[i].answer, "opened") || !strcmp(rows[i].answer, "updated");
        if (taken && !r->before.id) r->before = rows[i];
        if (strcmp(rows[i].digest, r->row.digest) != 0) continue;
        r->known = true;
        r->reception.row = rows[i].id;
    }
    return EKI_OK;
}

static enum eki_error refuse(struct receiving *r, enum eki_receive_answer answer, const char *why)
{
    r->reception.answer = answer;
    r->reception.hosts = r->reception.indicators = 0;
    r->reception.of_case = r->before.id ? r->before.of_case : 0;
    snprintf(r->reception.why, sizeof r->reception.why, "%s", why);
    r->row.answer = eki_receive_answer_name(answer);
    r->row.why = r->reception.why;
    r->row.of_case = r->reception.of_case;
    if (r->known) return EKI_OK; /* it was written down when it came first */
    enum eki_error error = eki_store_add(r->work, &r->row);
    if (!error) r->reception.row = r->row.id;
    return error;
}

/* Is it a case of this desk that comes back? Its number says which, and when it was opened. */
static enum eki_error find_own(struct receiving *r, int64_t *ret_case)
{
    *ret_case = 0;
    for (size_t i = 0, looked = 0; i < r->incident->reference_count && looked < NUMBERS; i++) {
        const struct eki_incident_reference *reference = &r->incident->references[i];
        struct eki_store_case row;
        int64_t id;
        if (!reference->source || !reference->id || strcmp(reference->source, EKI_CASE_SOURCE) != 0) continue;
        if (!eki_case_number_read(reference->id, &id)) continue;
        looked++;
        enum eki_error error = eki_store_get(r->work, &row, id);
        if (error && error != EKI_ERROR_MISSING) return error;
        char number[EKI_CASE_NUMBER];
        if (!error && !strcmp(eki_case_number(&row, number), reference->id)) *ret_case = id;
    }
    return EKI_OK;
}

/* What can be refused without looking at a case. *ret_done: it was answered. */
static enum eki_error judge(struct receiving *r, bool *ret_done)
{
    char why[EKI_RECEIVE_WHY];
    int64_t own;
    enum eki_error error = find_own(r, &own);
    *ret_done = true;
    if (error) return error;
    if (own) {
        snprintf(why, sizeof why, "it is case %" PRId64 " of this desk, which comes back", own);
        return refuse(r, EKI_RECEIVE_REFUSED, why);
    }
    if (r->row.version > r->act->at + ahead_us)
        return refuse(r, EKI_RECEIVE_REFUSED,
                      EKI_TEXT("it was made in the future: one of the clocks is wrong"));
    if (r->gathered.host_count > EKI_RECEIVE_HOSTS)
        return refuse(r, EKI_RECEIVE_REFUSED, EKI_TEXT("it names more than 100000 affected hosts"));
    if (r->gathered.sign_count > EKI_RECEIVE_INDICATORS)
        return refuse(r, EKI_RECEIVE_REFUSED, EKI_TEXT("it names more than 100000 indicators"));
    if (!r->gathered.host_count && !r->gathered.sign_count)
        return refuse(r, EKI_RECEIVE_REFUSED,
                      EKI_TEXT("it names no affected host with an address, and no indicator"));
    if (r->before.id && r->row.version < r->before.version)
        return refuse(r, EKI_RECEIVE_OLD, EKI_TEXT("a later version of it came before"));
    if (r->before.id && r->row.version == r->before.version)
        return refuse(r, EKI_RECEIVE_REFUSED, EKI_TEXT("another content came under the same id and time"));
    *ret_done = false;
    return EKI_OK;
}

/* The case of the version before, or the one it was merged into; id 0 when that is over or gone. */
static enum eki_error find_case(struct receiving *r)
{
    int64_t id = r->before.id ? r->before.of_case : 0;
    for (int steps = 0; id && steps < MERGES; steps++) {
        enum eki_error error = eki_store_get(r->work, &r->into, id);
        if (error == EKI_ERROR_MISSING) break;
        if (error) return error;
        if (!strcmp(r->into.state, "closed")) break;
        if (strcmp(r->into.state, "merged") != 0) return EKI_OK;
        id = r->into.merged_into;
    }
    r->into = (struct eki_store_case){0};
    return EKI_OK;
}

static const char *route_of(const struct eki_incident *incident)
{
    static const char *const routes[] = {"contact", "droplet", "airborne"};
    for (size_t i = 0; incident->route && i < sizeof routes / sizeof *routes; i++)
        if (!strcmp(incident->route, routes[i])) return routes[i];
    return "";
}

/* Most forms have no word for the route: it is that of the family, or, where hosts infect hosts, what an
 * outbreak that was seen here has. Without one the playbooks for it would not be laid. */
static const char *route_known(const struct receiving *r, const struct eki_catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->family_count; i++)
        if (!strcasecmp(catalogue->families[i].id, r->row.family))
            return eki_route_name(catalogue->families[i].route);
    return r->incident->edge_count ? eki_route_name(EKI_ROUTE_AIRBORNE) : "";
}

/* As of an outbreak that was seen here: the class of the family; "novel" when it goes from host to host and
 * nobody knows it. */
static void classify(struct receiving *r)
{
    const struct eki_catalogue *catalogue = r->origin->catalogue;
    time_t at = (time_t)(r->act->at / 1000000);
    struct tm day;
    if (!catalogue || !gmtime_r(&at, &day)) return;
    if (!*r->into.route) r->into.route = route_known(r, catalogue);
    r->into.class = eki_catalogue_class_in(catalogue, r->row.family, day.tm_year + 1900, &r->into.known);
    if (r->into.class || !r->incident->edge_count) return;
    r->into.class = "novel";
    r->into.known = "unknown";
}

static enum eki_error open_case(struct receiving *r)
{
    const char *summary = eki_receive_plain(&r->arena, r->incident->summary, SUMMARY, false);
    if (!summary) return EKI_ERROR_MEMORY;
    r->into = (struct eki_store_case){.title = r->row.title,
                                      .state = "open",
                                      .handling_class = HANDLING,
                                      .route = route_of(r->incident),
                                      .tlp = r->row.tlp,
                                      .summary = summary,
                                      .account = r->act->account,
                                      .created = r->act->at,
                                      .aware = r->act->at};
    r->reception.answer = EKI_RECEIVE_OPENED;
    classify(r);
    return eki_store_add(r->work, &r->into);
}

/* A label never gets wider: what is not marked is as strict as EKI_TLP_UNMARKED says. Notices follow it. */
static enum eki_error tighten(struct receiving *r)
{
    enum eki_tlp had = eki_case_label(&r->into), label = eki_tlp_stricter(had, label_of(r));
    r->reception.label = label;
    if (label == had) return EKI_OK;
    r->into.tlp = eki_tlp_word(label);
    enum eki_error error = eki_store_change(r->work, &r->into);
    return error ? error : eki_case_tighten_notices(r->work, r->into.id, label);
}

/* The sender as people call it: the id of a team without the word before it. */
static const char *name_of(const char *sender)
{
    bool team = !strncmp(sender, "team ", 5) || !strncmp(sender, "said ", 5);
    return team ? sender + 5 : sender;
}

static enum eki_error tell_received(struct receiving *r)
{
    char how[80], counts[3][24];
    snprintf(how, sizeof how, "%.30s, %.30s", r->row.way, r->row.form);
    snprintf(counts[0], sizeof counts[0], "%zu", r->reception.hosts);
    snprintf(counts[1], sizeof counts[1], "%zu", r->reception.indicators);
    snprintf(counts[2], sizeof counts[2], "%zu", r->reception.passed);
    const struct eki_case_saying saying = {
        .of_case = r->into.id,
        .kind = "received",
        .saying = r->row.proven ? EKI_SAYING_RECEIVED : EKI_SAYING_RECEIVED_UNPROVEN,
        .values = {name_of(r->row.sender), how, eki_tlp_text(label_of(r)), counts[0], counts[1], counts[2]}};
    return eki_case_say(r->work, r->act, &saying);
}

static enum eki_error tell_other(struct receiving *r, int64_t of_case, int64_t other, const char *sender)
{
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, other);
    return eki_case_say(r->work, r->act,
                        &(struct eki_case_saying){.of_case = of_case,
                                                  .kind = "received",
                                                  .saying = EKI_SAYING_TOLD_TOO,
                                                  .values = {number, name_of(sender)}});
}

/* Others that told the same thing: their cases and this one name each other, and a person may merge them. */
static enum eki_error tell_others(struct receiving *r)
{
    const struct eki_store_query query = {
        .where = {{.column = "origin", .text = r->row.origin}, {.column = "answer", .text = "opened"}},
        .limit = LINKS};
    struct eki_store_received *rows;
    struct eki_store_page page;
    enum eki_error error = eki_store_list(r->work, &query, &rows, &page);
    for (size_t i = 0; !error && i < page.count; i++) {
        if (!rows[i].of_case || rows[i].of_case == r->into.id) continue;
        error = tell_other(r, r->into.id, rows[i].of_case, rows[i].sender);
        if (!error) error = tell_other(r, rows[i].of_case, r->into.id, r->row.sender);
    }
    return error;
}

static enum eki_error take_in(struct receiving *r)
{
    enum eki_error error = find_case(r);
    if (error) return error;
    r->reception.answer = EKI_RECEIVE_UPDATED;
    if (!r->into.id) error = open_case(r);
    if (!error) error = tighten(r);
    const struct eki_receive_into into = {.work = r->work,
                                          .act = r->act,
                                          .arena = &r->arena,
                                          .incident = r->incident,
                                          .directory = r->origin->directory,
                                          .of_case = r->into.id};
    if (!error) error = eki_receive_hosts(&into, &r->gathered, &r->reception.hosts);
    if (!error) error = eki_receive_signs(&into, &r->gathered, &r->reception.indicators);
    if (!error) error = eki_receive_suite(&into, name_of(r->row.sender), &r->reception.passed);
    if (!error) error = tell_received(r);
    if (!error && r->reception.answer == EKI_RECEIVE_OPENED) error = tell_others(r);
    if (error) return error;
    r->reception.of_case = r->row.of_case = r->into.id;
    r->row.answer = eki_receive_answer_name(r->reception.answer);
    r->row.hosts = (int64_t)r->reception.hosts;
    r->row.indicators = (int64_t)r->reception.indicators;
    error = eki_store_add(r->work, &r->row);
    r->reception.row = r->row.id;
    bool opened = r->reception.answer == EKI_RECEIVE_OPENED;
    if (!error) error = eki_case_shared(r->work, r->into.id, &r->reception.shared);
    if (!error && opened && r->origin->catalogue) /* the row names the family */
        error = eki_case_tasks_lay(r->work, r->act, r->into.id, r->origin->catalogue, NULL);
    return error;
}

static void settle_same(struct receiving *r)
{
    r->reception.answer = EKI_RECEIVE_SAME;
    r->reception.row = r->before.id;
    r->reception.of_case = r->before.of_case;
}

enum eki_error eki_case_receive(struct eki_store_work *work, const struct eki_store_act *act,
                                const struct eki_incident *incident, const struct eki_receive_origin *origin,
                                struct eki_reception *ret_reception)
{
    struct receiving r = {.work = work, .act = act, .incident = incident, .origin = origin};
    bool done = false;
    enum eki_error error = form_row(&r);
    r.reception.label = label_of(&r);
    if (!error) error = find_before(&r);
    if (!error && r.before.id && !strcmp(r.before.digest, r.row.digest)) {
        settle_same(&r);
        done = true;
    }
    if (!error && !done) error = judge(&r, &done);
    if (!error && !done) error = take_in(&r);
    eki_arena_done(&r.arena);
    if (!error) *ret_reception = r.reception;
    return error;
}

const char *eki_receive_answer_name(enum eki_receive_answer answer)
{
    static const char *const names[EKI_RECEIVE_ANSWERS] = {"opened", "updated", "same", "old", "refused"};
    return (unsigned)answer < EKI_RECEIVE_ANSWERS ? names[answer] : "?";
}
