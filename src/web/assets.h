/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_ASSETS_H
#define EKI_WEB_ASSETS_H
/*
 * The browser pages, carried in the program.
 *
 * Journey of a page: ui/ is bundled by tools/build-ui into the build folder; tools/embed-pages writes the
 * bytes as an assembly file (.incbin) and this table; the server finds a path in it and sends `gzip` to whom
 * takes that, else `data`. A program built without node holds one plain page, /index.html, that says how to
 * build them.
 */
#include <stdbool.h>
#include <stddef.h>

struct eki_web_asset {
    const char *path; /* as in the URL, "/index.html" */
    const char *type; /* Content-Type */
    const unsigned char *data;
    size_t size;               /* bytes of data */
    const unsigned char *gzip; /* the same compressed; NULL when that would hardly be shorter */
    size_t gzip_size;          /* bytes of gzip, 0 without */
    const char *etag;          /* quoted, from the content */
    bool is_unchanging;        /* its name holds the hash of its content: may be cached for ever */
};

/* Sorted by the bytes of `path`; an entry of NULLs follows the last. */
extern const struct eki_web_asset eki_web_assets[];
extern const size_t eki_web_asset_count;

#endif
