/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_XML_H
#define EKI_EXCHANGE_XML_H
/*
 * XML of strangers as a bounded tree, read by expat. A document type is refused, and with it every entity but
 * the five of XML itself: no bomb, no file of ours, no host of theirs. Names are local; the namespace stands
 * beside them. Of an element with children the text between them is dropped.
 */
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "ekigaku/error.h"

/* VULDEF nests 9 deep, IODEF 20. A million elements make a tree of about 100 MB. */
enum { EKI_XML_DEPTH = 64, EKI_XML_NODES = 1 << 20 };

struct eki_xml_node {
    const char *name, *space; /* space: "" for none */
    const char *text;         /* without the blanks around it; "" for none */
    const char **attributes;  /* local name, value, ..., NULL */
    struct eki_xml_node *parent, *child, *last, *next;
};

/* Parses the whole into `arena`. EKI_ERROR_CORRUPT with line and column in *ret_fault, _LIMIT, _UNSUPPORTED
 * for a document type, _MEMORY. */
enum eki_error eki_xml_load(const char *bytes, size_t length, struct eki_arena *arena,
                            struct eki_xml_node **ret_root, struct eki_fault *ret_fault);

/* The first child of this name, or NULL; of NULL too. */
const struct eki_xml_node *eki_xml_child(const struct eki_xml_node *node, const char *name);
/* The next one beside it of the same name, or NULL. */
const struct eki_xml_node *eki_xml_again(const struct eki_xml_node *node);
/* The text of the first child of this name, NULL for none or an empty one. */
const char *eki_xml_text(const struct eki_xml_node *node, const char *name);
/* An attribute, or NULL; of NULL too. */
const char *eki_xml_attribute(const struct eki_xml_node *node, const char *name);

/* The next element in the order of the document, below `root` only; NULL at the end. */
const struct eki_xml_node *eki_xml_walk(const struct eki_xml_node *root, const struct eki_xml_node *node);

/* The first 4 KiB hold "<NAME" or ":NAME", the whole beginning with '<'. */
bool eki_xml_begins(const char *bytes, size_t length, const char *name);

#endif
