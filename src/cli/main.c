/* SPDX-License-Identifier: Apache-2.0 */
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/say.h"

const struct eki_command *const eki_commands[] = {
    &eki_command_analyze,  &eki_command_watch,     &eki_command_serve,     &eki_command_contacts,
    &eki_command_simulate, &eki_command_score,     &eki_command_atlas,     &eki_command_catalogue,
    &eki_command_lookup,   &eki_command_directory, &eki_command_export,    &eki_command_import,
    &eki_command_bundle,   &eki_command_formats,   &eki_command_case,      &eki_command_enquiry,
    &eki_command_deadline, &eki_command_evidence,  &eki_command_indicator, &eki_command_notify,
    &eki_command_store,    &eki_command_help,      &eki_command_version,   NULL};

const struct eki_command *eki_command_find(const char *name)
{
    for (int i = 0; eki_commands[i]; i++)
        if (!strcmp(eki_commands[i]->name, name)) return eki_commands[i];
    return NULL;
}

int eki_command_misused(const struct eki_command *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char what[EKI_REPORT_SENTENCE];
    vsnprintf(what, sizeof what, format, arguments);
    fprintf(stderr, "ekigaku%s%s: %s\n", command ? " " : "", command ? command->name : "",
            eki_say_fault(what).text);
    eki_say_line(stderr, eki_output_language(), EKI_TEXT("Try: ekigaku help {1}"),
                 EKI_VALUES(command ? command->name : ""));
    va_end(arguments);
    return EKI_EXIT_USAGE;
}

int main(int count, char **arguments)
{
    setlocale(LC_CTYPE, "");
    if (count < 2) return eki_command_misused(NULL, "no command given");
    const char *name = arguments[1];
    if (!strcmp(name, "--help") || !strcmp(name, "-h")) name = "help";
    if (!strcmp(name, "--version") || !strcmp(name, "-V")) name = "version";
    const struct eki_command *command = eki_command_find(name);
    if (!command) return eki_command_misused(NULL, "there is no command \"%s\"", name);
    int status = command->run(count - 1, arguments + 1);
    /* What the help or the version could not print. */
    if (!status && (fflush(stdout) || ferror(stdout))) {
        fputs("ekigaku: the output cannot be written\n", stderr);
        status = EKI_EXIT_FAILED;
    }
    return status;
}
