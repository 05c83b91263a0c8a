/* SPDX-License-Identifier: Apache-2.0 */
#include "protocol/smb/session.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LONGEST_NAME = 256 };

/* Case does not matter on Windows. */
static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcasecmp(text + n - m, end);
}

static bool begins_with(const char *text, const char *start)
{
    return !strncasecmp(text, start, strlen(start));
}

static enum eki_smb_share share_of(const char *path)
{
    const char *share = strrchr(path, '\\');
    share = share ? share + 1 : path;
    if (!strcasecmp(share, "IPC$")) return EKI_SMB_SHARE_PIPES;
    if (!strcasecmp(share, "ADMIN$")) return EKI_SMB_SHARE_ADMIN;
    /* C$, D$...: the administrative share of a whole drive */
    if (strlen(share) == 2 && share[1] == '$') return EKI_SMB_SHARE_DRIVE;
    return EKI_SMB_SHARE_OTHER;
}

static bool is_executable(const char *name)
{
    static const char *const ends[] = {".exe", ".dll", ".scr", ".sys", ".bat", ".cmd",
                                       ".ps1", ".vbs", ".com", ".msi", ".js",  ".hta"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(name, ends[i])) return true;
    return false;
}

static uint64_t message_of(const struct eki_smb_message *m)
{
    return m->version == 2 ? m->message_id : (uint64_t)m->pid << 16 | m->mid;
}

static struct eki_smb_file *file_of(struct eki_smb_session *s, uint64_t id)
{
    for (int i = 0; i < EKI_SMB_FILES; i++)
        if (s->files[i].id == id && s->files[i].name[0]) return &s->files[i];
    return NULL;
}

static enum eki_smb_share tree_share(const struct eki_smb_session *s, uint32_t id)
{
    for (int i = 0; i < EKI_SMB_TREES; i++)
        if (s->trees[i].used && s->trees[i].id == id) return s->trees[i].share;
    return EKI_SMB_SHARE_UNKNOWN;
}

static void ask(struct eki_smb_session *s, const struct eki_smb_message *m)
{
    char text[LONGEST_NAME];
    bool tree = m->command == (m->version == 2 ? EKI_SMB2_TREE_CONNECT : EKI_SMB1_TREE_CONNECT);
    bool known = tree ? eki_smb_tree_path(m, text, sizeof text) : eki_smb_create_name(m, text, sizeof text);
    if (!known) return;
    int slot = s->next_asked++ % EKI_SMB_ASKED;
    s->asked[slot].message = message_of(m);
    s->asked[slot].used = true;
    s->asked[slot].is_tree = tree;
    s->asked[slot].share = (uint8_t)share_of(text);
    struct eki_smb_file *file = &s->asked[slot].file;
    *file = (struct eki_smb_file){.share = (uint8_t)tree_share(s, m->tree_id)};
    if (tree) return;
    snprintf(file->name, sizeof file->name, "%.*s", (int)sizeof file->name - 1,
             text[0] == '\\' ? text + 1 : text);
    file->executable = is_executable(text); /* by the whole name: worms choose long ones */
    /* A path below \WINDOWS in a share that was opened before the capture began can only be a drive's. */
    if (file->share == EKI_SMB_SHARE_UNKNOWN && begins_with(file->name, "WINDOWS\\"))
        file->share = EKI_SMB_SHARE_DRIVE;
}

/* The handle in the answer to a create. */
static uint64_t answered_file(const struct eki_smb_message *m)
{
    struct eki_cursor c = m->body;
    if (m->version == 2) {
        eki_cursor_skip(&c, 64);
        uint64_t persistent = eki_cursor_le64(&c), changing = eki_cursor_le64(&c);
        return c.failed ? 0 : persistent * 31 + changing;
    }
    eki_cursor_skip(&c, 1 + 4 + 1);
    uint16_t fid = eki_cursor_le16(&c);
    return c.failed ? 0 : fid;
}

static void keep_tree(struct eki_smb_session *s, uint32_t id, uint8_t share)
{
    for (int i = 0; i < EKI_SMB_TREES; i++)
        if (s->trees[i].used && s->trees[i].id == id) s->trees[i].used = false;
    int slot = s->next_tree++ % EKI_SMB_TREES;
    s->trees[slot].id = id;
    s->trees[slot].share = share;
    s->trees[slot].used = true;
}

static void answer(struct eki_smb_session *s, const struct eki_smb_message *m)
{
    for (int i = 0; i < EKI_SMB_ASKED; i++) {
        if (!s->asked[i].used || s->asked[i].message != message_of(m)) continue;
        s->asked[i].used = m->status == EKI_STATUS_PENDING;
        if (m->status) return;
        if (s->asked[i].is_tree) {
            keep_tree(s, m->tree_id, s->asked[i].share);
            return;
        }
        struct eki_smb_file file = s->asked[i].file;
        file.id = answered_file(m);
        if (!file.id) return;
        struct eki_smb_file *old = file_of(s, file.id);
        *(old ? old : &s->files[s->next_file++ % EKI_SMB_FILES]) = file;
        return;
    }
}

static bool opens(const struct eki_smb_message *m)
{
    if (m->version == 2) return m->command == EKI_SMB2_TREE_CONNECT || m->command == EKI_SMB2_CREATE;
    return m->command == EKI_SMB1_TREE_CONNECT || m->command == EKI_SMB1_NT_CREATE;
}

bool eki_smb_session_concerns(const struct eki_smb_message *m)
{
    return opens(m);
}

void eki_smb_session_message(struct eki_smb_session *s, struct eki_smb_message *m)
{
    struct eki_smb_write write;
    if (opens(m) && !m->reply) ask(s, m);
    if (opens(m) && m->reply) answer(s, m);
    m->share = (uint8_t)tree_share(s, m->tree_id);
    if (m->reply || !eki_smb_write(m, &write)) return;
    m->file = file_of(s, write.file);
}
