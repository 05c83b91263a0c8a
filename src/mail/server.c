/* SPDX-License-Identifier: Apache-2.0 */
/* How mail servers are talked to: encrypted, or on this machine. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "mail/server.h"

enum { CONNECT_S = 30, TOTAL_S = 600, URL_LENGTH = 500 };

/* Literal addresses and the one name that RFC 6761 6.3 keeps for this machine: nothing is looked up. */
static bool is_this_machine(const char *host)
{
    return !strcmp(host, "localhost") || !strcmp(host, "[::1]") || !strcmp(host, "::1") ||
           (!strncmp(host, "127.", 4) && host[strspn(host, "0123456789.")] == '\0');
}

static enum eki_error check_url(const struct eki_mail_server *server, const char *scheme, bool *ret_implicit,
                                struct eki_fault *ret_fault)
{
    char *host = NULL, *part = NULL;
    CURLU *url = curl_url();
    if (!url) return EKI_ERROR_MEMORY;
    bool fits = server->url && strlen(server->url) <= URL_LENGTH &&
                !curl_url_set(url, CURLUPART_URL, server->url, CURLU_NON_SUPPORT_SCHEME) &&
                !curl_url_get(url, CURLUPART_HOST, &host, 0);
    for (const char *c = fits ? server->url : ""; *c; c++) fits &= *c > 0x20 && *c < 0x7f;
    /* A login in the address would stand in logs and lists of processes. */
    fits = fits && curl_url_get(url, CURLUPART_USER, &part, 0) == CURLUE_NO_USER;
    curl_free(part);
    part = NULL;
    fits = fits && !curl_url_get(url, CURLUPART_SCHEME, &part, 0) && !strncmp(part, scheme, strlen(scheme)) &&
           (!part[strlen(scheme)] || !strcmp(part + strlen(scheme), "s"));
    bool implicit = fits && part[strlen(scheme)], here = fits && is_this_machine(host);
    curl_free(part);
    curl_free(host);
    curl_url_cleanup(url);
    if (!fits)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                             "the server's address must be %s://host or %ss://host", scheme, scheme);
    if (server->plain && !here)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "only this machine is talked to without TLS");
    *ret_implicit = implicit;
    return EKI_OK;
}

static enum eki_error check_login(const struct eki_mail_server *server, struct eki_fault *ret_fault)
{
    if (!server->user && !server->password) return EKI_OK;
    if (!server->user || !server->password)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "user and password go together");
    for (const char *c = server->user; *c; c++)
        if (iscntrl((unsigned char)*c))
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no user has such a name");
    for (const char *c = server->password; *c; c++)
        if (iscntrl((unsigned char)*c))
            return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0, "no password has such letters");
    return EKI_OK;
}

enum eki_error eki_server_handle(const struct eki_mail_server *server, const char *scheme, CURL **ret_curl,
                                 struct eki_fault *ret_fault)
{
    bool implicit = false, fits = true;
    char schemes[24];
    enum eki_error error = check_url(server, scheme, &implicit, ret_fault);
    if (!error) error = check_login(server, ret_fault);
    if (error) return error;
    CURL *curl = curl_easy_init();
    if (!curl) return EKI_ERROR_MEMORY;
    snprintf(schemes, sizeof schemes, "%s,%ss", scheme, scheme);
    long tls = server->plain && !implicit ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    fits &= !curl_easy_setopt(curl, CURLOPT_URL, server->url);
    fits &= !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, schemes);
    fits &= !curl_easy_setopt(curl, CURLOPT_USE_SSL, tls);
    fits &= !curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (server->ca_file) {
        fits &= !curl_easy_setopt(curl, CURLOPT_CAINFO, server->ca_file);
        fits &= !curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
    }
    if (server->user) {
        fits &= !curl_easy_setopt(curl, CURLOPT_USERNAME, server->user);
        fits &= !curl_easy_setopt(curl, CURLOPT_PASSWORD, server->password);
    }
    long connect_s = server->connect_s ? (long)server->connect_s : CONNECT_S;
    fits &= !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, connect_s);
    fits &= !curl_easy_setopt(curl, CURLOPT_TIMEOUT, server->total_s ? (long)server->total_s : TOTAL_S);
    fits &= !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    fits &= !curl_easy_setopt(curl, CURLOPT_PROXY, "");
    fits &= !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    if (!fits) {
        curl_easy_cleanup(curl);
        return EKI_ERROR_MEMORY;
    }
    *ret_curl = curl;
    return EKI_OK;
}

/* Takes one line off a text: what stands in it, without its end. False when it does not fit or is empty. */
static bool take_line(const char **text, char *ret_line, size_t size)
{
    size_t length = strcspn(*text, "\r\n");
    if (!length || length >= size) return false;
    memcpy(ret_line, *text, length);
    ret_line[length] = '\0';
    *text += length + strspn(*text + length, "\r\n");
    return true;
}

static enum eki_error read_login(int file, struct eki_mail_login *ret_login, struct eki_fault *ret_fault)
{
    struct eki_mail_login login = {0};
    char text[sizeof login + 4];
    struct stat status;
    const char *at = text;
    if (fstat(file, &status)) return EKI_ERROR_READ;
    if (!S_ISREG(status.st_mode) || status.st_mode & 077)
        return eki_fault_set(ret_fault, EKI_ERROR_ARGUMENT, 0,
                             "the file of the login must be one that its owner alone may read (chmod 600)");
    ssize_t length = read(file, text, sizeof text - 1);
    if (length < 0) return EKI_ERROR_READ;
    text[length] = '\0';
    if ((size_t)length != strlen(text) || !take_line(&at, login.user, sizeof login.user) ||
        !take_line(&at, login.password, sizeof login.password) || *at)
        return eki_fault_set(ret_fault, EKI_ERROR_CORRUPT, 0,
                             "the file of the login must hold two lines: user, password");
    *ret_login = login;
    return EKI_OK;
}

enum eki_error eki_mail_login_read(const char *path, struct eki_mail_login *ret_login,
                                   struct eki_fault *ret_fault)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return eki_fault_set(ret_fault, EKI_ERROR_OPEN, 0, "the file of the login cannot be opened");
    enum eki_error error = read_login(file, ret_login, ret_fault);
    close(file);
    return error;
}
