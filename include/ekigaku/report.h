/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_REPORT_H
#define EKIGAKU_REPORT_H
/*
 * The report: a finished result as text for a person (terminal), as one JSON object (the facts) and as one
 * HTML page that needs nothing else to be read. None of these keeps anything; all write to a FILE the caller
 * opened and owns. A failed write is EKI_ERROR_WRITE; the caller removes what is half written.
 */
#include <stdbool.h>
#include <stdio.h>

#include "ekigaku/analysis.h"
#include "ekigaku/simulation.h"
#include "ekigaku/tlp.h"

#pragma GCC visibility push(default)

enum eki_language { EKI_ENGLISH = 0, EKI_JAPANESE };

struct eki_text_options {
    enum eki_language language;
    bool colour;     /* ANSI colours */
    bool unicode;    /* sparklines and tree lines; else plain ASCII */
    unsigned width;  /* columns, 0 = 80 */
    unsigned height; /* rows, 0 = 24: what fits is shown, the rest is counted */
};

/* The verdict in the first line, then what to do now, sources, infection tree, limits. */
EKI_MUST_USE enum eki_error eki_report_text(const struct eki_result *result,
                                            const struct eki_text_options *options, FILE *out);

/* The facts: one JSON object, schema "ekigaku.analysis/1" (design/2-architecture), indented by two spaces,
 * newline at the end. */
EKI_MUST_USE enum eki_error eki_report_json(const struct eki_result *result, FILE *out);

/* 20 when there is an outbreak, 10 when somebody searches, else 0: what `analyze` exits with. */
int eki_report_exit_status(const struct eki_result *result);

/* No packet, flow, contact or sign was read: that is no all-clear, and `analyze` exits with 3. */
bool eki_report_is_empty(const struct eki_result *result);

/* That, or what was read cannot tell whether anything spreads (alerts without conversations, packets without
 * addresses) and nobody was seen searching: no all-clear either, and `analyze` exits with 3. */
bool eki_report_is_silent(const struct eki_result *result);

/* One self-contained page with charts and their tables. */
EKI_MUST_USE enum eki_error eki_report_html(const struct eki_result *result, enum eki_language language,
                                            FILE *out);

/*
 * Parts of the facts, for programs that keep them apart so that each is found without reading all. As JSON
 * lines: one object a line, named as in the facts.
 */

/* All sources; line n is number n. EKI_ERROR_MEMORY, _WRITE. O(scanners + signs log signs). */
EKI_MUST_USE enum eki_error eki_report_scanner_lines(const struct eki_result *result, FILE *out);
/* Of each source an array of {"t", "distinct"}: addresses searched, t from its own start. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_reach_lines(const struct eki_result *result, FILE *out);
/* All signs. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_sign_lines(const struct eki_result *result, FILE *out);
/* The infections of one outbreak in order of time. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_infection_lines(const struct eki_result *result,
                                                       const struct eki_outbreak *outbreak, FILE *out);
/* The attacks of one outbreak without visible success. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_attempt_lines(const struct eki_result *result,
                                                     const struct eki_outbreak *outbreak, FILE *out);

/* What crossed the wire, a line an infection in order of time: {"omitted", "steps": [{"t", "packet", "input",
 * "from_source", "text", "text_ja"}]}, without steps for those without a parent. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_wire_lines(const struct eki_result *result,
                                                  const struct eki_outbreak *outbreak, FILE *out);

/* Of one host; more stand in the lists of all. */
enum { EKI_REPORT_OF_HOST = 500 /* signs, and attacks */, EKI_REPORT_CHILDREN = 1000 };

/* What each infected host had a part in, a line an infection in order of time: {"children": those it
 * infected, "signs", "attempts"}, the first EKI_REPORT_* of each. EKI_ERROR_MEMORY, _WRITE. O((infections +
 * n) log n), n signs + attacks.
 */
EKI_MUST_USE enum eki_error eki_report_host_lines(const struct eki_result *result,
                                                  const struct eki_outbreak *outbreak, FILE *out);

/* The curve of one outbreak: [{"t", "infected"}]. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_curve_json(const struct eki_result *result,
                                                  const struct eki_outbreak *outbreak, FILE *out);

/* One outbreak without its infections, attempts and curve, as one object: what it is, "growth", "inputs",
 * "limits", and in both languages the verdict ("text") and what to do ("advice"): {"en", "ja"}.
 * EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_outbreak_json(const struct eki_result *result,
                                                     const struct eki_outbreak *outbreak, FILE *out);

/* The infection tree and the epidemic curve of one outbreak as one SVG picture that needs nothing else: its
 * own styles on white ground, a title and a description for each chart. EKI_ERROR_MEMORY, _WRITE. Any thread.
 * O(infections log infections). */
EKI_MUST_USE enum eki_error eki_report_picture(const struct eki_result *result,
                                               const struct eki_outbreak *outbreak,
                                               enum eki_language language, FILE *out);

/* An SVG text of ours (eki_report_picture, eki_report_label) as PNG, `scale` points a unit, fewer where that
 * would be more than 2^24 points. It asks for nothing: what a picture names elsewhere is not drawn. The same
 * text gives the same bytes with the same fonts; Japanese wants a font that has it (fonts-noto-cjk).
 * EKI_ERROR_FORMAT for no SVG, _LIMIT for one of no size or of more than 64 MiB, _MEMORY, _WRITE. Any thread.
 * O(text + points). */
EKI_MUST_USE enum eki_error eki_report_png(const char *svg, size_t length, double scale, FILE *out);

/* What bears a label. */
enum eki_report_form {
    EKI_REPORT_PAGE = 0, /* of eki_report_html */
    EKI_REPORT_PICTURE,  /* of eki_report_picture */
    EKI_REPORT_OBJECT    /* one JSON object: the facts, an outbreak */
};

/* Writes a text that was made by one of the calls above again, with the label on it: a page bears it at its
 * head and foot, a picture in its corner, an object as "tlp". The text stays the caller's. EKI_ERROR_FORMAT
 * when it is none of its form, _WRITE. Any thread. O(length). */
EKI_MUST_USE enum eki_error eki_report_label(enum eki_report_form form, const char *text, size_t length,
                                             enum eki_tlp label, FILE *out);

enum {
    EKI_REPORT_SENTENCE = 768 /* bytes of a verdict with its NUL; a longer one is cut between characters */
};

/* The verdict as a person reads it: of the whole result, or of one of its outbreaks as if it were the only
 * one (`outbreak` may be NULL). Any thread. O(infections log infections). */
void eki_report_sentence(const struct eki_result *result, const struct eki_outbreak *outbreak,
                         enum eki_language language, char ret_text[EKI_REPORT_SENTENCE]);

/* The verdict alone, {"en", "ja"}. EKI_ERROR_WRITE. */
EKI_MUST_USE enum eki_error eki_report_verdict_json(const struct eki_result *result, FILE *out);

/* The infections of one outbreak as columns {"host": [...], "t": [...], ...}, for pages that draw all of
 * them: "parent" is the position of the parent or -1. EKI_ERROR_MEMORY, _WRITE. O(infections log infections).
 */
EKI_MUST_USE enum eki_error eki_report_columns_json(const struct eki_result *result,
                                                    const struct eki_outbreak *outbreak, FILE *out);

/* What was simulated: all runs, and the first of them as it was played. All stay the caller's. */
struct eki_simulation {
    const struct eki_scenario *scenario;
    const struct eki_ensemble *ensemble;
    const struct eki_simulator *simulator; /* that played `first` last */
    struct eki_sim_run first;
};

/* One self-contained page with the charts of an analysis; what it tells of the first run is the truth. Also
 * EKI_ERROR_MEMORY. O(infections log infections). */
EKI_MUST_USE enum eki_error eki_report_simulation(const struct eki_simulation *simulation,
                                                  enum eki_language language, FILE *out);

/* A text that is marked with EKI_TEXT (an English literal) in the language; itself when there is no
 * translation. Static, any thread. O(log n). */
const char *eki_report_text_in(enum eki_language language, const char *english);

/* A text that the library made out of an English sentence and figures (what a sign shows, what a fault says),
 * in the language: the sentence is found again by its fixed parts. A text that is none of those stays as it
 * is. Cut between characters at `size` bytes, which is above 0. Any thread. O(sentences length). */
void eki_report_heard(enum eki_language language, const char *text, char *ret_text, size_t size);

#pragma GCC visibility pop

#endif
