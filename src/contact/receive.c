/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "contact/receive.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/memory.h"

enum {
    BUFFER_BYTES = 64 * 1024 * 1024, /* as an interface's: longer than any look at the result takes */
    DATAGRAM = 65536,
    TEXT = 64,
    /* linux/sock_diag.h, whose names older libraries lack: counts of a socket, among them its drops */
    MEMORY_COUNTS = 9,
    MEMORY_DROPS = 8
};

struct eki_receiver {
    int socket;
    uint16_t port;
    uint64_t received, lost;
    uint32_t lost_then; /* as the kernel counted it last: 32 bits that wrap */
    uint8_t bytes[DATAGRAM];
};

struct place {
    struct eki_address address;
    bool any;
    uint16_t port;
};

/* "PORT", "ADDRESS:PORT", "[ADDRESS]:PORT". */
static bool read_place(const char *at, struct place *ret_place)
{
    char text[TEXT];
    const char *colon = strrchr(at, ':'), *digits = colon ? colon + 1 : at;
    uint32_t port = 0;
    for (const char *p = digits; *p; p++) {
        if (*p < '0' || *p > '9') return false;
        port = port * 10 + (uint32_t)(*p - '0');
        if (port > UINT16_MAX) return false;
    }
    *ret_place = (struct place){.any = !colon, .port = (uint16_t)port};
    if (!*digits || !colon) return *digits;
    size_t length = (size_t)(colon - at);
    bool bracketed = length >= 2 && at[0] == '[' && at[length - 1] == ']';
    if (bracketed) {
        at++;
        length -= 2;
    }
    if (!length || length >= sizeof text) return false;
    memcpy(text, at, length);
    text[length] = 0;
    if (eki_address_parse(text, &ret_place->address)) return false;
    return bracketed != eki_address_is_v4(ret_place->address);
}

static void store(uint8_t *to, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, value >>= 8) to[i] = (uint8_t)value;
}

static bool bind_v4(int socket, const struct place *place)
{
    struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons(place->port)};
    if (!place->any) local.sin_addr.s_addr = htonl((uint32_t)place->address.lo);
    return !bind(socket, (const struct sockaddr *)&local, sizeof local);
}

/* On all addresses exporters of IPv4 come as ::ffff:a.b.c.d, which is how addresses are kept here. */
static bool bind_v6(int socket, const struct place *place)
{
    int only = !place->any;
    struct sockaddr_in6 local = {.sin6_family = AF_INET6, .sin6_port = htons(place->port)};
    store(local.sin6_addr.s6_addr, place->address.hi, 8);
    store(local.sin6_addr.s6_addr + 8, place->address.lo, 8);
    return !setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) &&
           !bind(socket, (const struct sockaddr *)&local, sizeof local);
}

static bool open_at(struct eki_receiver *receiver, const struct place *place)
{
    bool four = !place->any && eki_address_is_v4(place->address);
    receiver->socket = socket(four ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (receiver->socket < 0 && place->any && errno == EAFNOSUPPORT) {
        four = true;
        receiver->socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    }
    return receiver->socket >= 0 &&
           (four ? bind_v4(receiver->socket, place) : bind_v6(receiver->socket, place));
}

/* Wishes: without them it works, with less room or with the time at which a datagram is read. */
static void prepare(const struct eki_receiver *receiver, uint32_t bytes)
{
    int one = 1, room = bytes ? bytes < INT32_MAX ? (int)bytes : INT32_MAX : BUFFER_BYTES;
    if (setsockopt(receiver->socket, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room))
        (void)setsockopt(receiver->socket, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    (void)setsockopt(receiver->socket, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
}

enum eki_error eki_receiver_open(const char *at, uint32_t bytes, struct eki_receiver **ret_receiver,
                                 struct eki_fault *ret_fault)
{
    struct place place;
    if (!read_place(at, &place))
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                             "\"%.60s\" is none of PORT, ADDRESS:PORT and [ADDRESS]:PORT", at);
    struct eki_receiver *receiver = eki_allocate(1, sizeof *receiver);
    if (!receiver) return eki_fault_set(ret_fault, EKI_ERROR_MEMORY, 0, "receiver");
    if (!open_at(receiver, &place)) {
        enum eki_error error = eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%s", strerror(errno));
        eki_receiver_close(receiver);
        return error;
    }
    prepare(receiver, bytes);
    receiver->port = place.port;
    *ret_receiver = receiver;
    return EKI_OK;
}

static struct eki_address address_of(const struct sockaddr_storage *from)
{
    const struct sockaddr_in *four = (const void *)from;
    if (from->ss_family == AF_INET) return eki_address_v4(ntohl(four->sin_addr.s_addr));
    const uint8_t *p = ((const struct sockaddr_in6 *)(const void *)from)->sin6_addr.s6_addr;
    struct eki_address address = {0, 0};
    for (int i = 0; i < 8; i++) {
        address.hi = address.hi << 8 | p[i];
        address.lo = address.lo << 8 | p[i + 8];
    }
    return address;
}

static eki_time time_of(struct msghdr *message)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        struct timespec when;
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_TIMESTAMPNS) continue;
        memcpy(&when, CMSG_DATA(c), sizeof when);
        return eki_time_clamp((eki_time)when.tv_sec * EKI_SECOND + when.tv_nsec);
    }
    return EKI_TIME_NONE;
}

static void count_lost(struct eki_receiver *receiver)
{
    uint32_t counts[MEMORY_COUNTS] = {0};
    socklen_t length = sizeof counts;
    if (getsockopt(receiver->socket, SOL_SOCKET, SO_MEMINFO, counts, &length) || length < sizeof counts)
        return;
    receiver->lost += (uint32_t)(counts[MEMORY_DROPS] - receiver->lost_then);
    receiver->lost_then = counts[MEMORY_DROPS];
}

enum eki_error eki_receiver_next(struct eki_receiver *receiver, struct eki_log_datagram *ret_datagram,
                                 bool *ret_got, struct eki_fault *ret_fault)
{
    struct sockaddr_storage from = {.ss_family = AF_UNSPEC};
    _Alignas(struct cmsghdr) uint8_t control[256];
    struct iovec part = {receiver->bytes, sizeof receiver->bytes};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof from,
                             .msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    *ret_got = false;
    ssize_t length = recvmsg(receiver->socket, &message, MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR || errno == ENOBUFS || errno == ENOMEM))
        return EKI_OK;
    if (length < 0) return eki_fault_set(ret_fault, EKI_ERROR_READ, 0, "%s", strerror(errno));
    *ret_got = true;
    receiver->received++;
    *ret_datagram = (struct eki_log_datagram){.bytes = receiver->bytes,
                                              .length = (size_t)length,
                                              .source = address_of(&from),
                                              .time = time_of(&message),
                                              .port = receiver->port,
                                              .meant = true,
                                              .cut = message.msg_flags & MSG_TRUNC};
    return EKI_OK;
}

struct eki_capture_loss eki_receiver_losses(struct eki_receiver *receiver)
{
    count_lost(receiver);
    return (struct eki_capture_loss){receiver->received, receiver->lost};
}

int eki_receiver_descriptor(const struct eki_receiver *receiver)
{
    return receiver->socket;
}

void eki_receiver_close(struct eki_receiver *receiver)
{
    if (!receiver) return;
    if (receiver->socket >= 0) close(receiver->socket);
    eki_free(receiver);
}
