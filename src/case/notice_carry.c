/* SPDX-License-Identifier: Apache-2.0 */
/* Mail of notices goes to a relay. */
#include <stdio.h>

#include "ekigaku/notice.h"

enum eki_notice_outcome eki_notice_carry_mail(void *user, const struct eki_notice_message *message,
                                              char ret_reply[EKI_NOTICE_REPLY])
{
    static const enum eki_notice_outcome outcomes[] = {[EKI_RELAY_ACCEPTED] = EKI_CARRIED_ACCEPTED,
                                                       [EKI_RELAY_REFUSED_FOR_GOOD] = EKI_CARRIED_REFUSED,
                                                       [EKI_RELAY_REFUSED_FOR_NOW] = EKI_CARRIED_LATER,
                                                       [EKI_RELAY_NOT_KNOWN] = EKI_CARRIED_UNKNOWN};
    struct eki_notice_courier *courier = user;
    struct eki_relay_outcome outcome = {0};
    struct eki_fault fault = {0};
    struct eki_notice_mailed mailed;
    enum eki_error error = eki_notice_mail(message, &courier->envelope, &mailed, &fault);
    if (!error) {
        struct eki_relay_letter letter = {courier->envelope.sender->mail, message->to, mailed.bytes,
                                          mailed.length};
        error = eki_relay_send(courier->relay, &letter, &outcome);
        eki_mail_bytes_free(mailed.bytes);
    }
    if (error) {
        snprintf(ret_reply, EKI_NOTICE_REPLY, "not sent: %s: %.160s", eki_error_text(error), fault.what);
        return EKI_CARRIED_LATER;
    }
    snprintf(ret_reply, EKI_NOTICE_REPLY, "%u %.199s", (unsigned)outcome.code, outcome.text);
    return outcomes[outcome.answer];
}
