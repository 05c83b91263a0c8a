/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cluster.h"

#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void give_up(const char *what)
{
    fprintf(stderr, "the cluster of the test: %s\n", what);
    exit(1);
}

/* PostgreSQL refuses to run as root. */
static void become_other(void)
{
    if (getuid()) return;
    const struct passwd *user = getpwnam("postgres");
    if (!user) user = getpwnam("nobody");
    if (!user || setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid)) _exit(126);
}

static pid_t start(const struct cluster *cluster, const char *program, const char **arguments)
{
    char path[300], log[200];
    snprintf(path, sizeof path, "%s/%s", cluster->programs, program);
    snprintf(log, sizeof log, "%s/log", cluster->folder);
    pid_t pid = fork();
    if (pid < 0) give_up("fork");
    if (pid) return pid;
    become_other();
    prctl(PR_SET_PDEATHSIG, SIGQUIT);
    if (!freopen(log, "a", stdout) || dup2(STDOUT_FILENO, STDERR_FILENO) < 0) _exit(126);
    if (chdir(cluster->folder)) _exit(126);
    execv(path, (char **)arguments);
    _exit(127);
}

static void short_pause(void)
{
    nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
}

void cluster_start(struct cluster *cluster)
{
    char data[200], url[300];
    snprintf(data, sizeof data, "%s/data", cluster->folder);
    const char *arguments[] = {"postgres", "-D", data, "-k", cluster->folder, "-h", "", "-F", NULL};
    cluster->pid = start(cluster, "postgres", arguments);
    snprintf(url, sizeof url, "postgresql:///postgres?host=%s&user=desk", cluster->folder);
    for (int i = 0; i < 1500; i++) {
        if (PQping(url) == PQPING_OK) return;
        if (waitpid(cluster->pid, NULL, WNOHANG)) break;
        short_pause();
    }
    give_up("it does not start");
}

bool cluster_make(struct cluster *cluster)
{
    glob_t found;
    *cluster = (struct cluster){0};
    if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found)) return false;
    snprintf(cluster->programs, sizeof cluster->programs, "%s", found.gl_pathv[found.gl_pathc - 1]);
    globfree(&found);
    snprintf(cluster->folder, sizeof cluster->folder, "/tmp/ekigaku-cluster-XXXXXX");
    if (!mkdtemp(cluster->folder)) give_up("no folder");
    const struct passwd *user = getpwnam("postgres");
    if (!user) user = getpwnam("nobody");
    if (!getuid() && (!user || chown(cluster->folder, user->pw_uid, user->pw_gid))) give_up("no owner");
    char data[200];
    snprintf(data, sizeof data, "%s/data", cluster->folder);
    const char *arguments[] = {"initdb",    "-D",    data, "-U",   "desk",
                               "-A",        "trust", "-E", "UTF8", "--locale=C.UTF-8",
                               "--no-sync", NULL};
    int status;
    if (waitpid(start(cluster, "initdb", arguments), &status, 0) < 0 || status) give_up("initdb");
    cluster_start(cluster);
    return true;
}

void cluster_kill(struct cluster *cluster)
{
    if (cluster->pid <= 0) return;
    kill(cluster->pid, SIGQUIT); /* "immediate": no shutdown checkpoint */
    waitpid(cluster->pid, NULL, 0);
    cluster->pid = 0;
}

static int remove_one(const char *path, const struct stat *what, int kind, struct FTW *where)
{
    (void)what;
    (void)kind;
    (void)where;
    return remove(path);
}

void cluster_remove(struct cluster *cluster)
{
    cluster_kill(cluster);
    if (*cluster->folder) nftw(cluster->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
