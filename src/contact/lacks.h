/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_LACKS_H
#define EKI_CONTACT_LACKS_H
/*
 * What several forms of log cannot tell, in the same words. The list of a form (`lacks` of its kind) is
 * clauses with "; " between; each clause is a text of its own, so that reports say the list in either
 * language.
 */
#include "base/text.h"

#define EKI_LACKS_ZONE      EKI_TEXT("the time zone: UTC is taken")
#define EKI_LACKS_SIZES     EKI_TEXT("payload sizes: estimated from bytes of IP")
#define EKI_LACKS_PAYLOAD   EKI_TEXT("how much payload moved, only whole packets")
#define EKI_LACKS_FLAGS     EKI_TEXT("where TCP flags are missing: who began, and what was refused")
#define EKI_LACKS_UNSAMPLED EKI_TEXT("conversations without a sampled packet (counts are multiplied)")
#define EKI_LACKS_ANSWERS   EKI_TEXT("whether what was let through was answered: it counts as answered")
#define EKI_LACKS_DATES     EKI_TEXT("the dates of records whose clock is not that of their exporter")
#define EKI_LACKS_TOGETHER                                                                                   \
    EKI_TEXT("what several files show together, when each is read alone: a file on a share and its start")
#define EKI_LACKS_WRITER EKI_TEXT("the address of the host that wrote them (see --mapping)")
#define EKI_LACKS_LOGONS EKI_TEXT("attempts that never reached a logon, and what moved")

#endif
