/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_RECEIVED_H
#define EKI_WEB_RECEIVED_H
/* What is received, as the API answers it. */
#include <jansson.h>

#include "ekigaku/case_receive.h"
#include "web/request.h"

/* What became of a thing. A new reference; NULL without memory. */
json_t *eki_received_show(const struct eki_reception *reception);

/* Tells those who listen of the case that was opened or updated. */
void eki_received_tell(struct eki_request *request, const struct eki_reception *reception);

#endif
