/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

union place {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

enum { BACKLOG = 511, HOST_TEXT = 64 };

static bool read_port(const char *text, uint16_t *ret_port)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || port > 65535) return false;
    *ret_port = (uint16_t)port;
    return true;
}

static bool read_place(const char *address, union place *ret_place, bool *ret_loopback)
{
    char host[HOST_TEXT];
    uint16_t port;
    const char *colon = strrchr(address, ':');
    size_t length = colon ? (size_t)(colon - address) : 0;
    if (!length || length >= sizeof host || !read_port(colon + 1, &port)) return false;
    snprintf(host, sizeof host, "%.*s", (int)length, address);
    memset(ret_place, 0, sizeof *ret_place);
    if (host[0] == '[' && host[length - 1] == ']') {
        host[length - 1] = 0;
        ret_place->six.sin6_family = AF_INET6;
        ret_place->six.sin6_port = htons(port);
        *ret_loopback = inet_pton(AF_INET6, host + 1, &ret_place->six.sin6_addr) == 1 &&
                        IN6_IS_ADDR_LOOPBACK(&ret_place->six.sin6_addr);
        return inet_pton(AF_INET6, host + 1, &ret_place->six.sin6_addr) == 1;
    }
    if (!strcmp(host, "localhost")) snprintf(host, sizeof host, "127.0.0.1");
    ret_place->four.sin_family = AF_INET;
    ret_place->four.sin_port = htons(port);
    bool good = inet_pton(AF_INET, host, &ret_place->four.sin_addr) == 1;
    *ret_loopback = good && ntohl(ret_place->four.sin_addr.s_addr) >> 24 == 127;
    return good;
}

enum eki_error eki_listen(const char *address, int *ret_listener, uint16_t *ret_port, bool *ret_loopback,
                          struct eki_fault *ret_fault)
{
    union place place;
    int on = 1;
    if (!read_place(address, &place, ret_loopback))
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "%.60s: not ADDRESS:PORT", address);
    socklen_t length = place.any.sa_family == AF_INET6 ? sizeof place.six : sizeof place.four;
    int listener = socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool good = listener >= 0 && !setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
                !bind(listener, &place.any, length) && !listen(listener, BACKLOG) &&
                !getsockname(listener, &place.any, &length);
    if (!good) {
        enum eki_error error =
            eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "%.60s: %s", address,
                          errno == EADDRINUSE ? "the address is in use" : "the address cannot be used");
        if (listener >= 0) close(listener);
        return error;
    }
    *ret_port = ntohs(place.any.sa_family == AF_INET6 ? place.six.sin6_port : place.four.sin_port);
    *ret_listener = listener;
    return EKI_OK;
}
