/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_POSTGRESQL_H
#define EKI_STORE_POSTGRESQL_H
/* What the driver of PostgreSQL is made of. */
#include "store/driver.h"

enum { EKI_NAMES_MOST = 64 };

struct eki_names { /* of tables */
    char names[EKI_NAMES_MOST][64];
    size_t count;
};

/* schema.sql's words in PostgreSQL's; NULL when there is no memory. Free with eki_free. */
char *eki_postgresql_translate(const char *sql);

#endif
