/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TEST_STORE_CLUSTER_H
#define TEST_STORE_CLUSTER_H
/* A PostgreSQL server of a test's own: in a temporary folder, on a socket there, as another user when the
 * test is root. It ends with the process that started it. */
#include <stdbool.h>
#include <sys/types.h>

struct cluster {
    char folder[100]; /* "" when there is none */
    char programs[100];
    pid_t pid;
};

/* False when PostgreSQL is not installed; ends the program with a message when it cannot be started. */
bool cluster_make(struct cluster *ret_cluster);
/* Starts it again after cluster_kill. */
void cluster_start(struct cluster *cluster);
/* As if power were lost. */
void cluster_kill(struct cluster *cluster);
void cluster_remove(struct cluster *cluster);

#endif
