// SPDX-License-Identifier: Apache-2.0
/* Asks the CSAF validator of the OASIS committee's members: strict schema and all mandatory tests. Standard input: a JSON array of documents of
 * either version; standard output: for each the list of its errors. It takes seconds to start, so all documents come at once. */
import * as basic20 from "@secvisogram/csaf-validator-lib/basic.js";
import * as basic21 from "@secvisogram/csaf-validator-lib/csaf_2_1/basic.js";
import validate from "@secvisogram/csaf-validator-lib/validate.js";

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const found = [];
for (const document of JSON.parse(Buffer.concat(chunks).toString("utf8"))) {
  const tests = Object.values(document.document?.csaf_version === "2.1" ? basic21 : basic20);
  const result = await validate(tests, document);
  found.push(result.tests.filter((test) => !test.isValid).flatMap((test) => test.errors.map((error) => `${test.name}: ${error.instancePath} ${error.message}`)));
}
process.stdout.write(JSON.stringify(found));
