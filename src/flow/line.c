/* SPDX-License-Identifier: Apache-2.0 */
/* The flow as one JSON line and back, and what may stand in it. */
#include "base/json_pick.h"
#include "base/json_write.h"
#include "ekigaku/flow.h"

enum eki_error eki_flow_validate(const struct eki_flow *f)
{
    bool carries = f->protocol == EKI_PROTOCOL_TCP || f->protocol == EKI_PROTOCOL_UDP;
    bool ordered = f->first != EKI_TIME_NONE && f->last >= f->first && f->packet_first >= 1;
    return carries && ordered ? EKI_OK : EKI_ERROR_ARGUMENT;
}

size_t eki_flow_write(const struct eki_flow *f, char ret_line[EKI_FLOW_LINE])
{
    struct eki_json j = eki_json_to_buffer(ret_line, EKI_FLOW_LINE - 1);
    eki_json_object(&j);
    eki_json_key(&j, "type"), eki_json_text(&j, "flow");
    eki_json_key(&j, "t"), eki_json_time_exact(&j, f->first);
    eki_json_key(&j, "end"), eki_json_time_exact(&j, f->last);
    eki_json_key(&j, "client"), eki_json_address(&j, f->client);
    eki_json_key(&j, "server"), eki_json_address(&j, f->server);
    eki_json_key(&j, "proto"), eki_json_text(&j, f->protocol == EKI_PROTOCOL_TCP ? "tcp" : "udp");
    eki_json_key(&j, "port"), eki_json_unsigned(&j, f->service);
    eki_json_key(&j, "client_port"), eki_json_unsigned(&j, f->client_port);
    eki_json_key(&j, "client_bytes"), eki_json_unsigned(&j, f->client_bytes);
    eki_json_key(&j, "server_bytes"), eki_json_unsigned(&j, f->server_bytes);
    eki_json_key(&j, "client_packets"), eki_json_unsigned(&j, f->client_packets);
    eki_json_key(&j, "server_packets"), eki_json_unsigned(&j, f->server_packets);
    if (f->inferred) eki_json_key(&j, "inferred"), eki_json_bool(&j, true);
    if (f->refused) eki_json_key(&j, "refused"), eki_json_bool(&j, true);
    eki_json_key(&j, "packet"), eki_json_unsigned(&j, f->packet_first);
    eki_json_key(&j, "packet_last"), eki_json_unsigned(&j, f->packet_last);
    eki_json_key(&j, "input"), eki_json_unsigned(&j, f->input);
    eki_json_end(&j);
    ret_line[j.length] = '\n';
    ret_line[j.length + 1] = 0;
    return j.length + 1;
}

enum eki_error eki_flow_read(const char *line, size_t length, struct eki_flow *ret_flow,
                             struct eki_fault *ret_fault)
{
    static const char *const protocols[] = {"tcp", "udp", NULL};
    static const uint8_t numbers[] = {EKI_PROTOCOL_TCP, EKI_PROTOCOL_UDP};
    struct eki_json_pick pick;
    struct eki_flow f = {0};
    eki_json_pick_read(&pick, line, length);
    f.first = eki_json_pick_time(&pick, "t");
    f.last = eki_json_pick_time(&pick, "end");
    f.client = eki_json_pick_address(&pick, "client");
    f.server = eki_json_pick_address(&pick, "server");
    f.protocol = numbers[eki_json_pick_choice(&pick, "proto", protocols)];
    f.service = (uint16_t)eki_json_pick_unsigned(&pick, "port", UINT16_MAX);
    f.client_port = (uint16_t)eki_json_pick_unsigned(&pick, "client_port", UINT16_MAX);
    f.client_bytes = eki_json_pick_unsigned(&pick, "client_bytes", UINT64_MAX);
    f.server_bytes = eki_json_pick_unsigned(&pick, "server_bytes", UINT64_MAX);
    f.client_packets = (uint32_t)eki_json_pick_unsigned(&pick, "client_packets", UINT32_MAX);
    f.server_packets = (uint32_t)eki_json_pick_unsigned(&pick, "server_packets", UINT32_MAX);
    f.packet_first = eki_json_pick_unsigned(&pick, "packet", UINT64_MAX);
    f.packet_last = eki_json_pick_unsigned(&pick, "packet_last", UINT64_MAX);
    f.input = (uint16_t)eki_json_pick_unsigned(&pick, "input", UINT16_MAX);
    f.inferred = eki_json_pick_has(&pick, "inferred") && eki_json_pick_bool(&pick, "inferred");
    f.refused = eki_json_pick_has(&pick, "refused") && eki_json_pick_bool(&pick, "refused");
    if (pick.error) return eki_json_pick_fault(&pick, ret_fault);
    if (eki_flow_validate(&f))
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0, "fields contradict each other");
    *ret_flow = f;
    return EKI_OK;
}
