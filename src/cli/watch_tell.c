/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_tell.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/inputs.h"

static void put(const char *line, size_t length)
{
    fwrite(line, 1, length, stdout);
    fflush(stdout); /* somebody may be waiting for it */
}

void eki_watch_say(const struct eki_watch_request *request, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (request->audience)
        request->audience->say(request->audience->user, text);
    else
        fprintf(stderr, "ekigaku watch: %s\n", text);
}

void eki_watch_say_fault(const struct eki_watch_request *request, const char *path, enum eki_error error,
                         const struct eki_fault *fault)
{
    char offset[40] = "";
    if (!request->audience) {
        eki_inputs_complain_of(path, error, fault);
        return;
    }
    if (fault && fault->offset) snprintf(offset, sizeof offset, "offset %" PRIu64 ": ", fault->offset);
    eki_watch_say(request, "%s: %s%s%s%s", path, offset, eki_error_text(error),
                  fault && fault->what[0] ? ": " : "", fault ? fault->what : "");
}

void eki_watch_tell_item(void *user, const struct eki_news_item *item)
{
    const struct eki_watch_request *request = user;
    char line[EKI_NEWS_LINE];
    if (request->audience) {
        request->audience->item(request->audience->user, item);
        return;
    }
    if (request->quiet) return;
    put(line, request->json ? eki_news_json(item, line) : eki_news_text(item, line));
}

void eki_watch_tell_loss(const struct eki_watch_request *request, const struct eki_capture_loss *loss)
{
    if (request->audience) {
        eki_watch_say(request, "of %" PRIu64 " packets the kernel dropped %" PRIu64, loss->received,
                      loss->lost);
        return;
    }
    printf(request->json ? "{\"type\":\"loss\",\"received\":%" PRIu64 ",\"lost\":%" PRIu64 "}\n"
                         : "loss: of %" PRIu64 " packets the kernel dropped %" PRIu64 "\n",
           loss->received, loss->lost);
    fflush(stdout);
}

/* Bytes of memory in use; 0 when the system does not tell. */
static uint64_t memory_used(void)
{
    char line[128], *rest;
    FILE *file = fopen("/proc/self/statm", "re");
    if (!file) return 0;
    bool read = fgets(line, sizeof line, file);
    fclose(file);
    if (!read) return 0;
    strtoull(line, &rest, 10); /* all that is mapped; then what is resident */
    return strtoull(rest, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
}

void eki_watch_tell_status(const struct eki_watch_request *request, const struct eki_watch_counts *counts)
{
    static const char json[] = "{\"type\":\"status\",\"files\":%" PRIu64 ",\"records\":%" PRIu64
                               ",\"bytes\":%" PRIu64 ",\"contacts\":%" PRIu64 ",\"received\":%" PRIu64
                               ",\"lost\":%" PRIu64 ",\"missing\":%" PRIu64 ",\"memory\":%" PRIu64 "}\n",
                      text[] = "status: %" PRIu64 " files read to their end, %" PRIu64 " records (%" PRIu64
                               " bytes) of the next; %" PRIu64 " contacts judged; received %" PRIu64
                               ", lost %" PRIu64 ", missing %" PRIu64 "; %" PRIu64 " bytes of memory\n";
    printf(request->json ? json : text, counts->files, counts->records, counts->bytes, counts->contacts,
           counts->loss.received, counts->loss.lost, counts->missing, memory_used());
    fflush(stdout);
}

uint64_t eki_watch_tell_memory(const struct eki_watch_request *request, uint64_t told)
{
    if (!request->memory) return told;
    uint64_t used = memory_used();
    if (used <= request->memory || used < told + told / 8) return told;
    if (request->audience) {
        eki_watch_say(request, "%" PRIu64 " bytes of memory are used, %" PRIu64 " were stated", used,
                      request->memory);
        return used;
    }
    printf(request->json ? "{\"type\":\"memory\",\"used\":%" PRIu64 ",\"stated\":%" PRIu64 "}\n"
                         : "memory: %" PRIu64 " bytes are used, %" PRIu64 " were stated\n",
           used, request->memory);
    fflush(stdout);
    return used;
}
