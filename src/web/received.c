/* SPDX-License-Identifier: Apache-2.0 */
/* What other teams sent: listed with what became of it, and handed in as a file. */
#include <string.h>

#include "ekigaku/exchange.h"
#include "ekigaku/federation.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/leave.h"
#include "web/list.h"
#include "web/received.h"
#include "web/show.h"
#include "web/web.h"

static json_t *item(void *user, const void *row)
{
    const struct eki_store_received *r = row;
    (void)user;
    return json_pack("{s:I,s:s,s:s,s:s,s:s,s:o,s:I,s:b,s:s,s:o,s:s,s:o,s:o,s:o,s:s,s:o,s:I,s:I,s:o}", "id",
                     (json_int_t)r->id, "way", r->way, "form", r->form, "incident", r->incident, "sender",
                     r->sender, "team", eki_show_text(r->team), "tier", (json_int_t)r->tier, "proven",
                     r->proven, "title", r->title, "tlp", eki_show_text(r->tlp), "digest", r->digest,
                     "version", eki_show_time(r->version), "at", eki_show_time(r->at), "case",
                     eki_show_id(r->of_case), "answer", r->answer, "why", eki_show_text(r->why), "hosts",
                     (json_int_t)r->hosts, "indicators", (json_int_t)r->indicators, "account",
                     eki_show_id(r->account));
}

void eki_received_get(struct eki_request *request)
{
    static const char *const sorts[] = {"-id", "at", "team", "sender", "title", "answer", NULL};
    static const struct eki_list list = {EKI_STORE_RECEIVED, sizeof(struct eki_store_received), item, NULL,
                                         NULL};
    static const char *const filters[] = {"team", "answer", "way"};
    struct eki_store_query query = {0};
    size_t used = 0;
    if (!eki_list_query(request, sorts, &query)) return;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        const char *wanted = eki_target_parameter(&request->target, filters[i]);
        if (wanted && *wanted)
            query.where[used++] = (struct eki_store_where){.column = filters[i], .text = wanted};
    }
    if (!eki_leave_may(request, EKI_TLP_RED)) /* what a program may not see is not in its lists */
        query.where[used] = (struct eki_store_where){.column = "tlp", .is = '!', .text = "RED"};
    struct eki_store_work *work = eki_request_reads(request);
    if (work) eki_list_reply(request, work, &query, &list);
}

json_t *eki_received_show(const struct eki_reception *r)
{
    return json_pack("{s:s,s:o,s:o,s:I,s:I,s:I,s:s,s:o}", "answer", eki_receive_answer_name(r->answer), "id",
                     eki_show_id(r->row), "case", eki_show_id(r->of_case), "hosts", (json_int_t)r->hosts,
                     "indicators", (json_int_t)r->indicators, "passed", (json_int_t)r->passed, "label",
                     eki_tlp_word(r->label), "why", eki_show_text(r->why));
}

static json_t *show_outcome(const struct eki_federation_outcome *o)
{
    json_t *shown = eki_received_show(&o->reception);
    json_t *records =
        json_pack("{s:I,s:I,s:I,s:o}", "proposed", (json_int_t)o->proposed, "known", (json_int_t)o->known,
                  "refused", (json_int_t)o->refused, "why", eki_show_text(o->why));
    json_object_set_new(shown, "team", eki_show_text(o->team));
    json_object_set_new(shown, "records", records);
    return shown;
}

/* What was handed in, besides bundles: read before the store is held. NULL after answering. */
static struct eki_incident *read_other(struct eki_request *request,
                                       const struct eki_exchange_format **ret_format)
{
    struct eki_incident *incident;
    struct eki_fault fault = {0};
    *ret_format = eki_exchange_detect(request->body.bytes, request->body.length);
    enum eki_error error =
        *ret_format
            ? eki_exchange_read(request->body.bytes, request->body.length, *ret_format, &incident, &fault)
            : eki_fault_set(&fault, EKI_ERROR_FORMAT, 0, "none of the forms of exchange, and no bundle");
    if (!error) return incident;
    eki_problem(request, 422, "It cannot be read: %s%s%.150s", eki_error_text(error), *fault.what ? ": " : "",
                fault.what);
    return NULL;
}

static enum eki_error take_other(struct eki_request *request, struct eki_store_work *work,
                                 const struct eki_incident *incident, struct eki_receive_origin *origin,
                                 struct eki_federation_outcome *outcome)
{
    char sender[220];
    const struct eki_store_act act = eki_request_act(request);
    snprintf(sender, sizeof sender, "account %.200s", act.who);
    snprintf(outcome->team, sizeof outcome->team, "%s", origin->team ? origin->team : "");
    origin->way = "file";
    origin->sender = sender;
    return eki_case_receive(work, &act, incident, origin, &outcome->reception);
}

/* False after answering. */
static bool take(struct eki_request *request, const struct eki_directory *directory,
                 struct eki_federation_outcome *outcome)
{
    bool bundle = eki_federation_is_bundle(request->body.bytes, request->body.length);
    struct eki_receive_origin origin = {.directory = directory,
                                        .catalogue = request->web->catalogue,
                                        .team = eki_target_parameter(&request->target, "from")};
    const struct eki_exchange_format *format = NULL;
    struct eki_incident *incident = NULL;
    struct eki_fault fault = {0};
    const struct eki_store_act act = eki_request_act(request);
    const struct eki_federation_bundle handed = {request->body.bytes, request->body.length, directory,
                                                 request->web->catalogue};
    if (origin.team && *origin.team && eki_directory_team(directory, origin.team) == EKI_NOWHERE) {
        eki_problem(request, 422, "from: the directory knows no such team");
        return false;
    }
    if (!bundle && !(incident = read_other(request, &format))) return false;
    if (format) origin.form = eki_exchange_name(format);
    struct eki_store_work *work = eki_request_writes(request);
    enum eki_error error = EKI_OK;
    if (work && bundle)
        error = eki_federation_receive(work, &act, &handed, outcome, &fault);
    else if (work)
        error = take_other(request, work, incident, &origin, outcome);
    eki_incident_free(incident);
    /* Signed by nobody who is known, or cut: what was handed in is wrong, not the path. */
    if (bundle && (error == EKI_ERROR_MISSING || error == EKI_ERROR_TRUNCATED || error == EKI_ERROR_LIMIT) &&
        *fault.what)
        error = EKI_ERROR_FORMAT;
    return work && eki_request_settled(request, work, error, &fault);
}

void eki_received_post(struct eki_request *request)
{
    struct eki_federation_outcome outcome = {0};
    if (request->body.failed || !request->body.length) {
        eki_problem(request, request->body.failed ? 503 : 422,
                    request->body.failed ? "There is not enough memory."
                                         : "The body is empty: send the file as it is.");
        return;
    }
    struct eki_desk_view *view = eki_desk_take(request);
    if (!view) return;
    bool done = take(request, view->directory, &outcome);
    eki_desk_release(request, view);
    if (!done) return;
    eki_received_tell(request, &outcome.reception);
    eki_reply_json(request, 200, show_outcome(&outcome));
}

void eki_received_tell(struct eki_request *request, const struct eki_reception *reception)
{
    if (reception->answer > EKI_RECEIVE_UPDATED) return;
    eki_web_tell(request->web, "case", json_pack("{s:I}", "id", (json_int_t)reception->of_case));
}
