/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EKIGAKU_EKIGAKU_H
#define EKIGAKU_EKIGAKU_H
/* All public headers, in the order of the data. */
/* clang-format off */
#include "ekigaku/version.h"
#include "ekigaku/error.h"
#include "ekigaku/address.h"
#include "ekigaku/time.h"
#include "ekigaku/tlp.h"
#include "ekigaku/packet.h"
#include "ekigaku/flow.h"
#include "ekigaku/contact.h"
#include "ekigaku/sign.h"
#include "ekigaku/scanner.h"
#include "ekigaku/outbreak.h"
#include "ekigaku/forecast.h"
#include "ekigaku/analysis.h"
#include "ekigaku/watch.h"
#include "ekigaku/simulation.h"
#include "ekigaku/catalogue.h"
#include "ekigaku/directory.h"
#include "ekigaku/heartbeat.h"
#include "ekigaku/owner.h"
#include "ekigaku/roster.h"
#include "ekigaku/members.h"
#include "ekigaku/atlas.h"
#include "ekigaku/traffic.h"
#include "ekigaku/score.h"
#include "ekigaku/incident.h"
#include "ekigaku/exchange.h"
#include "ekigaku/report.h"
#include "ekigaku/directory_report.h"
#include "ekigaku/news.h"
#include "ekigaku/store.h"
#include "ekigaku/mail.h"
#include "ekigaku/desk_directory.h"
#include "ekigaku/case.h"
#include "ekigaku/notice.h"
#include "ekigaku/case_exchange.h"
#include "ekigaku/web.h"
/* clang-format on */

#endif
