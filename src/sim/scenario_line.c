/* SPDX-License-Identifier: Apache-2.0 */
/* What contradicts itself is found after libcyaml has forgotten the lines: they are looked up again. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sim/scenario_file.h"

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.' || c == '-' || c == '/';
}

/* The line on which a word stands, behind `from`; 0 when nowhere. As a key: followed by a colon. */
static unsigned line_of(const char *text, const char *word, bool as_key)
{
    size_t length = strlen(word);
    for (const char *at = text; length && (at = strstr(at, word)); at += length) {
        bool whole = (at == text || !is_word(at[-1])) && !is_word(at[length]);
        if (!whole || (as_key && at[length] != ':')) continue;
        unsigned line = 1;
        for (const char *c = text; c < at; c++) line += *c == '\n';
        return line;
    }
    return 0;
}

void eki_scenario_locate(const char *text, struct eki_fault *fault)
{
    char key[64];
    snprintf(key, sizeof key, "%.*s", (int)strcspn(fault->what, ":"), fault->what);
    if (strchr(key, ' ')) return; /* of another file */
    unsigned line = line_of(text, key, false);
    for (char *part = key; part && !line;) {
        part = strrchr(key, '.');
        line = line_of(text, part ? part + 1 : key, true);
        if (part) *part = 0;
    }
    size_t used = strlen(fault->what);
    if (line) snprintf(fault->what + used, sizeof fault->what - used, " (line: %u)", line);
}
