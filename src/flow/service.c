/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/service.h"

/* Services above the well-known range that are common on LANs or used by worms; sorted. */
static const uint16_t registered[] = {1080, 1433, 1434, 1521, 1723, 1883, 1900,  2049,  2222,
                                      2323, 3128, 3306, 3389, 3702, 4444, 5000,  5060,  5222,
                                      5353, 5355, 5432, 5555, 5554, 5900, 5985,  6379,  7547,
                                      8000, 8080, 8443, 9100, 9200, 9996, 11211, 27017, 37215};

static bool is_registered(uint16_t port)
{
    for (size_t i = 0; i < sizeof registered / sizeof *registered; i++)
        if (registered[i] == port) return true;
    return false;
}

/* 3: well-known, 2: registered service, 1: other, 0: no port. */
static int rank(uint16_t port)
{
    if (port == 0) return 0;
    if (port < 1024) return 3;
    return is_registered(port) ? 2 : 1;
}

bool eki_flow_service_is_target(uint16_t source_port, uint16_t target_port)
{
    int source = rank(source_port), target = rank(target_port);
    if (source != target) return target > source;
    return target_port <= source_port;
}

bool eki_flow_is_reply(uint16_t source_port, uint16_t target_port)
{
    return source_port < 1024 && source_port != 0 && target_port >= 1024 && !is_registered(target_port);
}
