/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_LISTEN_H
#define EKI_WEB_LISTEN_H
/* Opening the place where browsers knock. */
#include <stdbool.h>
#include <stdint.h>

#include "ekigaku/error.h"

/* Listens at "127.0.0.1:8417" or "[::1]:0" (any free port). The descriptor is the caller's. *ret_loopback:
 * only this machine can reach it. EKI_ERROR_ARGUMENT, EKI_ERROR_OPEN. */
EKI_MUST_USE enum eki_error eki_listen(const char *address, int *ret_listener, uint16_t *ret_port,
                                       bool *ret_loopback, struct eki_fault *ret_fault);

#endif
