/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in for SSE2 where there is none. */
#define EKI_BYTES_PORTABLE
#include "test_bytes.c"
