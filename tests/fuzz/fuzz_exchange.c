/* SPDX-License-Identifier: Apache-2.0 */
/* Every reader of the forms of exchange: the first byte chooses one (or that the form is told by itself), the
 * rest is the file. What could be read must be valid and go out in every form that is written. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "ekigaku/exchange.h"

static void write_all(struct eki_incident *incident)
{
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    if (eki_incident_validate(incident, NULL)) __builtin_trap();
    if (eki_incident_report_by(incident, "x", "a@example.org", "example.org")) return;
    if (eki_incident_complete(incident, 0)) return;
    struct eki_tlp_decision decision = {true, true, EKI_TLP_RED, EKI_TLP_ALLOWED};
    for (size_t i = 0; formats[i]; i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = eki_exchange_is_written(formats[i]) ? open_memstream(&text, &size) : NULL;
        if (!out) continue;
        struct eki_incident *back = NULL;
        enum eki_error error = eki_exchange_write(formats[i], incident, &decision, out);
        fclose(out);
        if (error) __builtin_trap();
        /* It reads what it writes, whatever it was made from. */
        if (size && eki_exchange_read(text, size, formats[i], &back, NULL)) __builtin_trap();
        eki_incident_free(back);
        free(text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const struct eki_exchange_format *const *formats = eki_exchange_formats();
    size_t count = 0;
    if (!length) return 0;
    while (formats[count]) count++;
    size_t chosen = bytes[0] % (count + 1);
    const struct eki_exchange_format *format = chosen < count ? formats[chosen] : NULL;
    struct eki_incident *incident = NULL;
    struct eki_fault fault;
    if (eki_exchange_read((const char *)bytes + 1, length - 1, format, &incident, &fault)) return 0;
    write_all(incident);
    eki_incident_free(incident);
    return 0;
}
