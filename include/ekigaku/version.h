/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_VERSION_H
#define EKIGAKU_VERSION_H
/* Of the library and the program; stands in every output that can be compared later. */
#define EKI_VERSION "0.1.0"

#endif
