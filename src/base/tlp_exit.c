/* SPDX-License-Identifier: Apache-2.0 */
#include "ekigaku/tlp_exit.h"

/* Who signs in was let in by name; what asks with a token is a program of the organisation. */
static const struct eki_tlp_exit_row exits[EKI_TLP_EXIT_COUNT] = {
    [EKI_TLP_EXIT_EXPORT] = {.name = "export",
                             .way = EKI_TLP_EXPORT,
                             .asked = true,
                             .audience = EKI_AUDIENCE_NAMED,
                             .carries = EKI_TLP_ALL,
                             .form = "the form of exchange that is asked for"},
    [EKI_TLP_EXIT_IMPORT] = {.name = "import",
                             .way = EKI_TLP_SCREEN,
                             .audience = EKI_AUDIENCE_NAMED,
                             .carries = EKI_TLP_ALL,
                             .form = "ekigaku.incident/1"},
    [EKI_TLP_EXIT_BUNDLE] = {.name = "bundle",
                             .way = EKI_TLP_EXPORT,
                             .asked = true,
                             .audience = EKI_AUDIENCE_ORGANISATION,
                             .carries = EKI_TLP_ALL,
                             .form = "signed bundle"},
    [EKI_TLP_EXIT_BUNDLE_READ] = {.name = "bundle-read",
                                  .way = EKI_TLP_SCREEN,
                                  .audience = EKI_AUDIENCE_NAMED,
                                  .carries = EKI_TLP_ALL,
                                  .form = "what a bundle holds"},
    [EKI_TLP_EXIT_FACTS] = {.name = "facts",
                            .way = EKI_TLP_EXPORT,
                            .audience = EKI_AUDIENCE_NAMED,
                            .carries = EKI_TLP_ALL,
                            .form = "ekigaku.analysis/1"},
    [EKI_TLP_EXIT_REPORT] = {.name = "report",
                             .way = EKI_TLP_PRINT,
                             .audience = EKI_AUDIENCE_NAMED,
                             .carries = EKI_TLP_ALL,
                             .form = "HTML page"},
    [EKI_TLP_EXIT_CASE_SHOW] = {.name = "case-show",
                                .way = EKI_TLP_SCREEN,
                                .audience = EKI_AUDIENCE_NAMED,
                                .carries = EKI_TLP_ALL,
                                .form = "text, JSON"},
    [EKI_TLP_EXIT_NOTICE_MAIL] = {.name = "notice-mail",
                                  .way = EKI_TLP_MAIL,
                                  .asked = true,
                                  .audience = EKI_AUDIENCE_ORGANISATION,
                                  .carries = EKI_TLP_ALL,
                                  .form = "mail, with the form of the notice attached"},
    [EKI_TLP_EXIT_NOTICE_PREVIEW] = {.name = "notice-preview",
                                     .way = EKI_TLP_EXPORT,
                                     .asked = true,
                                     .audience = EKI_AUDIENCE_ORGANISATION,
                                     .carries = EKI_TLP_ALL,
                                     .form = "the mail as it would be sent"},
    [EKI_TLP_EXIT_ANSWER_PAGE] = {.name = "answer-page",
                                  .way = EKI_TLP_SCREEN,
                                  .audience = EKI_AUDIENCE_NAMED,
                                  .carries = EKI_TLP_ALL,
                                  .form = "HTML page behind the link of one notice"},
    [EKI_TLP_EXIT_PAGE] = {.name = "page",
                           .way = EKI_TLP_PRINT,
                           .audience = EKI_AUDIENCE_NAMED,
                           .carries = EKI_TLP_ALL,
                           .form = "pages, on the screen and printed"},
    [EKI_TLP_EXIT_API] = {.name = "api",
                          .way = EKI_TLP_API,
                          .audience = EKI_AUDIENCE_ORGANISATION,
                          .carries = EKI_TLP_ALL,
                          .form = "JSON to a program with a token"},
    [EKI_TLP_EXIT_API_OUTBREAK_EXPORT] = {.name = "outbreak-export",
                                          .way = EKI_TLP_EXPORT,
                                          .asked = true,
                                          .audience = EKI_AUDIENCE_NAMED,
                                          .carries = EKI_TLP_ALL,
                                          .form = "JSON, CSV, SVG, HTML"},
    [EKI_TLP_EXIT_TAXII] = {.name = "taxii",
                            .way = EKI_TLP_API,
                            .asked = true,
                            .audience = EKI_AUDIENCE_WORLD,
                            .carries = EKI_TLP_ALL,
                            .form = "STIX 2.1 objects"},
};

const struct eki_tlp_exit_row *eki_tlp_exit_row(enum eki_tlp_exit exit)
{
    return &exits[(unsigned)exit < EKI_TLP_EXIT_COUNT ? exit : EKI_TLP_EXIT_API];
}

struct eki_tlp_decision eki_tlp_leave(enum eki_tlp_exit exit, const struct eki_tlp_request *request)
{
    const struct eki_tlp_exit_row *row = eki_tlp_exit_row(exit);
    struct eki_tlp_request asked = *request;
    asked.way = row->way;
    asked.carries &= row->carries;
    if (!row->asked) asked.audience = row->audience;
    return eki_tlp_decide(&asked);
}
