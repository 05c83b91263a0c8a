/* SPDX-License-Identifier: Apache-2.0 */
/*
 * eki-generate: writes captures of simulated outbreaks, headers only, and the truth beside them, to test and
 * measure ekigaku with.
 */
#include "generate.h"

int main(int argc, char **argv)
{
    return generate_run(argc, argv);
}
