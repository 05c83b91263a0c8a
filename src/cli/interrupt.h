/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_INTERRUPT_H
#define EKI_CLI_INTERRUPT_H
/* Ctrl-C and SIGTERM end the reading early, so that what was read is still reported; a second one ends the
 * program at once. */

/* Installs the handlers; the value pointed to becomes non-zero at the first signal. */
const volatile int *eki_interrupt_watch(void);

#endif
