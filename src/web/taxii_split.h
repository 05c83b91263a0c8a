/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_WEB_TAXII_SPLIT_H
#define EKI_WEB_TAXII_SPLIT_H
/*
 * STIX objects of several incidents, told apart: those that an incident reaches by relationships and
 * references, not going on through what incidents share (addresses, who tells it, markings).
 */
#include <jansson.h>

#include "ekigaku/error.h"

enum { EKI_TAXII_INCIDENTS = 1000 /* of one envelope: a page of this server holds that many objects */ };

/* Splits an array of objects with ids: *ret_groups gets an array of arrays, one for each incident, *ret_loose
 * an array of objects that belong to none. One incident has all objects; without any, a report or grouping
 * has them, else all are loose. EKI_ERROR_LIMIT when they are too many or too entangled, _MEMORY. New
 * references. O(objects) of each incident, bounded by 16 times all objects together. */
EKI_MUST_USE enum eki_error eki_taxii_split(json_t *objects, json_t **ret_groups, json_t **ret_loose);

#endif
