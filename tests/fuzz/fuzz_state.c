/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what stands behind the header of a saved state, and a real state with bytes exchanged:
 * refused, or an analysis that can be looked at, written out again and ended. */
#include <stdlib.h>
#include <string.h>

#include "analysis/state.h"
#include "ekigaku/watch.h"

enum { HEADER = 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(struct eki_analysis *analysis)
{
    const struct eki_result *result;
    void *bytes;
    size_t length;
    if (!eki_analysis_look(analysis, &result)) (void)result->scanner_count;
    if (!eki_analysis_pack(analysis, NULL, &bytes, &length)) eki_analysis_release(bytes);
    if (eki_analysis_finish(analysis) == EKI_ERROR_ARGUMENT) abort();
    eki_analysis_free(analysis);
}

/* The state of an analysis that has seen `count` probes of one source, with bytes exchanged by the input:
 * triples of a place (two bytes) and a value. */
static void change_real(const uint8_t *data, size_t size)
{
    struct eki_analysis *analysis;
    struct eki_note note;
    void *bytes;
    size_t length;
    if (eki_analysis_new(NULL, &analysis)) return;
    for (int i = 0; i < data[0] % 64; i++) {
        struct eki_contact contact = {.client = eki_address_v4(0x0a000001 + (uint32_t)i % 3),
                                      .server = eki_address_v4(0x0a000100 + (uint32_t)i),
                                      .time = (i + 1) * EKI_SECOND,
                                      .answered = EKI_TIME_NONE,
                                      .packet = (uint64_t)i + 1,
                                      .attempts = 1,
                                      .service = 445,
                                      .protocol = EKI_PROTOCOL_TCP,
                                      .outcome = (uint8_t)(i % 5)};
        eki_analysis_on_contacts(analysis, &contact, 1);
    }
    enum eki_error error = eki_analysis_pack(analysis, NULL, &bytes, &length);
    eki_analysis_free(analysis);
    if (error) return;
    for (size_t at = 1; at + 3 <= size; at += 3) {
        size_t place = ((size_t)data[at] << 8 | data[at + 1]) % (length - HEADER);
        ((uint8_t *)bytes)[HEADER + place] = data[at + 2];
    }
    struct eki_note packed = {(uint8_t *)bytes + HEADER, length - HEADER};
    if (!eki_analysis_unpack_body(NULL, &packed, &analysis, &note, NULL)) use(analysis);
    eki_analysis_release(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct eki_analysis *analysis;
    struct eki_note note, packed = {data, size};
    if (!eki_analysis_unpack_body(NULL, &packed, &analysis, &note, NULL)) use(analysis);
    if (size >= 4) change_real(data, size);
    return 0;
}
