// SPDX-License-Identifier: Apache-2.0
/* Names and sentences of the desk in the language of the reader. */
import type { FoundContact, OwnerAnswer } from "./api/directory";
import { stamp } from "./format";
import { language, t } from "./text";
import { word } from "./words";

/** A name in the reader's language; the other one where it has none. */
export const teamName = (of: { id?: string; name: string; name_ja?: string | null }): string => (language() === "ja" && of.name_ja ? of.name_ja : of.name);

/** How a contact stands: alive, seen when. */
export function healthWords(contact: Pick<FoundContact, "health" | "last_seen">): string {
  return contact.last_seen ? t("{1}, last heard of {2}", word(contact.health), stamp(contact.last_seen)) : word(contact.health);
}

/** Who answers for it and whom to call, in one sentence. */
export function ownerWords(answer: OwnerAnswer): string {
  if (!answer.team) return t("Nobody in the directory answers for {1}.", answer.question);
  const name = teamName(answer.team);
  const who = answer.department ? t("{1}, department {2}", name, answer.department) : name;
  if (answer.inhibited) return t("{1} answers for {2}. No notice is sent: see the remark.", who, answer.question);
  if (!answer.contact) return t("{1} answers for {2}, but no contact is known there.", who, answer.question);
  if (answer.first_choice && answer.first_choice.id !== answer.contact.id) return t("{1} answers for {2}. The first contact is dead: reach {3}.", who, answer.question, answer.contact.address);
  return t("{1} answers for {2}: reach {3}.", who, answer.question, answer.contact.address);
}
