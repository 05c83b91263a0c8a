/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_host.h"

#include "ekigaku/owner.h"

void eki_case_host_owner(const struct eki_directory *directory, struct eki_store_case_host *row)
{
    struct eki_address address;
    struct eki_owner owner;
    size_t count;
    if (!directory || eki_address_parse(row->host, &address)) return;
    eki_directory_find(directory, &address, 1, &owner);
    if (owner.network == EKI_NOWHERE) return;
    const struct eki_network *network = eki_directory_networks(directory, &count) + owner.network;
    row->team = network->team;
    row->department = network->department;
}
