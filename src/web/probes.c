/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "web/probes.h"

#include <fcntl.h>
#include <stdlib.h>
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
    struct eki_address target;
    uint32_t source;
    uint16_t service;
    uint8_t protocol, answered;
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
        if (c->flags & EKI_CONTACT_UNASKED) continue;
        uint32_t source = p->count < EKI_PROBES_CONTACTS ? source_of(p, c->client) : UINT32_MAX;
        if (source == UINT32_MAX) {
            p->passed_over++;
            continue;
        }
        p->block[p->in_block++] = (struct spooled){.time = c->time,
                                                   .target = c->server,
                                                   .source = source,
                                                   .service = c->service,
                                                   .protocol = c->protocol,
                                                   .answered = c->outcome >= EKI_OUTCOME_ANSWERED};
        if (p->in_block == BLOCK) flush_block(p);
    }
}

/* Where the contacts of one source of the result belong: those on its service, or with its victim. */
struct place {
    uint32_t source;
    uint16_t service;
    uint8_t protocol;
    enum eki_probe_axis axis;
    struct eki_address victim; /* EKI_AXIS_PORTS */
    uint64_t all, kept, filled, named;
    uint64_t *times;
    uint32_t *numbers;
    struct eki_address *names; /* EKI_AXIS_IPV6 */
};

struct sorting {
    struct place *places;
    size_t count;
    bool has_ports, has_names;
    struct eki_index index;
};

static uint64_t hash_of_service(uint32_t source, uint16_t service, uint8_t protocol)
{
    return eki_hash_two(source, (uint64_t)service << 8 | protocol, 0);
}

static uint64_t hash_of_victim(uint32_t source, struct eki_address victim, uint8_t protocol)
{
    return eki_hash_address(victim, (uint64_t)source << 8 | protocol, 1);
}

static struct place *place_of_service(struct sorting *s, const struct spooled *c)
{
    uint64_t hash = hash_of_service(c->source, c->service, c->protocol);
    for (struct eki_index_probe at = eki_index_find(&s->index, hash); eki_index_next(&s->index, &at);) {
        struct place *place = &s->places[at.position];
        if (place->axis != EKI_AXIS_PORTS && place->source == c->source && place->service == c->service &&
            place->protocol == c->protocol && eki_address_is_v4(c->target) == (place->axis == EKI_AXIS_IPV4))
            return place;
    }
    return NULL;
}

static struct place *place_of_victim(struct sorting *s, const struct spooled *c)
{
    if (!s->has_ports || !c->service) return NULL;
    uint64_t hash = hash_of_victim(c->source, c->target, c->protocol);
    for (struct eki_index_probe at = eki_index_find(&s->index, hash); eki_index_next(&s->index, &at);) {
        struct place *place = &s->places[at.position];
        if (place->axis == EKI_AXIS_PORTS && place->source == c->source && place->protocol == c->protocol &&
            eki_address_equal(place->victim, c->target))
            return place;
    }
    return NULL;
}

static enum eki_probe_axis axis_of(const struct eki_scanner *scanner)
{
    if (scanner->shape == EKI_SHAPE_VERTICAL) return EKI_AXIS_PORTS;
    return eki_address_is_v4(scanner->host) ? EKI_AXIS_IPV4 : EKI_AXIS_IPV6;
}

/* One place for each source of the result, in its order. */
static enum eki_error make_places(struct eki_probes *p, const struct eki_result *result, struct sorting *s)
{
    s->count = result->scanner_count;
    s->places = eki_allocate(s->count + 1, sizeof *s->places);
    if (!s->places) return EKI_ERROR_MEMORY;
    enum eki_error error = eki_index_init(&s->index, FIRST_SOURCES);
    for (size_t i = 0; i < s->count && !error; i++) {
        const struct eki_scanner *scanner = &result->scanners[i];
        struct place *place = &s->places[i];
        *place = (struct place){.source = source_of(p, scanner->host),
                                .service = scanner->service,
                                .protocol = scanner->protocol,
                                .axis = axis_of(scanner),
                                .victim = scanner->victim};
        s->has_ports |= place->axis == EKI_AXIS_PORTS;
        s->has_names |= place->axis == EKI_AXIS_IPV6;
        if (eki_index_full(&s->index)) error = eki_index_grow(&s->index);
        if (!error)
            eki_index_add(&s->index,
                          place->axis == EKI_AXIS_PORTS
                              ? hash_of_victim(place->source, place->victim, place->protocol)
                              : hash_of_service(place->source, place->service, place->protocol),
                          (uint32_t)i);
    }
    return error ? error : p->error;
}

typedef void each_contact(struct place *place, const struct spooled *c, eki_time origin);

static void count_one(struct place *place, const struct spooled *c, eki_time origin)
{
    (void)c, (void)origin;
    place->all++;
    place->kept += place->kept < EKI_PROBES_OF_SOURCE;
}

static void name_one(struct place *place, const struct spooled *c, eki_time origin)
{
    (void)origin;
    if (place->axis == EKI_AXIS_IPV6 && place->named < place->kept) place->names[place->named++] = c->target;
}

/* The first name that is not below an address. */
static uint64_t first_name(const struct eki_address *names, uint64_t count, struct eki_address address)
{
    uint64_t low = 0, high = count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (eki_address_compare(names[middle], address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static uint32_t number_of(const struct place *place, const struct spooled *c)
{
    if (place->axis == EKI_AXIS_PORTS) return c->service;
    if (place->axis == EKI_AXIS_IPV4) return (uint32_t)c->target.lo;
    return (uint32_t)first_name(place->names, place->named, c->target);
}

static void put_one(struct place *place, const struct spooled *c, eki_time origin)
{
    if (place->filled == place->kept) return;
    uint64_t since = c->time > origin ? (uint64_t)(c->time - origin) / 1000 : 0;
    place->times[place->filled] = since << 1 | c->answered;
    place->numbers[place->filled++] = number_of(place, c);
}

/* Reads all contacts once more. */
static enum eki_error walk(struct eki_probes *p, struct sorting *s, each_contact *each, eki_time origin)
{
    uint64_t at = 0, end = p->count * sizeof *p->block;
    while (at < end) {
        size_t wanted = BLOCK * sizeof *p->block;
        if (wanted > end - at) wanted = (size_t)(end - at);
        ssize_t n = pread(p->file, p->block, wanted, (off_t)at);
        if (n <= 0) return EKI_ERROR_READ;
        size_t whole = (size_t)n / sizeof *p->block;
        if (!whole) return EKI_ERROR_READ;
        for (size_t i = 0; i < whole; i++) {
            struct place *of_service = place_of_service(s, &p->block[i]);
            struct place *of_victim = place_of_victim(s, &p->block[i]);
            if (of_service) each(of_service, &p->block[i], origin);
            if (of_victim) each(of_victim, &p->block[i], origin);
        }
        at += whole * sizeof *p->block;
    }
    return EKI_OK;
}

static int by_address(const void *a, const void *b)
{
    return eki_address_compare(*(const struct eki_address *)a, *(const struct eki_address *)b);
}

/* The addresses that were tried in their order, each once. */
static void sort_names(struct sorting *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct place *place = &s->places[i];
        uint64_t once = 0;
        if (!place->named) continue;
        qsort(place->names, place->named, sizeof *place->names, by_address);
        for (uint64_t k = 0; k < place->named; k++)
            if (!once || !eki_address_equal(place->names[once - 1], place->names[k]))
                place->names[once++] = place->names[k];
        place->named = once;
    }
}

static const char magic[8] = "EKIPROB2", earlier_magic[8] = "EKIPROB1";
enum { HEAD = 16, ENTRY = 40, EARLIER_ENTRY = 24, OF_PROBE = 12, OF_NAME = 16 };
_Static_assert(sizeof(struct eki_address) == OF_NAME, "names are written as they are");

static uint64_t columns_length(uint64_t kept)
{
    return (kept * OF_PROBE + 7) / 8 * 8;
}

static uint64_t length_of_place(const struct place *place)
{
    return columns_length(place->kept) + (place->axis == EKI_AXIS_IPV6 ? place->kept * OF_NAME : 0);
}

/* Where each source's columns are in the mapped file. */
static void lay_out(struct sorting *s, char *map)
{
    uint64_t at = HEAD + s->count * ENTRY;
    for (size_t i = 0; i < s->count; i++) {
        struct place *place = &s->places[i];
        place->times = (uint64_t *)(void *)(map + at);
        place->numbers = (uint32_t *)(void *)(map + at + place->kept * 8);
        place->names = (struct eki_address *)(void *)(map + at + columns_length(place->kept));
        at += length_of_place(place);
    }
}

/* The head and the table, once all is counted. */
static void write_table(const struct sorting *s, char *map)
{
    memcpy(map, magic, sizeof magic);
    memcpy(map + 8, &(uint64_t){s->count}, 8);
    for (size_t i = 0; i < s->count; i++) {
        const struct place *place = &s->places[i];
        uint64_t entry[] = {(uint64_t)((char *)place->times - map), place->kept, place->all,
                            (uint64_t)place->axis, place->named};
        memcpy(map + HEAD + i * ENTRY, entry, sizeof entry);
    }
}

static enum eki_error fill_file(struct eki_probes *p, struct sorting *s, int file, eki_time origin)
{
    uint64_t length = HEAD + s->count * ENTRY;
    for (size_t i = 0; i < s->count; i++) length += length_of_place(&s->places[i]);
    /* Room on the disk first: a write into a mapping that finds none would end the program. */
    if (posix_fallocate(file, 0, (off_t)length)) return EKI_ERROR_WRITE;
    char *map = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) return EKI_ERROR_MEMORY;
    lay_out(s, map);
    enum eki_error error = s->has_names ? walk(p, s, name_one, origin) : EKI_OK;
    sort_names(s);
    if (!error) error = walk(p, s, put_one, origin);
    write_table(s, map);
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

/* What the table says of a source: {place, kept, all}, and of the present form {axis, names}. */
static enum eki_error read_entry(const char *map, size_t length, uint64_t number, uint64_t ret_entry[5])
{
    uint64_t count;
    if (length < HEAD) return EKI_ERROR_CORRUPT;
    bool earlier = memcmp(map, earlier_magic, sizeof earlier_magic) == 0;
    if (!earlier && memcmp(map, magic, sizeof magic) != 0) return EKI_ERROR_CORRUPT;
    size_t size = earlier ? EARLIER_ENTRY : ENTRY;
    memcpy(&count, map + 8, sizeof count);
    if (count > (length - HEAD) / size) return EKI_ERROR_CORRUPT;
    if (number >= count) return EKI_ERROR_MISSING;
    memset(ret_entry, 0, ENTRY); /* of the earlier form: IPv4, no names */
    memcpy(ret_entry, map + HEAD + number * size, size);
    return EKI_OK;
}

/* The columns of a source, checked against the length of the file. */
static enum eki_error find(const char *map, size_t length, uint64_t number, struct eki_probe_columns *ret)
{
    uint64_t entry[5];
    enum eki_error error = read_entry(map, length, number, entry);
    if (error) return error;
    bool fits = entry[0] % 8 == 0 && entry[0] <= length && entry[1] <= (length - entry[0]) / OF_PROBE &&
                columns_length(entry[1]) <= length - entry[0] && entry[3] < EKI_AXIS_COUNT &&
                entry[4] <= (length - entry[0] - columns_length(entry[1])) / OF_NAME;
    if (!fits) return EKI_ERROR_CORRUPT;
    ret->times = (const uint64_t *)(const void *)(map + entry[0]);
    ret->places = (const uint32_t *)(const void *)(map + entry[0] + entry[1] * 8);
    ret->names = (const struct eki_address *)(const void *)(map + entry[0] + columns_length(entry[1]));
    ret->count = entry[1];
    ret->all = entry[2];
    ret->axis = (enum eki_probe_axis)entry[3];
    ret->name_count = entry[4];
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

uint64_t eki_probes_places(const struct eki_probe_columns *columns)
{
    switch (columns->axis) {
    case EKI_AXIS_IPV6: return columns->name_count ? columns->name_count : 1;
    case EKI_AXIS_PORTS: return 65536;
    case EKI_AXIS_IPV4:
    case EKI_AXIS_COUNT: break;
    }
    return UINT64_C(1) << 32;
}
