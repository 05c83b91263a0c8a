/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/directory_file.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/inputs.h"

const char *eki_directory_file(const char *named)
{
    const char *path = named ? named : getenv("EKIGAKU_DIRECTORY");
    return path && *path ? path : NULL;
}

eki_time eki_directory_moment(const char *named)
{
    struct timespec now;
    eki_time time;
    if (named) return eki_moment_parse(named, &time) ? EKI_TIME_NONE : time;
    if (clock_gettime(CLOCK_REALTIME, &now)) return EKI_TIME_NONE;
    return now.tv_sec * EKI_SECOND;
}

int eki_directory_load(const char *path, eki_time now, struct eki_directory **ret_directory)
{
    struct eki_fault fault = {0};
    struct eki_directory *directory;
    enum eki_error error = eki_directory_new(&directory);
    if (error) {
        eki_inputs_complain_of(path, error, &fault);
        return EKI_EXIT_FAILED;
    }
    error = eki_directory_read(directory, path, &fault);
    if (!error) error = eki_directory_settle(directory, now, &fault);
    if (error) {
        eki_inputs_complain_of(path, error, &fault);
        eki_directory_free(directory);
        return error == EKI_ERROR_MEMORY ? EKI_EXIT_FAILED : EKI_EXIT_UNREADABLE;
    }
    *ret_directory = directory;
    return EKI_EXIT_NOTHING;
}
