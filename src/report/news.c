/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/news.h"

#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"

/* A million findings of 64 bytes: more than any bank of evidence holds at once. */
enum { MOST_TOLD = 1 << 20 };

enum subject { SUBJECT_SCANNER, SUBJECT_OUTBREAK, SUBJECT_INFECTION };

struct told {
    struct eki_address host;  /* of an outbreak: zero */
    struct eki_address other; /* parent, patient zero, or the host whose ports are searched */
    uint64_t round;           /* of the look that showed it last */
    uint16_t service;
    uint8_t protocol, subject, more; /* more: shape and verdict of a source */
    bool has_other, withdrawn;
};

struct eki_news {
    struct told *told;
    size_t count, capacity;
    struct eki_index index;
    uint64_t round;
};

/* What one call of eki_news_tell works with. */
struct telling {
    struct eki_news *news;
    const struct eki_result *result;
    eki_news_sink *sink;
    void *user;
};

enum eki_error eki_news_new(struct eki_news **ret_news)
{
    struct eki_news *news = eki_allocate(1, sizeof *news);
    if (!news) return EKI_ERROR_MEMORY;
    if (eki_index_init(&news->index, 8)) {
        eki_free(news);
        return EKI_ERROR_MEMORY;
    }
    *ret_news = news;
    return EKI_OK;
}

void eki_news_free(struct eki_news *news)
{
    if (!news) return;
    eki_free(news->told);
    eki_index_done(&news->index);
    eki_free(news);
}

static bool same_subject(const struct told *a, const struct told *b)
{
    return a->subject == b->subject && a->service == b->service && a->protocol == b->protocol &&
           a->more == b->more && eki_address_equal(a->host, b->host) &&
           (a->subject != SUBJECT_SCANNER || eki_address_equal(a->other, b->other));
}

/* What was told of the same subject, or a new entry (*ret_new). */
static enum eki_error recall(struct eki_news *news, const struct told *key, struct told **ret_told,
                             bool *ret_new)
{
    uint64_t what = (uint64_t)key->subject << 32 | (uint64_t)key->more << 24 | (uint64_t)key->protocol << 16 |
                    key->service;
    uint64_t hash = eki_hash_address(key->host, what, 0);
    struct eki_index_probe probe = eki_index_find(&news->index, hash);
    while (eki_index_next(&news->index, &probe)) {
        struct told *known = &news->told[probe.position];
        if (!same_subject(known, key)) continue;
        *ret_new = known->withdrawn;
        *ret_told = known;
        return EKI_OK;
    }
    if (news->count == MOST_TOLD) return EKI_ERROR_LIMIT;
    struct told *all = eki_array_reserve(news->told, news->count, &news->capacity, sizeof *all);
    if (!all) return EKI_ERROR_MEMORY;
    news->told = all;
    if (eki_index_full(&news->index) && eki_index_grow(&news->index)) return EKI_ERROR_MEMORY;
    eki_index_add(&news->index, hash, (uint32_t)news->count);
    *ret_told = &all[news->count++];
    **ret_told = *key;
    *ret_new = true;
    return EKI_OK;
}

static void say(const struct telling *t, const struct eki_news_item *item)
{
    if (t->sink) t->sink(t->user, item);
}

static enum eki_error tell_scanner(const struct telling *t, const struct eki_scanner *s)
{
    if (s->verdict == EKI_VERDICT_BENIGN || s->verdict == EKI_VERDICT_UNDECIDED) return EKI_OK;
    struct told *told, key = {.host = s->host,
                              .service = s->service,
                              .protocol = s->protocol,
                              .subject = SUBJECT_SCANNER,
                              .other = s->shape == EKI_SHAPE_VERTICAL ? s->victim : (struct eki_address){0},
                              .more = (uint8_t)(s->shape << 4 | s->verdict)};
    bool is_new;
    enum eki_error error = recall(t->news, &key, &told, &is_new);
    if (error || !is_new) return error;
    struct eki_news_item item = {.kind = EKI_NEWS_SCANNER,
                                 .protocol = s->protocol,
                                 .service = s->service,
                                 .host = s->host,
                                 .has_host = true,
                                 .scanner = s,
                                 .time = s->decided_at != EKI_TIME_NONE ? s->decided_at : s->last};
    say(t, &item);
    return EKI_OK;
}

static enum eki_error tell_infection(const struct telling *t, const struct eki_outbreak *o,
                                     const struct eki_infection *i)
{
    struct told *told, key = {.host = i->host,
                              .service = o->service,
                              .protocol = o->protocol,
                              .subject = SUBJECT_INFECTION,
                              .other = i->parent,
                              .has_other = i->has_parent};
    bool is_new;
    enum eki_error error = recall(t->news, &key, &told, &is_new);
    if (error) return error;
    bool changed =
        told->has_other != i->has_parent || (i->has_parent && !eki_address_equal(told->other, i->parent));
    struct eki_news_item item = {.kind = is_new ? EKI_NEWS_INFECTION : EKI_NEWS_PARENT,
                                 .protocol = o->protocol,
                                 .service = o->service,
                                 .host = i->host,
                                 .has_host = true,
                                 .before = told->other,
                                 .had_before = told->has_other && !is_new,
                                 .outbreak = o,
                                 .infection = i,
                                 .time = i->time};
    if (is_new || changed) say(t, &item);
    told->round = t->news->round;
    told->withdrawn = false;
    told->other = i->parent;
    told->has_other = i->has_parent;
    return EKI_OK;
}

static enum eki_error tell_outbreak(const struct telling *t, const struct eki_outbreak *o)
{
    struct told *told, key = {.service = o->service,
                              .protocol = o->protocol,
                              .subject = SUBJECT_OUTBREAK,
                              .other = o->patient_zero,
                              .has_other = o->has_patient_zero};
    bool is_new;
    enum eki_error error = recall(t->news, &key, &told, &is_new);
    if (error) return error;
    bool changed = told->has_other != o->has_patient_zero ||
                   (o->has_patient_zero && !eki_address_equal(told->other, o->patient_zero));
    struct eki_news_item item = {.kind = is_new ? EKI_NEWS_OUTBREAK : EKI_NEWS_PATIENT_ZERO,
                                 .protocol = o->protocol,
                                 .service = o->service,
                                 .host = o->patient_zero,
                                 .has_host = o->has_patient_zero,
                                 .before = told->other,
                                 .had_before = told->has_other && !is_new,
                                 .outbreak = o,
                                 .time = o->infection_count ? o->infections[0].time : t->result->end};
    if (is_new || changed) say(t, &item);
    told->round = t->news->round;
    told->withdrawn = false;
    told->other = o->patient_zero;
    told->has_other = o->has_patient_zero;
    for (size_t i = 0; i < o->infection_count && !error; i++) error = tell_infection(t, o, &o->infections[i]);
    return error;
}

/* What was told and does not show any more. */
static void take_back(const struct telling *t)
{
    for (size_t i = 0; i < t->news->count; i++) {
        struct told *told = &t->news->told[i];
        if (told->subject == SUBJECT_SCANNER || told->withdrawn || told->round == t->news->round) continue;
        told->withdrawn = true;
        struct eki_news_item item = {.kind = EKI_NEWS_WITHDRAWN,
                                     .protocol = told->protocol,
                                     .service = told->service,
                                     .host = told->host,
                                     .has_host = told->subject == SUBJECT_INFECTION,
                                     .time = t->result->end};
        say(t, &item);
    }
}

enum eki_error eki_news_tell(struct eki_news *news, const struct eki_result *result, eki_news_sink *sink,
                             void *user)
{
    struct telling t = {news, result, sink, user};
    enum eki_error error = EKI_OK;
    news->round++;
    for (size_t i = 0; i < result->scanner_count && !error; i++)
        error = tell_scanner(&t, &result->scanners[i]);
    for (size_t i = 0; i < result->outbreak_count && !error; i++)
        error = tell_outbreak(&t, &result->outbreaks[i]);
    if (!error) take_back(&t);
    return error;
}
