/* SPDX-License-Identifier: Apache-2.0 */
/* Frames in, yes or no out (see filter.h). */
#include "capture/filter.h"

#include <pcap/pcap.h>

#include "base/memory.h"

/* Link types of one input: real files mix two or three (Ethernet, loopback, cooked). Frames of a type past
 * the limit match nothing. */
enum { LINK_LIMIT = 16 };

struct program {
    uint32_t link;
    bool usable;
    struct bpf_program code;
};

struct eki_filter {
    const char *expression;
    size_t count;
    struct program programs[LINK_LIMIT];
};

/* The DLT_ number libpcap knows a LINKTYPE_ by; they differ for raw IP only, of those that are decoded here.
 */
static int dlt_from_link(uint32_t link)
{
    return link == 101 ? DLT_RAW : (int)link;
}

static enum eki_error compile(const char *expression, uint32_t link, struct program *ret_program,
                              struct eki_fault *ret_fault)
{
    pcap_t *handle = pcap_open_dead(dlt_from_link(link), EKI_FRAME_LIMIT);
    if (!handle) return EKI_ERROR_MEMORY;
    enum eki_error error = EKI_OK;
    *ret_program = (struct program){.link = link};
    if (pcap_compile(handle, &ret_program->code, expression, 1, PCAP_NETMASK_UNKNOWN))
        error = eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "filter: %s", pcap_geterr(handle));
    else
        ret_program->usable = true;
    pcap_close(handle);
    return error;
}

enum eki_error eki_filter_open(const char *expression, uint32_t link, struct eki_filter **ret_filter,
                               struct eki_fault *ret_fault)
{
    struct eki_filter *filter = eki_allocate(1, sizeof *filter);
    if (!filter) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "filter");
    filter->expression = expression;
    filter->count = 1;
    enum eki_error error = compile(expression, link, &filter->programs[0], ret_fault);
    if (error) {
        eki_free(filter);
        return error;
    }
    *ret_filter = filter;
    return EKI_OK;
}

static const struct program *program_for(struct eki_filter *filter, uint32_t link)
{
    for (size_t i = 0; i < filter->count; i++)
        if (filter->programs[i].link == link) return &filter->programs[i];
    if (filter->count == LINK_LIMIT) return NULL;
    struct program *added = &filter->programs[filter->count++];
    *added = (struct program){.link = link};
    enum eki_error unusable = compile(filter->expression, link, added, NULL);
    (void)unusable; /* noted in added->usable: the expression then matches nothing on this link type */
    return added;
}

bool eki_filter_pass(struct eki_filter *filter, const struct eki_frame *frame)
{
    const struct program *program = program_for(filter, frame->link);
    if (!program || !program->usable) return false;
    return bpf_filter(program->code.bf_insns, frame->bytes, frame->wire, frame->captured) != 0;
}

void eki_filter_close(struct eki_filter *filter)
{
    if (!filter) return;
    for (size_t i = 0; i < filter->count; i++) pcap_freecode(&filter->programs[i].code);
    eki_free(filter);
}
