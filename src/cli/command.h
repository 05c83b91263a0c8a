/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CLI_COMMAND_H
#define EKI_CLI_COMMAND_H
/* The subcommands as one table; the only part of the program that prints, logs and decides exit statuses. */

/* Stable exit statuses, see ekigaku(1). */
enum eki_exit {
    EKI_EXIT_NOTHING = 0,    /* done, nothing spreading */
    EKI_EXIT_BELOW = 1,      /* below what was asked for; somebody has no owner */
    EKI_EXIT_USAGE = 2,      /* unusable arguments */
    EKI_EXIT_UNREADABLE = 3, /* an input could not be read to its end; the others were */
    EKI_EXIT_FAILED = 4,     /* output could not be written, or no memory */
    EKI_EXIT_REFUSED = 5,    /* its label does not permit it to leave */
    EKI_EXIT_SCANNING = 10,
    EKI_EXIT_OUTBREAK = 20,
    EKI_EXIT_INTERRUPTED = 130 /* Ctrl-C before anything was read to report */
};

struct eki_command {
    const char *name;
    const char *summary;                     /* one line for the list */
    const char *help;                        /* the text of --help, ending with a newline */
    int (*run)(int count, char **arguments); /* arguments[0] is the command's name */
};

extern const struct eki_command eki_command_analyze, eki_command_serve, eki_command_watch,
    eki_command_contacts, eki_command_simulate, eki_command_score, eki_command_atlas, eki_command_catalogue,
    eki_command_export, eki_command_import, eki_command_lookup, eki_command_directory, eki_command_formats,
    eki_command_bundle, eki_command_case, eki_command_enquiry, eki_command_deadline, eki_command_evidence,
    eki_command_indicator, eki_command_notify, eki_command_store, eki_command_help, eki_command_version;

/* All commands, NULL at the end. */
extern const struct eki_command *const eki_commands[];

/* NULL when there is none of this name. */
const struct eki_command *eki_command_find(const char *name);

/* Prints one line to standard error: "ekigaku COMMAND: ..." and where help is. Returns EKI_EXIT_USAGE. */
int eki_command_misused(const struct eki_command *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
