/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_FORMAT_H
#define EKI_EXCHANGE_FORMAT_H
/*
 * One form of exchange: a folder with format.c, which defines `const struct eki_exchange_format
 * eki_exchange_format_<folder>`, and README.md, which names its standard. tools/list-formats writes their
 * table, so that adding one touches no other file.
 *
 * Bytes are parsed by jansson or expat (json.h, xml.h) or split by lines.h; what they hold goes into the
 * incident through build.h, which bounds and copies it.
 */
#include <jansson.h>

#include "ekigaku/exchange.h"
#include "exchange/build.h"

struct eki_exchange_input {
    const char *bytes;
    size_t length;
    json_t *json; /* the whole as one tree, NULL when it is none */
};

struct eki_exchange_output {
    const struct eki_incident *incident; /* completed */
    enum eki_tlp label;                  /* as it leaves */
    bool label_written;                  /* false: the label stands beside it */
    FILE *out;
};

struct eki_exchange_format {
    const char *name, *title;
    unsigned labels;    /* EKI_TLP_BIT of each label that it has a word for */
    bool as_it_is;      /* it is written also where id, title or times are not known */
    bool needs_contact; /* it cannot be written without mail and domain of the reporter */

    /* How well the content fits, 0 (not at all) to 100. NULL: never told by content. */
    unsigned (*detect)(const struct eki_exchange_input *input);
    /* Fills the builder; what is missing or of a wrong type is passed over and counted, what makes the whole
     * unreadable is an error with its place. NULL: not read. */
    enum eki_error (*read)(const struct eki_exchange_input *input, struct eki_builder *builder,
                           struct eki_fault *ret_fault);
    /* EKI_ERROR_WRITE, _MEMORY. NULL: not written. */
    enum eki_error (*write)(const struct eki_exchange_output *output);
};

extern const struct eki_exchange_format *const eki_exchange_format_table[];

/* EKI_ERROR_WRITE when the FILE, or the JSON writer, failed. */
enum eki_error eki_exchange_end(FILE *out, bool failed);

#endif
