/* SPDX-License-Identifier: Apache-2.0 */
/* What strangers send to the service: the first byte chooses a target, a list of codings, or the JSON body of
 * one of the router's rows; the rest is that. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "web/body.h"
#include "web/router.h"
#include "web/target.h"
#include "web/utf8.h"

static void check(int good)
{
    if (!good) __builtin_trap();
}

static void try_target(const char *text, size_t length)
{
    static struct eki_request request;
    const char *why = NULL, *allow;
    enum eki_error error = eki_target_parse(text, length, &request.target, &why);
    check(!error == !why);
    if (error) return;
    for (size_t i = 0; i < request.target.segment_count; i++) {
        const char *segment = request.target.segments[i];
        check(segment[0] && strcmp(segment, ".") != 0 && strcmp(segment, "..") != 0);
        check(!strpbrk(segment, "/\\") && eki_utf8_valid(segment, strlen(segment)));
    }
    for (size_t i = 0; i < request.target.parameter_count; i++) {
        const struct eki_parameter *p = &request.target.parameters[i];
        check(eki_target_parameter(&request.target, p->name) == p->value);
        check(eki_utf8_valid(p->value, strlen(p->value)));
    }
    for (int method = EKI_METHOD_OTHER; method <= EKI_METHOD_DELETE; method++) {
        request.method = (enum eki_method)method;
        request.route = eki_router_find(&request, &allow);
        if (request.route) check(request.route->method == request.method);
    }
}

static void try_codings(const char *text, size_t length)
{
    char header[4096];
    if (length >= sizeof header) return;
    memcpy(header, text, length);
    header[length] = 0;
    (void)eki_accepts(header, "gzip");
    (void)eki_accepts(header, "zstd");
}

static void try_body(const struct eki_way *route, const char *text, size_t length)
{
    struct eki_body_fault fault;
    if (!route->fields) return;
    json_t *body = eki_body_read(text, length, route->fields, &fault);
    check(!body == (fault.status != 0));
    for (const struct eki_field *field = route->fields; body && field->name; field++) {
        const json_t *value = json_object_get(body, field->name);
        check(value || !field->required);
        if (value && field->kind == EKI_FIELD_INTEGER && !json_is_null(value))
            check(json_integer_value(value) >= field->least && json_integer_value(value) <= field->most);
    }
    json_decref(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (!length) return 0;
    /* A copy of just this length, so that a read beyond it is seen. */
    char *text = malloc(length);
    if (!text) return 0;
    memcpy(text, bytes + 1, length - 1);
    size_t choice = bytes[0] % (eki_router_number(NULL) + 2);
    if (choice == 0)
        try_target(text, length - 1);
    else if (choice == 1)
        try_codings(text, length - 1);
    else
        try_body(&eki_routes[choice - 2], text, length - 1);
    free(text);
    return 0;
}
