/* SPDX-License-Identifier: Apache-2.0 */
/* The card of a team as a file: RFC 2350, or the security.txt of its site. */
#include <stdio.h>
#include <string.h>

#include "ekigaku/directory_report.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/leave.h"

enum { SECURITY_TXT_DAYS = 180 }; /* until when it holds; RFC 9116, 2.5.5: less than a year */

static void reply_card(struct eki_request *request, const struct eki_directory *d, bool security_txt)
{
    struct eki_buffer text = {0};
    enum eki_language language = eki_request_japanese(request) ? EKI_JAPANESE : EKI_ENGLISH;
    uint32_t team = eki_directory_team(d, request->values[0]);
    eki_time until = eki_directory_now(d) + SECURITY_TXT_DAYS * INT64_C(86400) * EKI_SECOND;
    FILE *out = team == EKI_NOWHERE ? NULL : eki_buffer_open(&text);
    enum eki_error error = team == EKI_NOWHERE ? EKI_ERROR_MISSING
                           : !out              ? EKI_ERROR_MEMORY
                           : security_txt      ? eki_report_security_txt(d, team, until, out)
                                               : eki_report_card(d, team, NULL, language, out);
    if (out && fclose(out) && !error) error = EKI_ERROR_MEMORY;
    if (error == EKI_ERROR_MISSING && team == EKI_NOWHERE)
        eki_problem(request, 404, "There is no team of this id that may be told to this audience.");
    else if (error == EKI_ERROR_MISSING)
        eki_problem(request, 409, "No living contact with mail, telephone or https is TLP:CLEAR.");
    else if (error)
        eki_problem(request, 503, "%s", eki_error_text(error));
    else
        eki_reply_buffer(request, "text/plain; charset=utf-8", &text);
    eki_buffer_done(&text);
}

void eki_team_card_get(struct eki_request *request)
{
    const char *format = eki_target_parameter(&request->target, "format");
    bool security_txt = format && !strcmp(format, "security.txt");
    struct eki_directory_asked asked = {EKI_TLP_EXIT_CARD, {0}};
    if (format && !security_txt && strcmp(format, "rfc2350") != 0) {
        eki_problem(request, 400, "format: rfc2350 or security.txt");
        return;
    }
    if (!eki_leave_audience(request, &asked.request.audience)) return;
    /* A security.txt lies on a web server for everybody, and has no word for a label. */
    if (security_txt) asked.request.audience = EKI_AUDIENCE_WORLD;
    asked.request.carries = security_txt ? 0 : EKI_TLP_ALL;
    struct eki_desk_view *view = eki_desk_take(request);
    if (!view) return;
    struct eki_directory *permitted = NULL;
    if (eki_directory_team(view->directory, request->values[0]) == EKI_NOWHERE)
        eki_problem(request, 404, "There is no team of this id.");
    else
        permitted = eki_leave_directory(request, view->directory, &asked);
    eki_desk_release(request, view);
    if (permitted) reply_card(request, permitted, security_txt);
    eki_directory_free(permitted);
}
