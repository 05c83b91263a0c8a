/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_LOG_H
#define SUPPORT_LOG_H
/* Reads a log from memory to its end and keeps all entries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "ekigaku/log.h"

struct log_read {
    enum eki_error error;
    struct eki_fault fault;
    struct eki_input input; /* its format's text is gone: see `format` */
    char format[48];
    struct eki_log_entry *entries; /* signs point into `signs` */
    struct eki_sign *signs;
    size_t count, sign_count;
};

/* Of an error at opening, only `error` and `fault` are set. */
struct log_read read_log_bytes(const void *bytes, size_t length, const struct eki_log_options *options);
struct log_read read_log_text(const char *text);
void log_read_done(struct log_read *read);

/* Contact and flow agree in every field. */
void assert_same_entry(const struct eki_log_entry *a, const struct eki_log_entry *b);

#endif
