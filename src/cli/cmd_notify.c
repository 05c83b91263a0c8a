/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/command.h"
#include "cli/notify_desk.h"

/* What is to be looked at decides: a label, then hosts without an owner, owners to be called, and notices of
 * which nothing is known. */
static int status_of(const struct eki_notify_desk *desk, int status)
{
    if (status) return status;
    if (desk->refused) return EKI_EXIT_REFUSED;
    return desk->left || desk->unknown || desk->telephone ? EKI_EXIT_BELOW : EKI_EXIT_NOTHING;
}

static int run(int count, char **arguments)
{
    struct eki_notify_request request;
    struct eki_notify_desk desk;
    int status = eki_notify_request_parse(count, arguments, &request);
    if (status) return status;
    if (request.help) {
        fputs(eki_command_notify.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    status = eki_notify_open(&request, &desk);
    if (!status) status = request.dry_run ? eki_notify_dry_run(&desk) : eki_notify_draft(&desk);
    eki_notify_close(&desk);
    if (fflush(stdout) || ferror(stdout)) {
        fputs("ekigaku notify: the output cannot be written\n", stderr);
        return EKI_EXIT_FAILED;
    }
    return status_of(&desk, status);
}

const struct eki_command eki_command_notify = {
    .name = "notify",
    .summary = "tell each owner of its infected hosts, once, and of nobody else's",
    .help =
        "Usage: ekigaku notify [OPTION...] CASE\n\n"
        "Makes a notice for each owner of hosts of the case that no notice names yet, and tells where all of them are. Nothing is\n"
        "sent unless --relay says by whom; hosts without an owner are told on standard error.\n\n"
        "      --dry-run DIR       change and send nothing: write one message a file, as it would be sent\n"
        "  -s, --store URL         the store: a file, or postgresql://...; default: ekigaku-data/ekigaku.db\n"
        "  -d, --directory FILE    owners out of this file instead of the store\n"
        "      --release NAME      the account NAME releases the drafts; RED and the first mass notice of a case need two\n"
        "      --relay URL         send what is released: smtp://HOST:PORT (STARTTLS), smtps://HOST\n"
        "      --relay-login FILE  user and password, a line each, in a file that nobody else may read\n"
        "      --ca-file FILE      PEM of whom to trust; default: the system's\n"
        "      --plain             without TLS, to this machine only\n"
        "      --pilot ADDRESS     everything goes to this address, marked\n"
        "      --from ADDRESS      who sends; default: the desk's setting\n"
        "  -k, --key KEY           sign by this OpenPGP key (GNUPGHOME)\n"
        "      --smime-key KEY     sign by this S/MIME key for recipients that have one\n"
        "      --keys DIR          encrypt to recipients whose key is here: FINGERPRINT.asc, FINGERPRINT.pem\n"
        "  -f, --format FORM       attach this instead of what each recipient wants: text, csv, xarf, stix, csaf, iodef\n"
        "      --templates DIR     texts of one's own: notice.en.txt, notice.ja.txt\n"
        "      --now TIME          as if it were then\n"
        "  -l, --language LANG     of what is told here: en or ja; else as the environment says\n"
        "  -j, --json              one JSON object a notice\n"
        "  -h, --help              this text\n\n"
        "A notice is sent once, or it is told that it is not known: then it waits for a person's word.\n\n"
        "Exit status: 0 done, 1 somebody has to look: hosts without an owner, an owner to be called, a notice of which it is not known\n"
        "whether it was sent, 2 unusable arguments,\n"
        "3 store, directory, templates or keys cannot be used, 4 the output could not be written, 5 a label does not permit it.\n\n"
        "Examples:\n"
        "  ekigaku notify --dry-run out -d directory.jsonl --key desk@csirt.example 1\n"
        "  ekigaku notify --release ada --relay smtp://relay.example:587 --relay-login login 1\n",
    .run = run,
};
