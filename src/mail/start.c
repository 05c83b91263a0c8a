/* SPDX-License-Identifier: Apache-2.0 */
/* Getting the libraries ready. */
#include <curl/curl.h>
#include <gmime/gmime.h>
#include <gpgme.h>

#include "ekigaku/mail.h"

enum eki_error eki_mail_start(void)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT)) return EKI_ERROR_UNSUPPORTED;
    g_mime_init();
    /* Also what makes gpgme usable by several threads. */
    return gpgme_check_version("1.18.0") ? EKI_OK : EKI_ERROR_UNSUPPORTED;
}
