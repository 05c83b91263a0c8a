/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include <getopt.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum option_kind { OPTION_NUMBER, OPTION_TEXT, OPTION_FLAG, OPTION_SEED };

struct option_row {
    const char *name;
    enum option_kind kind;
    size_t offset;
    double most; /* the largest number that makes sense */
    const char *help;
};

#define AT(field) offsetof(struct options, field)

static const struct option_row rows[] = {
    {"seed", OPTION_SEED, AT(seed), 0, "seed of all randomness (1)"},
    {"hosts", OPTION_NUMBER, AT(hosts), 100000,
     "hosts that can fall; a quarter of the network searched at most"},
    {"size", OPTION_NUMBER, AT(size), 24,
     "prefix length of the network searched by slammer, codered1, mirai (16)"},
    {"loss", OPTION_NUMBER, AT(loss), 1, "share of packets the capture misses (0)"},
    {"background", OPTION_NUMBER, AT(background), 1000, "ordinary conversations per client and minute"},
    {"duration", OPTION_NUMBER, AT(duration), 864000, "seconds of capture (until all have fallen)"},
    {"packets", OPTION_NUMBER, AT(packets), 2e9, "packets at most"},
    {"sources", OPTION_NUMBER, AT(sources), 4e6, "manysources: how many"},
    {"targets", OPTION_NUMBER, AT(targets), 1e7, "scan: addresses (or ports) searched"},
    {"rate", OPTION_NUMBER, AT(rate), 1e6, "probes per second (of one host)"},
    {"answer-share", OPTION_NUMBER, AT(answer_share), 1, "scan: share of targets that answer"},
    {"sensors", OPTION_NUMBER, AT(sensors), 16, "see only the traffic of one host in so many"},
    {"kind", OPTION_TEXT, AT(kind), 0, "scan: the strategy or the look-alike"},
    {"out", OPTION_TEXT, AT(out), 0, "prefix of .pcap and .truth.json (the mode's name)"},
    {"truth", OPTION_TEXT, AT(truth), 0, "path of the truth"},
    {"arp", OPTION_FLAG, AT(arp), 0, "dead addresses of the own subnet show as ARP only"},
    {"no-implant", OPTION_FLAG, AT(no_implant), 0, "capture no byte behind the transport header"},
};

enum { ROW_COUNT = sizeof rows / sizeof rows[0] };

void options_help(FILE *out)
{
    fputs("usage: eki-generate MODE [options]\n"
          "  worms: slammer codered1 codered2 blaster mirai wannacry notpetya badrabbit\n"
          "  others: sample scan sweep calm manysources\n",
          out);
    for (size_t i = 0; i < ROW_COUNT; i++) fprintf(out, "  --%-14s %s\n", rows[i].name, rows[i].help);
}

static bool set_number(const struct option_row *row, const char *text, void *field)
{
    char *end = NULL;
    double value = strtod(text, &end);
    if (end == text || *end || !(value >= 0 && value <= row->most)) {
        fprintf(stderr, "eki-generate: --%s: %s is not a number from 0 to %g\n", row->name, text, row->most);
        return false;
    }
    memcpy(field, &value, sizeof value);
    return true;
}

static bool set_option(const struct option_row *row, const char *text, struct options *options)
{
    void *field = (char *)options + row->offset;
    switch (row->kind) {
    case OPTION_NUMBER: return set_number(row, text, field);
    case OPTION_TEXT: memcpy(field, &text, sizeof text); return true;
    case OPTION_FLAG: *(bool *)field = true; return true;
    case OPTION_SEED: {
        char *end = NULL;
        options->seed = strtoull(text, &end, 10);
        if (end != text && !*end) return true;
        fprintf(stderr, "eki-generate: --seed: %s is not a whole number\n", text);
        return false;
    }
    }
    return false;
}

bool options_read(int argc, char **argv, const char **ret_mode, struct options *ret_options)
{
    struct options read = options_none();
    struct option longs[ROW_COUNT + 1] = {0};
    optind = 0; /* start anew: tests read several command lines */
    for (int i = 0; i < ROW_COUNT; i++) {
        int argument = rows[i].kind == OPTION_FLAG ? no_argument : required_argument;
        longs[i] = (struct option){rows[i].name, argument, NULL, 1000 + i};
    }
    for (int choice; (choice = getopt_long(argc, argv, "", longs, NULL)) != -1;) {
        if (choice < 1000) return false;
        if (!set_option(&rows[choice - 1000], optarg, &read)) return false;
    }
    if (optind + 1 != argc) {
        fputs("eki-generate: one MODE is needed\n", stderr);
        return false;
    }
    *ret_mode = argv[optind];
    if (!read.out) read.out = *ret_mode;
    *ret_options = read;
    return true;
}
