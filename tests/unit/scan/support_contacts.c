/* SPDX-License-Identifier: Apache-2.0 */
#include "support_contacts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

struct trial trial_new(void)
{
    struct trial trial = {0};
    assert_int_equal(eki_bank_new(7, NULL, &trial.bank), EKI_OK);
    return trial;
}

void trial_done(struct trial *trial)
{
    eki_bank_free(trial->bank);
    eki_arena_done(&trial->arena);
}

void trial_tcp(struct trial *trial, uint32_t client, uint32_t server, uint16_t port, double seconds,
               enum eki_outcome outcome)
{
    eki_time time = (eki_time)(seconds * 1e9);
    struct eki_contact contact = {.client = eki_address_v4(client),
                                  .server = eki_address_v4(server),
                                  .time = time,
                                  .answered = outcome ? time : EKI_TIME_NONE,
                                  .packet = ++trial->packet,
                                  .attempts = 1,
                                  .client_port = 40000,
                                  .service = port,
                                  .protocol = EKI_PROTOCOL_TCP,
                                  .outcome = (uint8_t)outcome};
    bool decided[EKI_BANK_GROUP];
    assert_int_equal(eki_bank_contacts(trial->bank, &contact, 1, decided), EKI_OK);
}

const struct eki_scanner *trial_scanner(struct trial *trial, uint32_t client, uint16_t port)
{
    if (!trial->scanners)
        assert_int_equal(eki_bank_findings(trial->bank, 0, &trial->arena, &trial->scanners, &trial->count),
                         EKI_OK);
    for (size_t i = 0; i < trial->count; i++) {
        const struct eki_scanner *s = &trial->scanners[i];
        if (eki_address_equal(s->host, eki_address_v4(client)) && (!port || s->service == port)) return s;
    }
    return NULL;
}
