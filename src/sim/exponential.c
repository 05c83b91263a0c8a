/* SPDX-License-Identifier: Apache-2.0 */
#include "sim/exponential.h"

#include <math.h>

/* For 256 layers (Marsaglia and Tsang 2000, section 2.3): where the tail begins, and the area of a layer. */
static const double tail = 7.69711747013104972, area = 0.0039496598225815571993;

void eki_sim_ziggurat_init(struct eki_sim_ziggurat *ret_ziggurat)
{
    double *x = ret_ziggurat->x;
    x[0] = area * exp(tail);
    x[1] = tail;
    for (int i = 2; i < EKI_SIM_LAYERS; i++) x[i] = -log(exp(-x[i - 1]) + area / x[i - 1]);
    x[EKI_SIM_LAYERS] = 0;
    for (int i = 0; i <= EKI_SIM_LAYERS; i++) ret_ziggurat->f[i] = exp(-x[i]);
}

double eki_sim_exponential_edge(const struct eki_sim_ziggurat *z, struct eki_random *random, unsigned layer,
                                double x)
{
    double before = 0;
    for (;;) {
        if (layer == 0) {
            before += tail; /* the tail is an exponential again */
        } else {
            double height = z->f[layer] + eki_random_unit(random) * (z->f[layer + 1] - z->f[layer]);
            if (height < exp(-x)) return before + x;
        }
        uint64_t bits = eki_random_next(random);
        layer = bits & (EKI_SIM_LAYERS - 1);
        x = (double)(bits >> 11) * 0x1p-53 * z->x[layer];
        if (x < z->x[layer + 1]) return before + x;
    }
}
