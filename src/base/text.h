/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_BASE_TEXT_H
#define EKI_BASE_TEXT_H
/*
 * Marks an English literal that a report may show to a person. It stays as it is where it stands; po/ja.po
 * holds its Japanese, the report looks that up (report/language.h), and tools/check-texts keeps the two in
 * step.
 */
#define EKI_TEXT(literal) literal

#endif
