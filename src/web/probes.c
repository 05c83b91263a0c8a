/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "web/probes.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/index.h"
#include "base/memory.h"

/* One contact in the file without a name. */
struct spooled {
    int64_t time; /* nanoseconds */
    uint32_t address, source;
    uint16_t service;
    uint8_t protocol, answered;
    uint32_t unused;
};

enum { BLOCK = 8192 /* contacts written and read at once */, FIRST_SOURCES = 10, PATH = 4096 };

struct eki_probes {
    int file;
    enum eki_error error;
    uint64_t count, passed_over; /* written; beyond the limit */
    struct spooled *block;
    size_t in_block;
    struct eki_address *sources;
    size_t source_count, source_capacity;
    struct eki_index index;
};

enum eki_error eki_probes_open(const struct eki_web *web, struct eki_probes **ret_probes)
{
    char path[PATH];
    struct eki_probes *p = eki_allocate(1, sizeof *p);
    if (!p) return EKI_ERROR_MEMORY;
    p->file = -1;
    p->block = eki_allocate(BLOCK, sizeof *p->block);
    enum eki_error error = p->block ? eki_index_init(&p->index, FIRST_SOURCES) : EKI_ERROR_MEMORY;
    if (!error) {
        if (eki_web_path(web, "results", "", path))
            p->file = open(path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
        if (p->file < 0) error = EKI_ERROR_WRITE;
    }
    if (error)
        eki_probes_close(p);
    else
        *ret_probes = p;
    return error;
}

/* The number of a source; UINT32_MAX after noting an error. */
static uint32_t source_of(struct eki_probes *p, struct eki_address address)
{
    uint64_t hash = eki_hash_address(address, 0, 0);
    for (struct eki_index_probe at = eki_index_find(&p->index, hash); eki_index_next(&p->index, &at);)
        if (eki_address_equal(p->sources[at.position], address)) return at.position;
    if (p->source_count == EKI_PROBES_SOURCES) return UINT32_MAX;
    struct eki_address *grown =
        eki_array_reserve(p->sources, p->source_count, &p->source_capacity, sizeof *grown);
    if (grown) p->sources = grown;
    if (!grown || (eki_index_full(&p->index) && eki_index_grow(&p->index))) {
        p->error = EKI_ERROR_MEMORY;
        return UINT32_MAX;
    }
    p->sources[p->source_count] = address;
    eki_index_add(&p->index, hash, (uint32_t)p->source_count);
    return (uint32_t)p->source_count++;
}

static void flush_block(struct eki_probes *p)
{
    const char *at = (const char *)p->block;
    size_t length = p->in_block * sizeof *p->block;
    while (length && !p->error) {
        ssize_t n = write(p->file, at, length);
        if (n <= 0) {
            p->error = EKI_ERROR_WRITE;
            return;
        }
        at += n;
        length -= (size_t)n;
    }
    p->count += p->in_block;
    p->in_block = 0;
}

void eki_probes_take(void *user, const struct eki_contact *contacts, size_t count)
{
    struct eki_probes *p = user;
    for (size_t i = 0; i < count && !p->error; i++) {
        const struct eki_contact *c = &contacts[i];
        if (!eki_address_is_v4(c->server) || c->flags & EKI_CONTACT_UNASKED) continue;
        uint32_t source = p->count < EKI_PROBES_CONTACTS ? source_of(p, c->client) : UINT32_MAX;
        if (source == UINT32_MAX) {
            p->passed_over++;
            continue;
        }
        p->block[p->in_block++] = (struct spooled){.time = c->time,
                                                   .address = (uint32_t)c->server.lo,
                                                   .source = source,
                                                   .service = c->service,
                                                   .protocol = c->protocol,
                                                   .answered = c->outcome >= EKI_OUTCOME_ANSWERED};
        if (p->in_block == BLOCK) flush_block(p);
    }
}

/* Where the contacts of a (source, service) belong. */
struct place {
    uint32_t source;
    uint16_t service;
    uint8_t protocol;
    uint64_t all, kept, filled;
    uint64_t *times;
    uint32_t *addresses;
};

struct sorting {
    struct place *places;
    size_t count;
    struct eki_index index;
};

static uint64_t hash_of(uint32_t source, uint16_t service, uint8_t protocol)
{
    return eki_hash_two(source, (uint64_t)service << 8 | protocol, 0);
}

static struct place *place_of(struct sorting *s, const struct spooled *c)
{
    uint64_t hash = hash_of(c->source, c->service, c->protocol);
    for (struct eki_index_probe at = eki_index_find(&s->index, hash); eki_index_next(&s->index, &at);) {
        struct place *place = &s->places[at.position];
        if (place->source == c->source && place->service == c->service && place->protocol == c->protocol)
            return place;
    }
    return NULL;
}

/* One place for each source of the result, in its order; sources that ask for many services of one host have
 * none. */
static enum eki_error make_places(struct eki_probes *p, const struct eki_result *result, struct sorting *s)
{
    s->count = result->scanner_count;
    s->places = eki_allocate(s->count + 1, sizeof *s->places);
    if (!s->places) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_index_init(&s->index, FIRST_SOURCES);
    for (size_t i = 0; i < s->count && !error; i++) {
        const struct eki_scanner *scanner = &result->scanners[i];
        if (scanner->shape != EKI_SHAPE_HORIZONTAL) continue;
        struct place *place = &s->places[i];
        *place = (struct place){
            source_of(p, scanner->host), scanner->service, scanner->protocol, 0, 0, 0, NULL, NULL};
        if (eki_index_full(&s->index)) error = eki_index_grow(&s->index);
        if (!error)
            eki_index_add(&s->index, hash_of(place->source, place->service, place->protocol), (uint32_t)i);
    }
    return error ? error : p->error;
}

typedef void each_contact(struct sorting *s, struct place *place, const struct spooled *c, eki_time origin);

static void count_one(struct sorting *s, struct place *place, const struct spooled *c, eki_time origin)
{
    (void)s, (void)c, (void)origin;
    place->all++;
    place->kept += place->kept < EKI_PROBES_OF_SOURCE;
}

static void put_one(struct sorting *s, struct place *place, const struct spooled *c, eki_time origin)
{
    (void)s;
    if (place->filled == place->kept) return;
    uint64_t since = c->time > origin ? (uint64_t)(c->time - origin) / 1000 : 0;
    place->times[place->filled] = since << 1 | c->answered;
    place->addresses[place->filled++] = c->address;
}

/* Reads all contacts once more. */
static enum eki_error walk(struct eki_probes *p, struct sorting *s, each_contact *each, eki_time origin)
{
    uint64_t place = 0, end = p->count * sizeof *p->block;
    while (place < end) {
        size_t wanted = BLOCK * sizeof *p->block;
        if (wanted > end - place) wanted = (size_t)(end - place);
        ssize_t n = pread(p->file, p->block, wanted, (off_t)place);
        if (n <= 0) return EKI_ERROR_READ;
        size_t whole = (size_t)n / sizeof *p->block;
        if (!whole) return EKI_ERROR_READ;
        for (size_t i = 0; i < whole; i++) {
            struct place *to = place_of(s, &p->block[i]);
            if (to) each(s, to, &p->block[i], origin);
        }
        place += whole * sizeof *p->block;
    }
    return EKI_OK;
}

static const char magic[8] = "EKIPROB1";
enum { HEAD = 16, ENTRY = 24, OF_PROBE = 12 };

/* The head and the table into the mapped file, and where each source's columns are. */
static void lay_out(struct sorting *s, char *map)
{
    uint64_t *table = (uint64_t *)(void *)(map + HEAD), place = HEAD + s->count * ENTRY;
    memcpy(map, magic, sizeof magic);
    memcpy(map + 8, &(uint64_t){s->count}, 8);
    for (size_t i = 0; i < s->count; i++) {
        struct place *to = &s->places[i];
        table[i * 3] = place;
        table[i * 3 + 1] = to->kept;
        table[i * 3 + 2] = to->all;
        to->times = (uint64_t *)(void *)(map + place);
        to->addresses = (uint32_t *)(void *)(map + place + to->kept * 8);
        place += (to->kept * OF_PROBE + 7) / 8 * 8;
    }
}

static uint64_t length_of(const struct sorting *s)
{
    uint64_t length = HEAD + s->count * ENTRY;
    for (size_t i = 0; i < s->count; i++) length += (s->places[i].kept * OF_PROBE + 7) / 8 * 8;
    return length;
}

static enum eki_error fill_file(struct eki_probes *p, struct sorting *s, int file, eki_time origin)
{
    uint64_t length = length_of(s);
    /* Room on the disk first: a write into a mapping that finds none would end the program. */
    if (posix_fallocate(file, 0, (off_t)length)) return EKI_ERROR_WRITE;
    char *map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) return EKI_ERROR_MEMORY;
    lay_out(s, map);
    enum eki_error error = walk(p, s, put_one, origin);
    if (msync(map, length, MS_SYNC)) error = EKI_ERROR_WRITE;
    munmap(map, length);
    return error;
}

enum eki_error eki_probes_write(struct eki_probes *p, const struct eki_result *result, const char *path)
{
    struct sorting s = {0};
    flush_block(p);
    enum eki_error error = p->error ? p->error : make_places(p, result, &s);
    if (!error) error = walk(p, &s, count_one, 0);
    int file = error ? -1 : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (!error) error = file < 0 ? EKI_ERROR_WRITE : fill_file(p, &s, file, result->origin);
    if (file >= 0 && (fsync(file) || close(file)) && !error) error = EKI_ERROR_WRITE;
    eki_index_done(&s.index);
    eki_free(s.places);
    return error;
}

void eki_probes_close(struct eki_probes *p)
{
    if (!p) return;
    if (p->file >= 0) close(p->file);
    eki_index_done(&p->index);
    eki_free(p->sources);
    eki_free(p->block);
    eki_free(p);
}

/* What the table says of a source, checked against the length of the file. */
static enum eki_error find(const char *map, size_t length, uint64_t number, struct eki_probe_columns *ret)
{
    uint64_t count, entry[3];
    if (length < HEAD || memcmp(map, magic, sizeof magic) != 0) return EKI_ERROR_CORRUPT;
    memcpy(&count, map + 8, sizeof count);
    if (count > (length - HEAD) / ENTRY) return EKI_ERROR_CORRUPT;
    if (number >= count) return EKI_ERROR_MISSING;
    memcpy(entry, map + HEAD + number * ENTRY, sizeof entry);
    bool fits = entry[0] % 8 == 0 && entry[0] <= length && entry[1] <= (length - entry[0]) / OF_PROBE;
    if (!fits) return EKI_ERROR_CORRUPT;
    ret->times = (const uint64_t *)(const void *)(map + entry[0]);
    ret->addresses = (const uint32_t *)(const void *)(map + entry[0] + entry[1] * 8);
    ret->count = entry[1];
    ret->all = entry[2];
    return EKI_OK;
}

enum eki_error eki_probes_map(const char *path, uint64_t number, struct eki_probe_columns *ret_columns)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return EKI_ERROR_OPEN;
    bool good = !fstat(file, &about) && about.st_size >= HEAD;
    size_t length = good ? (size_t)about.st_size : 0;
    void *map = good ? mmap(NULL, length, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
    close(file);
    if (map == MAP_FAILED) return EKI_ERROR_CORRUPT;
    *ret_columns = (struct eki_probe_columns){.map = map, .map_length = length};
    enum eki_error error = find(map, length, number, ret_columns);
    if (error) eki_probes_unmap(ret_columns);
    return error;
}

void eki_probes_unmap(struct eki_probe_columns *columns)
{
    if (columns->map) munmap(columns->map, columns->map_length);
    *columns = (struct eki_probe_columns){0};
}
