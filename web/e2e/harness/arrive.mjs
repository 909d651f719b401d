// How people come into a house by its screens, for stories that begin at the door. Most begin inside: `house.seat`.
import { addressOf, passwordOf } from "./house.mjs";
import { wordsOf } from "./words.mjs";

/** nari opens the workspace in a new house, and sees its first space. */
export async function openWorkspace(page) {
  await page.goto("/");
  await page.locator("[name=workspace]").fill("Hanbit");
  await page.locator("[name=name]").fill("Nari");
  await page.locator("[name=email]").fill(addressOf("nari"));
  await page.locator("[name=password]").fill(passwordOf("nari"));
  await page.getByRole("button", { name: wordsOf("en")("setup_button") }).click();
  await page.getByText("General").first().waitFor();
}

/** Somebody follows the link of an invitation. */
export async function acceptInvitation(page, link, name, { as, locale = "en" }) {
  await page.goto(link);
  await page.locator("[name=name]").fill(as);
  await page.locator("input[type=password]").fill(passwordOf(name));
  await page.getByRole("button", { name: wordsOf(locale)("invitation_button") }).click();
  await page.getByText("General").first().waitFor();
}

/** Somebody follows a join link: a name is enough. */
export async function joinByLink(page, url, as, { locale = "en" } = {}) {
  await page.goto(url);
  await page.locator("[name=name]").fill(as);
  await page.getByRole("button", { name: wordsOf(locale)("join_button") }).click();
}
