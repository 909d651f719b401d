// What is written down of a contact, as forms and screens have it. Pure.
import type { Contact, ContactConsent, ContactFacts } from "../../engine/wire-contacts";

/** By what they are called: a name, or the next best that is known. */
export const shownOf = (contact: ContactFacts): string => contact.name || contact.email || contact.phone || contact.company || contact.external_id || "";

/** The line below the name in lists: what the name does not say already. */
export const lineOf = (contact: ContactFacts): string => [contact.company, contact.email, contact.phone].filter((it) => it && it !== shownOf(contact)).join(" · ");

/** Fields of a form; attributes are lines of `name: text`. */
export interface Form { name: string; email: string; phone: string; company: string; externalId: string; tags: string; attributes: string }

export const formOf = (contact?: Partial<ContactFacts>): Form => ({
  name: contact?.name ?? "",
  email: contact?.email ?? "",
  phone: contact?.phone ?? "",
  company: contact?.company ?? "",
  externalId: contact?.external_id ?? "",
  tags: (contact?.tags ?? []).join(", "),
  attributes: Object.entries(contact?.attributes ?? {}).map(([name, text]) => `${name}: ${text}`).join("\n"),
});

/** A line without a colon names nothing, and is told by its number. */
export function wrongLine(attributes: string): number | undefined {
  const wrong = attributes.split("\n").findIndex((line) => line.trim() && !/^[^:]*\S[^:]*:\s*\S/.test(line));
  return wrong < 0 ? undefined : wrong + 1;
}

export function factsOf(form: Form): ContactFacts {
  const given = (text: string, key: "email" | "phone" | "company" | "external_id") => (text.trim() ? { [key]: text.trim() } : {});
  const attributes = form.attributes.split("\n").flatMap((line) => {
    const at = line.indexOf(":");
    const [name, text] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    return at > 0 && name && text ? [[name, text] as const] : [];
  });
  return {
    name: form.name.trim(),
    ...given(form.email, "email"), ...given(form.phone, "phone"), ...given(form.company, "company"), ...given(form.externalId, "external_id"),
    tags: [...new Set(form.tags.split(",").map((one) => one.trim()).filter(Boolean))],
    attributes: Object.fromEntries(attributes),
  };
}

/** How it stands with each thing that was agreed to: the last word about it. */
export function agreed(consents: readonly ContactConsent[]): ContactConsent[] {
  return [...new Map(consents.map((one) => [one.to, one])).values()];
}

/** Whether two contacts look like one person: the same name, address or number. */
export const alike = (one: Contact, other: Contact): boolean =>
  (!!one.name && one.name.normalize("NFC") === other.name.normalize("NFC")) || (!!one.email && one.email === other.email) || (!!one.phone && one.phone === other.phone);
