/* SPDX-License-Identifier: Apache-2.0 */
/* MyJVN of JPCERT/CC and IPA: lists (JVNRSS 3 with mod_sec) and details (VULDEF 3). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/format.h"
#include "exchange/xml.h"

static double score_of(const char *text)
{
    char *end;
    double value = text && *text ? strtod(text, &end) : NAN;
    return text && *text && !*end && value >= 0 && value <= 10 ? value : NAN;
}

static void read_overview(struct eki_builder *b, const struct eki_xml_node *item)
{
    struct eki_vulnerability *v = eki_build_vulnerability(b, eki_xml_text(item, "identifier"));
    if (!v) {
        b->passed++;
        return;
    }
    const struct eki_xml_node *cpe = eki_xml_child(item, "cpe"), *cvss = eki_xml_child(item, "cvss");
    v->title = eki_build_text(b, eki_xml_text(item, "title"));
    v->summary = eki_build_text(b, eki_xml_text(item, "description"));
    v->url = eki_build_text(b, eki_xml_text(item, "link"));
    v->vendor = eki_build_text(b, eki_xml_attribute(cpe, "vendor"));
    v->product = eki_build_text(b, eki_xml_attribute(cpe, "product"));
    v->published = eki_build_time(eki_xml_text(item, "issued"));
    for (; cvss; cvss = eki_xml_again(cvss)) {
        double score = score_of(eki_xml_attribute(cvss, "score"));
        if (isfinite(score) && !(v->score > score)) v->score = score;
    }
    /* CVE numbers stand among the references. */
    const struct eki_xml_node *r = eki_xml_child(item, "references");
    for (; r; r = eki_xml_again(r))
        eki_build_reference(b, eki_xml_attribute(r, "source"), eki_xml_attribute(r, "id"),
                            *r->text ? r->text : NULL);
}

static void read_related(struct eki_builder *b, const struct eki_xml_node *related)
{
    const struct eki_xml_node *item = eki_xml_child(related, "RelatedItem");
    for (; item; item = eki_xml_again(item))
        eki_build_reference(b, eki_xml_text(item, "Name"), eki_xml_text(item, "VulinfoID"),
                            eki_xml_text(item, "URL"));
}

static void read_detail(struct eki_builder *b, const struct eki_xml_node *info)
{
    struct eki_vulnerability *v = eki_build_vulnerability(b, eki_xml_text(info, "VulinfoID"));
    const struct eki_xml_node *data = eki_xml_child(info, "VulinfoData");
    if (!v || !data) {
        b->passed++;
        return;
    }
    const struct eki_xml_node *product = eki_xml_child(eki_xml_child(data, "Affected"), "AffectedItem");
    const struct eki_xml_node *solution = eki_xml_child(eki_xml_child(data, "Solution"), "SolutionItem");
    const struct eki_xml_node *cvss = eki_xml_child(eki_xml_child(data, "Impact"), "Cvss");
    v->title = eki_build_text(b, eki_xml_text(data, "Title"));
    v->summary = eki_build_text(b, eki_xml_text(eki_xml_child(data, "VulinfoDescription"), "Overview"));
    v->vendor = eki_build_text(b, eki_xml_text(product, "Name"));
    v->product = eki_build_text(b, eki_xml_text(product, "ProductName"));
    v->action = eki_build_text(b, eki_xml_text(solution, "Description"));
    v->published = eki_build_time(eki_xml_text(data, "DatePublic"));
    for (; cvss; cvss = eki_xml_again(cvss)) {
        double score = score_of(eki_xml_text(cvss, "Base"));
        if (isfinite(score) && !(v->score > score)) v->score = score;
    }
    read_related(b, eki_xml_child(data, "Related"));
}

static enum eki_error read_document(struct eki_builder *b, const struct eki_xml_node *root,
                                    struct eki_fault *ret_fault)
{
    const struct eki_xml_node *status = eki_xml_child(root, "Status");
    const char *trouble = eki_xml_attribute(status, "errMsg");
    if (strcmp(root->name, "RDF") != 0 && strcmp(root->name, "VULDEF-Document") != 0)
        return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "neither JVNRSS nor VULDEF");
    if (trouble && *trouble) eki_build_note(b, "MyJVN says: %.200s", trouble);
    for (const struct eki_xml_node *n = root->child; n && !b->error; n = n->next) {
        if (!strcmp(n->name, "item")) read_overview(b, n);
        if (!strcmp(n->name, "Vulinfo")) read_detail(b, n);
    }
    b->incident->title = eki_build_text(b, eki_xml_text(eki_xml_child(root, "channel"), "title"));
    eki_build_mark(b, EKI_TLP_CLEAR); /* published for all */
    return EKI_OK;
}

static enum eki_error read(const struct eki_exchange_input *input, struct eki_builder *b,
                           struct eki_fault *ret_fault)
{
    struct eki_arena arena = {0};
    struct eki_xml_node *root = NULL;
    enum eki_error error = eki_xml_load(input->bytes, input->length, &arena, &root, ret_fault);
    if (!error) error = read_document(b, root, ret_fault);
    eki_arena_done(&arena);
    return error;
}

static unsigned detect(const struct eki_exchange_input *input)
{
    if (eki_xml_begins(input->bytes, input->length, "VULDEF-Document")) return 100;
    return eki_xml_begins(input->bytes, input->length, "RDF") ? 80 : 0;
}

const struct eki_exchange_format eki_exchange_format_jvn = {
    .name = "jvn",
    .title = "MyJVN: JVNRSS 3 (mod_sec 3) and VULDEF 3",
    .detect = detect,
    .read = read,
};
