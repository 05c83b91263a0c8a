/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_REPORT_FIGURE_H
#define EKI_REPORT_FIGURE_H
/*
 * Figures as a person reads them: counts, seconds, times, services, addresses. All are written without the
 * locale of the process (always '.' and ','), so that two machines print the same report. Every call gives
 * its text by value:
 *
 *     fputs(eki_report_grouped(1041).text, out);
 */
#include <stdint.h>

#include "ekigaku/report.h"

struct eki_figure {
    char text[64];
};

/* "1,041". */
struct eki_figure eki_report_grouped(uint64_t value);

/* Fixed decimals, 0 to 6, rounded to nearest; "-" for what is no finite number. */
struct eki_figure eki_report_fixed(double value, unsigned decimals);

/* About three significant digits: "0.042", "8.41", "127", "12,400"; "-" for what is no finite number. */
struct eki_figure eki_report_rounded(double value);

/* "87 %"; above 99.5 % ">99 %" unless it is exactly 1, because a posterior is never certain. */
struct eki_figure eki_report_percent(double share);

/* A length of time in two units at most: "12 ms", "4.2 s", "3 min 20 s", "2 h 5 min", "3 d 4 h"; in Japanese
 * 秒, 分, 時間, 日. */
struct eki_figure eki_report_duration(enum eki_language language, double seconds);

/* Time since the origin: "+411.7 s"; "-" when either is EKI_TIME_NONE. */
struct eki_figure eki_report_relative(eki_time time, eki_time origin);

/* The same for an axis of a few ticks: "+40 s", "+5 min", "+2 h", "+3 d". */
struct eki_figure eki_report_offset(double seconds);

/* "08:13:02Z" and "2017-05-12 08:13:02.123Z" and "2017-05-12"; "-" for EKI_TIME_NONE. */
struct eki_figure eki_report_clock(eki_time time);
struct eki_figure eki_report_moment(eki_time time);
struct eki_figure eki_report_day(eki_time time);

/* "tcp/445"; without a port "arp", "icmp", "tcp". */
struct eki_figure eki_report_service(uint8_t protocol, uint16_t port);

/* The address in full, and shortened to ".38" when it is IPv4 and shares a /24 with `known`, which the reader
 * has just seen. */
struct eki_figure eki_report_host(struct eki_address host);
struct eki_figure eki_report_near(struct eki_address host, struct eki_address known);

/* The display name of a family: "wannacry" gives "WannaCry"; a name not known here is given as it is. */
struct eki_figure eki_report_family(const char *name);

#endif
