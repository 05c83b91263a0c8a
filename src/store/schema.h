/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_STORE_SCHEMA_H
#define EKI_STORE_SCHEMA_H
/*
 * Brings a database to the schema of this program: makes it in an empty one, refuses foreign and later ones,
 * backs earlier ones up and migrates them one number at a time, each in a transaction.
 */
#include "base/embedded.h"
#include "store/driver.h"

/* schema.sql and migration_NNN.sql as the build compiled them in; ended by an entry without name. */
extern const struct eki_embedded eki_store_files[];

/* SQL for a driver, ended by a NUL: comments and what only other drivers know are left out. Lives in the
 * arena; NULL when there is no memory. */
char *eki_schema_filter(const char *sql, size_t length, const char *driver, struct eki_arena *arena);

/* Looks at a connection's database and brings it to EKI_STORE_SCHEMA. Errors as of eki_store_open. */
EKI_MUST_USE enum eki_error eki_schema_settle(const struct eki_driver *driver, void *connection,
                                              const struct eki_place *place, struct eki_fault *ret_fault);

/* The schema a database has; 0 for an empty one. EKI_ERROR_FORMAT for one of another program. */
EKI_MUST_USE enum eki_error eki_schema_look(const struct eki_driver *driver, void *connection,
                                            int64_t *ret_schema, struct eki_fault *ret_fault);

#endif
