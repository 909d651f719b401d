// Contacts, told by real browsers: joon says who a visitor is while he helps her, knows her again at another desk, notes
// what matters and makes two of her one; nari brings in a file with a line that is wrong, and erases whoever asked for it.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { openDesk, visit } from "../harness/visitor.mjs";
import { sound } from "../harness/look.mjs";
import { houseFor } from "../harness/story.mjs";
import { hears, pane } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const en = wordsOf("en");
const ko = wordsOf("ko");
const main = (page) => pane(page, "main");
const list = (page) => pane(page, "list");

// First, while there is nobody yet.
story("nari brings in a file on her phone, mends nothing of it, and erases who asked for it", async (house) => {
  const nari = await house.seat("nari", { viewport: PHONE, locale: "ko-KR", colorScheme: "dark" });
  const { page } = nari;
  await page.goto("/admin");
  await page.getByRole("link", { name: ko("contacts_hint") }).click();
  await page.getByText(ko("contacts_none")).waitFor();
  await sound(page, "no contacts");
  await page.getByRole("button", { name: ko("contacts_menu") }).click();
  await page.getByRole("menuitem", { name: ko("contacts_import") }).click();
  const dialog = page.getByRole("dialog");
  const file = "이름,이메일,도시\n홍길동,hong@x.example,부산\n나리,틀린주소,서울\n";
  await dialog.locator("input[type=file]").setInputFiles({ name: "고객.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  await dialog.getByText(new RegExp(ko("contacts_line", { line: 3 }))).waitFor();
  const bring = dialog.getByRole("button", { name: ko("contacts_bring") });
  assert.equal(await bring.isDisabled(), true);
  await sound(page, "a file with a line that is wrong");
  await nari.picture("contacts-import-phone-dark");
  await dialog.getByRole("switch", { name: ko("contacts_leave_out") }).check();
  await bring.click();
  await page.getByText(ko("contacts_brought", { created: 1, changed: 0 })).waitFor();
  await page.getByRole("searchbox").fill("ㅎㄱㄷ");
  await list(page).or(main(page)).getByRole("link", { name: /홍길동/ }).first().click();
  await page.getByText("부산").waitFor();
  await sound(page, "a contact on a phone");
  await nari.picture("contact-phone-dark");
  await page.getByRole("button", { name: ko("person_actions", { name: "홍길동" }) }).click();
  await page.getByRole("menuitem", { name: ko("contact_erase") }).click();
  await dialog.getByRole("textbox").fill("홍길동");
  await dialog.getByRole("button", { name: ko("contact_erase") }).click();
  await page.getByText(ko("erase_done")).waitFor();
  await page.getByText(ko("contacts_none")).or(page.getByText(ko("contacts_none_found"), { exact: true })).first().waitFor();
  const { contacts } = await house.who("nari").door.call("GET /contacts");
  assert.deepEqual(contacts, []);
});

story("joon writes down who a visitor is, knows her at another desk, and makes two of her one", async (house) => {
  await house.welcome("joon");
  const sales = await openDesk(house, ["joon"], { name: "Sales" });
  const support = await openDesk(house, ["joon"], { name: "Repairs" });
  const first = await visit(house, sales, { name: "Dara" });
  await first.say("What does it cost?");
  const joon = await house.seat("joon", { viewport: DESKTOP });
  const { page } = joon;
  await page.goto(`/agent/${first.space}`);
  await hears(page, "What does it cost?");
  const who = page.getByRole("region", { name: en("contact"), exact: true });
  await who.getByText(en("contact_unknown")).waitFor();
  await who.getByRole("button", { name: en("contact_write_down") }).click();
  await who.getByLabel(en("contact_name")).fill("Dara Kang");
  await who.getByLabel(en("email")).fill("Dara@Example.com");
  await who.getByLabel(en("contact_company")).fill("Blue Store");
  await who.getByRole("button", { name: en("save") }).click();
  await who.getByRole("link", { name: /Dara Kang/ }).waitFor();
  await sound(page, "a ticket whose visitor is known");
  await joon.picture("contact-in-ticket-desktop-light");
  const { door } = house.who("joon");
  await door.call("POST /tickets/{space}/take", { space: first.space, body: {} });
  await door.call("POST /tickets/{space}/close", { space: first.space, body: {} });
  await first.rate(4, "dear but good");

  // Another day, another desk; somebody of the same name is offered, and is she.
  const second = await visit(house, support, { name: "Dara Kang" });
  await second.say("It broke");
  await page.goto(`/agent/${second.space}`);
  await who.getByText(en("contact_suggested")).waitFor();
  await who.getByRole("button", { name: /Dara Kang/ }).click();
  await who.getByText("dear but good").waitFor();
  await who.getByRole("link", { name: /Dara Kang/ }).click();
  await main(page).getByRole("heading", { name: "Dara Kang" }).waitFor();
  await main(page).getByText(en("contact_round", { desk: "Repairs", number: 1 })).waitFor();
  await main(page).getByLabel(en("contact_note")).fill("Prefers chat");
  await main(page).getByRole("button", { name: en("contact_note_add") }).click();
  await main(page).getByText("Prefers chat").and(page.locator("p")).waitFor();
  await main(page).getByRole("button", { name: en("contact_consent_add") }).click();
  await main(page).getByLabel(en("contact_consent_to")).fill("Newsletter");
  await main(page).getByRole("button", { name: en("save") }).click();
  await main(page).getByRole("button", { name: en("contact_withdraw") }).waitFor();
  await sound(page, "a contact");
  await joon.picture("contact-desktop-light");

  const twin = (await door.call("POST /contacts", { body: { name: "Dara K.", phone: "010-1111-2222", tags: ["vip"], attributes: {} } })).contact;
  await page.getByRole("button", { name: en("person_actions", { name: "Dara Kang" }) }).click();
  await page.getByRole("menuitem", { name: en("contact_merge") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("searchbox").fill("1111");
  await dialog.getByRole("button", { name: /Dara K\./ }).click();
  await sound(page, "two that become one");
  await dialog.getByRole("button", { name: en("contact_merge") }).click();
  await main(page).getByText("010-1111-2222").first().waitFor();
  await page.goto(`/contacts/${twin.id}`);
  await main(page).getByRole("heading", { name: "Dara Kang" }).waitFor();
});
