/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SUPPORT_FILE_H
#define SUPPORT_FILE_H
/* A file with a text, for what is given by its path. */

enum { FILE_PATH = 64 };

/* Makes it in the folder for temporary files; the path is written to ret_path. Remove it with unlink(). */
void text_file(const char *text, char ret_path[FILE_PATH]);

#endif
