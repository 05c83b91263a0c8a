/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_RECEIVE_H
#define EKI_CONTACT_RECEIVE_H
/*
 * A UDP socket to which exporters of flows send. It receives only: nothing is ever written to it.
 *
 *     eki_receiver_open("192.0.2.1:2055", 0, &receiver, &fault);
 *     while (!eki_receiver_next(receiver, &datagram, &got) && got) use(&datagram);
 *     eki_receiver_close(receiver);
 */
#include "contact/log_format.h"

struct eki_receiver;

/*
 * Listens at "PORT" (all addresses), "192.0.2.1:PORT" or "[2001:db8::1]:PORT"; port 0 lets the system choose.
 * `bytes`: of the kernel's buffer, 0 for 64 MiB; without the right to have so much, as much as is allowed.
 * EKI_ERROR_ARGUMENT for another text, _OPEN, _MEMORY; *ret_receiver is untouched then.
 */
EKI_MUST_USE enum eki_error eki_receiver_open(const char *at, uint32_t bytes,
                                              struct eki_receiver **ret_receiver,
                                              struct eki_fault *ret_fault);

/* The next datagram that has come; *ret_got false: none just now. Does not wait. The bytes are valid until
 * the next call; the time is when the kernel got it. EKI_ERROR_READ. */
EKI_MUST_USE enum eki_error eki_receiver_next(struct eki_receiver *receiver,
                                              struct eki_log_datagram *ret_datagram, bool *ret_got,
                                              struct eki_fault *ret_fault);

/* Datagrams received, and dropped by the kernel because its buffer was full. */
struct eki_capture_loss eki_receiver_losses(struct eki_receiver *receiver);

/* Becomes readable when there is more. */
int eki_receiver_descriptor(const struct eki_receiver *receiver);

/* NULL is allowed. */
void eki_receiver_close(struct eki_receiver *receiver);

#endif
