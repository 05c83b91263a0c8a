/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_FLOW_SERVICE_H
#define EKI_FLOW_SERVICE_H
/* Which of two ports is the service, when the start of a conversation was not seen. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the target port is the service: a well-known port beats a registered service beats a lower
 * number; the target when nothing tells. */
bool eki_flow_service_is_target(uint16_t source_port, uint16_t target_port);

/* True for a datagram that looks like the answer to a question that was not seen: from a well-known port to
 * an ephemeral one. */
bool eki_flow_is_reply(uint16_t source_port, uint16_t target_port);

#endif
