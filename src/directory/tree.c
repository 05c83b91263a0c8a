/* SPDX-License-Identifier: Apache-2.0 */
#include "directory/tree.h"

#include <string.h>

/* jansson asks for bytes; the source has them in its window. */
struct feed {
    struct eki_source *source;
    size_t total;
};

static size_t give(void *buffer, size_t room, void *user)
{
    struct feed *feed = user;
    struct eki_source *source = feed->source;
    if (!source->left) eki_source_fill(source, 1);
    size_t length = source->left < room ? source->left : room;
    if (source->error) return (size_t)-1;
    feed->total += length;
    if (feed->total > EKI_ROSTER_JSON) return (size_t)-1;
    memcpy(buffer, source->at, length);
    eki_source_pass(source, length);
    return length;
}

enum eki_error eki_tree_read(struct eki_source *source, json_t **ret_tree, struct eki_fault *ret_fault)
{
    struct feed feed = {.source = source};
    json_error_t reason;
    json_t *tree = json_load_callback(give, &feed, JSON_REJECT_DUPLICATES, &reason);
    if (tree) {
        *ret_tree = tree;
        return EKI_OK;
    }
    if (source->error) return source->error;
    if (feed.total > EKI_ROSTER_JSON)
        return eki_fault_set(ret_fault, EKI_ERROR_LIMIT, 0, "more than %d bytes", EKI_ROSTER_JSON);
    return eki_fault_set(ret_fault, EKI_ERROR_FORMAT, 0, "line %d, column %d: %.80s", reason.line,
                         reason.column, reason.text);
}

const char *eki_tree_text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

const json_t *eki_tree_array(const json_t *object, const char *key)
{
    const json_t *array = json_object_get(object, key);
    return json_is_array(array) ? array : NULL;
}
