/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/inputs.h"
#include "ekigaku/catalogue.h"

struct request {
    const char *folder;
    bool json, svg, help;
};

static int misused(const char *what, const char *which)
{
    return eki_command_misused(&eki_command_catalogue, what, which);
}

static int parse(int count, char **arguments, struct request *request)
{
    static const struct option options[] = {{"catalogue", required_argument, NULL, 'c'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"svg", no_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    *request = (struct request){0};
    opterr = 0;
    for (int option; (option = getopt_long(count, arguments, ":c:jsh", options, NULL)) != -1;) {
        switch (option) {
        case 'c': request->folder = optarg; break;
        case 'j': request->json = true; break;
        case 's': request->svg = true; break;
        case 'h': request->help = true; return 0;
        case ':': return misused("%s needs a value", arguments[optind - 1]);
        default: return misused("unknown option %s", arguments[optind - 1]);
        }
    }
    return optind < count ? 0
                          : misused("%s", "list, show, lineage, timeline, classes, playbooks or classify?");
}

static int show(const struct eki_catalogue *c, const struct request *request, int count, char **ids)
{
    if (!count) return eki_command_misused(&eki_command_catalogue, "show which family?");
    for (int i = 0; i < count; i++) {
        const struct eki_family *family = eki_catalogue_family(c, ids[i]);
        if (!family) return misused("there is no family \"%s\" (see: ekigaku catalogue list)", ids[i]);
        if (eki_catalogue_write_family(c, family, request->json, stdout)) return EKI_EXIT_FAILED;
    }
    return EKI_EXIT_NOTHING;
}

static int classify(const struct request *request, int count, char **words)
{
    struct eki_case_facts facts = {0};
    const struct {
        const char *word;
        bool *fact;
    } known[] = {{"propagates", &facts.propagates},       {"infects-files", &facts.infects_files},
                 {"needs-contact", &facts.needs_contact}, {"needs-user", &facts.needs_user},
                 {"destroys", &facts.destroys},           {"steals", &facts.steals},
                 {"seen-before", &facts.seen_before},     {"seen-lately", &facts.seen_lately}};
    for (int i = 0; i < count; i++) {
        size_t k = 0;
        while (k < sizeof known / sizeof *known && strcmp(known[k].word, words[i]) != 0) k++;
        if (k == sizeof known / sizeof *known)
            return misused("\"%s\" is no fact (see: ekigaku catalogue --help)", words[i]);
        *known[k].fact = true;
    }
    facts.seen_before |= facts.seen_lately;
    struct eki_classification c = eki_classify(&facts);
    printf(request->json
               ? "{\"kind\": \"%s\", \"route\": \"%s\", \"countermeasure_class\": \"%s\", \"why\": \"%s\"}\n"
               : "kind: %s\nroute: %s\ncountermeasure class: %s (%s)\n",
           eki_malware_kind_name(c.kind), eki_route_name(c.route), c.measure_class, c.why);
    return EKI_EXIT_NOTHING;
}

static int answer(const struct eki_catalogue *c, const struct request *request, int count, char **words)
{
    enum eki_error error;
    if (!strcmp(words[0], "show")) return show(c, request, count - 1, words + 1);
    if (!strcmp(words[0], "classify")) return classify(request, count - 1, words + 1);
    if (count > 1) return misused("unexpected argument \"%s\"", words[1]);
    if (!strcmp(words[0], "list"))
        error = eki_catalogue_write_list(c, request->json, stdout);
    else if (!strcmp(words[0], "lineage"))
        error = request->svg ? eki_catalogue_draw_lineage(c, stdout)
                             : eki_catalogue_write_lineage(c, request->json, stdout);
    else if (!strcmp(words[0], "timeline"))
        error = request->svg ? eki_catalogue_draw_timeline(c, stdout)
                             : eki_catalogue_write_timeline(c, request->json, stdout);
    else if (!strcmp(words[0], "classes"))
        error = eki_catalogue_write_classes(c, request->json, stdout);
    else if (!strcmp(words[0], "playbooks"))
        error = eki_catalogue_write_playbooks(c, request->json, stdout);
    else
        return misused("\"%s\" is not one of list, show, lineage, timeline, classes, playbooks, classify",
                       words[0]);
    if (error) fprintf(stderr, "ekigaku catalogue: %s\n", eki_error_text(error));
    return error ? EKI_EXIT_FAILED : EKI_EXIT_NOTHING;
}

static int run(int count, char **arguments)
{
    struct request request;
    struct eki_catalogue *catalogue;
    struct eki_fault fault = {0};
    const char *path = "";
    if (parse(count, arguments, &request)) return EKI_EXIT_USAGE;
    if (request.help) {
        fputs(eki_command_catalogue.help, stdout);
        return EKI_EXIT_NOTHING;
    }
    enum eki_error error = eki_catalogue_read(request.folder, &catalogue, &path, &fault);
    if (error) {
        char place[4096];
        const char *folder = request.folder ? request.folder : "";
        snprintf(place, sizeof place, "%s%s%s", folder, *folder ? "/" : "", path);
        eki_inputs_complain_of(place, error, &fault);
        return EKI_EXIT_UNREADABLE;
    }
    int status = answer(catalogue, &request, count - optind, arguments + optind);
    eki_catalogue_free(catalogue);
    return status;
}

const struct eki_command eki_command_catalogue = {
    .name = "catalogue",
    .summary = "what is known about malware: families, lineage, timeline, classes, playbooks",
    .help =
        "Usage: ekigaku catalogue [OPTION...] list|lineage|timeline|classes|playbooks\n"
        "       ekigaku catalogue [OPTION...] show FAMILY...\n"
        "       ekigaku catalogue [OPTION...] classify FACT...\n\n"
        "Shows the catalogue that is compiled in: families of malware with how they spread and where each value comes from, who\n"
        "inherited which technique from whom, generations of attacks, countermeasure and handling classes with what they oblige\n"
        "to and forbid, playbooks: who does what until when. \"classify\" assigns\n"
        "the classes from facts: propagates, infects-files, needs-contact, needs-user, destroys, steals, seen-before,\n"
        "seen-lately.\n\n"
        "  -c, --catalogue DIR   read these files instead of what is compiled in\n"
        "  -s, --svg             lineage and timeline as a picture\n"
        "  -j, --json            as JSON\n"
        "  -h, --help            this text\n\n"
        "Exit status: 0 done, 2 unusable arguments, 3 a file of the catalogue is wrong (the message names line and key), 4 the\n"
        "output could not be written.\n\n"
        "Examples:\n"
        "  ekigaku catalogue show wannacry notpetya\n"
        "  ekigaku catalogue lineage --svg > lineage.svg\n",
    .run = run,
};
