/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_EXCHANGE_FILE_H
#define EKI_CLI_EXCHANGE_FILE_H
/* What `export` and `import` share: a file as a whole, and what it holds. */
#include <stdbool.h>
#include <stddef.h>

#include "ekigaku/address.h"
#include "ekigaku/exchange.h"
#include "ekigaku/tlp_exit.h"

/* Reads the file, "-" for standard input, and what it holds; `format` NULL tells it from the content. False
 * after a message. */
bool eki_exchange_file_read(const char *path, const struct eki_exchange_format *format,
                            struct eki_incident **ret_incident);

/* The same; what is of no form of exchange is analysed as a capture or log. */
bool eki_exchange_file_analyze(const char *path, struct eki_incident **ret_incident);

/* Networks whose hosts are told of. */
struct eki_exchange_only {
    struct eki_prefix prefixes[64];
    size_t count;
};

/* Adds "192.0.2.0/24" or an address. False when it is neither, or there is no room. */
bool eki_exchange_only_add(struct eki_exchange_only *only, const char *text);

/* Leaves only the hosts of those networks in it; nothing happens when none is named. False after a message.
 */
bool eki_exchange_only_keep(const struct eki_exchange_only *only, struct eki_incident **incident);

/* Completes it, asks whether it may leave by this exit, and writes it. Returns an exit status, after a
 * message that names the refusal when it may not. */
int eki_exchange_file_write(enum eki_tlp_exit exit, const struct eki_exchange_format *format,
                            struct eki_incident *incident, struct eki_tlp_request *request, FILE *out);

/* The time to stamp on what is written: that of the text (RFC 3339), or now for NULL. False when the text is
 * no time. */
bool eki_exchange_file_time(const char *text, eki_time *ret_time);

/* Prints the forms, a line each: name, whether it is read and written, the labels it carries, its title. */
void eki_exchange_file_list(FILE *out);

/* The whole file, at most one byte more than EKI_EXCHANGE_BYTES, to be given back with free(). NULL after a
 * message. "-" is standard input. */
char *eki_exchange_file_slurp(const char *path, size_t *ret_length);

#endif
