/* SPDX-License-Identifier: Apache-2.0 */
/* What a sign shows that others can look for, out of its detail: the modules' own words. */
#include <stdio.h>
#include <string.h>

#include "ekigaku/sign.h"

enum { FILE_MOST = 30 /* admin_share_exec cuts a name at 31 bytes: one that long may be another's */ };

static bool is(const struct eki_sign *sign, const char *name)
{
    return sign->name && !strcmp(sign->name, name);
}

/* "asked 2 times for NAME". */
static bool shows_kill_switch(const struct eki_sign *sign, struct eki_sign_shown *ret_shown)
{
    const char *word = strrchr(sign->detail, ' ');
    const char *domain = word ? eki_sign_killswitch(word + 1) : NULL;
    if (!domain || strlen(domain) >= sizeof ret_shown->value) return false;
    ret_shown->kind = "domain";
    ret_shown->comment =
        "asked for before it spreads; it stops where this name answers: let it resolve, do not block it";
    snprintf(ret_shown->value, sizeof ret_shown->value, "%s", domain);
    return true;
}

/* "1 files to administrative shares (NAME), then started by CALL"; NAME may hold brackets, CALL does not. */
static bool shows_file(const struct eki_sign *sign, struct eki_sign_shown *ret_shown)
{
    static const char before[] = " files to administrative shares (", after[] = "), then started by ";
    const char *from = strstr(sign->detail, before), *to = NULL;
    if (!from) return false;
    from += sizeof before - 1;
    for (const char *at = strstr(from, after); at; at = strstr(at + 1, after)) to = at;
    if (!to || to == from || to - from > FILE_MOST) return false;
    const char *name = from;
    for (const char *at = from; at < to; at++)
        if ((*at == '\\' || *at == '/') && at + 1 < to) name = at + 1;
    ret_shown->kind = "file";
    ret_shown->comment = "written to an administrative share and started there";
    snprintf(ret_shown->value, sizeof ret_shown->value, "%.*s", (int)(to - name), name);
    return true;
}

bool eki_sign_shows(const struct eki_sign *sign, struct eki_sign_shown *ret_shown)
{
    if (is(sign, "killswitch-dns")) return shows_kill_switch(sign, ret_shown);
    /* What a person puts there and starts is administration as often as not. */
    bool program = is(sign, "admin-share-exec") && sign->automated && sign->grade == EKI_GRADE_IMPLANT;
    return program && shows_file(sign, ret_shown);
}
