/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "support_file.h"

#include "support_log.h"

#include <stdio.h>
#include <unistd.h>

void text_file(const char *text, char ret_path[FILE_PATH])
{
    snprintf(ret_path, FILE_PATH, "/tmp/ekigaku-test-XXXXXX");
    int file = mkstemp(ret_path);
    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
}
