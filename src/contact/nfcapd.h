/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_CONTACT_NFCAPD_H
#define EKI_CONTACT_NFCAPD_H
/*
 * Files of nfcapd and nfdump, layout 1 (nfdump 1.6) and layout 2 (1.7): a header, then blocks of records,
 * each block packed or not. The layouts were read off files that nfdump writes and its documentation.
 *
 * Journey: nfcapd.c cuts the input into blocks and records, nfcapd_unpack.c unpacks a block,
 * nfcapd_record.c turns a record into a struct eki_half.
 */
#include "base/cursor.h"
#include "contact/halves.h"

enum {
    /* nfdump writes blocks of 1 MiB, 1.6 of up to 5 MiB: one that is packed must be held whole. */
    EKI_NFCAPD_BLOCK = 16 * 1024 * 1024,
    EKI_NFCAPD_MAPS = 512 /* extension maps of layout 1: a few for each template of an exporter */
};

enum eki_nfcapd_packing {
    EKI_NFCAPD_PLAIN = 0,
    EKI_NFCAPD_LZO,
    EKI_NFCAPD_BZ2,
    EKI_NFCAPD_LZ4,
    EKI_NFCAPD_ZSTD
};

/* Where layout 1 has the counts of the other direction, behind the fixed part; width 0: nowhere. */
struct eki_nfcapd_map {
    uint16_t packets_at, bytes_at;
    uint8_t packets_width, bytes_width;
};

/* Bytes that are made, up to a limit. */
struct eki_nfcapd_bytes {
    uint8_t *at;
    size_t used, capacity;
};

/* Unpacks a block into ret_bytes, whose `used` is set. False when it is damaged or larger than fits. */
bool eki_nfcapd_unpack(enum eki_nfcapd_packing packing, struct eki_cursor packed,
                       struct eki_nfcapd_bytes *ret_bytes);

/* LZO1X and LZ4 blocks: the two that need no library. */
bool eki_nfcapd_unpack_lzo(struct eki_cursor packed, struct eki_nfcapd_bytes *ret_bytes);
bool eki_nfcapd_unpack_lz4(struct eki_cursor packed, struct eki_nfcapd_bytes *ret_bytes);

/* What a record was. */
enum eki_nfcapd_found { EKI_NFCAPD_OTHER = 0, EKI_NFCAPD_FLOW, EKI_NFCAPD_BROKEN };

/* One record of either layout, its size included; the cursor is over just it. */
enum eki_nfcapd_found eki_nfcapd_record_1(struct eki_cursor c, struct eki_nfcapd_map maps[EKI_NFCAPD_MAPS],
                                          struct eki_half *ret_half);
enum eki_nfcapd_found eki_nfcapd_record_2(struct eki_cursor c, struct eki_half *ret_half, bool *ret_sampled);

#endif
