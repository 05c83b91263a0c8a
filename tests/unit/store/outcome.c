/* SPDX-License-Identifier: Apache-2.0 */
#include "outcome.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ORIGIN (1494574800 * EKI_SECOND)

static struct eki_address host(size_t i)
{
    return eki_address_v4((uint32_t)(0x0a000001u + i));
}

static void make_infections(struct outcome *o, size_t infected)
{
    o->infections = calloc(infected ? infected : 1, sizeof *o->infections);
    if (!o->infections) abort();
    for (size_t i = 0; i < infected; i++)
        o->infections[i] = (struct eki_infection){.host = host(i),
                                                  .time = ORIGIN + (eki_time)i * EKI_SECOND,
                                                  .error_s = 0.25,
                                                  .has_parent = i > 0,
                                                  .parent = host(i / 2),
                                                  .parent_posterior = 0.75,
                                                  .evidence = EKI_EVIDENCE_EXPLOIT,
                                                  .generation = i ? (uint32_t)log2((double)i) + 1 : 0,
                                                  .packet_first = i + 1,
                                                  .packet_last = i + 2};
    o->outbreak.infections = o->infections;
    o->outbreak.infection_count = infected;
}

void outcome_make(struct outcome *o, size_t infected)
{
    *o = (struct outcome){.result = {.origin = ORIGIN,
                                     .end = ORIGIN + 100000 * EKI_SECOND,
                                     .packets = 1000,
                                     .flows = 100,
                                     .contacts = 500,
                                     .hosts = infected,
                                     .scanner_count = 2}};
    o->outbreak = (struct eki_outbreak){.id = 1,
                                        .protocol = 6,
                                        .service = 445,
                                        .vectors = {"exploit"},
                                        .vector_count = 1,
                                        .family = {.name = "wannacry", .score = 0.9},
                                        .route = "airborne",
                                        .countermeasure_class = "I",
                                        .known = "known",
                                        .patient_zero = host(0),
                                        .has_patient_zero = true,
                                        .growth = {.known = true, .doubling_s = 30, .r = 2}};
    make_infections(o, infected);
    for (size_t i = 0; i < 2; i++) {
        o->signs[i] = (struct eki_sign){.source = host(i), .first = ORIGIN + (eki_time)i * EKI_SECOND};
        o->signs[i].last = o->signs[i].first + EKI_SECOND;
        if (!eki_sign_own_texts(&o->signs[i], "killswitch-dns", "wannacry", "")) abort();
        snprintf(o->signs[i].detail, sizeof o->signs[i].detail, "asked 2 times for %s", OUTCOME_KILL_SWITCH);
    }
    o->result.signs = o->signs;
    o->signs[2] = (struct eki_sign){.source = host(0),
                                    .target = host(1),
                                    .protocol = 6,
                                    .service = 445,
                                    .grade = EKI_GRADE_IMPLANT,
                                    .automated = true,
                                    .first = ORIGIN + EKI_SECOND,
                                    .last = ORIGIN + EKI_SECOND};
    if (!eki_sign_own_texts(&o->signs[2], "admin-share-exec", "", "T1569.002")) abort();
    snprintf(o->signs[2].detail, sizeof o->signs[2].detail,
             "1 files to administrative shares (temp\\%s), then started by NetrJobAdd", OUTCOME_DROPPED);
    o->signs[3] = o->signs[2]; /* of another outbreak */
    o->signs[3].target = eki_address_v4(0x01010101u);
    snprintf(o->signs[3].detail, sizeof o->signs[3].detail,
             "1 files to administrative shares (other.exe), then started by NetrJobAdd");
    o->result.sign_count = 4;
    o->scanners[0] = (struct eki_scanner){.host = host(0),
                                          .protocol = 6,
                                          .service = 445,
                                          .verdict = EKI_VERDICT_SCANNER,
                                          .reason = "targets that were new and did not answer",
                                          .first = ORIGIN,
                                          .last = ORIGIN + 60 * EKI_SECOND,
                                          .targets = 254,
                                          .rate_per_s = 4.2,
                                          .evidence = 9.5,
                                          .decided_after = 7};
    o->scanners[0].strategies[EKI_SCOPE_CONNECTED] =
        (struct eki_strategy_finding){.name = EKI_STRATEGY_SEQUENTIAL, .probes = 254};
    o->scanners[1] = (struct eki_scanner){.host = host(5), .protocol = 17, .rate_per_s = NAN};
    o->result.scanners = o->scanners;
    o->result.outbreaks = &o->outbreak;
    o->result.outbreak_count = infected ? 1 : 0;
}

void outcome_done(struct outcome *o)
{
    free(o->infections);
}
