/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* qsort_r */
#include "directory/domains.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "directory/records.h"

enum { LABEL = 63, NAME = 253 };

enum eki_error eki_domain_canonical(const char *text, char ret_domain[256])
{
    char domain[256];
    size_t length = strlen(text), label = 0;
    if (length && text[length - 1] == '.') length--;
    if (!length || length > NAME) return EKI_ERROR_ARGUMENT;
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 32) : text[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        if (c == '.' ? !label : (!letter && (c != '-' || !label))) return EKI_ERROR_ARGUMENT;
        if ((c == '.' || i + 1 == length) && (c == '-' || (i && text[i - 1] == '-' && c == '.')))
            return EKI_ERROR_ARGUMENT;
        label = c == '.' ? 0 : label + 1;
        if (label > LABEL) return EKI_ERROR_ARGUMENT;
        domain[i] = c;
    }
    domain[length] = '\0';
    const char *last = strrchr(domain, '.');
    last = last ? last + 1 : domain;
    if (strspn(last, "0123456789") == strlen(last)) return EKI_ERROR_ARGUMENT; /* an address gone wrong */
    memcpy(ret_domain, domain, length + 1);
    return EKI_OK;
}

bool eki_domain_is_public(const char *domain)
{
    const psl_ctx_t *list = psl_builtin();
    /* Without a list one label alone is still public: nobody owns a top-level domain of others. */
    return list ? psl_is_public_suffix(list, domain) : !strchr(domain, '.');
}

static int by_domain(const void *x, const void *y, void *user)
{
    const struct eki_domain_entry *a = x, *b = y;
    int order = strcmp(a->domain, b->domain);
    return order ? order : eki_network_prefer(user, a->network, b->network);
}

enum eki_error eki_domains_build(const struct eki_directory *d, struct eki_domains *domains)
{
    const struct eki_network *networks = d->of[EKI_RECORD_NETWORK].items;
    size_t total = d->of[EKI_RECORD_NETWORK].count, count = 0;
    for (size_t i = 0; i < total; i++) count += networks[i].domain != NULL;
    domains->items = eki_allocate(count, sizeof *domains->items);
    if (!domains->items) return EKI_ERROR_MEMORY;
    for (uint32_t i = 0; i < total; i++)
        if (networks[i].domain)
            domains->items[domains->count++] =
                (struct eki_domain_entry){networks[i].domain, i, eki_domain_is_public(networks[i].domain)};
    if (count) qsort_r(domains->items, count, sizeof *domains->items, by_domain, (void *)d);
    return EKI_OK;
}

size_t eki_domains_exact(const struct eki_domains *domains, const char *domain, size_t *ret_first)
{
    size_t low = 0, high = domains->count, count = 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(domains->items[middle].domain, domain) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (low + count < domains->count && !strcmp(domains->items[low + count].domain, domain)) count++;
    *ret_first = low;
    return count;
}

void eki_domains_done(struct eki_domains *domains)
{
    eki_free(domains->items);
    *domains = (struct eki_domains){0};
}
