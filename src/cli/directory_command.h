/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_DIRECTORY_COMMAND_H
#define EKI_CLI_DIRECTORY_COMMAND_H
/* What the parts of `ekigaku directory` share. */
#include "cli/directory_file.h"
#include "ekigaku/report.h"
#include "ekigaku/tlp_exit.h"
#include "ekigaku/roster.h"

enum eki_directory_card { EKI_CARD_TEXT = 0, EKI_CARD_SECURITY_TXT };

struct eki_directory_request {
    const char *file, *store; /* one of them; file NULL: the store */
    const char *now_text, *source, *team, *out, *chart;
    eki_time now;
    enum eki_roster_format format;
    enum eki_record_kind kind;
    enum eki_language language;
    struct eki_tlp_request tlp; /* audience, and whether the label stands beside what leaves */
    enum eki_directory_card card;
    eki_time expires; /* of a security.txt; EKI_TIME_NONE: not given */
    uint32_t every;   /* days between checks of a contact */
    bool json, by_hand, strict, help;
};

/* Reads the options; verb and words stand from `optind` on. 0, or EKI_EXIT_USAGE after a message. */
int eki_directory_request_parse(int count, char **arguments, struct eki_directory_request *ret_request);

/* One verb each; `words` are what follows it. Return an exit status. */
int eki_directory_import_files(const struct eki_directory_request *request, int count, char **words);
int eki_directory_export_file(const struct eki_directory_request *request);
int eki_directory_tell(const struct eki_directory_request *request);
int eki_directory_check(const struct eki_directory_request *request);
int eki_directory_cards(const struct eki_directory_request *request, int count, char **words);
int eki_directory_list_due(const struct eki_directory_request *request);
int eki_directory_write_sample(const struct eki_directory_request *request);

/* Reads and settles the directory of the request, of its file or its store. Returns an exit status. */
int eki_directory_of(const struct eki_directory_request *request, struct eki_directory **ret_directory);

typedef enum eki_error eki_directory_writer(const struct eki_directory *directory,
                                            const struct eki_directory_request *request, FILE *out);

/* Calls the writer on standard output or, whole or not at all, on the file of --out. Returns an exit status.
 */
int eki_directory_output(const struct eki_directory *directory, const struct eki_directory_request *request,
                         eki_directory_writer *writer);

#endif
