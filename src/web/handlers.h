/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_HANDLERS_H
#define EKI_WEB_HANDLERS_H
/*
 * The handlers of all resources, each in the file of its resource beside the YAML file that describes it. A
 * handler is called once its request is admitted and its body is read and checked; it fills the reply.
 */
#include "web/router.h"

/* session.c: signing in and out, and the one-time link. */
eki_handler eki_session_post, eki_session_get, eki_session_delete, eki_invitation_post;
extern const struct eki_field eki_session_fields[], eki_invitation_fields[];

/* account.c */
eki_handler eki_accounts_get, eki_accounts_post, eki_account_patch;
extern const struct eki_field eki_account_fields[], eki_account_change_fields[];

/* token.c */
eki_handler eki_tokens_get, eki_tokens_post, eki_token_delete;
extern const struct eki_field eki_token_fields[];

/* input.c */
eki_handler eki_inputs_get, eki_inputs_post, eki_input_get, eki_input_delete;

/* upload_piece.c: files that are handed in piece by piece. */
eki_handler eki_uploads_get, eki_upload_get, eki_upload_patch, eki_upload_delete;

/* job.c */
eki_handler eki_jobs_get, eki_jobs_post, eki_job_get, eki_job_delete;
extern const struct eki_field eki_job_fields[];

/* analysis.c, scanner.c */
eki_handler eki_analyses_get, eki_analysis_get, eki_analysis_delete, eki_analysis_facts_get;
eki_handler eki_scanners_get, eki_scanner_raster_get, eki_scanner_probes_get, eki_scanner_reach_get;

/* outbreak.c, outbreak_parts.c */
eki_handler eki_outbreaks_get, eki_outbreak_get, eki_outbreak_infections_get, eki_outbreak_curve_get,
    eki_outbreak_attempts_get, eki_outbreak_host_get, eki_outbreak_edge_get, eki_outbreak_export_get;

/* catalogue.c, search.c */
eki_handler eki_catalogue_get, eki_catalogue_family_get, eki_catalogue_lineage_get,
    eki_catalogue_timeline_get, eki_catalogue_curves_get, eki_search_get;

/* live.c */
eki_handler eki_live_get;

/* scenario.c, simulation.c */
eki_handler eki_scenarios_get, eki_scenarios_post, eki_scenario_get, eki_scenario_put, eki_scenario_delete,
    eki_scenario_validate_post, eki_simulations_get, eki_simulation_get;
extern const struct eki_field eki_scenario_fields[], eki_scenario_validate_fields[];

/* notice.c, notice_act.c, relay.c */
eki_handler eki_notices_get, eki_case_notices_get, eki_case_notices_post, eki_notice_get,
    eki_notice_preview_get, eki_notice_release_post, eki_case_notices_release_post, eki_notice_state_post,
    eki_relay_get, eki_relay_put;
extern const struct eki_field eki_notice_draft_fields[], eki_notice_state_fields[], eki_relay_fields[];

/* taxii.c, taxii_objects.c */
eki_handler eki_taxii_discovery_get, eki_taxii_root_get, eki_taxii_collections_get, eki_taxii_collection_get,
    eki_taxii_manifest_get, eki_taxii_objects_get, eki_taxii_object_get, eki_taxii_versions_get;

/* taxii_post.c */
eki_handler eki_taxii_objects_post, eki_taxii_status_get;

/* received.c */
eki_handler eki_received_get, eki_received_post;

/* answer.c: what a recipient of a notice sees, without an account. */
eki_handler eki_answer_get, eki_answer_post, eki_answer_style_get;
/* case.c */
eki_handler eki_cases_get, eki_cases_post, eki_case_get, eki_case_update_post, eki_case_hosts_get,
    eki_case_timeline_get;
extern const struct eki_field eki_case_fields[], eki_case_update_fields[];

/* case_rule.c */
eki_handler eki_case_rule_get, eki_case_rule_put;
extern const struct eki_field eki_case_rule_fields[];

/* case_change.c */
extern const struct eki_field eki_case_mark_fields[];
eki_handler eki_case_patch, eki_case_notes_post, eki_case_close_post, eki_case_reopen_post,
    eki_case_indicators_get, eki_case_indicators_post, eki_case_deadlines_get, eki_case_deadlines_post;
extern const struct eki_field eki_case_deadline_fields[], eki_case_note_fields[], eki_case_close_fields[],
    eki_case_indicators_fields[];

/* directory_card.c */
eki_handler eki_team_card_get;
/* case_task.c */
eki_handler eki_case_tasks_get, eki_case_tasks_post, eki_case_tasks_lay_post, eki_case_task_patch,
    eki_case_duties_get;
extern const struct eki_field eki_case_task_fields[], eki_case_task_change_fields[];
/* evidence.c, indicator.c */
eki_handler eki_case_evidence_get, eki_case_evidence_post, eki_evidence_get, eki_evidence_custody_post,
    eki_evidence_verify_post, eki_evidence_file_get, eki_indicator_patch, eki_indicator_delete;
extern const struct eki_field eki_evidence_fields[], eki_custody_fields[], eki_indicator_fields[];

/* deadline.c */
eki_handler eki_deadline_profiles_get, eki_deadline_profiles_put, eki_deadline_profile_put,
    eki_deadline_profile_delete, eki_case_deadline_profiles_put;
extern const struct eki_field eki_deadline_profile_fields[], eki_deadline_choice_fields[];

/* enquiry.c */
eki_handler eki_enquiries_get, eki_enquiries_post, eki_enquiry_get, eki_enquiry_entries_post,
    eki_enquiry_handover_post, eki_enquiry_statistics_get, eki_enquiry_takers_get;
extern const struct eki_field eki_enquiry_fields[], eki_enquiry_entry_fields[], eki_enquiry_handover_fields[];

/* case_merge.c, case_report.c */
eki_handler eki_case_merge_post, eki_case_split_post, eki_case_history_get, eki_case_report_get;
extern const struct eki_field eki_case_merge_fields[], eki_case_split_fields[];

/* directory.c, directory_change.c */
eki_handler eki_lookup_get, eki_teams_get, eki_team_get, eki_networks_get, eki_members_get, eki_findings_get,
    eki_due_get, eki_directory_export_get, eki_directory_import_post, eki_checks_post, eki_proposals_get,
    eki_proposals_post, eki_proposal_patch;
extern const struct eki_field eki_proposal_fields[], eki_proposal_decision_fields[], eki_check_fields[],
    eki_import_fields[];

/* event.c, description.c, health.c, pages.c */
eki_handler eki_events_get, eki_description_get, eki_health_get, eki_ready_get, eki_metrics_get,
    eki_pages_get;

#endif
