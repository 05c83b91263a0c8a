/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers, times and addresses become text for people here, the same on every machine. */
#include "report/figure.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/language.h"
#include "report/letter.h"

struct eki_figure eki_report_grouped(uint64_t value)
{
    char digits[24];
    struct eki_figure figure = {{0}};
    int count = snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t used = 0;
    for (int i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) figure.text[used++] = ',';
        figure.text[used++] = digits[i];
    }
    return figure;
}

struct eki_figure eki_report_fixed(double value, unsigned decimals)
{
    static const uint64_t scales[] = {1, 10, 100, 1000, 10000, 100000, 1000000};
    struct eki_figure figure = {"-"};
    if (!isfinite(value)) return figure;
    if (decimals > 6) decimals = 6;
    double magnitude = fabs(value) * (double)scales[decimals];
    if (magnitude >
        9e15) { /* no fraction left in a double; "%.0f" has no decimal point that a locale could change */
        snprintf(figure.text, sizeof figure.text, "%.0f", fmax(fmin(value, 1e60), -1e60));
        return figure;
    }
    uint64_t scaled = (uint64_t)llround(magnitude), whole = scaled / scales[decimals];
    const char *sign = value < 0 && scaled ? "-" : "";
    if (decimals == 0)
        snprintf(figure.text, sizeof figure.text, "%s%" PRIu64, sign, whole);
    else
        snprintf(figure.text, sizeof figure.text, "%s%" PRIu64 ".%0*" PRIu64, sign, whole, (int)decimals,
                 scaled % scales[decimals]);
    return figure;
}

struct eki_figure eki_report_rounded(double value)
{
    double size = fabs(value);
    if (!isfinite(value) || value == 0) return eki_report_fixed(value, 0);
    if (size >= 1e15) return eki_report_fixed(value, 0);
    if (value >= 999.5) return eki_report_grouped((uint64_t)llround(value));
    if (size >= 99.95) return eki_report_fixed(value, 0);
    if (size >= 9.995) return eki_report_fixed(value, 1);
    if (size >= 0.9995) return eki_report_fixed(value, 2);
    struct eki_figure figure = eki_report_fixed(value, size >= 0.01 ? 3 : 6);
    size_t length = strlen(figure.text);
    while (length > 3 && figure.text[length - 1] == '0') figure.text[--length] = 0;
    return figure;
}

struct eki_figure eki_report_percent(double share)
{
    struct eki_figure figure = {"-"};
    if (!isfinite(share)) return figure;
    if (share < 1 && share > 0.995) return (struct eki_figure){">99 %"};
    if (share > 0 && share < 0.005) return (struct eki_figure){"<1 %"};
    figure = eki_report_fixed(share * 100, 0);
    eki_report_join(figure.text, sizeof figure.text, " %");
    return figure;
}

static struct eki_figure filled(enum eki_language language, const char *english, const char *const *values)
{
    struct eki_sentence sentence;
    struct eki_figure figure = {{0}};
    eki_report_fill(&sentence, language, english, values);
    eki_report_join(figure.text, sizeof figure.text, sentence.text);
    eki_report_trim(figure.text);
    return figure;
}

/* Two units, the smaller left out when it is nought: the template for both, and for the larger alone. */
static struct eki_figure two_units(enum eki_language language, uint64_t larger, uint64_t smaller,
                                   const char *const texts[2])
{
    struct eki_figure a = eki_report_grouped(larger), b = eki_report_grouped(smaller);
    return filled(language, texts[smaller ? 0 : 1], EKI_VALUES(a.text, b.text));
}

struct eki_figure eki_report_duration(enum eki_language language, double seconds)
{
    static const char *const minutes[2] = {EKI_TEXT("{1} min {2} s"), EKI_TEXT("{1} min")};
    static const char *const hours[2] = {EKI_TEXT("{1} h {2} min"), EKI_TEXT("{1} h")};
    static const char *const days[2] = {EKI_TEXT("{1} d {2} h"), EKI_TEXT("{1} d")};
    if (!isfinite(seconds) || fabs(seconds) > 1e15) return (struct eki_figure){"-"};
    double size = fabs(seconds);
    if (size > 0 && size < 0.9995)
        return filled(language, EKI_TEXT("{1} ms"),
                      EKI_VALUES(eki_report_fixed(size * 1000, size < 0.00995 ? 1 : 0).text));
    if (size < 59.5) {
        unsigned decimals = size > 0 && size < 9.95 ? 1 : 0;
        return filled(language, EKI_TEXT("{1} s"), EKI_VALUES(eki_report_fixed(size, decimals).text));
    }
    uint64_t whole = (uint64_t)llround(size);
    if (whole < 3600) return two_units(language, whole / 60, whole % 60, minutes);
    if (whole < 86400) return two_units(language, whole / 3600, whole / 60 % 60, hours);
    return two_units(language, whole / 86400, whole / 3600 % 24, days);
}

struct eki_figure eki_report_relative(eki_time time, eki_time origin)
{
    struct eki_figure figure = {"-"};
    if (time == EKI_TIME_NONE || origin == EKI_TIME_NONE) return figure;
    double seconds = (double)time * 1e-9 - (double)origin * 1e-9;
    if (fabs(seconds) < 9e9) seconds = eki_time_since(time, origin);
    struct eki_figure number = eki_report_fixed(seconds, fabs(seconds) < 9.95 ? 2 : 1);
    snprintf(figure.text, sizeof figure.text, "%s%.40s s", seconds < 0 ? "" : "+", number.text);
    return figure;
}

struct eki_figure eki_report_offset(double seconds)
{
    static const struct {
        double size;
        const char *name;
    } units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "\xc2\xb5s"}};
    if (fabs(seconds) < 5e-10) return (struct eki_figure){"0"};
    size_t unit = 0;
    while (unit < 5 && fabs(seconds) < units[unit].size * 0.9999) unit++;
    double value = seconds / units[unit].size;
    while (unit < 5 && fabs(value - nearbyint(value)) > 1e-6 &&
           fabs(value * 10 - nearbyint(value * 10)) > 1e-5) {
        unit++;
        value = seconds / units[unit].size;
    }
    unsigned decimals = fabs(value - nearbyint(value)) > 1e-6 ? 1 : 0;
    struct eki_figure figure, number = eki_report_fixed(value, decimals);
    snprintf(figure.text, sizeof figure.text, "%s%.40s %s", seconds < 0 ? "" : "+", number.text,
             units[unit].name);
    return figure;
}

/* Characters `from` to `to` of the RFC 3339 text, and "Z". */
static struct eki_figure cut_time(eki_time time, size_t from, size_t to, const char *zone)
{
    struct eki_figure figure = {"-"};
    char text[EKI_TIME_TEXT];
    if (time == EKI_TIME_NONE) return figure;
    size_t length = strlen(eki_time_format(time, text));
    if (length < to) return figure;
    snprintf(figure.text, sizeof figure.text, "%.*s%s", (int)(to - from), text + from, zone);
    return figure;
}

struct eki_figure eki_report_clock(eki_time time)
{
    return cut_time(time, 11, 19, "Z");
}

struct eki_figure eki_report_moment(eki_time time)
{
    struct eki_figure figure = cut_time(time, 0, 23, "Z");
    char *middle = strchr(figure.text, 'T');
    if (middle) *middle = ' ';
    return figure;
}

struct eki_figure eki_report_day(eki_time time)
{
    return cut_time(time, 0, 10, "");
}

struct eki_figure eki_report_service(uint8_t protocol, uint16_t port)
{
    static const struct {
        uint8_t number;
        const char *name;
    } names[] = {{EKI_PROTOCOL_TCP, "tcp"},
                 {EKI_PROTOCOL_UDP, "udp"},
                 {EKI_PROTOCOL_ICMP, "icmp"},
                 {EKI_PROTOCOL_ICMP6, "icmp6"},
                 {EKI_PROTOCOL_ARP, "arp"}};
    struct eki_figure figure = {{0}};
    snprintf(figure.text, sizeof figure.text, "ip/%u", protocol);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].number == protocol) snprintf(figure.text, sizeof figure.text, "%s", names[i].name);
    size_t used = strlen(figure.text);
    if (port) snprintf(figure.text + used, sizeof figure.text - used, "/%u", port);
    return figure;
}

struct eki_figure eki_report_host(struct eki_address host)
{
    struct eki_figure figure = {{0}};
    char text[EKI_ADDRESS_TEXT];
    snprintf(figure.text, sizeof figure.text, "%s", eki_address_format(host, text));
    return figure;
}

struct eki_figure eki_report_near(struct eki_address host, struct eki_address known)
{
    struct eki_figure figure = {{0}};
    if (!eki_address_is_v4(host) || !eki_address_is_v4(known) || eki_address_common_bits(host, known) < 120)
        return eki_report_host(host);
    snprintf(figure.text, sizeof figure.text, ".%u", (unsigned)(host.lo & 0xff));
    return figure;
}

struct eki_figure eki_report_family(const char *name)
{
    static const char *const names[][2] = {
        {"badrabbit", "Bad Rabbit"}, {"blaster", "Blaster"},     {"codered", "CodeRed"},
        {"codered1", "CodeRed I"},   {"codered2", "CodeRed II"}, {"mirai", "Mirai"},
        {"nimda", "Nimda"},          {"notpetya", "NotPetya"},   {"sasser", "Sasser"},
        {"slammer", "Slammer"},      {"wannacry", "WannaCry"},   {"conficker", "Conficker"},
    };
    struct eki_figure figure = {{0}};
    eki_report_join(figure.text, sizeof figure.text, name ? name : "");
    for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i][0]) == 0) snprintf(figure.text, sizeof figure.text, "%s", names[i][1]);
    eki_report_trim(figure.text);
    return figure;
}
