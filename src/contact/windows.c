/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Security events of Windows: who logged on to which host over the network, and what was put there
 * (learn.microsoft.com, "Appendix L: Events to monitor"; "4624(S): An account was successfully logged on" and
 * its neighbours). An event names its own host; its address comes from the mapping.
 */
#include "contact/windows.h"

#include <string.h>

enum { NETWORK = 3, REMOTE_DESKTOP = 10, SMB = 445, RDP = 3389, WRITE_DATA = 2, HOST_NAME = 256 };

const char *const eki_windows_data[EKI_WINDOWS_VALUES] = {
    [EKI_WINDOWS_ADDRESS] = "IpAddress",       [EKI_WINDOWS_PORT] = "IpPort",
    [EKI_WINDOWS_LOGON_TYPE] = "LogonType",    [EKI_WINDOWS_SHARE] = "ShareName",
    [EKI_WINDOWS_FILE] = "RelativeTargetName", [EKI_WINDOWS_ACCESS] = "AccessMask",
    [EKI_WINDOWS_STATION] = "WorkstationName"};

enum eki_error eki_windows_start(struct eki_log_reading *r, struct eki_windows *windows)
{
    return r->mapping ? eki_mapping_read(r->mapping, &windows->hosts, &r->fault) : EKI_OK;
}

void eki_windows_stop(struct eki_windows *windows)
{
    eki_mapping_done(&windows->hosts);
    eki_log_steps_done(&windows->steps);
}

/* By its whole name, then by the first part of it; a computer may also be named by its address. */
static bool address_of(const struct eki_windows *w, struct eki_field computer,
                       struct eki_address *ret_address)
{
    char name[HOST_NAME];
    if (computer.kind != EKI_FIELD_TEXT || computer.length >= sizeof name) return false;
    eki_field_text(computer, name, sizeof name);
    const struct eki_mapping_entry *host = eki_mapping_find(&w->hosts, name);
    char *point = strchr(name, '.');
    if (!host && !eki_address_parse(name, ret_address)) return true;
    if (!host && point) {
        *point = 0;
        host = eki_mapping_find(&w->hosts, name);
    }
    return host && !eki_address_parse(host->value, ret_address);
}

/* "0x2", as events write masks. */
static unsigned mask_of(struct eki_field field)
{
    static const char digits[] = "0123456789abcdef";
    unsigned mask = 0;
    for (uint32_t i = 0; i < field.length && eki_field_there(field); i++) {
        const char *digit = strchr(digits, field.at[i] | 0x20);
        if (digit && *digit) mask = mask << 4 | (unsigned)(digit - digits);
    }
    return mask;
}

/* A logon or a look at a share is a conversation on the service it came by. */
static void contact(struct eki_log_reading *r, const struct eki_log_where *where, uint16_t port)
{
    struct eki_log_conversation c = {.client = where->source,
                                     .server = where->target,
                                     .time = where->time,
                                     .end = EKI_TIME_NONE,
                                     .client_port = port,
                                     .service = where->service,
                                     .protocol = where->protocol,
                                     .outcome = EKI_OUTCOME_ESTABLISHED,
                                     .client_packets = 1,
                                     .server_packets = 1};
    eki_log_conversation(r, &c);
}

static void open_share(struct eki_log_reading *r, struct eki_windows *w, const struct eki_log_where *where,
                       const struct eki_field *values)
{
    static const struct eki_sign like = {
        .name = "admin-share-open", .family = "", .technique = "T1021.002", .grade = EKI_GRADE_NOTE};
    char share[HOST_NAME];
    if (!eki_log_share_is_administrative(values[EKI_WINDOWS_SHARE])) return;
    bool writes = mask_of(values[EKI_WINDOWS_ACCESS]) & WRITE_DATA;
    if (eki_field_there(values[EKI_WINDOWS_FILE]) && writes)
        eki_log_share_write(r, &w->steps, where, values[EKI_WINDOWS_FILE]);
    else if (!eki_field_there(values[EKI_WINDOWS_FILE]))
        eki_log_tell(r, &like, where, eki_field_text(values[EKI_WINDOWS_SHARE], share, sizeof share));
}

/* Over the network or by remote desktop; others happen on the host itself. */
static bool is_remote(unsigned event, unsigned type)
{
    return event == 5140 || event == 5145 || type == NETWORK || type == REMOTE_DESKTOP;
}

static bool is_told(struct eki_field field)
{
    return eki_field_there(field) && field.length && !eki_field_is(field, "-") &&
           !eki_field_is(field, "LOCAL");
}

/* By its address; where none is told, by its name. ::1 and 127.0.0.1 are the host itself. */
static bool source_of(struct eki_field_reader *v, const struct eki_windows *w, const struct eki_field *values,
                      struct eki_address *ret_source)
{
    if (!is_told(values[EKI_WINDOWS_ADDRESS])) return address_of(w, values[EKI_WINDOWS_STATION], ret_source);
    *ret_source = eki_field_address(v, values[EKI_WINDOWS_ADDRESS]);
    return !eki_address_is_special(*ret_source);
}

static void take_event(struct eki_log_reading *r, struct eki_windows *w, const struct eki_log_where *where,
                       const struct eki_field *values, unsigned event)
{
    struct eki_field_reader v = {0};
    struct eki_field port = values[EKI_WINDOWS_PORT];
    uint16_t from = eki_field_is(port, "-") ? 0 : (uint16_t)eki_field_unsigned(&v, port, UINT16_MAX);
    if (event != 7045) contact(r, where, v.wrong ? 0 : from);
    if (event == 4624) eki_log_logon(r, &w->steps, where);
    if (event == 4625) eki_log_guess(r, &w->steps, where);
    if (event == 5140 || event == 5145) open_share(r, w, where, values);
    if (event == 7045) eki_log_install(r, &w->steps, where);
}

void eki_windows_event(struct eki_log_reading *r, struct eki_windows *windows,
                       const struct eki_field values[EKI_WINDOWS_VALUES], size_t at)
{
    struct eki_field_reader v = {0};
    unsigned event = (unsigned)eki_field_unsigned(&v, values[EKI_WINDOWS_ID], UINT32_MAX);
    if (event != 4624 && event != 4625 && event != 5140 && event != 5145 && event != 7045) return;
    unsigned type = (unsigned)eki_field_unsigned(&v, values[EKI_WINDOWS_LOGON_TYPE], UINT32_MAX);
    struct eki_log_where where = {.protocol = EKI_PROTOCOL_TCP,
                                  .service = type == REMOTE_DESKTOP ? RDP : SMB,
                                  .time = eki_field_date(&v, values[EKI_WINDOWS_TIME])};
    bool sourced = source_of(&v, windows, values, &where.source);
    if (!v.wrong && event != 7045 && (!sourced || !is_remote(event, type))) return;
    if (!v.wrong && where.time == EKI_TIME_NONE) v.wrong = "it has no time";
    if (!v.wrong && !address_of(windows, values[EKI_WINDOWS_COMPUTER], &where.target))
        v.wrong = "the address of its computer is not known: a --mapping file tells it (NAME = ADDRESS)";
    if (v.wrong)
        eki_log_reject(r, at, v.wrong);
    else
        take_event(r, windows, &where, values, event);
}
