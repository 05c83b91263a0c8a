/* SPDX-License-Identifier: Apache-2.0 */
/* The report of a case: frame, verdict, what the classes ask for; its tables follow. */
#include "ekigaku/case_report.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "case/case_move.h"
#include "case/report_page.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/version.h"

/* All stands in one table whose head and foot hold the label: browsers repeat these on each printed page, and
 * leave room for them, which a fixed line does not. */
static const char style[] =
    "body{font:15px/1.5 system-ui,\"Noto Sans CJK JP\",\"Hiragino Sans\",sans-serif;color:#111;background:#fff;"
    "margin:0 auto;max-width:1000px;padding:8px 20px}h1{font-size:22px;line-height:1.35;margin:0 0 8px}"
    "h2{font-size:17px;margin:26px 0 6px;border-top:1px solid #999;padding-top:8px}"
    "table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}"
    "th,td{text-align:left;vertical-align:top;padding:3px 10px 3px 0;border-bottom:1px solid #ccc;"
    "overflow-wrap:break-word}th,.time{white-space:nowrap}.text{white-space:pre-wrap;overflow-wrap:anywhere}"
    ".hash{font:11px ui-monospace,monospace;overflow-wrap:anywhere}.note{color:#444;font-size:13px}.verdict{font-size:17px;font-weight:600}"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:8px 0}dt{color:#444}dd{margin:0}"
    ".duty{background:#f2f2f2;padding:6px 12px;margin:8px 0}"
    ".frame{table-layout:fixed;font-size:15px}.frame>*>tr>td{padding:0;border:0}"
    ".frame>*>tr>.label{text-align:center;font-weight:700;font-size:13px;padding:4px}"
    "@media(max-width:700px){th,.time{white-space:normal}dl{display:block}td table{display:block;overflow-x:auto}}"
    "@media print{body{padding:0;max-width:none}thead{display:table-header-group}tfoot{display:table-footer-group}"
    "td tr,.duty{break-inside:avoid}h2{break-after:avoid}.duty{background:none;border:1px solid #999}"
    "@page{margin:12mm 14mm}}";

/* The frame begins with both: its foot comes before its body in the text, too. */
static void write_labels(struct eki_case_page *page)
{
    const char *label = eki_tlp_text(eki_case_label(&page->row));
    fprintf(
        page->out,
        "<table class=\"frame\" role=\"presentation\"><thead><tr><td class=\"label\">%s</td></tr></thead>\n"
        "<tfoot><tr><td class=\"label\">%s</td></tr></tfoot>\n<tbody><tr><td>\n",
        label, label);
}

static void write_head(struct eki_case_page *page)
{
    bool japanese = page->report->language == EKI_JAPANESE;
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)page->row.id);
    fprintf(page->out,
            "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"/>"
            "<meta name=\"viewport\" content=\"width=device-width\"/><title>",
            japanese ? "ja" : "en");
    eki_case_say_with(page, EKI_TEXT("Case {1}: {2}"), (const char *const[3]){number, page->row.title, NULL});
    fprintf(page->out, "</title><style>%s</style></head>\n<body>\n", style);
    write_labels(page);
    fputs("<h1>", page->out);
    eki_case_say_with(page, EKI_TEXT("Case {1}: {2}"), (const char *const[3]){number, page->row.title, NULL});
    fputs("</h1>\n", page->out);
}

/* Owners are neighbours once the hosts are sorted by them; here they are counted as they come. */
static size_t count_owners(const struct eki_case_page *page, size_t *ret_affected, size_t *ret_nobody)
{
    size_t owners = 0;
    *ret_affected = *ret_nobody = 0;
    for (size_t i = 0; i < page->host_count; i++) {
        const struct eki_store_case_host *h = &page->hosts[i];
        bool first = h->team[0] != '\0';
        *ret_affected += !strcmp(h->state, "affected");
        *ret_nobody += !first;
        if (i && !strcmp(h[-1].team, h->team) && !strcmp(h[-1].department, h->department)) first = false;
        owners += first;
    }
    return owners;
}

static int by_owner(const void *a, const void *b)
{
    const struct eki_store_case_host *x = a, *y = b;
    int order = strcmp(x->team, y->team);
    return order ? order : strcmp(x->department, y->department);
}

static void write_verdict(struct eki_case_page *page)
{
    size_t affected, nobody;
    char all[24], still[24], owners[24], none[24];
    if (page->host_count) qsort(page->hosts, page->host_count, sizeof *page->hosts, by_owner);
    snprintf(owners, sizeof owners, "%zu", count_owners(page, &affected, &nobody));
    snprintf(all, sizeof all, "%zu", page->host_count);
    snprintf(still, sizeof still, "%zu", affected);
    snprintf(none, sizeof none, "%zu", nobody);
    fputs("<p class=\"verdict\">", page->out);
    eki_case_put(page, eki_case_word(page, "case", page->row.state));
    fputs(" ", page->out);
    eki_case_say_with(page, EKI_TEXT("Hosts: {1}, still affected: {2}, owners: {3}."),
                      (const char *const[3]){all, still, owners});
    if (nobody) fputs(" ", page->out);
    if (nobody)
        eki_case_say_with(page, EKI_TEXT("Hosts without an owner: {1}."), (const char *const[3]){none});
    fputs("</p>\n", page->out);
}

static void write_fact(struct eki_case_page *page, const char *name, const char *value)
{
    fputs("<dt>", page->out);
    eki_case_say_text(page, name);
    fputs("</dt><dd>", page->out);
    eki_case_put(page, value && *value ? value : "–");
    fputs("</dd>\n", page->out);
}

static void write_moment(struct eki_case_page *page, const char *name, int64_t at)
{
    fputs("<dt>", page->out);
    eki_case_say_text(page, name);
    fputs("</dt><dd>", page->out);
    eki_case_put_time(page, at);
    fputs("</dd>\n", page->out);
}

static enum eki_error write_facts(struct eki_case_page *page)
{
    const struct eki_store_case *c = &page->row;
    struct eki_store_outbreak outbreak = {.family = ""};
    enum eki_error error = c->outbreak ? eki_store_get(page->work, &outbreak, c->outbreak) : EKI_OK;
    if (error && error != EKI_ERROR_MISSING) return error;
    fputs("<dl>\n", page->out);
    write_fact(page, EKI_TEXT("Family"), outbreak.family);
    write_fact(page, EKI_TEXT("Known before"), eki_case_word(page, "known", c->known));
    write_fact(page, EKI_TEXT("Route of infection"), eki_case_word(page, "route", c->route));
    write_moment(page, EKI_TEXT("First infection"), outbreak.started);
    write_moment(page, EKI_TEXT("Last infection"), outbreak.ended);
    write_moment(page, EKI_TEXT("Known since"), c->aware);
    write_moment(page, EKI_TEXT("Opened at"), c->created);
    write_moment(page, EKI_TEXT("Closed at"), c->closed);
    fputs("</dl>\n", page->out);
    return EKI_OK;
}

static void write_duty(struct eki_case_page *page, const char *what, const struct eki_class *k)
{
    bool japanese = page->report->language == EKI_JAPANESE;
    if (!k) return;
    fputs("<div class=\"duty\"><p><strong>", page->out);
    eki_case_say_text(page, what);
    fputs(": ", page->out);
    eki_case_put(page, japanese ? k->japanese : k->name);
    fputs("</strong></p><p>", page->out);
    eki_case_say_text(page, EKI_TEXT("To do:"));
    fputs(" ", page->out);
    eki_case_put(page, japanese ? k->obliges_ja : k->obliges);
    fputs("</p><p>", page->out);
    eki_case_say_text(page, EKI_TEXT("Not to do:"));
    fputs(" ", page->out);
    eki_case_put(page, japanese ? k->forbids_ja : k->forbids);
    fputs("</p></div>\n", page->out);
}

static void write_duties(struct eki_case_page *page)
{
    char handling[8];
    const struct eki_catalogue *catalogue = page->report->catalogue;
    if (!catalogue) return;
    snprintf(handling, sizeof handling, "%d", (int)page->row.handling_class);
    write_duty(page, EKI_TEXT("Countermeasure class"), eki_catalogue_measure(catalogue, page->row.class));
    write_duty(page, EKI_TEXT("Handling class"), eki_catalogue_handling(catalogue, handling));
}

static enum eki_error write_parts(struct eki_case_page *page)
{
    enum eki_error error = write_facts(page);
    if (error) return error;
    write_duties(page);
    error = eki_case_part_affected(page);
    if (!error) error = eki_case_part_notices(page);
    if (!error) error = eki_case_part_tasks(page);
    if (!error) error = eki_case_part_deadlines(page);
    if (!error) error = eki_case_part_timeline(page);
    if (!error) error = eki_case_part_indicators(page);
    if (!error) error = eki_case_part_evidence(page);
    return error;
}

enum eki_error eki_case_report_write(struct eki_store_work *work, const struct eki_case_report *report,
                                     FILE *out, struct eki_fault *ret_fault)
{
    struct eki_case_page page = {.out = out, .work = work, .report = report};
    char now[EKI_TIME_TEXT];
    enum eki_error error = eki_store_get(work, &page.row, report->of_case);
    if (!error) error = eki_case_rows(work, report->of_case, &page.hosts, &page.host_count);
    if (!error) {
        write_head(&page);
        write_verdict(&page);
        error = write_parts(&page);
    }
    if (error) {
        *ret_fault = *eki_store_why(work);
        return error;
    }
    eki_time_format(report->now * 1000, now);
    fputs("<p class=\"note\">", out);
    eki_case_say_with(&page, EKI_TEXT("Written by ekigaku {1} at {2}."),
                      (const char *const[3]){EKI_VERSION, now, NULL});
    fputs("</p>\n</td></tr></tbody></table>\n</body></html>\n", out);
    return fflush(out) || ferror(out) ? EKI_ERROR_WRITE : EKI_OK;
}
