/* SPDX-License-Identifier: Apache-2.0 */
#include "exchange/stix/marking.h"

#include <stddef.h>
#include <string.h>

/* STIX 2.1, 7.2.1.4 (version 1), and the extension of 2022 for TLP 2.0. */
static const struct {
    enum eki_tlp label;
    const char *id;
} markings[] = {
    {EKI_TLP_CLEAR, "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"},
    {EKI_TLP_GREEN, "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"},
    {EKI_TLP_AMBER, "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"},
    {EKI_TLP_AMBER_STRICT, "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"},
    {EKI_TLP_RED, "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"},
    {EKI_TLP_CLEAR, "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9"},
    {EKI_TLP_GREEN, "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"},
    {EKI_TLP_AMBER, "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"},
    {EKI_TLP_RED, "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"},
};

const char *eki_stix_marking(enum eki_tlp label)
{
    return markings[(unsigned)label < EKI_TLP_COUNT ? label : EKI_TLP_RED].id;
}

bool eki_stix_label(const char *id, enum eki_tlp *ret_label)
{
    for (size_t i = 0; i < sizeof markings / sizeof *markings; i++) {
        if (strcmp(markings[i].id, id) != 0) continue;
        *ret_label = markings[i].label;
        return true;
    }
    return false;
}
