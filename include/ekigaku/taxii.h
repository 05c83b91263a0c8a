/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_TAXII_H
#define EKIGAKU_TAXII_H
/*
 * What comes by TAXII 2.1: STIX objects without a bundle around them, of several incidents at once.
 *
 * Journey: whoever has the objects (a server, of an envelope that was added; a client, of the pages of a
 * collection) leaves out those with a fault, tells apart which belong to which incident, and reads each of
 * these groups as if it had come as a bundle of its own:
 *
 *     json_array_foreach(all, i, object) if (!eki_taxii_fault(object)) json_array_append(objects, object);
 *     error = eki_taxii_split(objects, 1000, &groups, &loose);
 *     json_array_foreach(groups, i, group) if (!eki_taxii_incident(group, &incident, &fault))
 * receive(incident);
 *
 * JSON values are those of the library jansson. A call changes no object; different objects may be worked on
 * by several threads, the same ones by one.
 */
#include <stddef.h>

#include "ekigaku/error.h"
#include "ekigaku/incident.h"

#pragma GCC visibility push(default)

struct json_t; /* of jansson */

/* Bytes of an id: a type and a UUID have 100. */
enum { EKI_TAXII_ID = 200 };

/* What is wrong with an object, as far as it shows without a schema: English, static. NULL for nothing. Takes
 * any value. O(1). */
const char *eki_taxii_fault(const struct json_t *object);

/* Splits an array of objects without a fault: *ret_groups gets an array of arrays, one for each incident,
 * *ret_loose an array of objects that belong to none. An incident has what it reaches by relationships and
 * references, and never another incident's by the way of a third thing. The way does not go on through what
 * incidents share (addresses, who tells it, markings); of what several incidents are tied to, and of a family
 * or an actor that is not tied to one alone, it goes on to what these name, 16 of a list. What
 * only names others (observed-data) is of the one incident that has them all; of two it is loose. One
 * incident alone has all objects; without any, a report or grouping has them, else all are loose.
 * EKI_ERROR_LIMIT when there are more than `most` incidents or they are too entangled, _MEMORY. New
 * references, to be given back with json_decref. O(objects) of each incident, bounded by 16 times all objects
 * together. */
EKI_MUST_USE enum eki_error eki_taxii_split(struct json_t *objects, size_t most, struct json_t **ret_groups,
                                            struct json_t **ret_loose);

/* Reads a group as an incident, to be given back with eki_incident_free. Errors are those of
 * eki_exchange_read(); the fault always has words. O(bytes). */
EKI_MUST_USE enum eki_error eki_taxii_incident(struct json_t *group, struct eki_incident **ret_incident,
                                               struct eki_fault *ret_fault);

#pragma GCC visibility pop

#endif
