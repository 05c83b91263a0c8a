/* SPDX-License-Identifier: Apache-2.0 */
/* What an attachment is by its first bytes, beside what it says. The marks are those of the formats' own
 * documents (PNG, JFIF, GIF89a, ISO 32000, APPNOTE.TXT, PE/COFF, ELF, RFC 1952, [MS-CFB], [MS-SHLLINK]). */
#include <string.h>
#include <strings.h>

#include "mail/reading.h"

static const struct {
    const char *mark;
    size_t length;
    const char *looks;
    const char *types; /* that may be declared, a blank around each; one that ends in '*' is a beginning */
    const char *ends;  /* that the name may have */
} kinds[] = {
    {"%PDF-", 5, "application/pdf", " application/pdf application/x-pdf ", " pdf "},
    {"\x89PNG\r\n\x1a\n", 8, "image/png", " image/png ", " png "},
    {"\xff\xd8\xff", 3, "image/jpeg", " image/jpeg image/jpg image/pjpeg ", " jpg jpeg jpe jfif "},
    {"GIF8", 4, "image/gif", " image/gif ", " gif "},
    {"PK\x03\x04", 4, "application/zip",
     " application/zip application/x-zip application/x-zip-compressed application/vnd.* application/java-archive "
     "application/epub+zip ",
     " zip docx xlsx pptx docm xlsm pptm odt ods odp jar epub "},
    {"\x1f\x8b", 2, "application/gzip", " application/gzip application/x-gzip application/x-compressed-tar ",
     " gz tgz "},
    {"7z\xbc\xaf\x27\x1c", 6, "application/x-7z-compressed", " application/x-7z-compressed ", " 7z "},
    {"Rar!\x1a\x07", 6, "application/vnd.rar", " application/vnd.rar application/x-rar* ", " rar "},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8, "application/x-ole-storage",
     " application/msword application/vnd.ms-* application/x-ole-storage ", " doc xls ppt msg msi "},
    {"MZ", 2, "application/vnd.microsoft.portable-executable",
     " application/vnd.microsoft.portable-executable application/x-msdownload application/x-dosexec "
     "application/x-msdos-program ",
     " exe dll scr com sys cpl "},
    {"\x7f"
     "ELF",
     4, "application/x-elf", " application/x-elf application/x-executable application/x-sharedlib ",
     " elf so bin "},
    {"L\0\0\0\x01\x14\x02\0", 8, "application/x-ms-shortcut", " application/x-ms-shortcut ", " lnk "},
    {"#!", 2, "text/x-script", " text/x-script text/x-shellscript application/x-sh text/x-python ",
     " sh py pl rb bash "},
    {"<!doctype html", 14, "text/html", " text/html application/xhtml+xml ", " html htm xhtml "},
    {"<html", 5, "text/html", " text/html application/xhtml+xml ", " html htm xhtml "},
    {"<script", 7, "text/html", " text/html ", " html htm "},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

const char *eki_looks(const unsigned char *bytes, size_t length)
{
    while (length && (*bytes == ' ' || *bytes == '\n' || *bytes == '\r' || *bytes == '\t')) bytes++, length--;
    for (size_t i = 0; i < KINDS; i++) {
        if (length < kinds[i].length) continue;
        bool same = kinds[i].mark[0] == '<'
                        ? !strncasecmp((const char *)bytes, kinds[i].mark, kinds[i].length)
                        : !memcmp(bytes, kinds[i].mark, kinds[i].length);
        if (same) return kinds[i].looks;
    }
    return "";
}

/* Is the word in a list with a blank around each entry? */
static bool is_listed(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list + 1; *at;) {
        size_t entry = strcspn(at, " ");
        bool beginning = entry && at[entry - 1] == '*';
        if (beginning ? !strncasecmp(at, word, entry - 1) : entry == length && !strncasecmp(at, word, length))
            return true;
        at += entry + (at[entry] == ' ');
    }
    return false;
}

bool eki_looks_disguised(const char *looks, const char *type, const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *end = dot ? dot + 1 : "";
    bool neutral = !*type || !strcasecmp(type, "application/octet-stream");
    bool known = false, type_fits = neutral, end_fits = !*end;
    for (size_t i = 0; i < KINDS; i++) {
        bool mine = !strcmp(kinds[i].looks, looks);
        bool by_type = is_listed(kinds[i].types, type), by_end = is_listed(kinds[i].ends, end);
        if (mine) {
            known = true;
            type_fits |= by_type;
            end_fits |= by_end;
        } else if (!*looks && kinds[i].mark[0] != '<' && kinds[i].mark[0] != '#' && kinds[i].length > 2) {
            /* It says to be of a kind whose bytes always begin with a mark, and they do not. */
            if (by_end || (by_type && !strchr(kinds[i].types, '*'))) return true;
        }
    }
    return known && !(type_fits && end_fits);
}
