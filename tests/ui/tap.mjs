// SPDX-License-Identifier: Apache-2.0
// Tests that speak TAP (Test Anything Protocol), one after the other.
let number = 0;
let failed = 0;

/** Runs one test; what it throws is shown. */
export async function test(name, act) {
  number++;
  try {
    await act();
    console.log(`ok ${number} - ${name}`);
  } catch (wrong) {
    failed++;
    console.log(`not ok ${number} - ${name}`);
    console.log(String(wrong?.stack ?? wrong).split("\n").map((line) => `# ${line}`).join("\n"));
  }
}

export function skip(name, why) {
  number++;
  console.log(`ok ${number} - ${name} # SKIP ${why}`);
}

export function assert(holds, says) {
  if (!holds) throw new Error(says);
}

/** Prints the plan and says with which status to end. */
export function plan() {
  console.log(`1..${number}`);
  return failed ? 1 : 0;
}
