// Every screen of web/src/app/screens.ts, as it looks in a house that has been lived in: on a phone and a
// desktop, in Korean and English, light and dark; and by other eyes. axe finds nothing, nothing sticks out sideways. A screen
// that no line of these tables visits fails the story. With MADANG_PICTURES it takes the pictures too.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { DESKTOP, PHONE } from "../harness/browser.mjs";
import { openHouse } from "../harness/house.mjs";
import { accessible, colours, fits } from "../harness/look.mjs";
import { seed } from "../harness/seed.mjs";
import { pane, row } from "../harness/talk.mjs";
import { wordsOf } from "../harness/words.mjs";

const sizes = { phone: PHONE, desktop: DESKTOP };
const locales = { ko: "ko-KR", en: "en-GB" };

/** Screens before anybody is signed in. `ready` stands on the screen when it is whole. */
const doors = {
  setup: { path: () => "/setup", ready: (words) => words("setup_button") },
};
const outside = {
  signin: { path: () => "/signin", ready: (words) => words("signin_button") },
  reset: { path: () => "/reset", ready: (words) => words("reset_button") },
  resetToken: { path: ({ reset }) => `/reset/${reset}`, ready: (words) => words("new_password_button") },
  confirm: { path: () => "/confirm/wrong", ready: (words) => words("link_invalid_title") },
  invitation: { path: ({ invitation }) => `/i/${invitation}`, ready: (words) => words("invitation_button") },
  join: { path: ({ link }) => `/j/${link}`, ready: (words) => words("join_button") },
};
/** Screens of a person of the house. */
const inside = {
  chats: { path: () => "/", ready: () => "제품팀" },
  space: { path: ({ product }) => `/s/${product}`, ready: () => "오늘 할 일은 여기까지" },
  message: { path: ({ product, message }) => `/s/${product}/m/${message}`, ready: () => "출시 일정" },
  thread: { path: ({ product, root }) => `/s/${product}/t/${root}`, ready: () => "끝나면 여기에" },
  reply: { path: ({ product, root, reply }) => `/s/${product}/t/${root}/m/${reply}`, ready: () => "12월 1일에" },
  spacePeople: { path: ({ launch }) => `/s/${launch}/people`, ready: () => "Sam Rivera" },
  spaceFiles: { path: ({ product }) => `/s/${product}/files`, ready: (words) => words("files") },
  spacePins: { path: ({ product }) => `/s/${product}/pins`, ready: (words) => words("to_message") },
  spaceStanding: { path: ({ product }) => `/s/${product}/now`, ready: (words) => words("standing") },
  app: { path: ({ app }) => `/apps/${app}`, ready: (words) => words("app_home_empty") },
  letIn: { path: ({ client }) => `/oauth/v2/authorize?client_id=${client}&scope=chat:write,channels:history&user_scope=chat:write`, ready: (words) => words("let_in_yes") },
  search: { path: () => `/search?q=${encodeURIComponent("일정")}`, ready: () => "출시 일정" },
  calls: { path: () => "/c", ready: (words) => words("calls_empty_title") },
  help: { path: () => "/agent", ready: () => "다라" },
  report: { path: ({ desk }) => `/agent/report/${desk}`, ready: (words) => words("report_hours") },
  ticket: { path: ({ ticket }) => `/agent/${ticket}`, ready: () => "언제 오나요" },
  contacts: { path: () => "/contacts", ready: () => "강다라" },
  contact: { path: ({ contact }) => `/contacts/${contact}`, ready: () => "전화보다 채팅이 편하대요" },
  activity: { path: () => "/a", ready: (words) => words("activity_mention", { who: "Sam Rivera" }) },
  catchUp: { path: () => "/a/catch-up", ready: (words) => words("catch_up_read") },
  saved: { path: () => "/a/saved", ready: (words) => words("saved") },
  scheduled: { path: () => "/a/scheduled", ready: (words) => words("scheduled") },
  me: { path: () => "/me", ready: (words) => words("workspace_people_hint") },
  profile: { path: () => "/me/profile", ready: (words) => words("current_password") },
  devices: { path: () => "/me/devices", ready: (words) => words("this_device") },
  appearance: { path: () => "/me/appearance", ready: (words) => words("theme") },
  tokens: { path: () => "/me/tokens", ready: () => "야간 보고서" },
  notifications: { path: () => "/me/notifications", ready: (words) => words("quiet_hours") },
  admin: { path: () => "/admin", ready: (words) => words("audit_hint") },
  adminPart: { path: () => "/admin/audit", ready: (words) => words("act_token_made") },
  adminOne: { path: ({ desk }) => `/admin/desks/${desk}`, ready: (words) => words("desk_reach") },
  people: { path: () => "/people", ready: () => "new.colleague@example.com" },
  teams: { path: () => "/teams", ready: () => "Field service" },
  team: { path: ({ team }) => `/teams/${team}`, ready: () => "김미나" },
};
/** What opens over a screen, and what is shown in no place of its own. `only` names the size that has it this way. */
const states = {
  "admin-overview": { path: () => "/admin/overview", ready: (words) => words("advice_backup") },
  "admin-people": { path: () => "/admin/people", ready: () => "new.colleague@example.com" },
  "admin-spaces": { path: () => "/admin/spaces", ready: () => "전사 공지" },
  "admin-links": { path: () => "/admin/links", ready: (words) => words("admin_invitations") },
  "admin-retention": { path: () => "/admin/retention", ready: (words) => words("retention_keep_pinned") },
  "admin-previews": { path: () => "/admin/previews", ready: (words) => words("previews") },
  "admin-settings": { path: () => "/admin/settings", ready: (words) => words("who_creates_spaces") },
  "admin-branding": { path: () => "/admin/branding", ready: (words) => words("branding_text") },
  "admin-mail": { path: () => "/admin/mail", ready: (words) => words("mail_from_environment") },
  "admin-push": { path: () => "/admin/push", ready: (words) => words("push_contact_hint") },
  "admin-storage": { path: () => "/admin/storage", ready: (words) => words("storage_text") },
  "admin-desks": { path: () => "/admin/desks", ready: () => "고객 지원" },
  "desk-new": { path: () => "/admin/desks/new", ready: (words) => words("desk_reach_later") },
  "ticket-hand-on": { path: ({ ticket }) => `/agent/${ticket}`, ready: () => "언제 오나요", act: fromTicket },
  "contact-new": { path: () => "/contacts", ready: () => "강다라", act: fromContacts },
  "admin-apps": { path: () => "/admin/apps", ready: () => "배포 도우미" },
  "admin-app": { path: ({ app }) => `/admin/apps/${app}`, ready: (words) => words("deliveries_none") },
  "app-new": { path: () => "/admin/apps/new", ready: (words) => words("app_install_text") },
  "app-message": { path: ({ deploys }) => `/s/${deploys}`, ready: () => "오래 걸리는 마이그레이션" },
  "webhook-new": { path: () => "/admin/webhooks", ready: () => "https://hooks.hanbit.example/madang", act: async (page, words) => { await page.getByRole("button", { name: words("webhook_new"), exact: true }).click(); await page.getByRole("dialog").waitFor(); } },
  "admin-webhooks": { path: () => "/admin/webhooks", ready: () => "https://hooks.hanbit.example/madang" },
  "admin-import": { path: () => "/admin/import", ready: (words) => words("import_choose") },
  "admin-export": { path: () => "/admin/export", ready: (words) => words("export_none") },
  nowhere: { path: () => "/no/such/place", ready: (words) => words("not_found_title") },
  gone: { path: () => "/s/0000000000000", ready: (words) => words("space_gone_title") },
  direct: { path: ({ direct }) => `/s/${direct}`, ready: () => "회의실 2번" },
  guests: { path: ({ launch }) => `/s/${launch}`, ready: () => "second warehouse" },
  "new-menu": { path: () => "/", ready: () => "제품팀", act: (page, words) => page.getByRole("button", { name: words("new_something") }).click() },
  "new-space": { path: () => "/", ready: () => "제품팀", act: (page, words) => fromMenu(page, words, "new_space") },
  "new-chat": { path: () => "/", ready: () => "제품팀", act: (page, words) => fromMenu(page, words, "new_chat") },
  browse: { path: () => "/", ready: () => "제품팀", act: (page, words) => fromMenu(page, words, "browse_spaces") },
  "space-menu": { path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: (page, words) => page.getByRole("button", { name: words("space_actions") }).click() },
  settings: { path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: (page, words) => fromSpace(page, words, "space_settings") },
  bookmarks: { path: ({ deploys }) => `/s/${deploys}`, ready: () => "오래 걸리는 마이그레이션", act: (page, words) => fromSpace(page, words, "bookmarks") },
  leave: { path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: (page, words) => fromSpace(page, words, "leave_space") },
  actions: { only: "desktop", path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: openActions },
  emoji: { only: "desktop", path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: openEmoji },
  readers: { path: ({ product }) => `/s/${product}`, ready: () => "여기까지예요", act: openReaders },
  "add-people": { path: ({ launch }) => `/s/${launch}/people`, ready: () => "Sam Rivera", act: (page, words) => page.getByRole("button", { name: words("add_people") }).click() },
  "invite-people": { path: () => "/people", ready: () => "new.colleague@example.com", act: (page, words) => page.getByRole("button", { name: words("invite_people") }).click() },
  "meeting-plan": { path: () => "/c", ready: (words) => words("calls_empty_title"), act: (page, words) => fromCalls(page, words, "meeting_plan") },
  "call-link": { path: () => "/c", ready: (words) => words("calls_empty_title"), act: (page, words) => fromCalls(page, words, "call_link_new") },
  calendar: { path: () => "/c", ready: (words) => words("calls_empty_title"), act: (page, words) => fromCalls(page, words, "calendar_connect") },
  "sign-out": { path: () => "/me", ready: (words) => words("workspace_people_hint"), act: (page, words) => pane(page, "list").getByRole("button", { name: words("sign_out"), exact: true }).click() },
};

async function fromMenu(page, words, item) {
  await page.getByRole("button", { name: words("new_something") }).click();
  await page.getByRole("menuitem", { name: words(item) }).click();
  await page.getByRole("dialog").waitFor();
}
async function fromCalls(page, words, button) {
  await pane(page, "list").getByRole("button", { name: words(button), exact: true }).click();
  await page.getByRole("dialog").waitFor();
}
async function fromSpace(page, words, item) {
  await page.getByRole("button", { name: words("space_actions") }).click();
  await page.getByRole("menu").getByText(words(item), { exact: true }).click();
  await page.getByRole("dialog").waitFor();
}
async function fromContacts(page, words) {
  await page.getByRole("button", { name: words("contact_new") }).first().click();
  await page.getByRole("dialog").waitFor();
}
async function fromTicket(page, words) {
  await page.getByRole("button", { name: words("ticket_actions") }).click();
  await page.getByRole("menuitem", { name: words("ticket_transfer") }).click();
  await page.getByRole("dialog").getByText("박준호").waitFor();
}
async function openActions(page, words) {
  const line = row(page, "여기까지예요");
  await line.hover();
  await line.getByRole("button", { name: words("message_actions") }).click();
  await page.getByRole("menu", { name: words("message_actions") }).waitFor();
}
async function openEmoji(page, words) {
  await openActions(page, words);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: words("more_emoji") }).click();
  await page.getByRole("dialog").getByRole("button", { name: /😀|👍/ }).first().waitFor();
}
async function openReaders(page, words) {
  await row(page, "여기까지예요").getByRole("button", { name: words("unread_by", { count: 2 }) }).click();
  await page.getByRole("dialog", { name: words("readers") }).getByRole("tabpanel").getByText("이하늘").waitFor();
}

/** The names in screens.ts that an installed client has: the gallery is for developers and has its own look. */
function named() {
  const source = readFileSync(new URL("../../src/app/screens.ts", import.meta.url), "utf8");
  const table = /const screens: [^=]+= \{\n(.*?)\n\};/s.exec(source)?.[1];
  assert.ok(table, "the table of screens.ts is found");
  return [...table.matchAll(/^ {2}(\w+):/gm)].map(([, name]) => name);
}

/** Nothing in sight is still on its way. Runs in the page. */
function whole() {
  const inSight = ({ top, bottom }) => bottom > 0 && top < innerHeight;
  return !document.querySelector("[aria-busy=true]") && [...document.images].every((one) => one.complete || !inSight(one.getBoundingClientRect()));
}

/** Leads an open page to another address without fetching the client again, as a step in the history would. */
async function lead(page, path) {
  await page.evaluate((path) => {
    for (const one of document.querySelectorAll("dialog[open]")) one.close();
    history.pushState({ depth: 1 }, "", path);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
  }, path);
}

/** How others see a screen: twice as large letters, read from right to left, with more contrast. Looked at where there
 *  is least room for it, on the phone with English words. */
const eyes = {
  large: { wears: ["data-text", "200"], check: fits },
  mirrored: { wears: ["dir", "rtl"], check: fits },
  contrast: { wears: ["data-contrast", "more"], check: (page, title) => accessible(page, title, colours) },
};

async function byOtherEyes({ page, picture }, title) {
  for (const [eye, { wears, check }] of Object.entries(eyes)) {
    const wear = (value) =>
      page.evaluate(async ([name, value]) => {
        const { documentElement } = document;
        const before = documentElement.getAttribute(name);
        if (value === null) documentElement.removeAttribute(name);
        else documentElement.setAttribute(name, value);
        for (let frames = 0; frames < 3; frames++) await new Promise(requestAnimationFrame);
        return before;
      }, [wears[0], value]);
    const before = await wear(wears[1]);
    try {
      await check(page, `${title}-${eye}`);
      await picture(`${title}-${eye}`);
    } finally {
      await wear(before);
    }
  }
}

/** One page walks over the tables. Everything that is wrong is told at the end, with the screen's name. */
async function walk({ page, picture }, table, { ids, size, locale, faults, visited }) {
  const words = wordsOf(locale);
  for (const [name, { path, ready, act, only }] of Object.entries(table)) {
    if (only && only !== size) continue;
    const title = `${name}-${size}-${locale}`;
    try {
      await lead(page, path(ids));
      await page.getByText(ready(words, ids)).and(page.locator(":visible")).last().waitFor();
      await act?.(page, words);
      await page.waitForFunction(whole);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme });
        await accessible(page, `${title}-${colorScheme}`, colorScheme === "dark" ? colours : undefined);
        await picture(`${title}-${colorScheme}`);
      }
      await fits(page, title);
      if (size === "phone" && locale === "en") await byOtherEyes({ page, picture }, title);
      visited.add(name);
    } catch (error) {
      faults.push(`${title}: ${error.message}`);
      await page.reload();
    }
    if (act) await page.reload();
  }
  await page.emulateMedia({ colorScheme: "light" });
}

test("every screen is sound: phone and desktop, Korean and English, light and dark", async () => {
  const house = await openHouse();
  const faults = [];
  const visited = new Set();
  try {
    const variants = Object.keys(sizes).flatMap((size) => Object.keys(locales).map((locale) => ({ size, locale, faults, visited })));
    /** Phone and desktop go side by side: the machine has two cores. */
    const everywhere = async (table, ids, arrive) => {
      for (const locale of Object.keys(locales)) {
        await Promise.all(variants.filter((one) => one.locale === locale).map(async (variant) => {
          const person = await arrive({ viewport: sizes[variant.size], locale: locales[locale] });
          await person.page.goto("/");
          await person.page.getByRole("heading", { level: 1 }).first().waitFor();
          await walk(person, table, { ...variant, ids });
          await person.context.close();
        }));
      }
    };
    const stranger = (how) => house.person("dara", how);
    await everywhere(doors, {}, stranger);

    await house.found({ workspace: "한빛전자", name: "나리", language: "ko" });
    const ids = await seed(house);
    await everywhere(outside, await links(house, ids), stranger);
    await everywhere({ ...inside, ...states }, ids, (how) => house.seat("nari", { ...how, shared: true }));
  } finally {
    await house.close();
  }
  assert.deepEqual(faults, [], `${faults.length} screens are not sound`);
  assert.deepEqual(named().filter((name) => !visited.has(name)), [], "screens of screens.ts that no table here visits");
});

/** Links that lead in: an invitation, a join link, a new password. */
async function links(house, { launch }) {
  const nari = house.who("nari").door;
  await nari.call("POST /people", { body: { email: "bora@example.com", role: "member" } });
  const invitation = (await house.nextMail("bora@example.com")).link.split("/").at(-1);
  const { link } = await nari.call("POST /spaces/{id}/links", { id: launch, body: {} });
  await nari.call("POST /password-reset", { body: { email: "mina@example.com" } });
  const reset = (await house.nextMail("mina@example.com")).link.split("/").at(-1);
  return { invitation, link: link.url.split("/").at(-1), reset };
}
