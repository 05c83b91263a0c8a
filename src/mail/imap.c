/* SPDX-License-Identifier: Apache-2.0 */
/* IMAP (RFC 3501) by libcurl: new UIDs are searched, then fetched one by one. */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "mail/server.h"

/* The answer to a search of a batch: the numbers have 10 digits; a server that sends more is cut. */
enum { URL = 640, SEARCH_BYTES = 4 << 20 };

/* A fetch under way. */
struct imap {
    CURL *curl;
    const struct eki_mail_server *server;
    char *bytes; /* what arrives: the answer of a search, or a message */
    size_t length, capacity, most;
    bool too_large, failed;
    uint32_t validity;
    char trouble[CURL_ERROR_SIZE];
};

static size_t receive(char *bytes, size_t size, size_t count, void *user)
{
    struct imap *imap = user;
    size_t length = size * count;
    if (length > imap->most - imap->length) {
        imap->too_large = true;
        return 0;
    }
    if (imap->length + length + 1 > imap->capacity) {
        size_t capacity = 2 * (imap->length + length) + 4096;
        char *more = eki_reallocate(imap->bytes, imap->capacity, capacity, 1);
        if (!more) {
            imap->failed = true;
            return 0;
        }
        imap->bytes = more;
        imap->capacity = capacity;
    }
    memcpy(imap->bytes + imap->length, bytes, length);
    imap->length += length;
    imap->bytes[imap->length] = '\0';
    return length;
}

/* "* OK [UIDVALIDITY 3857529045] UIDs valid" */
static size_t note_line(char *bytes, size_t size, size_t count, void *user)
{
    struct imap *imap = user;
    char line[200], *number;
    size_t length = size * count;
    snprintf(line, sizeof line, "%.*s", (int)(length < sizeof line ? length : sizeof line - 1), bytes);
    number = strcasestr(line, "[UIDVALIDITY ");
    if (number) imap->validity = (uint32_t)strtoul(number + 13, NULL, 10);
    return length;
}

static enum eki_error failure(const struct imap *imap, CURLcode code, struct eki_fault *ret_fault)
{
    if (imap->failed || code == CURLE_OUT_OF_MEMORY) return EKI_ERROR_MEMORY;
    bool lost = code == CURLE_OPERATION_TIMEDOUT || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
                code == CURLE_PARTIAL_FILE || code == CURLE_SEND_ERROR;
    return eki_fault_set(ret_fault, lost ? EKI_ERROR_READ : EKI_ERROR_OPEN, 0, "%.150s",
                         imap->trouble[0] ? imap->trouble : curl_easy_strerror(code));
}

/* One request to the folder; `command` NULL fetches what the address names. */
static CURLcode ask(struct imap *imap, const char *url, const char *command, size_t most)
{
    imap->length = 0;
    imap->most = most;
    imap->too_large = false;
    imap->trouble[0] = '\0';
    if (curl_easy_setopt(imap->curl, CURLOPT_URL, url)) return CURLE_OUT_OF_MEMORY;
    if (curl_easy_setopt(imap->curl, CURLOPT_CUSTOMREQUEST, command)) return CURLE_OUT_OF_MEMORY;
    return curl_easy_perform(imap->curl);
}

static int by_number(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The numbers of "* SEARCH 4 5 9" above `after`, in order; at most `most` of them. */
static size_t read_numbers(const struct imap *imap, uint32_t after, uint32_t *ret_numbers, size_t most)
{
    size_t count = 0;
    const char *at = imap->length ? strcasestr(imap->bytes, "* SEARCH") : NULL;
    if (at) at += 8;
    while (at && *at == ' ' && count < most) {
        char *end;
        unsigned long number = strtoul(at, &end, 10);
        if (end == at || number > UINT32_MAX) break;
        /* "n:*" names the last message even when its number is below n. */
        if (number > after) ret_numbers[count++] = (uint32_t)number;
        at = end;
    }
    qsort(ret_numbers, count, sizeof *ret_numbers, by_number);
    return count;
}

/* Searches for UIDs; a server that numbered anew is searched from the beginning. */
static enum eki_error search(struct imap *imap, struct eki_mailbox_place *place, bool *ret_again,
                             struct eki_fault *ret_fault)
{
    char command[64];
    *ret_again = false;
    for (int round = 0; round < 2; round++) {
        snprintf(command, sizeof command, "UID SEARCH UID %" PRIu64 ":*", (uint64_t)place->uid + 1);
        CURLcode code = ask(imap, imap->server->url, command, SEARCH_BYTES);
        if (code) return failure(imap, code, ret_fault);
        if (!imap->validity)
            return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "the server does not number its messages");
        if (!place->validity || place->validity == imap->validity) break;
        *ret_again = true;
        *place = (struct eki_mailbox_place){imap->validity, 0};
    }
    place->validity = imap->validity;
    return EKI_OK;
}

/* Fetches one message and hands it over. One that was deleted meanwhile is passed over. */
static enum eki_error take_one(struct imap *imap, const struct eki_mailbox_item *numbered,
                               eki_mailbox_take *take, void *user, struct eki_fault *ret_fault)
{
    char url[URL], name[32];
    struct eki_mailbox_item item = *numbered;
    snprintf(url, sizeof url, "%s;UIDVALIDITY=%" PRIu32 "/;UID=%" PRIu32, imap->server->url, item.validity,
             item.uid);
    CURLcode code = ask(imap, url, NULL, EKI_MAIL_BYTES);
    if (code && !imap->too_large) {
        bool gone = code == CURLE_REMOTE_FILE_NOT_FOUND || code == CURLE_QUOTE_ERROR;
        return gone ? EKI_OK : failure(imap, code, ret_fault);
    }
    snprintf(name, sizeof name, "%" PRIu32 ".%" PRIu32, item.validity, item.uid);
    item.name = name;
    item.bytes = imap->too_large ? NULL : imap->bytes;
    item.length = imap->too_large ? 0 : imap->length;
    return imap->length || imap->too_large ? take(user, &item) : EKI_OK;
}

static enum eki_error fetch(struct imap *imap, struct eki_mailbox_place *place, eki_mailbox_take *take,
                            void *user, struct eki_fault *ret_fault)
{
    bool again;
    enum eki_error error = search(imap, place, &again, ret_fault);
    if (error) return error;
    size_t most = imap->length / 2 + 1;
    uint32_t *numbers = eki_allocate(most, sizeof *numbers);
    if (!numbers) return EKI_ERROR_MEMORY;
    size_t count = read_numbers(imap, place->uid, numbers, most);
    if (count > EKI_MAILBOX_BATCH) count = EKI_MAILBOX_BATCH;
    for (size_t i = 0; !error && i < count; i++) {
        const struct eki_mailbox_item item = {.again = again, .validity = place->validity, .uid = numbers[i]};
        error = take_one(imap, &item, take, user, ret_fault);
        if (!error) place->uid = numbers[i];
    }
    eki_free(numbers);
    return error;
}

enum eki_error eki_imap_fetch(const struct eki_mail_server *server, struct eki_mailbox_place *place,
                              eki_mailbox_take *take, void *user, struct eki_fault *ret_fault)
{
    struct imap imap = {.server = server};
    enum eki_error error = eki_server_handle(server, "imap", &imap.curl, ret_fault);
    if (error) return error;
    bool fits = !curl_easy_setopt(imap.curl, CURLOPT_ERRORBUFFER, imap.trouble);
    fits &= !curl_easy_setopt(imap.curl, CURLOPT_WRITEFUNCTION, receive);
    fits &= !curl_easy_setopt(imap.curl, CURLOPT_WRITEDATA, &imap);
    fits &= !curl_easy_setopt(imap.curl, CURLOPT_HEADERFUNCTION, note_line);
    fits &= !curl_easy_setopt(imap.curl, CURLOPT_HEADERDATA, &imap);
    error = fits ? fetch(&imap, place, take, user, ret_fault) : EKI_ERROR_MEMORY;
    curl_easy_cleanup(imap.curl);
    eki_free(imap.bytes);
    return error;
}
