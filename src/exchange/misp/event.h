/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_EXCHANGE_MISP_EVENT_H
#define EKI_EXCHANGE_MISP_EVENT_H
/* The two directions of a MISP event, and the types of attributes both know. */
#include "exchange/format.h"

struct eki_misp_kind {
    enum eki_indicator_kind kind;
    const char *type, *category;
};

/* What an indicator is called; "other" for what has no type. Static. */
const struct eki_misp_kind *eki_misp_kind_of(enum eki_indicator_kind kind);
/* The reverse; NULL for types that are no indicator here. */
const struct eki_misp_kind *eki_misp_type(const char *type, size_t length);

/* The event in a file: alone, under "Event", or the first of a "response"; NULL when there is none. */
const json_t *eki_misp_event_of(const json_t *root);

/* As the members of struct eki_exchange_format. */
enum eki_error eki_misp_write(const struct eki_exchange_output *output);
enum eki_error eki_misp_read(const struct eki_exchange_input *input, struct eki_builder *b,
                             struct eki_fault *ret_fault);

#define EKI_MISP_ROLE      "ekigaku:role=\""
#define EKI_MISP_EVIDENCE  "ekigaku:evidence=\""
#define EKI_MISP_TECHNIQUE "misp-galaxy:mitre-attack-pattern=\""

#endif
