/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/xml_write.h"

#include "base/utf8.h"

static void escape(FILE *out, const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p;) {
        size_t length = eki_utf8_length(p);
        bool allowed = length && (*p >= 0x20 || *p == '\n' || *p == '\t') && *p != 0x7f;
        /* U+FFFE and U+FFFF are no characters of XML. */
        if (length == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe) allowed = false;
        if (!allowed)
            fputs("\xef\xbf\xbd", out);
        else if (*p == '<' || *p == '>' || *p == '&' || *p == '"')
            fputs(*p == '<' ? "&lt;" : *p == '>' ? "&gt;" : *p == '&' ? "&amp;" : "&quot;", out);
        else
            fwrite(p, 1, length, out);
        p += length ? length : 1;
    }
}

static void finish_tag(struct eki_xml_writer *w)
{
    if (w->in_tag) fputc('>', w->out);
    w->in_tag = false;
}

static void new_line(struct eki_xml_writer *w)
{
    fputc('\n', w->out);
    for (unsigned i = 0; i < w->depth; i++) fputs("  ", w->out);
}

void eki_xml_open(struct eki_xml_writer *w, const char *name)
{
    finish_tag(w);
    if (w->depth == EKI_XML_WRITE_DEPTH) {
        w->failed = true;
        return;
    }
    new_line(w);
    fprintf(w->out, "<%s", name);
    w->open[w->depth++] = name;
    w->in_tag = true;
    w->leaf = false;
}

void eki_xml_put_attribute(struct eki_xml_writer *w, const char *name, const char *value)
{
    if (!value) return;
    fprintf(w->out, " %s=\"", name);
    escape(w->out, value);
    fputc('"', w->out);
}

void eki_xml_put_text(struct eki_xml_writer *w, const char *text)
{
    finish_tag(w);
    escape(w->out, text);
    w->leaf = true;
}

void eki_xml_close(struct eki_xml_writer *w)
{
    if (!w->depth) return;
    const char *name = w->open[--w->depth];
    if (w->in_tag) {
        fputs("/>", w->out);
    } else {
        if (!w->leaf) new_line(w);
        fprintf(w->out, "</%s>", name);
    }
    w->in_tag = w->leaf = false;
}

void eki_xml_leaf(struct eki_xml_writer *w, const char *name, const char *text)
{
    if (!text || !*text) return;
    eki_xml_open(w, name);
    eki_xml_put_text(w, text);
    eki_xml_close(w);
}
