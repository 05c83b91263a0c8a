/* SPDX-License-Identifier: Apache-2.0 */
/* Zeek's logs as JSON lines, one log a file or many mixed (policy/tuning/json-logs; json-streaming-logs adds
 * `_path`, other shippers `@stream`). */
#include "contact/zeek.h"
#include "contact/lacks.h"

struct zeek_json {
    struct eki_log_steps steps;
    struct eki_field_names wanted;
};

static bool fits(const char *head, size_t length)
{
    bool hosts = eki_log_first_line_has(head, length, "\"id.orig_h\"") ||
                 eki_log_first_line_has(head, length, "\"id_orig_h\"") ||
                 eki_log_first_line_has(head, length, "\"orig_h\"");
    /* Notices need not speak of a connection. */
    bool notice = eki_log_first_line_has(head, length, "\"note\"") &&
                  eki_log_first_line_has(head, length, "\"actions\"");
    return (hosts || notice) && head[0] == '{' && eki_log_first_line_has(head, length, "\"ts\"");
}

static enum eki_error start(struct eki_log_reading *r)
{
    struct zeek_json *z = r->state;
    z->wanted = eki_field_names(eki_zeek_names);
    return EKI_OK;
}

static void take_line(struct eki_log_reading *r, const char *line, size_t length)
{
    struct zeek_json *z = r->state;
    struct eki_field fields[EKI_ZEEK_FIELDS];
    struct eki_field_fault fault;
    if (!eki_fields_json(&z->wanted, line, length, fields, &fault)) {
        eki_log_reject(r, fault.offset, fault.what);
        return;
    }
    bool streamed = eki_field_there(fields[EKI_ZEEK_STREAM]);
    eki_zeek_record(r, &z->steps, line, fields, fields[streamed ? EKI_ZEEK_STREAM : EKI_ZEEK_PATH]);
}

static void stop(struct eki_log_reading *r)
{
    struct zeek_json *z = r->state;
    if (z) eki_log_steps_done(&z->steps);
}

const struct eki_log_format eki_log_zeek_json = {
    .kind = {"zeek-json", "Zeek logs as JSON lines: conn, dns, ssl, notice, smb_files, smb_mapping, dce_rpc",
             EKI_LACKS_TOGETHER},
    .fits = fits,
    .state_size = sizeof(struct zeek_json),
    .start = start,
    .line = take_line,
    .stop = stop,
};
