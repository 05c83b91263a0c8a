/* SPDX-License-Identifier: Apache-2.0 */
/* The pages: those built into the program, or those of a folder while they are being written. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/assets.h"
#include "web/handlers.h"
#include "web/web.h"

enum { PATH = 4096 };

/* What stands in for pages that were not built. */
static const char absent[] =
    "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>ekigaku</title>\n"
    "<h1>ekigaku is running, without its pages</h1>\n"
    "<p>This program was built without them (they need npm: see README.md). The API is whole: "
    "<a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a> describes it.</p></html>\n";

static const char *type_of(const char *path)
{
    static const char *const types[][2] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".json", "application/json"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".webmanifest", "application/manifest+json"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"},
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (!strcmp(dot, types[i][0])) return types[i][1];
    return "application/octet-stream";
}

static bool reply_file(struct eki_request *request, const char *path)
{
    char full[PATH];
    struct stat about;
    int length = snprintf(full, sizeof full, "%s%s", request->web->options.pages, path);
    int file = length < PATH ? open(full, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) return false;
    if (fstat(file, &about) || !S_ISREG(about.st_mode)) {
        close(file);
        return false;
    }
    eki_reply_file(request, type_of(path), file, (uint64_t)about.st_size);
    return true;
}

static bool reply_asset(struct eki_request *request, const char *path)
{
    const char *accepts = eki_request_header(request, "Accept-Encoding");
    for (size_t i = 0; i < eki_web_asset_count; i++) {
        const struct eki_web_asset *asset = &eki_web_assets[i];
        if (strcmp(asset->path, path) != 0) continue;
        bool packed = asset->gzip && eki_accepts(accepts, "gzip");
        eki_reply_fixed(request, asset->type, packed ? asset->gzip : asset->data,
                        packed ? asset->gzip_size : asset->size);
        if (packed) request->reply.encoding = "gzip";
        if (asset->etag) snprintf(request->reply.etag, sizeof request->reply.etag, "%s", asset->etag);
        if (asset->is_unchanging) request->reply.cache = "public, max-age=31536000, immutable";
        return true;
    }
    return false;
}

/* The path as decoded: its parts hold no slash and are no dots (target.h). */
static bool join(const struct eki_target *target, char ret_path[PATH])
{
    size_t at = 0;
    ret_path[0] = 0;
    for (size_t i = 0; i < target->segment_count; i++) {
        int length = snprintf(ret_path + at, PATH - at, "/%s", target->segments[i]);
        if (length < 0 || (size_t)length >= PATH - at) return false;
        at += (size_t)length;
    }
    return true;
}

void eki_pages_get(struct eki_request *request)
{
    char path[PATH];
    bool folder = request->web->options.pages != NULL;
    bool good = join(&request->target, path) && path[0] &&
                (folder ? reply_file(request, path) : reply_asset(request, path));
    /* Any other address is a page: the pages' program shows what it names. */
    if (!good) good = folder ? reply_file(request, "/index.html") : reply_asset(request, "/index.html");
    if (!good) eki_reply_fixed(request, "text/html; charset=utf-8", absent, sizeof absent - 1);
    request->reply.page = true;
}
