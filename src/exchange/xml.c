/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "exchange/xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

#include "base/memory.h"
#include "ekigaku/exchange.h"

#define SEPARATOR '\x1f' /* between namespace and name; no name holds it */

struct loading {
    XML_Parser parser;
    struct eki_arena *arena;
    struct eki_xml_node *root, *current;
    char *text;
    size_t length, capacity;
    unsigned depth;
    size_t nodes;
    enum eki_error error;
    const char *why;
};

static void stop(struct loading *l, enum eki_error error, const char *why)
{
    if (!l->error) l->error = error, l->why = why;
    XML_StopParser(l->parser, XML_FALSE);
}

static const char *keep(struct loading *l, const char *text, size_t length)
{
    char *copy = eki_arena_take(l->arena, length + 1, 1);
    if (!copy)
        stop(l, EKI_ERROR_MEMORY, "XML");
    else
        memcpy(copy, text, length);
    return copy ? copy : "";
}

static const char *local(const char *name)
{
    const char *separator = strrchr(name, SEPARATOR);
    return separator ? separator + 1 : name;
}

static void keep_attributes(struct loading *l, struct eki_xml_node *node, const char **attributes)
{
    size_t count = 0;
    while (attributes[count]) count++;
    node->attributes = eki_arena_take(l->arena, count + 1, sizeof *node->attributes);
    if (!node->attributes) {
        stop(l, EKI_ERROR_MEMORY, "XML");
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const char *text = i % 2 ? attributes[i] : local(attributes[i]);
        node->attributes[i] = keep(l, text, strlen(text));
    }
}

static void hang_in(struct loading *l, struct eki_xml_node *node)
{
    struct eki_xml_node *parent = l->current;
    node->parent = parent;
    l->current = node;
    if (!parent) {
        l->root = node;
        return;
    }
    if (parent->last)
        parent->last->next = node;
    else
        parent->child = node;
    parent->last = node;
}

static void on_start(void *user, const char *name, const char **attributes)
{
    struct loading *l = user;
    const char *plain = local(name);
    l->length = 0;
    if (l->error) return;
    if (++l->depth > EKI_XML_DEPTH || ++l->nodes > EKI_XML_NODES) {
        stop(l, EKI_ERROR_LIMIT, l->depth > EKI_XML_DEPTH ? "nested too deep" : "too many elements");
        return;
    }
    struct eki_xml_node *node = eki_arena_take(l->arena, 1, sizeof *node);
    if (!node) {
        stop(l, EKI_ERROR_MEMORY, "XML");
        return;
    }
    node->name = keep(l, plain, strlen(plain));
    node->space = keep(l, name, plain > name ? (size_t)(plain - name) - 1 : 0);
    node->text = "";
    keep_attributes(l, node, attributes);
    hang_in(l, node);
}

static void on_end(void *user, const char *name)
{
    struct loading *l = user;
    (void)name;
    if (l->error || !l->current) return;
    if (!l->current->child && l->length) {
        size_t begin = 0, end = l->length;
        while (begin < end && strchr(" \t\r\n", l->text[begin])) begin++;
        while (end > begin && strchr(" \t\r\n", l->text[end - 1])) end--;
        l->current->text = keep(l, l->text + begin, end - begin);
    }
    l->length = 0;
    l->depth--;
    l->current = l->current->parent;
}

static void on_text(void *user, const char *text, int length)
{
    struct loading *l = user;
    size_t more = (size_t)length;
    /* One byte beyond what a text may hold, so that the cut falls where it falls for others. */
    if (l->length + more > EKI_EXCHANGE_TEXT + 4) more = EKI_EXCHANGE_TEXT + 4 - l->length;
    memcpy(l->text + l->length, text, more);
    l->length += more;
}

static void on_doctype(void *user, const char *name, const char *system, const char *public, int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    stop(user, EKI_ERROR_UNSUPPORTED, "a document type (DTD) is refused");
}

static enum eki_error parse(struct loading *l, const char *bytes, size_t length, struct eki_fault *ret_fault)
{
    XML_SetUserData(l->parser, l);
    XML_SetElementHandler(l->parser, on_start, on_end);
    XML_SetCharacterDataHandler(l->parser, on_text);
    XML_SetStartDoctypeDeclHandler(l->parser, on_doctype);
    bool good = XML_Parse(l->parser, bytes, (int)length, 1) == XML_STATUS_OK;
    if (good && !l->error) return EKI_OK;
    enum XML_Error code = XML_GetErrorCode(l->parser);
    if (!l->error) {
        l->error = code == XML_ERROR_NO_MEMORY ? EKI_ERROR_MEMORY : EKI_ERROR_CORRUPT;
        l->why = XML_ErrorString(code);
    }
    long at = (long)XML_GetCurrentByteIndex(l->parser);
    return eki_fault_set(ret_fault, l->error, at > 0 ? (uint64_t)at : 0, "line %lu, column %lu: %.100s",
                         (unsigned long)XML_GetCurrentLineNumber(l->parser),
                         (unsigned long)XML_GetCurrentColumnNumber(l->parser) + 1, l->why ? l->why : "XML");
}

enum eki_error eki_xml_load(const char *bytes, size_t length, struct eki_arena *arena,
                            struct eki_xml_node **ret_root, struct eki_fault *ret_fault)
{
    struct loading l = {.arena = arena};
    if (length > INT_MAX) return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than 2 GiB");
    l.text = eki_allocate(EKI_EXCHANGE_TEXT + 8, 1);
    l.parser = l.text ? XML_ParserCreateNS(NULL, SEPARATOR) : NULL;
    enum eki_error error = l.parser ? parse(&l, bytes, length, ret_fault) : EKI_ERROR_MEMORY;
    if (l.parser) XML_ParserFree(l.parser);
    eki_free(l.text);
    if (!error) *ret_root = l.root;
    return error;
}

const struct eki_xml_node *eki_xml_child(const struct eki_xml_node *node, const char *name)
{
    const struct eki_xml_node *child = node ? node->child : NULL;
    while (child && strcmp(child->name, name) != 0) child = child->next;
    return child;
}

const struct eki_xml_node *eki_xml_again(const struct eki_xml_node *node)
{
    const struct eki_xml_node *other = node->next;
    while (other && strcmp(other->name, node->name) != 0) other = other->next;
    return other;
}

const char *eki_xml_text(const struct eki_xml_node *node, const char *name)
{
    const struct eki_xml_node *child = eki_xml_child(node, name);
    return child && *child->text ? child->text : NULL;
}

const char *eki_xml_attribute(const struct eki_xml_node *node, const char *name)
{
    for (size_t i = 0; node && node->attributes[i]; i += 2)
        if (!strcmp(node->attributes[i], name)) return node->attributes[i + 1];
    return NULL;
}

const struct eki_xml_node *eki_xml_walk(const struct eki_xml_node *root, const struct eki_xml_node *node)
{
    if (node->child) return node->child;
    while (node != root && !node->next) node = node->parent;
    return node == root ? NULL : node->next;
}

bool eki_xml_begins(const char *bytes, size_t length, const char *name)
{
    size_t wanted = strlen(name);
    if (!length || *bytes != '<') return false;
    if (length > 4096) length = 4096;
    /* A document type may name it before the element does. */
    for (const char *at = bytes + 1; (size_t)(at - bytes) + wanted <= length; at++) {
        at = memmem(at, length - (size_t)(at - bytes), name, wanted);
        if (!at) return false;
        if (at[-1] == '<' || at[-1] == ':') return true;
    }
    return false;
}
