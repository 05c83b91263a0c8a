/* SPDX-License-Identifier: Apache-2.0 */
/* See README.md. Only names: the signs are made by the readers of logs in contact/. */
#include "protocol/module.h"

static const char *const signs[] = {"ids-alert", "admin-share-open", "logon", "logon-guess", NULL};
static const char *const families[] = {"wannacry", "mirai", NULL};
static const char *const techniques[] = {"T1021.002", "T1046", "T1078", "T1110", "T1190", "T1210", NULL};

extern const struct eki_sign_module eki_sign_module_told_by_log;
const struct eki_sign_module eki_sign_module_told_by_log = {
    .signs = signs, .families = families, .techniques = techniques};
