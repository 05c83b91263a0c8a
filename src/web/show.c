/* SPDX-License-Identifier: Apache-2.0 */
#include "web/show.h"

#include "ekigaku/time.h"

json_t *eki_show_time(int64_t microseconds)
{
    char text[EKI_TIME_TEXT];
    if (!microseconds) return json_null();
    return json_string(eki_time_format(microseconds * 1000, text));
}

json_t *eki_show_id(int64_t id)
{
    return id ? json_integer(id) : json_null();
}

json_t *eki_show_text(const char *text)
{
    return text[0] ? json_string(text) : json_null();
}

json_t *eki_show_number(double value)
{
    return value != 0 ? json_real(value) : json_null();
}

json_t *eki_show_account(const struct eki_store_account *a)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:b, s:o, s:o}", "id", (json_int_t)a->id, "name", a->name,
                     "display", a->display, "role", a->role, "language", a->language, "disabled", a->disabled,
                     "created", eki_show_time(a->created), "locked_until", eki_show_time(a->locked_until));
}

json_t *eki_show_token(const struct eki_store_token *t)
{
    return json_pack("{s:I, s:I, s:s, s:s, s:o, s:o, s:o, s:o}", "id", (json_int_t)t->id, "account",
                     (json_int_t)t->account, "name", t->name, "scopes", t->scopes, "created",
                     eki_show_time(t->created), "used", eki_show_time(t->used), "expires",
                     eki_show_time(t->expires), "revoked", eki_show_time(t->revoked));
}

json_t *eki_show_input(const struct eki_store_input *i)
{
    return json_pack("{s:I, s:s, s:I, s:s, s:s, s:I, s:b, s:o, s:o}", "id", (json_int_t)i->id, "name",
                     i->name, "size", (json_int_t)i->size, "sha256", i->sha256, "form", i->form,
                     "handling_class", (json_int_t)i->handling_class, "kept", i->kept, "account",
                     eki_show_id(i->account), "created", eki_show_time(i->created));
}

json_t *eki_show_analysis(const struct eki_store_analysis *a)
{
    return json_pack(
        "{s:I, s:o, s:s, s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:s, s:o}", "id", (json_int_t)a->id, "job",
        eki_show_id(a->job), "title", a->title, "origin", eki_show_time(a->origin), "ended",
        eki_show_time(a->ended), "first", eki_show_time(a->origin), "last", eki_show_time(a->ended),
        "packets", (json_int_t)a->packets, "flows", (json_int_t)a->flows, "contacts", (json_int_t)a->contacts,
        "hosts", (json_int_t)a->hosts, "verdict", a->verdict, "created", eki_show_time(a->created));
}

json_t *eki_show_outbreak(const struct eki_store_outbreak *o)
{
    return json_pack("{s:I, s:I, s:I, s:s, s:I, s:o, s:s, s:s, s:s, s:o, s:I, s:o, s:o, s:o, s:o, s:s}", "id",
                     (json_int_t)o->id, "analysis", (json_int_t)o->analysis, "number", (json_int_t)o->number,
                     "proto", o->proto, "port", (json_int_t)o->port, "family", eki_show_text(o->family),
                     "route", o->route, "class", o->class, "known", o->known, "patient_zero",
                     eki_show_text(o->patient_zero), "infected", (json_int_t)o->infected, "started",
                     eki_show_time(o->started), "ended", eki_show_time(o->ended), "doubling_s",
                     eki_show_number(o->doubling_s), "r", eki_show_number(o->r), "title", o->title);
}

json_t *eki_show_scanner(const struct eki_store_scanner *s)
{
    return json_pack(
        "{s:I, s:I, s:I, s:s, s:s, s:I, s:s, s:s, s:I, s:I, s:f, s:o, s:o, s:o, s:o, s:o, s:f}", "id",
        (json_int_t)s->id, "analysis", (json_int_t)s->analysis, "number", (json_int_t)s->number, "host",
        s->host, "proto", s->proto, "port", (json_int_t)s->port, "shape", s->shape, "verdict", s->verdict,
        "targets", (json_int_t)s->targets, "answered", (json_int_t)s->answered, "rate_per_s", s->rate_per_s,
        "strategy_connected", eki_show_text(s->strategy_connected), "strategy_elsewhere",
        eki_show_text(s->strategy_elsewhere), "decided_after", eki_show_id(s->decided_after), "first",
        eki_show_time(s->first), "last", eki_show_time(s->last), "evidence", s->evidence);
}

json_t *eki_show_infection(const struct eki_store_infection *i)
{
    json_t *packets = i->first_packet
                          ? json_pack("[I, I]", (json_int_t)i->first_packet, (json_int_t)i->last_packet)
                          : json_null();
    return json_pack("{s:I, s:s, s:o, s:f, s:f, s:o, s:f, s:s, s:I, s:o}", "number", (json_int_t)i->number,
                     "host", i->host, "at", eki_show_time(i->at), "t", i->t, "error_s", i->error_s, "parent",
                     eki_show_text(i->parent), "parent_posterior", i->posterior, "evidence", i->evidence,
                     "generation", (json_int_t)i->generation, "packets", packets);
}

json_t *eki_show_notice(const struct eki_store_notice *n)
{
    return json_pack(
        "{s:I, s:I, s:s, s:o, s:o, s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:I, s:I, s:o, s:o, s:I, s:s, s:o, s:o, "
        "s:o, s:o, s:o, s:o}",
        "id", (json_int_t)n->id, "case", (json_int_t)n->of_case, "team", n->team, "department",
        eki_show_text(n->department), "contact", eki_show_text(n->contact), "address", n->address, "language",
        n->language, "format", n->format, "tlp", eki_show_text(n->tlp), "state", n->state, "subject",
        eki_show_text(n->subject), "message_id", eki_show_text(n->message_id), "hosts", (json_int_t)n->hosts,
        "step", (json_int_t)n->step, "releaser", eki_show_id(n->releaser), "second_releaser",
        eki_show_id(n->second_releaser), "attempts", (json_int_t)n->attempts, "message", n->message,
        "created", eki_show_time(n->created), "released", eki_show_time(n->released), "sent",
        eki_show_time(n->sent), "answered", eki_show_time(n->answered), "due", eki_show_time(n->due),
        "expires", eki_show_time(n->expires));
}
