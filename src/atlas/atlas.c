/* SPDX-License-Identifier: Apache-2.0 */
/* The table of targets. The identifiers are those of the design's reference on simulation, section 7. */
#include "ekigaku/atlas.h"

#include <math.h>
#include <stddef.h>

#include "atlas/worlds.h"

struct target {
    const char *id, *what, *unit, *source, *note;
    double published, low, high;
    enum eki_error (*measure)(const struct eki_atlas_play *play, struct eki_atlas_value *ret_value);
    double errors; /* >0: the band is the published value plus or minus so many standard errors of ours */
};

static const char moore_2003[] = "Moore et al. 2003, Inside the Slammer worm",
                  exact[] = "exact: sums of exponentials", moore_2002[] = "Moore, Shannon, Brown 2002",
                  lecture[] = "Nippon CSIRT Association, lecture 2017",
                  antonakakis[] = "Antonakakis et al. 2017", shannon[] = "Shannon, Moore 2004",
                  levy[] = "public analyses, August 2001",
                  recursive[] = "Wang, Chen, Chen 2010: random recursive trees",
                  sellke[] = "Sellke, Shroff, Bagchi 2008", microsoft[] = "Microsoft, 27 June 2017";

static const struct target targets[] = {
    {"V1", "Slammer: early doubling time", "s", moore_2003, "", 8.5, 7.5, 9.5, eki_atlas_slammer_doubling, 0},
    {"V2", "Slammer: full rate of 5.5e7 probes/s reached after", "s", moore_2003,
     "75,000 hosts at 4,000/s would be 5.5 times the measured peak: the cap is part of the model", 180, 100,
     200, eki_atlas_slammer_full, 0},
    {"V3", "Slammer: 90 % infected after", "s", moore_2003, "", 600, 200, 600, eki_atlas_slammer_90, 0},
    {"V4a", "75,000 hosts at 4,000/s without cap: mean time to half", "s", exact, "", 168.97, 0, 0,
     eki_atlas_plain_50, 3},
    {"V4b", "the same: mean time to 90 %", "s", exact, "", 200.43, 0, 0, eki_atlas_plain_90, 3},
    {"V4c", "the same: mean time to all", "s", exact, "", 337.94, 0, 0, eki_atlas_plain_all, 3},
    {"V5a", "Code Red v2, K = 1.8/h: mean time to half", "h", exact, "", 7.45, 0, 0, eki_atlas_codered_50, 3},
    {"V5b", "the same: mean time to 90 %", "h", exact, "", 8.67, 0, 0, eki_atlas_codered_90, 3},
    {"V6a", "Code Red v2, K = 1.45/h: 99 % infected after", "h", moore_2002, "", 14, 0, 14,
     eki_atlas_codered_99, 0},
    {"V6b", "Code Red v2, K = 1.45/h: most new infections a minute", "1/min", moore_2002,
     "published rates disagree: K from 1.1 to 1.8 an hour, peaks from 1,680 to 2,690; this is the middle",
     2000, 1680, 2690, eki_atlas_codered_peak, 0},
    {"V7", "Code Red II: probes into the own /8 (1/2 + 3/8 + 1/8 of 1/256)", "share", levy, "", .875488, 0, 0,
     eki_atlas_codered2_near, 4},
    {"V7b", "Code Red II: probes into the own /16", "share", levy, "", .376955, 0, 0,
     eki_atlas_codered2_nearest, 4},
    {"V8", "Nimda: probes into the own /16 (50 % + shares of the rest)", "share", "Falciola (IBM) 2003", "",
     .500980, 0, 0, eki_atlas_nimda_nearest, 4},
    {"V10", "Witty: 90 % of 12,000 hosts after", "min", shannon,
     "the published mean of 357 probes/s gives 115 min; 547/s, used here, fits", 75, 45, 90, eki_atlas_witty,
     0},
    {"V11a", "Mirai: devices after 20 hours", "devices", antonakakis, "", 65000, 58500, 71500,
     eki_atlas_mirai_20h, 0},
    {"V11b", "Mirai: doubling time", "min", antonakakis, "", 75, 67.5, 82.5, eki_atlas_mirai_doubling, 0},
    {"V12a", "WannaCry: one pass over a /24", "s", lecture, "", 30, 27, 33, eki_atlas_wannacry_pass, 0},
    {"V12b", "WannaCry: Internet addresses in 5 minutes", "addresses", lecture, "", 8000, 7200, 8800,
     eki_atlas_wannacry_far, 0},
    {"V13a", "WannaCry: six PCs of one network, all infected after", "s", lecture,
     "a plain scan rate cannot give both this and V13b; slots and a service time do", 300, 240, 360,
     eki_atlas_lan_6, 0},
    {"V13b", "WannaCry: 124 PCs, the same figures", "s", lecture, "", 1800, 1440, 2160, eki_atlas_lan_124, 0},
    {"V14", "NotPetya, Bad Rabbit: one pass over a /24", "s", lecture, "", 900, 810, 990,
     eki_atlas_notpetya_pass, 0},
    {"V16a", "NotPetya, all patched, one password: share infected", "share", microsoft, "", 1, .9, 1,
     eki_atlas_password, 0},
    {"V16b", "NotPetya, all patched, no common password: infected", "hosts", microsoft, "", 1, .999, 1.001,
     eki_atlas_no_password, 0},
    {"V17a", "tree of 75,000: hosts that infect nobody", "share", recursive, "", .5, .49, .51,
     eki_atlas_childless, 0},
    {"V17b", "tree of 75,000: mean depth, H(n) - 1", "", recursive, "", 10.80, 0, 0, eki_atlas_depth, 3},
    {"V18", "probes until all 75,000 are infected, 2^32 H(N-1)", "probes", exact, "", 5.0699e10, 0, 0,
     eki_atlas_probes, 3},
    {"V19a", "360,000 hosts, 10,000 probes a host, from 10: mean size", "hosts", sellke, "", 61.8, 0, 0,
     eki_atlas_contained, 3},
    {"V19b", "the same: share of outbreaks of at most 360", "share", sellke, "", .999, .995, 1,
     eki_atlas_contained_share, 0},
    {"V20", "isolation after D with r D = 0.8: hosts infected by one", "hosts",
     "exact: mean of a Poisson process", "", .8, .76, .84, eki_atlas_isolated, 0},
    {"V25", "engine against every probe played: Kolmogorov-Smirnov distance", "", "Smirnov 1948: p = 0.001",
     "", 0, 0, .1126, eki_atlas_reference, 0},
    {"V9", "Nimda: sources in the same /8 against elsewhere", "", "Roessler 2001",
     "the population of that /8 is not known: hosts are taken as spread evenly over 65 /8s, about what was "
     "advertised then; any number of them from 26 to 104 would be inside",
     5, 2.5, 10, eki_atlas_nimda_sources, 0},
    {"V15", "NotPetya: known hosts are read again every", "s", "eSentire 2017",
     "the reboot after 10 to 60 minutes is a figure of the scenario (active_s)", 180, 179.5, 180.5,
     eki_atlas_read_again, 0},
    {"V21", "half of the hosts limited to a tenth: growth, of what it was", "share",
     "Wong et al. 2004: 1 - a + a b2/b1", "", .55, .5225, .5775, eki_atlas_limited, 0},
    {"V22", "ten times the hosts against ten times the rate: share after 24 h, difference", "share",
     "Moore et al. 2003 (Internet quarantine)", "", 0, 0, 0, eki_atlas_scaled, 3},
    {"V23a", "hosts isolated after infecting 2: share infected in the end", "share",
     "Kermack, McKendrick 1927", "", .796812, 0, 0, eki_atlas_removed, 3},
    {"V23b", "mail, 1.5 opened from each host: share infected in the end", "share",
     "Kermack, McKendrick 1927", "", .582812, 0, 0, eki_atlas_mailed, 3},
    {"V23c", "Code Red v2 from 1,000 hosts: time to half, of that of AAWP", "", "Chen, Gao, Kwiat 2003", "",
     1, .99, 1.01, eki_atlas_aawp, 0},
    {"V28", "49,000 hosts restored at 4,900 a day", "d", "ITPro 2019 (Maersk)", "", 10, 9.99, 10.01,
     eki_atlas_restored, 0},
    {"V23d", "two-factor model from 1 %: hosts that ever fell, of those by its equations", "",
     "Zou, Gong, Towsley 2002",
     "the chain event by event beside its equations; scenarios have no measure whose pace follows the infected",
     1, .99, 1.01, eki_atlas_two_factor, 0},
    {"V23e", "the same: most that infect at once", "", "Zou, Gong, Towsley 2002", "", 1, .99, 1.01,
     eki_atlas_two_factor_most, 0},
    {"V24a", "R(t) of Cori 2013: six windows, largest relative difference", "", "EpiEstim, Flu2009",
     "beyond the last printed digit", 0, 0, 1e-6, eki_atlas_recent, 0},
    {"V24b", "R of cohorts, Wallinga and Teunis 2004: the same windows", "", "EpiEstim, Flu2009", "", 0, 0,
     1e-6, eki_atlas_cohort, 0},
    {"V24c", "R of growth, Wallinga and Lipsitch 2007: seven rates", "", "exact: 1 / M(-r)", "", 0, 0, 1e-6,
     eki_atlas_growth, 0},
};

const char *eki_atlas_verdict_name(enum eki_atlas_verdict verdict)
{
    static const char *const names[] = {"inside", "outside", "not built"};
    return (unsigned)verdict < sizeof names / sizeof *names ? names[verdict] : "?";
}

static enum eki_error fill(const struct target *t, const struct eki_atlas_play *play,
                           struct eki_atlas_row *ret_row)
{
    struct eki_atlas_row row = {.id = t->id,
                                .what = t->what,
                                .unit = t->unit,
                                .source = t->source,
                                .note = t->note,
                                .published = t->published,
                                .low = t->low,
                                .high = t->high,
                                .ours = NAN,
                                .verdict = EKI_ATLAS_NOT_BUILT};
    if (t->measure) {
        struct eki_atlas_value value = {0};
        enum eki_error error = t->measure(play, &value);
        if (error) return error;
        row.ours = value.mean;
        row.error = value.error;
        if (t->errors > 0) {
            /* Half a unit of the last published digit comes on top. */
            double slack = t->errors * value.error + fabs(t->published) * 5e-4;
            row.low = t->published - slack;
            row.high = t->published + slack;
        }
        row.verdict = row.ours >= row.low && row.ours <= row.high ? EKI_ATLAS_INSIDE : EKI_ATLAS_OUTSIDE;
    }
    *ret_row = row;
    return EKI_OK;
}

enum eki_error eki_atlas_run(uint64_t seed, const volatile int *stop, eki_atlas_sink *sink, void *user)
{
    struct eki_atlas_play play = {.seed = seed, .stop = stop};
    enum eki_error error = eki_atlas_worlds_new(&play);
    for (size_t i = 0; i < sizeof targets / sizeof *targets && !error; i++) {
        struct eki_atlas_row row;
        error = stop && *stop ? EKI_ERROR_STOPPED : fill(&targets[i], &play, &row);
        if (!error && sink(user, &row)) error = EKI_ERROR_STOPPED;
    }
    eki_atlas_worlds_free(&play);
    return error;
}
