/* SPDX-License-Identifier: Apache-2.0 */
/* What a raster shows as a table: what was tried in each part of the axis, and the first probes one by one.
 */
#include <string.h>

#include "web/handlers.h"
#include "web/outbreak.h"
#include "web/raster.h"

enum { NIBBLE = 4, ADDRESS_BITS = 128, FEWEST_PARTS = 16, MOST_ITEMS = 1000 };
static const double MICROS = 1e6;

/* The end of the addresses that share a prefix with the one at `from`, at most `end`. */
static uint32_t prefix_end(const struct eki_address *names, uint32_t from, uint32_t end, unsigned bits)
{
    struct eki_prefix prefix = eki_prefix_around(names[from], bits);
    uint32_t low = from + 1, high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (eki_prefix_contains(prefix, names[middle]))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The prefixes of so many bits that the frame holds; one more than `most` when there are more. */
static size_t list_prefixes(const struct eki_raster *frame, const struct eki_address *names, unsigned bits,
                            size_t most, struct eki_raster_part *ret_parts)
{
    size_t count = 0;
    for (uint32_t at = frame->a0, end; at <= frame->a1; at = end) {
        if (count == most) return most + 1;
        end = prefix_end(names, at, frame->a1 + 1, bits);
        ret_parts[count++] = (struct eki_raster_part){.a0 = at, .a1 = end - 1, .bits = bits};
    }
    return count;
}

/* IPv6: the longest prefixes, by steps of a digit, that are no more than `most`. */
static size_t divide_names(const struct eki_raster *frame, const struct eki_address *names, size_t most,
                           struct eki_raster_part *ret_parts)
{
    struct eki_raster_part tried[EKI_RASTER_PARTS + 1];
    size_t count = 0;
    unsigned common = (unsigned)eki_address_common_bits(names[frame->a0], names[frame->a1]);
    for (unsigned bits = common / NIBBLE * NIBBLE + NIBBLE; bits <= ADDRESS_BITS + NIBBLE - 1;
         bits += NIBBLE) {
        size_t found = list_prefixes(frame, names, bits < ADDRESS_BITS ? bits : ADDRESS_BITS, most, tried);
        if (found > most) break;
        count = found;
        memcpy(ret_parts, tried, count * sizeof *tried);
    }
    return count;
}

/* Blocks of a power of two. */
static size_t divide_evenly(const struct eki_raster *frame, size_t most, unsigned *ret_shift,
                            struct eki_raster_part *ret_parts)
{
    unsigned shift = 0;
    while ((frame->a1 >> shift) - (frame->a0 >> shift) >= most) shift++;
    size_t count = (frame->a1 >> shift) - (frame->a0 >> shift) + 1;
    for (size_t i = 0; i < count; i++) {
        uint64_t from = ((uint64_t)(frame->a0 >> shift) + i) << shift, to = from + (UINT64_C(1) << shift) - 1;
        ret_parts[i] = (struct eki_raster_part){.a0 = (uint32_t)(from > frame->a0 ? from : frame->a0),
                                                .a1 = (uint32_t)(to < frame->a1 ? to : frame->a1),
                                                .bits = ADDRESS_BITS - shift};
    }
    *ret_shift = shift;
    return count;
}

static size_t part_of(const struct eki_raster_part *parts, size_t count, uint32_t place)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (parts[middle].a1 < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void add_probe(struct eki_raster_part *part, double seconds, bool answered)
{
    if (!part->probes++) part->first_t = seconds;
    part->last_t = seconds;
    part->answered += answered;
}

size_t eki_raster_divide(const struct eki_raster *frame, const struct eki_probe_columns *columns, size_t most,
                         struct eki_raster_part ret_parts[EKI_RASTER_PARTS])
{
    unsigned shift = 0;
    bool named = columns->axis == EKI_AXIS_IPV6;
    if (named && frame->a1 >= columns->name_count) return 0;
    size_t count = named ? divide_names(frame, columns->names, most, ret_parts)
                         : divide_evenly(frame, most, &shift, ret_parts);
    uint64_t from = frame->t0 > 0 ? (uint64_t)(frame->t0 * MICROS) : 0;
    double to = frame->t1 * MICROS;
    for (uint64_t i = eki_raster_first_at(columns, from); count && i < columns->count; i++) {
        double time = (double)(columns->times[i] >> 1);
        uint32_t place = columns->places[i];
        if (time > to) break;
        if (place < frame->a0 || place > frame->a1) continue;
        size_t part = named ? part_of(ret_parts, count, place) : (place >> shift) - (frame->a0 >> shift);
        add_probe(&ret_parts[part], time / MICROS, columns->times[i] & 1);
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (ret_parts[i].probes) ret_parts[kept++] = ret_parts[i];
    return kept;
}

static json_t *name_of(const struct eki_probe_columns *columns, uint32_t place)
{
    char text[EKI_ADDRESS_TEXT];
    if (columns->axis == EKI_AXIS_PORTS) return json_sprintf("%u", place);
    struct eki_address address =
        columns->axis == EKI_AXIS_IPV4 ? eki_address_v4(place) : columns->names[place];
    return json_string(eki_address_format(address, text));
}

/* Of an end of the frame; null where a source has no probes at all. */
static json_t *name_at(const struct eki_probe_columns *columns, uint32_t place)
{
    bool beyond = columns->axis == EKI_AXIS_IPV6 && place >= columns->name_count;
    return beyond ? json_null() : name_of(columns, place);
}

/* "10.1.0.0/16" of a part that is a whole network of more than one address. */
static json_t *prefix_of(const struct eki_probe_columns *columns, const struct eki_raster_part *part)
{
    char text[EKI_ADDRESS_TEXT];
    if (columns->axis == EKI_AXIS_PORTS) return json_null();
    bool named = columns->axis == EKI_AXIS_IPV6;
    uint64_t wide = (uint64_t)part->a1 - part->a0 + 1;
    if (part->bits == ADDRESS_BITS) return json_null();
    if (!named && wide != UINT64_C(1) << (ADDRESS_BITS - part->bits)) return json_null();
    struct eki_address address = named ? columns->names[part->a0] : eki_address_v4(part->a0);
    return json_string(eki_prefix_format(eki_prefix_around(address, part->bits), text));
}

static json_t *show_parts(const struct eki_probe_columns *columns, const struct eki_raster_part *parts,
                          size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const struct eki_raster_part *part = &parts[i];
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:o, s:o, s:o, s:I, s:I, s:f, s:f}", "a0", (json_int_t)part->a0, "a1",
                            (json_int_t)part->a1, "from", name_of(columns, part->a0), "to",
                            name_of(columns, part->a1), "prefix", prefix_of(columns, part), "probes",
                            (json_int_t)part->probes, "answered", (json_int_t)part->answered, "first_t",
                            part->first_t, "last_t", part->last_t));
    }
    return list;
}

/* The first probes of the frame one by one. */
static json_t *show_items(const struct eki_raster *frame, const struct eki_probe_columns *columns,
                          size_t most)
{
    json_t *list = json_array();
    uint64_t from = frame->t0 > 0 ? (uint64_t)(frame->t0 * MICROS) : 0;
    for (uint64_t i = eki_raster_first_at(columns, from); i < columns->count; i++) {
        double time = (double)(columns->times[i] >> 1);
        uint32_t place = columns->places[i];
        if (time > frame->t1 * MICROS || json_array_size(list) == most) break;
        if (place < frame->a0 || place > frame->a1) continue;
        json_array_append_new(list,
                              json_pack("{s:f, s:o, s:b}", "t", time / MICROS, "target",
                                        name_of(columns, place), "answered", (int)(columns->times[i] & 1)));
    }
    return list;
}

/* False for a file that was damaged on the disk: its places lie beyond its names. */
static bool is_sound(const struct eki_raster *frame, const struct eki_probe_columns *columns)
{
    if (columns->axis != EKI_AXIS_IPV6) return true;
    if (!columns->name_count) return columns->count == 0;
    return frame->a1 < columns->name_count;
}

static void reply_facts(struct eki_request *request, const struct eki_probe_columns *columns)
{
    static const char *const axes[] = {"ipv4", "ipv6", "ports"};
    struct eki_raster frame;
    struct eki_raster_part parts[EKI_RASTER_PARTS];
    int64_t most = FEWEST_PARTS, items = 0;
    if (!eki_raster_take_frame(request, columns, &frame) ||
        !eki_request_integer(request, "parts",
                             (struct eki_field){.least = FEWEST_PARTS, .most = EKI_RASTER_PARTS}, &most) ||
        !eki_request_integer(request, "items", (struct eki_field){.least = 0, .most = MOST_ITEMS}, &items))
        return;
    if (!is_sound(&frame, columns)) {
        eki_outbreak_unreadable(request, EKI_ERROR_CORRUPT);
        return;
    }
    size_t count = eki_raster_divide(&frame, columns, (size_t)most, parts);
    uint64_t probes = 0, answered = 0;
    for (size_t i = 0; i < count; i++) probes += parts[i].probes, answered += parts[i].answered;
    eki_reply_json(request, 200,
                   json_pack("{s:s, s:I, s:I, s:I, s:f, s:f, s:I, s:I, s:o, s:o, s:I, s:I, s:o, s:o}", "axis",
                             axes[columns->axis], "places", (json_int_t)eki_probes_places(columns), "seen",
                             (json_int_t)columns->all, "kept", (json_int_t)columns->count, "t0", frame.t0,
                             "t1", frame.t1, "a0", (json_int_t)frame.a0, "a1", (json_int_t)frame.a1, "from",
                             name_at(columns, frame.a0), "to", name_at(columns, frame.a1), "probes",
                             (json_int_t)probes, "answered", (json_int_t)answered, "parts",
                             show_parts(columns, parts, count), "items",
                             show_items(&frame, columns, (size_t)items)));
}

void eki_scanner_probes_get(struct eki_request *request)
{
    struct eki_probe_columns columns;
    if (!eki_raster_map(request, &columns)) return;
    reply_facts(request, &columns);
    eki_probes_unmap(&columns);
}
