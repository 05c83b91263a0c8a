/* SPDX-License-Identifier: Apache-2.0 */
/* Windows events as JSON: of winlogbeat, of evtx_dump, or flat as NXLog writes them. */
#include <string.h>

#include "contact/json_records.h"
#include "contact/windows.h"
#include "contact/lacks.h"

enum { WAYS = 4, NAMES = EKI_WINDOWS_VALUES * WAYS };

/* The same value by up to four names; the first that is there counts. */
static const char *const names[NAMES + 1] = {"winlog.event_id",
                                             "Event.System.EventID",
                                             "Event.System.EventID.#text",
                                             "EventID",
                                             "@timestamp",
                                             "Event.System.TimeCreated.#attributes.SystemTime",
                                             "EventTime",
                                             "TimeCreated",
                                             "winlog.computer_name",
                                             "Event.System.Computer",
                                             "Hostname",
                                             "Computer",
                                             "winlog.event_data.IpAddress",
                                             "Event.EventData.IpAddress",
                                             "EventData.IpAddress",
                                             "IpAddress",
                                             "winlog.event_data.IpPort",
                                             "Event.EventData.IpPort",
                                             "EventData.IpPort",
                                             "IpPort",
                                             "winlog.event_data.LogonType",
                                             "Event.EventData.LogonType",
                                             "EventData.LogonType",
                                             "LogonType",
                                             "winlog.event_data.ShareName",
                                             "Event.EventData.ShareName",
                                             "EventData.ShareName",
                                             "ShareName",
                                             "winlog.event_data.RelativeTargetName",
                                             "Event.EventData.RelativeTargetName",
                                             "EventData.RelativeTargetName",
                                             "RelativeTargetName",
                                             "winlog.event_data.AccessMask",
                                             "Event.EventData.AccessMask",
                                             "EventData.AccessMask",
                                             "AccessMask",
                                             "winlog.event_data.WorkstationName",
                                             "Event.EventData.WorkstationName",
                                             "EventData.WorkstationName",
                                             "WorkstationName",
                                             NULL};

_Static_assert((int)NAMES <= (int)EKI_FIELDS_MOST, "all names are wanted at once");

struct windows_json {
    struct eki_windows windows;
    struct eki_field_names wanted;
    struct eki_json_records records;
};

static bool fits(const char *head, size_t length)
{
    const char *object;
    size_t whole;
    if (!eki_json_records_first(head, length, &object, &whole)) return false;
    bool beat = eki_log_has(object, whole, "\"winlog\"") && eki_log_has(object, whole, "\"event_id\"");
    bool dumped = eki_log_has(object, whole, "\"EventID\"") &&
                  (eki_log_has(object, whole, "\"Computer\"") || eki_log_has(object, whole, "\"Hostname\""));
    return beat || dumped;
}

static void take_event(struct eki_log_reading *r, const char *text, size_t length, size_t at)
{
    struct windows_json *w = r->state;
    struct eki_field fields[NAMES], values[EKI_WINDOWS_VALUES];
    struct eki_field_fault fault;
    if (!eki_fields_json(&w->wanted, text, length, fields, &fault)) {
        eki_log_reject(r, at + fault.offset, fault.what);
        return;
    }
    for (unsigned i = 0; i < EKI_WINDOWS_VALUES; i++) {
        unsigned way = 0;
        while (way < WAYS - 1 && !eki_field_there(fields[i * WAYS + way])) way++;
        values[i] = fields[i * WAYS + way];
    }
    eki_windows_event(r, &w->windows, values, at);
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct windows_json *w = r->state;
    w->wanted = eki_field_names(names);
    w->records.each = take_event;
    return eki_windows_start(r, &w->windows);
}

static size_t take(struct eki_log_reading *r, const uint8_t *bytes, size_t length, bool ended)
{
    struct windows_json *w = r->state;
    return eki_json_records_take(&w->records, r, bytes, length, ended);
}

static void stop(struct eki_log_reading *r)
{
    struct windows_json *w = r->state;
    if (w) eki_windows_stop(&w->windows);
}

const struct eki_log_format eki_log_windows_json = {
    .kind = {"windows-json",
             "Windows events 4624, 4625, 5140, 5145, 7045 as JSON (winlogbeat, evtx_dump, NXLog)",
             EKI_LACKS_WRITER "; " EKI_LACKS_LOGONS},
    .fits = fits,
    .state_size = sizeof(struct windows_json),
    .start = start,
    .take = take,
    .stop = stop,
};
