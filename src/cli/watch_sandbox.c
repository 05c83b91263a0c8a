/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "cli/watch_sandbox.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <pwd.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/watch_tell.h"

/* Rights that the headers of an older kernel do not name. */
#define RIGHT_REFER    (UINT64_C(1) << 13)
#define RIGHT_TRUNCATE (UINT64_C(1) << 14)
#define RIGHT_DEVICE   (UINT64_C(1) << 15)
#define RIGHTS_FIRST   ((UINT64_C(1) << 13) - 1)

#define MAY_READ (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define MAY_KEEP                                                                                             \
    (MAY_READ | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                             \
     LANDLOCK_ACCESS_FS_MAKE_REG | RIGHT_TRUNCATE)

/* Everything a watch calls when it runs: reading, waiting, memory, its state, one thread. No socket, no new
 * program. */
static const int calls[] = {SCMP_SYS(read),
                            SCMP_SYS(readv),
                            SCMP_SYS(pread64),
                            SCMP_SYS(write),
                            SCMP_SYS(writev),
                            SCMP_SYS(close),
                            SCMP_SYS(lseek),
                            SCMP_SYS(open),
                            SCMP_SYS(openat),
                            SCMP_SYS(stat),
                            SCMP_SYS(lstat),
                            SCMP_SYS(fstat),
                            SCMP_SYS(newfstatat),
                            SCMP_SYS(statx),
                            SCMP_SYS(access),
                            SCMP_SYS(faccessat),
                            SCMP_SYS(faccessat2),
                            SCMP_SYS(getdents64),
                            SCMP_SYS(readlink),
                            SCMP_SYS(readlinkat),
                            SCMP_SYS(fadvise64),
                            SCMP_SYS(fcntl),
                            SCMP_SYS(fsync),
                            SCMP_SYS(fdatasync),
                            SCMP_SYS(ftruncate),
                            SCMP_SYS(fchmod),
                            SCMP_SYS(umask),
                            SCMP_SYS(rename),
                            SCMP_SYS(renameat),
                            SCMP_SYS(renameat2),
                            SCMP_SYS(unlink),
                            SCMP_SYS(unlinkat),
                            SCMP_SYS(mmap),
                            SCMP_SYS(munmap),
                            SCMP_SYS(mremap),
                            SCMP_SYS(mprotect),
                            SCMP_SYS(madvise),
                            SCMP_SYS(brk),
                            SCMP_SYS(poll),
                            SCMP_SYS(ppoll),
                            SCMP_SYS(recvfrom),
                            SCMP_SYS(recvmsg),
                            SCMP_SYS(getsockopt),
                            SCMP_SYS(setsockopt),
                            SCMP_SYS(futex),
                            SCMP_SYS(clone),
                            SCMP_SYS(clone3),
                            SCMP_SYS(set_robust_list),
                            SCMP_SYS(rseq),
                            SCMP_SYS(sched_yield),
                            SCMP_SYS(sched_getaffinity),
                            SCMP_SYS(rt_sigaction),
                            SCMP_SYS(rt_sigprocmask),
                            SCMP_SYS(rt_sigreturn),
                            SCMP_SYS(sigaltstack),
                            SCMP_SYS(restart_syscall),
                            SCMP_SYS(exit),
                            SCMP_SYS(exit_group),
                            SCMP_SYS(getpid),
                            SCMP_SYS(gettid),
                            SCMP_SYS(tgkill),
                            SCMP_SYS(clock_gettime),
                            SCMP_SYS(gettimeofday),
                            SCMP_SYS(clock_nanosleep),
                            SCMP_SYS(nanosleep),
                            SCMP_SYS(getrandom),
                            SCMP_SYS(sysinfo),
                            SCMP_SYS(prlimit64),
                            SCMP_SYS(getuid),
                            SCMP_SYS(geteuid),
                            SCMP_SYS(uname)};

static int refuse(const struct eki_watch_request *request, const char *what, const char *why)
{
    eki_watch_say(request, "%s: %s", what, why);
    return EKI_EXIT_FAILED;
}

/* The user's rights instead of one's own, and no capability in any set. */
static int drop_rights(const struct eki_watch_request *request)
{
    const struct passwd *user = NULL;
    errno = 0;
    if (request->user && !(user = getpwnam(request->user)))
        return eki_command_misused(&eki_command_watch, "--user: there is no user \"%s\"", request->user);
    capng_clear(CAPNG_SELECT_BOTH);
    if (user &&
        capng_change_id((int)user->pw_uid, (int)user->pw_gid, CAPNG_DROP_SUPP_GRP | CAPNG_CLEAR_BOUNDING))
        return refuse(request, request->user, "its rights cannot be taken on");
    if (user) return 0;
    /* The bounding set is only root's to clear; others have no capability to lose. */
    if (capng_apply(geteuid() ? CAPNG_SELECT_CAPS : CAPNG_SELECT_BOTH))
        return refuse(request, "capabilities", "cannot be given up");
    return 0;
}

/* The folder of a file, opened only to be named; -1 when it is not there. */
static int folder_of(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) slash[slash == folder] = 0;
    return open(slash ? folder : ".", O_PATH | O_CLOEXEC);
}

/* Lets the rules allow something behind a descriptor, which is closed. What is not there needs no rule. */
static void allow(int rules, int place, uint64_t rights)
{
    struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = place};
    if (place < 0) return;
    syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    close(place);
}

static void allow_own(int rules, const struct eki_watch_request *request, uint64_t handled)
{
    allow(rules, open("/proc/self", O_PATH | O_CLOEXEC), MAY_READ); /* how much memory is used */
    if (request->state) allow(rules, folder_of(request->state), MAY_KEEP & handled);
    if (request->facts) allow(rules, folder_of(request->facts), MAY_KEEP & handled);
    if (request->mapping) allow(rules, folder_of(request->mapping), MAY_READ);
    if (request->kind == EKI_WATCH_FILE) allow(rules, folder_of(request->path), MAY_READ);
    if (request->kind == EKI_WATCH_FOLDER) allow(rules, open(request->path, O_PATH | O_CLOEXEC), MAY_READ);
    if (request->kind != EKI_WATCH_INTERFACE) return;
    allow(rules, open("/sys/class/net", O_PATH | O_CLOEXEC), MAY_READ); /* what the card itself dropped */
    allow(rules, open("/sys/devices", O_PATH | O_CLOEXEC), MAY_READ);
}

/* The version of Landlock in force, 0 when the kernel has none. */
static int restrict_files(const struct eki_watch_request *request)
{
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    if (version < 1) return 0;
    uint64_t handled = RIGHTS_FIRST | (version >= 2 ? RIGHT_REFER : 0) | (version >= 3 ? RIGHT_TRUNCATE : 0) |
                       (version >= 5 ? RIGHT_DEVICE : 0);
    struct landlock_ruleset_attr attributes = {.handled_access_fs = handled};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    if (rules < 0) return 0;
    allow_own(rules, request, handled);
    long failed = syscall(SYS_landlock_restrict_self, rules, 0);
    close(rules);
    return failed ? 0 : (int)version;
}

static bool restrict_calls(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    if (!filter) return false;
    bool fine = true;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        fine = fine && !seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
    /* Of ioctl only what the C library asks a terminal. */
    fine = fine &&
           !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TCGETS, 0));
    fine = fine &&
           !seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, SCMP_A1(SCMP_CMP_EQ, TIOCGWINSZ, 0));
    fine = fine && !seccomp_load(filter);
    seccomp_release(filter);
    return fine;
}

int eki_watch_sandbox(const struct eki_watch_request *request)
{
    int status = drop_rights(request);
    if (status) return status;
    if (request->no_sandbox) {
        eki_watch_say(request, "in force: no capability; no sandbox, as asked");
        return 0;
    }
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    int landlock = restrict_files(request);
    bool seccomp = restrict_calls();
    char files[64] = "no Landlock (this kernel lacks it)";
    if (landlock) snprintf(files, sizeof files, "Landlock %d", landlock);
    eki_watch_say(request, "in force: %s%s, no capability, %s, %s", request->user ? "user " : "",
                  request->user ? request->user : "own user", files,
                  seccomp ? "seccomp" : "no seccomp (this kernel lacks it)");
    return 0;
}
