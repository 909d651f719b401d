// Taken out means out: the screen, what arrives, what the device keeps, at once and after a reload.
import assert from "node:assert/strict";
import { joinByLink } from "../harness/arrive.mjs";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { databases, keepsNothingOf, keptOf } from "../harness/kept.mjs";
import { houseFor } from "../harness/story.mjs";
import { box, hears, pane, say } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const story = houseFor();
const words = wordsOf("en");

/** What the server says to a request of this page. */
const asks = (page, path) => page.evaluate((path) => fetch(path).then((answer) => answer.status), path);

/** nari takes somebody out of the space by the list of people; resolves when the server has said yes. */
async function takeOut(page, space, name) {
  await page.goto(`/s/${space}/people`);
  await page.getByRole("button", { name: words("person_actions", { name }) }).click();
  await page.getByRole("menuitem", { name: words("remove_from_space") }).click();
  const answered = page.waitForResponse((answer) => answer.request().method() === "DELETE" && answer.url().includes("/members/"));
  await page.getByRole("dialog").getByRole("button", { name: words("remove_from_space") }).click();
  assert.ok((await answered).ok());
}

story("a member who is taken out loses the open screen within a second, and everything the device kept", async (house) => {
  const space = await house.room("Secret plans", ["joon"]);
  const other = await house.room("Everyday", ["joon"]);
  const { door } = house.who("nari");
  const file = await door.upload("prices.txt", Buffer.from("40 for each"), "text/plain");
  await door.post(space, "The list", { files: [file] });
  const nari = await house.seat("nari", { viewport: DESKTOP });
  const joon = await house.seat("joon", { viewport: PHONE });
  await Promise.all([nari.page.goto(`/s/${space}`), joon.page.goto(`/s/${space}`)]);
  await Promise.all([box(nari.page).waitFor(), box(joon.page).waitFor()]);
  await say(nari.page, "The price is 40");
  await hears(joon.page, "The price is 40");
  assert.ok((await keptOf(joon.page, space)).includes("pages"), "before, the device keeps what was read");
  assert.equal(await asks(joon.page, `/api/v1/files/${file}/prices.txt`), 200);

  // His own clock says when the screen locked; nari's answer is the beginning of the second.
  const locked = joon.page.evaluate(
    (title) =>
      new Promise((seen) => {
        const look = () => [...document.querySelectorAll("h1")].some((one) => one.textContent === title) && seen(Date.now());
        new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
    words("space_gone_title"),
  );
  await takeOut(nari.page, space, "Joon");
  const answered = Date.now();
  assert.ok((await locked) - answered < 1_000, `the screen locked ${(await locked) - answered} ms after the answer`);
  assert.equal(await joon.page.getByText("The price is 40").count(), 0);
  await keepsNothingOf(joon.page, space);

  // Nothing more arrives, nothing can be fetched; the rest of the house goes on.
  await nari.page.goto(`/s/${space}`);
  await say(nari.page, "Now it is 50");
  await hears(nari.page, "Now it is 50");
  for (const path of ["", "/pages/0", "/events?after=0&limit=10", "/members", "/files", "/pins"]) {
    assert.ok([403, 404].includes(await asks(joon.page, `/api/v1/spaces/${space}${path}`)), `GET …${path}`);
  }
  assert.equal(await asks(joon.page, `/api/v1/files/${file}/prices.txt`), 404, "files refuse");
  await joon.page.getByRole("link", { name: words("to_chats") }).click();
  await pane(joon.page, "list").getByRole("link", { name: "Everyday" }).waitFor();
  assert.equal(await pane(joon.page, "list").getByRole("link", { name: "Secret plans" }).count(), 0);
  await joon.page.goto(`/s/${space}`);
  await joon.page.getByRole("heading", { name: words("space_gone_title") }).waitFor();
  assert.equal(await joon.page.getByText(/The price|Now it is/).count(), 0);
  await keepsNothingOf(joon.page, space);
  await joon.page.goto(`/s/${other}`);
  await box(joon.page).waitFor();
  await say(joon.page, "Still here");
});

story("a guest who is taken out has nothing left", async (house) => {
  const { door } = house.who("nari");
  const space = await door.space("With the partner");
  const { link } = await door.call("POST /spaces/{id}/links", { id: space, body: {} });
  const sam = await house.person("sam", { viewport: PHONE });
  await joinByLink(sam.page, link.url, "Sam");
  await box(sam.page).waitFor();
  await say(sam.page, "Delivered");
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await takeOut(nari.page, space, "Sam");
  await sam.page.getByText("Delivered").waitFor({ state: "detached" });
  await keepsNothingOf(sam.page, space);
  assert.ok([401, 403, 404].includes(await asks(sam.page, `/api/v1/spaces/${space}/events?after=0&limit=10`)));
});

story("who is removed from the workspace is signed out at once and the device forgets", async (house) => {
  const space = await house.room("Old team", ["mina"]);
  const mina = await house.seat("mina", { viewport: PHONE });
  await mina.page.goto(`/s/${space}`);
  await box(mina.page).waitFor();
  assert.equal((await databases(mina.page)).filter((name) => name.includes(house.who("mina").id)).length, 1);
  const nari = await house.seat("nari", { viewport: DESKTOP });
  await nari.page.goto("/people");
  await nari.page.getByRole("button", { name: words("person_actions", { name: "Mina" }) }).click();
  await nari.page.getByRole("menuitem", { name: words("remove_from_workspace") }).click();
  await nari.page.getByRole("dialog").getByRole("button", { name: words("remove_from_workspace") }).click();
  await mina.page.getByRole("button", { name: words("signin_button") }).waitFor();
  await mina.page.waitForFunction(async (id) => !(await indexedDB.databases()).some(({ name }) => name.includes(id)), house.who("mina").id);
  assert.equal(await asks(mina.page, "/api/v1/me"), 401);
});

story("joon signs out his lost phone from his desk", async (house) => {
  const space = await house.room("Lost and found", ["joon"]);
  const phone = await house.seat("joon", { viewport: PHONE });
  const desk = await house.seat("joon", { viewport: DESKTOP });
  await phone.page.goto(`/s/${space}`);
  await box(phone.page).waitFor();
  await desk.page.goto("/me/devices");
  // The rows of "Me" have the same words; those of the devices stand in the pane beside it.
  await pane(desk.page, "main").getByText(words("this_device"), { exact: true }).waitFor();
  const inPane = pane(desk.page, "main").getByRole("button", { name: words("sign_out"), exact: true });
  await inPane.first().waitFor();
  for (let left = await inPane.count(); left > 0; left = await inPane.count()) {
    await inPane.first().click();
    await desk.page.waitForFunction(
      ([name, before]) => [...document.querySelectorAll("[data-pane=main] li button")].filter((one) => one.textContent.trim() === name).length < before,
      [words("sign_out"), left],
    );
  }
  await phone.page.getByRole("button", { name: words("signin_button") }).waitFor();
  assert.equal(await asks(phone.page, "/api/v1/me"), 401);
  assert.equal(await asks(desk.page, "/api/v1/me"), 200);
});
