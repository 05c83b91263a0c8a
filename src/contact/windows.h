/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_WINDOWS_H
#define EKI_CONTACT_WINDOWS_H
/* What both writings of Windows events share: the values that are wanted, and what an event means. */
#include "contact/log_sign.h"
#include "contact/mapping.h"

enum eki_windows_value {
    EKI_WINDOWS_ID,
    EKI_WINDOWS_TIME,
    EKI_WINDOWS_COMPUTER,
    EKI_WINDOWS_ADDRESS, /* where the logon came from, and the next */
    EKI_WINDOWS_PORT,
    EKI_WINDOWS_LOGON_TYPE,
    EKI_WINDOWS_SHARE,
    EKI_WINDOWS_FILE,
    EKI_WINDOWS_ACCESS,
    EKI_WINDOWS_STATION, /* the name of the host that the logon came from */
    EKI_WINDOWS_VALUES
};

/* The names that the seven values behind the computer have in an event's data. */
extern const char *const eki_windows_data[EKI_WINDOWS_VALUES];

struct eki_windows {
    struct eki_mapping hosts;
    struct eki_log_steps steps;
};

/* Reads the mapping of host names to addresses, when there is one. */
EKI_MUST_USE enum eki_error eki_windows_start(struct eki_log_reading *r, struct eki_windows *windows);

/* Takes one event: 4624, 4625, 5140, 5145, 7045; others are passed over. `text` is where the event begins in
 * the window, and `at` how far that is from its start, for the places of complaints. */
void eki_windows_event(struct eki_log_reading *r, struct eki_windows *windows,
                       const struct eki_field values[EKI_WINDOWS_VALUES], size_t at);

/* Frees what it holds. */
void eki_windows_stop(struct eki_windows *windows);

#endif
