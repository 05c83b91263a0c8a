/* SPDX-License-Identifier: Apache-2.0 */
#include "web/router.h"

#include <stdbool.h>
#include <string.h>

#include "web/handlers.h"

#define API "/api/v1"

const struct eki_way eki_routes[] = {
    /* method, role, scope, pattern, handler, fields, flags */
    {EKI_METHOD_POST, EKI_ROLE_ANYONE, NULL, API "/session", eki_session_post, eki_session_fields,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/session", eki_session_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_DELETE, EKI_ROLE_VIEWER, NULL, API "/session", eki_session_delete, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANYONE, NULL, API "/invitation/{token}", eki_invitation_post,
     eki_invitation_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ADMINISTRATOR, "admin", API "/accounts", eki_accounts_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ADMINISTRATOR, "admin", API "/accounts", eki_accounts_post, eki_account_fields,
     0},
    {EKI_METHOD_PATCH, EKI_ROLE_VIEWER, "admin", API "/accounts/{id}", eki_account_patch,
     eki_account_change_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, NULL, API "/tokens", eki_tokens_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_VIEWER, NULL, API "/tokens", eki_tokens_post, eki_token_fields, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_VIEWER, NULL, API "/tokens/{id}", eki_token_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/inputs", eki_inputs_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "upload", API "/inputs", eki_inputs_post, NULL,
     EKI_ROUTE_UPLOAD | EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ANALYST, "upload", API "/uploads", eki_uploads_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_ANALYST, "upload", API "/uploads/{id}", eki_upload_get, NULL,
     EKI_ROUTE_LIVE | EKI_ROUTE_SLOW},
    {EKI_METHOD_PATCH, EKI_ROLE_ANALYST, "upload", API "/uploads/{id}", eki_upload_patch, NULL,
     EKI_ROUTE_UPLOAD | EKI_ROUTE_PIECE | EKI_ROUTE_SLOW},
    {EKI_METHOD_DELETE, EKI_ROLE_ANALYST, "upload", API "/uploads/{id}", eki_upload_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/inputs/{id}", eki_input_get, NULL, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_ANALYST, "upload", API "/inputs/{id}", eki_input_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/jobs", eki_jobs_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "analyze", API "/jobs", eki_jobs_post, eki_job_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/jobs/{id}", eki_job_get, NULL, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_ANALYST, "analyze", API "/jobs/{id}", eki_job_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses", eki_analyses_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}", eki_analysis_get, NULL, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_COORDINATOR, "analyze", API "/analyses/{id}", eki_analysis_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}/facts", eki_analysis_facts_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}/scanners", eki_scanners_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}/scanners/{n}/raster",
     eki_scanner_raster_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}/scanners/{n}/probes",
     eki_scanner_probes_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/analyses/{id}/scanners/{n}/reach", eki_scanner_reach_get,
     NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks", eki_outbreaks_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}", eki_outbreak_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/infections", eki_outbreak_infections_get,
     NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/curve", eki_outbreak_curve_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/attempts", eki_outbreak_attempts_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/hosts/{host}", eki_outbreak_host_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/edges/{host}", eki_outbreak_edge_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/outbreaks/{id}/export", eki_outbreak_export_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/catalogue", eki_catalogue_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/catalogue/families/{name}", eki_catalogue_family_get,
     NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/catalogue/lineage", eki_catalogue_lineage_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/catalogue/timeline", eki_catalogue_timeline_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/catalogue/reference-curves", eki_catalogue_curves_get,
     NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/search", eki_search_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/scenarios", eki_scenarios_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "simulate", API "/scenarios", eki_scenarios_post, eki_scenario_fields,
     0},
    {EKI_METHOD_POST, EKI_ROLE_VIEWER, "read", API "/scenarios/validate", eki_scenario_validate_post,
     eki_scenario_validate_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/scenarios/{id}", eki_scenario_get, NULL, 0},
    {EKI_METHOD_PUT, EKI_ROLE_ANALYST, "simulate", API "/scenarios/{id}", eki_scenario_put,
     eki_scenario_fields, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_ANALYST, "simulate", API "/scenarios/{id}", eki_scenario_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/simulations", eki_simulations_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/simulations/{id}", eki_simulation_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/live", eki_live_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases", eki_cases_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases", eki_cases_post, eki_case_fields,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/case-rule", eki_case_rule_get, NULL, 0},
    {EKI_METHOD_PUT, EKI_ROLE_COORDINATOR, "desk", API "/case-rule", eki_case_rule_put, eki_case_rule_fields,
     0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}", eki_case_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_PATCH, EKI_ROLE_ANALYST, "desk", API "/cases/{id}", eki_case_patch, eki_case_mark_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/update", eki_case_update_post,
     eki_case_update_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/notes", eki_case_notes_post,
     eki_case_note_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/deadlines", eki_case_deadlines_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/deadlines", eki_case_deadlines_post,
     eki_case_deadline_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, "desk", API "/cases/{id}/close", eki_case_close_post,
     eki_case_close_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, "desk", API "/cases/{id}/reopen", eki_case_reopen_post, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/indicators", eki_case_indicators_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/indicators", eki_case_indicators_post,
     eki_case_indicators_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/hosts", eki_case_hosts_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/timeline", eki_case_timeline_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/tasks", eki_case_tasks_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/tasks", eki_case_tasks_post,
     eki_case_task_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/tasks/lay", eki_case_tasks_lay_post, NULL,
     0},
    {EKI_METHOD_PATCH, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/tasks/{task}", eki_case_task_patch,
     eki_case_task_change_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/duties", eki_case_duties_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/evidence", eki_case_evidence_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/evidence", eki_case_evidence_post,
     eki_evidence_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/evidence/{evidence}", eki_evidence_get, NULL,
     0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/evidence/{evidence}/custody",
     eki_evidence_custody_post, eki_custody_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/evidence/{evidence}/verify",
     eki_evidence_verify_post, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ANALYST, "read", API "/cases/{id}/evidence/{evidence}/file",
     eki_evidence_file_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_PATCH, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/indicators/{indicator}",
     eki_indicator_patch, eki_indicator_fields, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/indicators/{indicator}",
     eki_indicator_delete, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/deadline-profiles", eki_deadline_profiles_get, NULL, 0},
    {EKI_METHOD_PUT, EKI_ROLE_COORDINATOR, "desk", API "/deadline-profiles", eki_deadline_profiles_put,
     eki_deadline_choice_fields, 0},
    {EKI_METHOD_PUT, EKI_ROLE_COORDINATOR, "desk", API "/deadline-profiles/{profile}",
     eki_deadline_profile_put, eki_deadline_profile_fields, 0},
    {EKI_METHOD_DELETE, EKI_ROLE_COORDINATOR, "desk", API "/deadline-profiles/{profile}",
     eki_deadline_profile_delete, NULL, 0},
    {EKI_METHOD_PUT, EKI_ROLE_ANALYST, "desk", API "/cases/{id}/deadline-profiles",
     eki_case_deadline_profiles_put, eki_deadline_choice_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/enquiries", eki_enquiries_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/enquiries", eki_enquiries_post, eki_enquiry_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/enquiries/statistics", eki_enquiry_statistics_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/enquiries/takers", eki_enquiry_takers_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/enquiries/{id}", eki_enquiry_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/enquiries/{id}/entries", eki_enquiry_entries_post,
     eki_enquiry_entry_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/enquiries/{id}/handover", eki_enquiry_handover_post,
     eki_enquiry_handover_fields, 0},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, "desk", API "/cases/{id}/merge", eki_case_merge_post,
     eki_case_merge_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, "desk", API "/cases/{id}/split", eki_case_split_post,
     eki_case_split_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/history", eki_case_history_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/report", eki_case_report_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/lookup", eki_lookup_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/teams", eki_teams_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/teams/{team}", eki_team_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/teams/{team}/card", eki_team_card_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/networks", eki_networks_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/members", eki_members_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/findings", eki_findings_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/due", eki_due_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/directory/export", eki_directory_export_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, "desk", API "/directory/import", eki_directory_import_post,
     eki_import_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/directory/checks", eki_checks_post, eki_check_fields,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/proposals", eki_proposals_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/proposals", eki_proposals_post, eki_proposal_fields,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_PATCH, EKI_ROLE_COORDINATOR, "desk", API "/proposals/{id}", eki_proposal_patch,
     eki_proposal_decision_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/events", eki_events_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, API "/openapi.json", eki_description_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/healthz", eki_health_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/readyz", eki_ready_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/metrics", eki_metrics_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/notices", eki_notices_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/notices/{id}", eki_notice_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/notices/{id}/preview", eki_notice_preview_get, NULL,
     EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, NULL, API "/notices/{id}/release", eki_notice_release_post, NULL,
     0},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, NULL, API "/notices/{id}/state", eki_notice_state_post,
     eki_notice_state_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/cases/{id}/notices", eki_case_notices_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, NULL, API "/cases/{id}/notices", eki_case_notices_post,
     eki_notice_draft_fields, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_COORDINATOR, NULL, API "/cases/{id}/notices/release",
     eki_case_notices_release_post, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ADMINISTRATOR, NULL, API "/relay", eki_relay_get, NULL, 0},
    {EKI_METHOD_PUT, EKI_ROLE_ADMINISTRATOR, NULL, API "/relay", eki_relay_put, eki_relay_fields, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "read", API "/received", eki_received_get, NULL, 0},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "desk", API "/received", eki_received_post, NULL,
     EKI_ROUTE_BYTES | EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/", eki_taxii_discovery_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/", eki_taxii_root_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/", eki_taxii_collections_get, NULL,
     0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/{id}/", eki_taxii_collection_get,
     NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/{id}/manifest/",
     eki_taxii_manifest_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/{id}/objects/",
     eki_taxii_objects_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_POST, EKI_ROLE_ANALYST, "taxii:write", "/taxii2/desk/collections/{id}/objects/",
     eki_taxii_objects_post, NULL, EKI_ROUTE_BYTES | EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/status/{status}/", eki_taxii_status_get, NULL,
     0},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/{id}/objects/{object}/",
     eki_taxii_object_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_VIEWER, "taxii", "/taxii2/desk/collections/{id}/objects/{object}/versions/",
     eki_taxii_versions_get, NULL, EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/answer/style.css", eki_answer_style_get, NULL, 0},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/answer/{token}", eki_answer_get, NULL, EKI_ROUTE_LIVE},
    {EKI_METHOD_POST, EKI_ROLE_ANYONE, NULL, "/answer/{token}", eki_answer_post, NULL,
     EKI_ROUTE_FORM | EKI_ROUTE_LIVE | EKI_ROUTE_SLOW},
    {EKI_METHOD_GET, EKI_ROLE_ANYONE, NULL, "/*", eki_pages_get, NULL, 0},
    {EKI_METHOD_OTHER, EKI_ROLE_ANYONE, NULL, NULL, NULL, NULL, 0},
};

enum { METHODS = EKI_METHOD_DELETE + 1 };

/* The next segment of a pattern: its length and where it begins. */
static const char *segment_of(const char *pattern, size_t *ret_length)
{
    pattern += pattern[0] == '/';
    *ret_length = strcspn(pattern, "/");
    return pattern;
}

static bool fits(const struct eki_target *target, const char *pattern, const char **ret_values)
{
    size_t values = 0, at = 0, length;
    for (; *pattern && strcmp(pattern, "/") != 0; at++) { /* with or without "/" at the end */
        const char *segment = segment_of(pattern, &length);
        pattern = segment + length;
        if (at == target->segment_count) return false;
        if (segment[0] == '{') {
            ret_values[values++] = target->segments[at];
        } else if (strlen(target->segments[at]) != length ||
                   memcmp(target->segments[at], segment, length) != 0) {
            return false;
        }
    }
    return at == target->segment_count;
}

/* Everything outside the API and TAXII is a page, which the pages' own program tells apart. */
static bool is_page(const struct eki_target *target, const char *pattern)
{
    if (strcmp(pattern, "/*") != 0) return false;
    if (!target->segment_count) return true;
    return strcmp(target->segments[0], "api") != 0 && strcmp(target->segments[0], "taxii2") != 0;
}

/* The lists of methods that a path may take, by the set of them. */
static const char *allowed(unsigned set)
{
    static const struct {
        unsigned set;
        const char *text;
    } known[] = {
        {1U << EKI_METHOD_GET, "GET, HEAD"},
        {1U << EKI_METHOD_POST, "POST"},
        {1U << EKI_METHOD_PATCH, "PATCH"},
        {1U << EKI_METHOD_DELETE, "DELETE"},
        {1U << EKI_METHOD_PUT, "PUT"},
        {1U << EKI_METHOD_PUT | 1U << EKI_METHOD_DELETE, "PUT, DELETE"},
        {1U << EKI_METHOD_PATCH | 1U << EKI_METHOD_DELETE, "PATCH, DELETE"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_POST, "GET, HEAD, POST"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_PUT, "GET, HEAD, PUT"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_DELETE, "GET, HEAD, DELETE"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_POST | 1U << EKI_METHOD_DELETE, "GET, HEAD, POST, DELETE"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_PUT | 1U << EKI_METHOD_DELETE, "GET, HEAD, PUT, DELETE"},
        {1U << EKI_METHOD_GET | 1U << EKI_METHOD_POST | 1U << EKI_METHOD_PUT | 1U << EKI_METHOD_DELETE,
         "POST"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].set == set) return known[i].text;
    return "";
}

const struct eki_way *eki_router_find(struct eki_request *request, const char **ret_allow)
{
    unsigned set = 0;
    for (const struct eki_way *route = eki_routes; route->pattern; route++) {
        const char *values[EKI_ROUTE_VALUES] = {NULL};
        if (!fits(&request->target, route->pattern, values) && !is_page(&request->target, route->pattern))
            continue;
        if (route->method == request->method) {
            memcpy(request->values, values, sizeof values);
            return route;
        }
        set |= 1U << route->method;
    }
    *ret_allow = allowed(set);
    return NULL;
}

size_t eki_router_number(const struct eki_way *route)
{
    return route ? (size_t)(route - eki_routes) : sizeof eki_routes / sizeof *eki_routes - 1;
}

static const char *const method_names[METHODS] = {
    [EKI_METHOD_OTHER] = "OTHER", [EKI_METHOD_GET] = "GET",     [EKI_METHOD_POST] = "POST",
    [EKI_METHOD_PUT] = "PUT",     [EKI_METHOD_PATCH] = "PATCH", [EKI_METHOD_DELETE] = "DELETE"};

const char *eki_method_name(enum eki_method method)
{
    return method_names[method];
}

enum eki_method eki_method_parse(const char *name)
{
    if (!strcmp(name, "HEAD")) return EKI_METHOD_GET;
    for (int i = EKI_METHOD_GET; i < METHODS; i++)
        if (!strcmp(name, method_names[i])) return (enum eki_method)i;
    return EKI_METHOD_OTHER;
}

static const char *const role_names[] = {"anyone", "viewer", "analyst", "coordinator", "administrator"};

const char *eki_role_name(enum eki_role role)
{
    return role_names[role];
}

enum eki_role eki_role_parse(const char *name)
{
    for (int i = EKI_ROLE_VIEWER; i <= EKI_ROLE_ADMINISTRATOR; i++)
        if (!strcmp(name, role_names[i])) return (enum eki_role)i;
    return EKI_ROLE_ANYONE;
}
