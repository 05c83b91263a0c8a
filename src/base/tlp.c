/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/tlp.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const char *const labels[EKI_TLP_COUNT] = {"TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT",
                                                  "TLP:RED"};
static const char *const audiences[EKI_AUDIENCE_COUNT] = {"named", "organisation", "clients", "community",
                                                          "world"};
static const char *const ways[EKI_TLP_WAY_COUNT] = {"screen", "print", "mail", "export", "api"};

static enum eki_tlp known(enum eki_tlp label)
{
    return (unsigned)label < EKI_TLP_COUNT ? label : EKI_TLP_RED;
}

enum eki_tlp_audience eki_tlp_reach(enum eki_tlp label)
{
    return (enum eki_tlp_audience)(EKI_AUDIENCE_WORLD - (unsigned)known(label));
}

enum eki_tlp eki_tlp_stricter(enum eki_tlp a, enum eki_tlp b)
{
    return known(a) > known(b) ? known(a) : known(b);
}

static struct eki_tlp_decision refuse(enum eki_tlp label, enum eki_tlp_reason reason)
{
    return (struct eki_tlp_decision){.label = label, .reason = reason};
}

/* The label that the form can write: this one or, if that may be, the next stricter. EKI_TLP_COUNT: none. */
static enum eki_tlp writable(const struct eki_tlp_request *request, enum eki_tlp label)
{
    if (request->carries & EKI_TLP_BIT(label)) return label;
    if (!request->tighten) return EKI_TLP_COUNT;
    for (unsigned stricter = label; stricter < EKI_TLP_COUNT; stricter++)
        if (request->carries & EKI_TLP_BIT(stricter)) return (enum eki_tlp)stricter;
    return EKI_TLP_COUNT;
}

struct eki_tlp_decision eki_tlp_decide(const struct eki_tlp_request *request)
{
    enum eki_tlp asked = known(request->label), label = writable(request, asked);
    enum eki_tlp_audience audience =
        (unsigned)request->audience < EKI_AUDIENCE_COUNT ? request->audience : EKI_AUDIENCE_WORLD;
    bool written = label != EKI_TLP_COUNT;
    /* What bears no label may leave when there is nothing to say, or when it is said beside it. */
    if (!written && asked != EKI_TLP_CLEAR && !request->labelled_outside)
        return refuse(asked, request->carries >> asked ? EKI_TLP_NO_WORD : EKI_TLP_NO_LABELS);
    if (!written) label = asked;
    /* Under the label that is written: those who read RED must be those whom RED permits. */
    if (audience > eki_tlp_reach(label)) return refuse(label, EKI_TLP_TOO_WIDE);
    if (label == EKI_TLP_RED && request->way == EKI_TLP_MAIL && request->releases < EKI_TLP_RELEASES)
        return refuse(label, EKI_TLP_NOT_RELEASED);
    if (label == EKI_TLP_RED && request->way == EKI_TLP_MAIL && !request->encrypted)
        return refuse(label, EKI_TLP_NOT_ENCRYPTED);
    return (struct eki_tlp_decision){.allowed = true,
                                     .written = written,
                                     .label = label,
                                     .reason = label == asked ? EKI_TLP_ALLOWED : EKI_TLP_TIGHTENED};
}

const char *eki_tlp_text(enum eki_tlp label)
{
    return labels[known(label)];
}

const char *eki_tlp_word(enum eki_tlp label)
{
    return labels[known(label)] + sizeof "TLP:" - 1;
}

enum eki_error eki_tlp_parse(const char *text, enum eki_tlp *ret_label)
{
    if (!strncasecmp(text, "TLP:", 4)) text += 4;
    if (!strcasecmp(text, "WHITE")) text = "CLEAR";
    for (unsigned i = 0; i < EKI_TLP_COUNT; i++) {
        if (strcasecmp(text, eki_tlp_word((enum eki_tlp)i)) != 0) continue;
        *ret_label = (enum eki_tlp)i;
        return EKI_OK;
    }
    return EKI_ERROR_ARGUMENT;
}

const char *eki_tlp_audience_name(enum eki_tlp_audience audience)
{
    return (unsigned)audience < EKI_AUDIENCE_COUNT ? audiences[audience] : "?";
}

enum eki_error eki_tlp_audience_parse(const char *text, enum eki_tlp_audience *ret_audience)
{
    for (unsigned i = 0; i < EKI_AUDIENCE_COUNT; i++) {
        if (strcmp(text, audiences[i]) != 0) continue;
        *ret_audience = (enum eki_tlp_audience)i;
        return EKI_OK;
    }
    return EKI_ERROR_ARGUMENT;
}

const char *eki_tlp_way_name(enum eki_tlp_way way)
{
    return (unsigned)way < EKI_TLP_WAY_COUNT ? ways[way] : "?";
}

const char *eki_tlp_reason_text(enum eki_tlp_reason reason)
{
    switch (reason) {
    case EKI_TLP_ALLOWED: return EKI_TEXT("it may leave under its label");
    case EKI_TLP_TIGHTENED: return EKI_TEXT("it may leave under a stricter label");
    case EKI_TLP_TOO_WIDE: return EKI_TEXT("the audience is wider than the label permits");
    case EKI_TLP_NO_WORD: return EKI_TEXT("this form has no word for the label");
    case EKI_TLP_NO_LABELS: return EKI_TEXT("this form cannot carry the label");
    case EKI_TLP_NOT_RELEASED: return EKI_TEXT("TLP:RED is mailed only when two persons have released it");
    case EKI_TLP_NOT_ENCRYPTED:
        return EKI_TEXT("TLP:RED is mailed only encrypted: enter the recipient's key in the directory");
    case EKI_TLP_REASON_COUNT: break;
    }
    return "?";
}
