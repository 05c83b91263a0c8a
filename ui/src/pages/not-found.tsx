// SPDX-License-Identifier: Apache-2.0
import { Answer } from "../parts/words";
import { t } from "../text";

export function NotFound() {
  return (
    <>
      <Answer>{t("There is no page at this address.")}</Answer>
      <p><a href="/">{t("To the outbreaks")}</a></p>
    </>
  );
}
