// People from outside: by a link with just a name, by mail to a single space; links that lead nowhere; a
// forgotten password. nari at a desk lets them in.
import assert from "node:assert/strict";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { addressOf, passwordOf } from "../harness/house.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane, row, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

story("sam comes by a link with just a name, and keeps everything when he makes an account", async (house) => {
  const { door } = house.who("nari");
  const space = await door.space("Partners");
  await door.space("Only for us", { kind: "open" });
  await door.post(space, "Written before anybody came");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/s/${space}/people`);
  await nari.page.getByRole("button", { name: words("make_link") }).click();
  const link = await nari.page.getByLabel(words("new_link")).inputValue();

  // A name is enough, and the whole history is there.
  const sam = await house.person("sam", { viewport: PHONE });
  await sam.page.goto(link);
  await sam.page.getByText("Partners").first().waitFor();
  await sam.page.locator("[name=name]").fill("Sam");
  await sam.page.getByRole("button", { name: words("join_button") }).click();
  await hears(sam.page, "Written before anybody came");
  await say(sam.page, "Hello from outside");
  await hears(nari.page, "Hello from outside");
  await row(nari.page, "Hello from outside").getByText(words("role_guest")).waitFor();

  // That one space is all there is for him.
  await sam.page.goto("/");
  await pane(sam.page, "list").getByRole("link", { name: "Partners" }).waitFor();
  assert.equal(await pane(sam.page, "list").getByRole("link").count(), 1);
  assert.equal(await sam.page.getByRole("button", { name: words("new_something") }).count(), 0);
  await sam.page.goto("/me");
  await sam.page.getByText(words("devices")).first().waitFor();
  assert.equal(await sam.page.getByRole("link", { name: words("workspace_people") }).count(), 0);

  // An account later; the address is proven by mail.
  await sam.page.goto("/me/profile");
  await sam.page.locator("input[type=email]").fill(addressOf("sam"));
  await sam.page.locator("input[type=password]").fill(passwordOf("sam"));
  await sam.page.getByRole("button", { name: words("make_account") }).click();
  await sam.page.getByText(words("confirm_sent_title")).waitFor();
  const mail = await house.nextMail(addressOf("sam"));
  await sam.page.goto(mail.link);
  await sam.page.getByText(words("confirm_done", { name: "Sam" })).waitFor();

  // The same person on another device: the space, and his own words as his.
  const desk = await house.person("sam at a desk", { viewport: DESKTOP });
  await desk.page.goto("/");
  await desk.page.locator("[name=email]").fill(addressOf("sam"));
  await desk.page.locator("[name=password]").fill(passwordOf("sam"));
  await desk.page.getByRole("button", { name: words("signin_button") }).click();
  await pane(desk.page, "list").getByRole("link", { name: "Partners" }).click();
  await row(desk.page, "Hello from outside").locator(".message.mine").waitFor();
  await say(nari.page, "Welcome back");
  await hears(desk.page, "Welcome back");
  await sam.page.goto(`/s/${space}`);
  await hears(sam.page, "Welcome back");
});

story("dara is invited from outside by mail, to one space, in Korean", async (house) => {
  const space = await house.who("nari").door.space("한빛전자 협업");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/s/${space}/people`);
  await nari.page.getByRole("button", { name: words("add_people") }).click();
  const dialog = nari.page.getByRole("dialog", { name: words("add_people") });
  await dialog.locator("input").first().fill(addressOf("dara"));
  await dialog.getByRole("button", { name: words("add"), exact: true }).click();
  const mail = await house.nextMail(addressOf("dara"));

  const ko = wordsOf("ko");
  const dara = await house.person("dara", { viewport: PHONE, locale: "ko-KR" });
  await dara.page.goto(mail.link);
  await dara.page.getByText("한빛전자 협업").first().waitFor();
  await dara.page.locator("[name=name]").fill("다라");
  await dara.page.locator("input[type=password]").fill(passwordOf("dara"));
  await dara.page.getByRole("button", { name: ko("invitation_button") }).click();
  await box(dara.page).waitFor();
  await say(dara.page, "안녕하세요, 다라예요", { locale: "ko" });
  await nari.page.goto(`/s/${space}`);
  await row(nari.page, "안녕하세요, 다라예요").getByText("다라", { exact: true }).waitFor();
  await dara.page.goto("/");
  await pane(dara.page, "list").getByRole("link", { name: "한빛전자 협업" }).waitFor();
  assert.equal(await pane(dara.page, "list").getByRole("link").count(), 1);
});

story("a link that is used up or revoked says so, and what to do", async (house) => {
  const { door } = house.who("nari");
  const space = await door.space("Short visits");
  const link = async (more) => (await door.call("POST /spaces/{id}/links", { id: space, body: { expires_in: 86_400, ...more } })).link;
  const once = await link({ uses: 1 });
  const open = await link();

  const first = await house.person("first", { viewport: PHONE });
  const second = await house.person("second", { viewport: PHONE });
  /** Has the page open, and the name written; has not pressed the button yet. */
  const enter = async ({ page }, url, name) => {
    await page.goto(url);
    await page.locator("[name=name]").fill(name);
  };
  await Promise.all([enter(first, once.url, "First"), enter(second, once.url, "Second")]);
  await first.page.getByRole("button", { name: words("join_button") }).click();
  await box(first.page).waitFor();
  // Whoever had the page open already is told on pressing the button; whoever comes later at once.
  await second.page.getByRole("button", { name: words("join_button") }).click();
  await second.page.getByRole("alert").getByText(/\p{L}/u).waitFor();
  await second.page.goto(once.url);
  await second.page.getByText(words("link_invalid_title")).waitFor();
  await second.page.getByText(words("link_invalid_text")).waitFor();

  await enter(second, open.url, "Second");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto(`/s/${space}/people`);
  await nari.page.getByRole("button", { name: words("revoke") }).first().waitFor();
  while ((await nari.page.getByRole("button", { name: words("revoke") }).count()) > 0) {
    const left = await nari.page.getByRole("button", { name: words("revoke") }).count();
    await nari.page.getByRole("button", { name: words("revoke") }).first().click();
    await nari.page.waitForFunction(
      ([name, count]) => [...document.querySelectorAll("button")].filter((one) => one.textContent.trim() === name).length < count,
      [words("revoke"), left],
    );
  }
  await second.page.getByRole("button", { name: words("join_button") }).click();
  await second.page.getByRole("alert").getByText(/\p{L}/u).waitFor();
  await second.page.goto(open.url);
  await second.page.getByText(words("link_invalid_title")).waitFor();
});

story("mina forgot her password: a mail lets her choose another, and her other devices are signed out", async (house) => {
  await house.room("Known", ["mina"]);
  const old = await house.seat("mina", { viewport: DESKTOP });
  await old.page.goto("/");
  await pane(old.page, "list").getByRole("link", { name: "Known" }).waitFor();

  const { page } = await house.person("mina", { viewport: PHONE });
  await page.goto("/");
  await page.getByRole("link", { name: words("signin_forgot") }).click();
  await page.locator("[name=email]").fill(addressOf("mina"));
  await page.getByRole("button", { name: words("reset_button") }).click();
  await page.getByText(words("reset_sent_title")).waitFor();
  const mail = await house.nextMail(addressOf("mina"));
  await page.goto(mail.link);
  await page.locator("input[type=password]").fill(passwordOf("mina-again"));
  await page.getByRole("button", { name: words("new_password_button") }).click();
  await pane(page, "list").getByRole("link", { name: "Known" }).waitFor();

  // Elsewhere the old sign-in is over, by itself; the new password opens, the old one does not.
  await old.page.getByRole("button", { name: words("signin_button") }).waitFor();
  const enter = async (password) => {
    await old.page.locator("[name=email]").fill(addressOf("mina"));
    await old.page.locator("[name=password]").fill(password);
    await old.page.getByRole("button", { name: words("signin_button") }).click();
  };
  await enter(passwordOf("mina"));
  await old.page.getByRole("alert").getByText(/\p{L}/u).waitFor();
  await enter(passwordOf("mina-again"));
  await pane(old.page, "list").getByRole("link", { name: "Known" }).waitFor();
  // The link has done its work.
  await page.goto(mail.link);
  await page.getByText(words("link_invalid_title")).waitFor();
});

story("a link and an invitation that ran out, or were taken back, say what to do next", async (house) => {
  const { door } = house.who("nari");
  const space = await door.space("For a while");
  const { link } = await door.call("POST /spaces/{id}/links", { id: space, body: { expires_in: 86_400 } });
  const invited = async (name) => {
    await door.call("POST /people", { body: { email: addressOf(name), role: "member" } });
    return (await house.nextMail(addressOf(name))).link;
  };
  const [late, unwanted] = [await invited("late"), await invited("unwanted")];
  const { page } = await house.person("dara", { viewport: PHONE });
  const leadsNowhere = async (url) => {
    await page.goto(url);
    await page.getByText(words("link_invalid_title")).waitFor();
    await page.getByText(words("link_invalid_text")).waitFor();
  };
  const press = async (button) => {
    await page.getByRole("button", { name: words(button) }).click();
    await page.getByRole("alert").getByText(/\p{L}/u).waitFor();
  };

  // Taken back, while she had it open and was writing her name.
  await page.goto(unwanted);
  await page.locator("[name=name]").fill("Dara");
  await page.locator("input[type=password]").fill(passwordOf("dara"));
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto("/people");
  await nari.page.getByRole("button", { name: words("person_actions", { name: addressOf("unwanted") }) }).click();
  await nari.page.getByRole("menuitem", { name: words("revoke") }).click();
  await pane(nari.page, "main").getByRole("listitem").filter({ hasText: addressOf("unwanted") }).waitFor({ state: "detached" });
  await press("invitation_button");
  await leadsNowhere(unwanted);

  // Left lying: twenty days later neither the link nor the invitation is good any more, also where it was open.
  await page.goto(link.url);
  await page.locator("[name=name]").fill("Dara");
  await house.server.stop();
  await house.server.start({ later: 20 });
  try {
    await press("join_button");
    await leadsNowhere(link.url);
    await leadsNowhere(late);
    // From there the door of the house is one step away, for whoever has an account.
    await page.getByRole("link", { name: words("to_chats") }).click();
    await page.getByRole("button", { name: words("signin_button") }).waitFor();
  } finally {
    await house.server.restart();
  }
});
