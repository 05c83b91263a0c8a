// SPDX-License-Identifier: Apache-2.0
declare module "virtual:japanese" {
  const table: Readonly<Record<string, string>>;
  export default table;
}
