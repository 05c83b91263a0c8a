/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKI_PROTOCOL_ENGINE_H
#define EKI_PROTOCOL_ENGINE_H
/* What of the sign engine outlives the program. */
#include "ekigaku/sign.h"

struct eki_archive;

/* Written out, or read into one that is new: see base/archive.h. After an error it may only be freed. */
void eki_sign_engine_archive(struct eki_sign_engine *engine, struct eki_archive *archive);

#endif
