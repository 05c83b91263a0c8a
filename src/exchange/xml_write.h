/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_XML_WRITE_H
#define EKI_EXCHANGE_XML_WRITE_H
/*
 * An XML writer without a tree. Texts are escaped; what XML 1.0 cannot hold (most control characters, bytes
 * that are not UTF-8) becomes U+FFFD, so that the output is always well-formed.
 *
 *     struct eki_xml_writer w = {.out = out};
 *     eki_xml_open(&w, "Contact");
 *     eki_xml_put_attribute(&w, "role", "creator");
 *     eki_xml_leaf(&w, "ContactName", name);
 *     eki_xml_close(&w);
 */
#include <stdbool.h>
#include <stdio.h>

enum { EKI_XML_WRITE_DEPTH = 24 };

struct eki_xml_writer {
    FILE *out;
    const char *open[EKI_XML_WRITE_DEPTH];
    unsigned depth;
    bool in_tag, leaf; /* a start tag waits for its '>'; the innermost element holds text */
    bool failed;       /* nested too deep */
};

/* Begins an element; the name must outlive it. */
void eki_xml_open(struct eki_xml_writer *w, const char *name);
/* Right after eki_xml_open; nothing is written for a NULL value. */
void eki_xml_put_attribute(struct eki_xml_writer *w, const char *name, const char *value);
/* The text of the innermost element. */
void eki_xml_put_text(struct eki_xml_writer *w, const char *text);
/* Ends the innermost element. */
void eki_xml_close(struct eki_xml_writer *w);
/* An element that holds a text; nothing is written for NULL or "". */
void eki_xml_leaf(struct eki_xml_writer *w, const char *name, const char *text);

#endif
