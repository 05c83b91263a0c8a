/* SPDX-License-Identifier: Apache-2.0 */
/* A TAXII server is reached, asked and heard. */
#include "mail/taxii.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "ekigaku/exchange.h"
#include "ekigaku/mail.h"
#include "ekigaku/time.h"
#include "mail/server.h"

/* A page of a thousand objects has about 1 MB; a slow line brings 32 MB in two minutes. */
enum { PAGE_BYTES = 32 << 20, PAGE_S = 120, ROOT_BYTES = 500 };
/* All answers of a client: 1 GB on a slow line. Else a server that drips could hold a run for days. */
enum { ALL_S = 7200 };

static size_t take_body(char *bytes, size_t size, size_t count, void *user)
{
    struct eki_taxii_client *c = user;
    size_t length = size * count;
    c->too_long = length > PAGE_BYTES - c->body.length || length > EKI_EXCHANGE_BYTES - c->bytes;
    if (c->too_long) return 0;
    c->bytes += length;
    eki_buffer_add(&c->body, bytes, length);
    return c->body.failed ? 0 : length;
}

static int ask_stop(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct eki_taxii_client *client = user;
    (void)a, (void)b, (void)c, (void)d;
    return client->stop && *client->stop;
}

static bool is_taxii(const char *type)
{
    static const char plain[] = "application/taxii+json";
    if (!type || strncasecmp(type, plain, sizeof plain - 1) != 0) return false;
    const char *version = strstr(type, "version=");
    return !version || !strncmp(version + 8, "2.1", 3) || !strncmp(version + 8, "\"2.1\"", 5);
}

static enum eki_error explain(const struct eki_taxii_client *c, CURLcode code, struct eki_fault *fault)
{
    const char *why = *c->why ? c->why : curl_easy_strerror(code);
    if (code == CURLE_ABORTED_BY_CALLBACK) return eki_fault_set(fault, EKI_ERROR_STOPPED, 0, "interrupted");
    if (c->too_long)
        return eki_fault_set(fault, EKI_ERROR_LIMIT, 0, "more than %zu MB",
                             (c->bytes > EKI_EXCHANGE_BYTES - PAGE_BYTES ? EKI_EXCHANGE_BYTES : PAGE_BYTES) >>
                                 20);
    if (c->body.failed || code == CURLE_OUT_OF_MEMORY) return EKI_ERROR_MEMORY;
    bool reached = code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST &&
                   code != CURLE_SSL_CONNECT_ERROR && code != CURLE_PEER_FAILED_VERIFICATION &&
                   code != CURLE_SSL_CACERT_BADFILE;
    return eki_fault_set(fault, reached ? EKI_ERROR_READ : EKI_ERROR_OPEN, 0, "%.120s", why);
}

/* A server that is asked too often, or rests, says for how long (RFC 9110, 10.2.3): seconds, or a date. What
 * else stands there is not told on. */
static enum eki_error put_off(const struct eki_taxii_client *c, long status, struct eki_fault *fault)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,: ";
    struct curl_header *header;
    const char *after = "", *unit = "";
    if (!curl_easy_header(c->curl, "Retry-After", 0, CURLH_HEADER, -1, &header) && *header->value &&
        strlen(header->value) < EKI_TAXII_MOMENT && !header->value[strspn(header->value, letters)])
        after = header->value;
    if (*after && !after[strspn(after, "0123456789")]) unit = " s";
    return eki_fault_set(fault, EKI_ERROR_READ, 0, "answered %ld: ask again later%s%s%s", status,
                         *after ? ", after " : "", after, unit);
}

static enum eki_error judge(const struct eki_taxii_client *c, struct eki_fault *fault)
{
    long status = 0;
    char *type = NULL;
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->curl, CURLINFO_CONTENT_TYPE, &type);
    if (status == 401 || status == 403)
        return eki_fault_set(fault, EKI_ERROR_OPEN, 0, "answered %ld: the login is not let in", status);
    if (status == 404) return eki_fault_set(fault, EKI_ERROR_MISSING, 0, "answered 404: not there");
    if (status >= 300 && status < 400)
        return eki_fault_set(fault, EKI_ERROR_READ, 0, "answered %ld: redirects are not followed", status);
    if (status == 429 || status == 503) return put_off(c, status, fault);
    if (status != 200) return eki_fault_set(fault, EKI_ERROR_READ, 0, "answered %ld", status);
    if (!is_taxii(type))
        return eki_fault_set(fault, EKI_ERROR_FORMAT, 0, "the content type is not that of TAXII 2.1");
    return EKI_OK;
}

/* A tree of values takes fifty times the bytes: they are counted before it grows. */
static enum eki_error parse(struct eki_taxii_client *c, json_t **ret_json, struct eki_fault *fault)
{
    json_error_t place;
    for (size_t i = 0; i < c->body.length; i++) {
        char byte = c->body.bytes[i];
        c->values += byte == ',' || byte == '[' || byte == '{';
    }
    if (c->values > EKI_EXCHANGE_VALUES)
        return eki_fault_set(fault, EKI_ERROR_LIMIT, 0, "more than %zu values", EKI_EXCHANGE_VALUES);
    json_t *json = json_loadb(c->body.bytes ? c->body.bytes : "", c->body.length, 0, &place);
    if (json_is_object(json)) {
        *ret_json = json;
        return EKI_OK;
    }
    bool other = json != NULL;
    json_decref(json);
    if (other) return eki_fault_set(fault, EKI_ERROR_CORRUPT, 0, "the answer is no JSON object");
    return eki_fault_set(fault, EKI_ERROR_CORRUPT, (uint64_t)place.position, "no JSON: line %d, column %d",
                         place.line, place.column);
}

static void take_last(const struct eki_taxii_client *c, char ret_last[EKI_TAXII_MOMENT])
{
    struct curl_header *header;
    eki_time time;
    ret_last[0] = '\0';
    if (curl_easy_header(c->curl, "X-TAXII-Date-Added-Last", 0, CURLH_HEADER, -1, &header)) return;
    size_t length = strlen(header->value);
    if (length < EKI_TAXII_MOMENT && !eki_time_parse(header->value, &time))
        memcpy(ret_last, header->value, length + 1);
}

enum eki_error eki_taxii_ask(struct eki_taxii_client *c, struct eki_taxii_answer *ret_answer,
                             struct eki_fault *ret_fault)
{
    struct eki_taxii_answer answer = {0};
    c->body.length = 0;
    c->too_long = false;
    c->why[0] = '\0';
    if (c->where.failed || curl_easy_setopt(c->curl, CURLOPT_URL, c->where.bytes)) return EKI_ERROR_MEMORY;
    if (c->spent_us > ALL_S * (curl_off_t)1000000)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "all answers took more than %d s", ALL_S);
    CURLcode code = curl_easy_perform(c->curl);
    curl_off_t took_us = 0;
    curl_easy_getinfo(c->curl, CURLINFO_TOTAL_TIME_T, &took_us);
    c->spent_us += took_us;
    enum eki_error error = code ? explain(c, code, ret_fault) : judge(c, ret_fault);
    if (!error) error = parse(c, &answer.json, ret_fault);
    if (error) return error;
    take_last(c, answer.last);
    *ret_answer = answer;
    return EKI_OK;
}

void eki_taxii_go(struct eki_taxii_client *c, const char *path)
{
    c->where.length = 0;
    eki_buffer_add(&c->where, c->root.bytes, c->root.length);
    eki_buffer_text(&c->where, path);
}

void eki_taxii_add(struct eki_taxii_client *c, const char *text)
{
    char *escaped = curl_easy_escape(c->curl, text, (int)strlen(text));
    if (!escaped) c->where.failed = true;
    eki_buffer_text(&c->where, escaped);
    curl_free(escaped);
}

/* The token of a login is sent as it is: it must be of the letters of RFC 6750, 2.1. */
static bool is_token(const char *text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";
    return *text && !text[strspn(text, letters)];
}

static enum eki_error prepare(struct eki_taxii_client *c, const struct eki_taxii_server *server,
                              struct eki_fault *fault)
{
    bool token = server->user && !strcmp(server->user, "Bearer"), fits = true;
    const struct eki_mail_server at = {.url = server->url,
                                       .user = token ? NULL : server->user,
                                       .password = token ? NULL : server->password,
                                       .ca_file = server->ca_file,
                                       .plain = server->url && !strncasecmp(server->url, "http:", 5),
                                       .total_s = PAGE_S};
    if (server->url && (strpbrk(server->url, "?#") || strlen(server->url) > ROOT_BYTES))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "an API root is like https://host/api-root/");
    if (token && (!server->password || !is_token(server->password)))
        return eki_fault_set(fault, EKI_ERROR_ARGUMENT, 0, "no token has such letters");
    enum eki_error error = eki_server_handle(&at, "http", &c->curl, fault);
    if (error) return error;
    c->headers = curl_slist_append(NULL, "Accept: application/taxii+json;version=2.1");
    fits &= c->headers && !curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, c->headers);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_USERAGENT, "ekigaku");
    fits &= !curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_NOPROGRESS, 0L);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_XFERINFOFUNCTION, ask_stop);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_XFERINFODATA, c);
    fits &= !curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->why);
    if (token) fits &= !curl_easy_setopt(c->curl, CURLOPT_XOAUTH2_BEARER, server->password);
    if (server->user)
        fits &= !curl_easy_setopt(c->curl, CURLOPT_HTTPAUTH, token ? CURLAUTH_BEARER : CURLAUTH_BASIC);
    return fits ? EKI_OK : EKI_ERROR_MEMORY;
}

static void set_root(struct eki_taxii_client *c, const char *url)
{
    c->root.length = 0;
    eki_buffer_text(&c->root, url);
    if (*url && url[strlen(url) - 1] != '/') eki_buffer_text(&c->root, "/");
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part)
{
    char *one = NULL, *two = NULL;
    bool same = !curl_url_get(a, part, &one, CURLU_DEFAULT_PORT) &&
                !curl_url_get(b, part, &two, CURLU_DEFAULT_PORT) && !strcasecmp(one, two);
    curl_free(one);
    curl_free(two);
    return same;
}

/* Goes to the API root that a discovery names. It must be of the same server: the login is for that one. */
static enum eki_error move(struct eki_taxii_client *c, const char *to, struct eki_fault *fault)
{
    CURLU *here = curl_url(), *there = curl_url();
    char *url = NULL;
    bool made = here && there && !curl_url_set(here, CURLUPART_URL, c->root.bytes, 0) &&
                !curl_url_set(there, CURLUPART_URL, c->root.bytes, 0);
    bool good = made && to && strlen(to) <= ROOT_BYTES && !strpbrk(to, "?#") &&
                !curl_url_set(there, CURLUPART_URL, to, 0);
    char *user = NULL;
    good = good && same_part(here, there, CURLUPART_SCHEME) && same_part(here, there, CURLUPART_HOST) &&
           same_part(here, there, CURLUPART_PORT) &&
           curl_url_get(there, CURLUPART_USER, &user, 0) == CURLUE_NO_USER &&
           !curl_url_get(there, CURLUPART_URL, &url, 0);
    curl_free(user);
    for (const char *at = good ? url : ""; *at; at++) good &= *at > 0x20 && *at < 0x7f;
    if (good) set_root(c, url);
    curl_free(url);
    curl_url_cleanup(here);
    curl_url_cleanup(there);
    if (!made) return EKI_ERROR_MEMORY;
    if (good) return EKI_OK;
    return eki_fault_set(fault, EKI_ERROR_FORMAT, 0, "the discovery names no API root of the same server");
}

static bool speaks(const json_t *root)
{
    size_t i;
    json_t *version;
    json_array_foreach(json_object_get(root, "versions"), i, version)
    {
        const char *text = json_string_value(version);
        if (text && (!strcmp(text, "taxii-2.1") || (strstr(text, "version=") && is_taxii(text)))) return true;
    }
    return false;
}

static enum eki_error find_root(struct eki_taxii_client *c, struct eki_fault *fault)
{
    struct eki_taxii_answer answer;
    for (int step = 0; step < 2; step++) {
        eki_taxii_go(c, "");
        enum eki_error error = eki_taxii_ask(c, &answer, fault);
        if (error) return error;
        const json_t *roots = json_object_get(answer.json, "api_roots");
        bool found = speaks(answer.json), discovery = !found && json_array_size(roots) && !step;
        const char *named = json_string_value(json_object_get(answer.json, "default"));
        if (!named) named = json_string_value(json_array_get(roots, 0));
        if (discovery) c->roots = json_array_size(roots);
        if (discovery) error = move(c, named, fault);
        json_decref(answer.json);
        if (found || error) return error;
        if (!discovery) break;
    }
    return eki_fault_set(fault, EKI_ERROR_FORMAT, 0, "this is no API root of TAXII 2.1");
}

enum eki_error eki_taxii_open(const struct eki_taxii_server *server, struct eki_taxii_client **ret_client,
                              struct eki_fault *ret_fault)
{
    struct eki_taxii_client *c = eki_allocate(1, sizeof *c);
    if (!c) return EKI_ERROR_MEMORY;
    c->stop = server->stop;
    c->pool = json_array();
    c->places = json_object();
    enum eki_error error = c->pool && c->places ? prepare(c, server, ret_fault) : EKI_ERROR_MEMORY;
    if (!error) {
        set_root(c, server->url);
        error = c->root.failed ? EKI_ERROR_MEMORY : find_root(c, ret_fault);
    }
    if (error) {
        eki_taxii_close(c);
        return error;
    }
    *ret_client = c;
    return EKI_OK;
}

void eki_taxii_close(struct eki_taxii_client *c)
{
    if (!c) return;
    curl_easy_cleanup(c->curl);
    curl_slist_free_all(c->headers);
    eki_buffer_done(&c->root);
    eki_buffer_done(&c->where);
    eki_buffer_done(&c->body);
    json_decref(c->pool);
    json_decref(c->places);
    eki_free(c);
}

const char *eki_taxii_root(const struct eki_taxii_client *c)
{
    return c->root.bytes;
}

size_t eki_taxii_roots(const struct eki_taxii_client *c)
{
    return c->roots;
}

const char *eki_taxii_where(const struct eki_taxii_client *c)
{
    return c->where.bytes ? c->where.bytes : c->root.bytes;
}

json_t *eki_taxii_pool(const struct eki_taxii_client *c)
{
    return c->pool;
}

size_t eki_taxii_passed(const struct eki_taxii_client *c)
{
    return c->passed;
}
