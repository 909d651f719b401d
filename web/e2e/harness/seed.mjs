// A house as it looks after some weeks, for pictures and for walks over every screen: Hanbit Electronics with
// its teams, a partner, and what they wrote in Korean and English.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openDesk, visit } from "./visitor.mjs";

/** Paints pictures such as people send, and gives them as PNG: hills in the colours of a time of day. */
async function paint(browser, scenes) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const painted = await page.evaluate(
    async (scenes) => {
      const pictures = [];
      for (const { width, height, sky, ground } of scenes) {
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        const pen = canvas.getContext("2d");
        const air = pen.createLinearGradient(0, 0, 0, height);
        sky.forEach((colour, i) => air.addColorStop(i / (sky.length - 1), colour));
        pen.fillStyle = air;
        pen.fillRect(0, 0, width, height);
        ground.forEach((colour, i) => {
          const top = height * (0.5 + 0.14 * i);
          pen.fillStyle = colour;
          pen.beginPath();
          pen.moveTo(0, height);
          for (let x = 0; x <= width; x += 4) pen.lineTo(x, top + Math.sin(x / (width / (4 + 2 * i)) + i * 2) * height * 0.06);
          pen.lineTo(width, height);
          pen.fill();
        });
        const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
        pictures.push([...new Uint8Array(await blob.arrayBuffer())]);
      }
      return pictures;
    },
    scenes,
  );
  await context.close();
  return painted.map((bytes) => Buffer.from(bytes));
}

/** Fills a founded house. Gives what the addresses of screens need: ids of spaces, of a thread, of a team. */
export async function seed(house) {
  const nari = house.who("nari").door;
  const people = { joon: "박준호", mina: "김미나", haneul: "이하늘", alex: "Alex Kim" };
  for (const [name, as] of Object.entries(people)) await house.welcome(name, { as, language: name === "alex" ? "en" : "ko" });
  const door = (name) => house.who(name).door;
  const take = async (space, ...names) => {
    for (const name of names) await nari.call("POST /spaces/{id}/members", { id: space, body: { person: house.who(name).id } });
  };

  const product = await nari.space("제품팀", { description: "새 제품의 기획부터 출시까지" });
  await take(product, "joon", "mina", "haneul", "alex");
  const thread = await writeProduct(product, door, await paint(house.browser, [
    { width: 960, height: 640, sky: ["#1d3557", "#e07a5f", "#f2cc8f"], ground: ["#3d405b", "#2b2d42", "#1b1d2e"] },
    { width: 640, height: 800, sky: ["#8ecae6", "#ffffff"], ground: ["#588157", "#3a5a40", "#344e41"] },
  ]));

  const launch = await nari.space("Launch · Hanbit × Partners", { description: "Everything about the launch in December" });
  await take(launch, "joon", "alex");
  await house.welcome("sam", { as: "Sam Rivera", space: launch });
  await writeLaunch(launch, door, house.who("nari").id);

  const notices = await nari.space("전사 공지", { kind: "open", description: "모두가 알아야 할 일" });
  await take(notices, "joon", "mina", "haneul", "alex");
  const notice = await nari.post(notices, "*11월 보안 점검*은 금요일 오후 6시에 시작해요. 그 전에 하던 일을 저장해 주세요.");
  await nari.pin(notices, notice);
  await door("joon").post(notices, "확인했습니다 👍");

  const { space: direct } = await nari.call("POST /directs", { body: { people: [house.who("mina").id] } });
  await door("mina").post(direct.id, "나리 님, 견적서 봤어요?");
  await nari.post(direct.id, "네, 그럼 3시에 이야기해요");
  await door("mina").post(direct.id, "좋아요! 회의실 2번으로 갈게요");

  const quiet = await nari.space("점심 같이 먹어요", { kind: "open" });
  await take(quiet, "mina");
  await door("mina").post(quiet, "오늘은 국밥 어때요? 🍲");

  const { team } = await nari.call("POST /teams", { body: { name: "디자인" } });
  for (const name of ["mina", "haneul"]) await nari.call("PUT /teams/{id}/members/{person}", { id: team.id, person: house.who(name).id });
  await nari.call("PUT /teams/{id}/spaces/{space}", { id: team.id, space: product });
  await nari.call("POST /teams", { body: { name: "Field service" } });
  await nari.call("POST /people", { body: { email: "new.colleague@example.com", role: "member" } });
  await nari.call("POST /spaces/{id}/links", { id: launch, body: { expires_in: 7 * 86_400 } });
  await nari.call("POST /tokens", { body: { label: "야간 보고서" } });
  await nari.call("PUT /spaces/{id}/involvement", { id: quiet, body: { level: "nothing" } });
  const desk = await openDesk(house, ["nari", "joon", "mina"], {
    name: "고객 지원", skills: ["주문", "환불"], welcome: { ko: "무엇이든 물어보세요.", en: "Ask us anything." }, closed: { ko: "아침에 답할게요.", en: "" }, origins: ["https://shop.hanbit.example"],
    canned: [{ name: "인사", text: "안녕하세요 {visitor} 님, {desk}의 {agent}입니다." }], targets: { first_answer_minutes: 15 },
  });
  const dara = await visit(house, desk, { name: "다라", language: "ko", skill: "주문", page: { url: "https://shop.hanbit.example/orders/20261", title: "주문 내역" } });
  await dara.say("주문한 물건이 아직 안 왔어요. 언제 오나요?");
  const facts = { name: "강다라", email: "dara@shop.example", phone: "010-1234-5678", company: "푸른상회", tags: ["단골"], attributes: { 도시: "부산" } };
  const { contact } = await nari.call("PUT /tickets/{space}/contact", { space: dara.space, body: { new: facts } });
  await nari.call("POST /contacts/{contact}/notes", { contact: contact.id, body: { text: "전화보다 채팅이 편하대요" } });
  await nari.call("POST /contacts/{contact}/consents", { contact: contact.id, body: { to: "소식지", given: true, words: "보내 주세요" } });
  await nari.call("POST /contacts", { body: { name: "Ann Lee", email: "ann@example.org", tags: ["vip"], attributes: {} } });
  await nari.call("POST /webhooks", { body: { url: "https://hooks.hanbit.example/madang" } });
  // In a place of its own: whoever looks at it has read nothing else.
  const deploys = await nari.space("배포 알림", { kind: "open" });
  for (const [title, link, emoji] of [["배포 일정", "https://deploy.hanbit.example/plan", "rocket"], ["상태", "https://status.hanbit.example/", undefined], ["장애 대응 절차와 담당자 연락처", "https://wiki.hanbit.example/incidents", "🚨"]]) {
    await nari.call("POST /spaces/{id}/bookmarks", { id: deploys, body: { title, link, emoji } });
  }
  const { app, client } = await installApp(house, nari, deploys);
  return { app, client, contact: contact.id, product, launch, deploys, direct: direct.id, team: team.id, desk: desk.id, ticket: dara.space, ...thread };
}

/** An app that says in a space what can be deployed; gives its id, and the one by which it asks to be let in. */
async function installApp(house, nari, space) {
  const file = join(house.server.data, "deploy.manifest.json");
  const manifest = {
    display_information: { name: "배포 도우미", description: "배포할 것을 알리고 물어봐요" },
    features: { bot_user: { display_name: "배포 도우미" }, app_home: { home_tab_enabled: true, messages_tab_enabled: true } },
    oauth_config: { redirect_urls: ["https://deploy.hanbit.example/let-in"], scopes: { bot: ["app_mentions:read", "channels:history", "chat:write", "chat:write.customize", "users:read"] } },
    settings: { interactivity: { is_enabled: true }, socket_mode_enabled: true },
  };
  await writeFile(file, JSON.stringify(manifest));
  const { stdout } = await house.server.command("app", "create", "--manifest", file, "--json");
  const { bot_token: token, client_id: client } = JSON.parse(stdout);
  const { apps } = await nari.call("GET /apps");
  const app = apps.find((one) => one.name === "배포 도우미");
  await nari.call("POST /spaces/{id}/members", { id: space, body: { person: app.bot } });
  const text = (words) => ({ type: "plain_text", text: words });
  const marked = (words) => ({ type: "mrkdwn", text: words });
  const blocks = [
    { type: "header", text: text("1.42 배포 준비 완료") },
    { type: "section", text: marked("*운영*에 올릴까요? `v1.42.0`\n&gt; 변경 12개"), fields: [marked("*환경*\n운영"), marked("*담당*\n지현")] },
    { type: "actions", block_id: "ask", elements: [{ type: "button", action_id: "yes", style: "primary", text: text("승인") }, { type: "button", action_id: "no", style: "danger", text: text("거절") }, { type: "static_select", action_id: "when", placeholder: text("언제"), options: [{ text: text("지금"), value: "now" }, { text: text("오늘 밤"), value: "night" }] }] },
    { type: "table", block_id: "list", rows: [[{ type: "raw_text", text: "서비스" }, { type: "raw_text", text: "변경" }], [{ type: "raw_text", text: "api" }, { type: "raw_text", text: "9" }]] },
  ];
  const attachments = [{ color: "warning", title: "오래 걸리는 마이그레이션", text: "스테이징에서 *2분 40초*", fields: [{ title: "표", value: "messages", short: true }, { title: "줄", value: "41,200,000", short: true }], footer: "배포 도우미" }];
  for (const said of [{ text: "배포 준비 완료", blocks }, { text: "알아 두세요.", attachments, username: "감시", icon_emoji: ":eyes:" }]) {
    const response = await fetch(`${house.server.origin}/api/chat.postMessage`, { method: "POST", headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" }, body: JSON.stringify({ channel: space, ...said }) });
    const answer = await response.json();
    if (!answer.ok) throw new Error(`chat.postMessage: ${answer.error}`);
  }
  return { app: app.id, client };
}

async function writeProduct(space, door, [evening, noon]) {
  const [nari, joon, mina, haneul, alex] = ["nari", "joon", "mina", "haneul", "alex"].map(door);
  await nari.post(space, "안녕하세요! 이번 주 *배포 체크리스트*를 올렸어요.\n- 인증서 교체\n- 마이그레이션 확인\n- 고객 공지 메일");
  const root = await joon.post(space, "인증서는 제가 맡을게요. `talk.hanbit.example`은 12월 3일에 끝나요.");
  await mina.post(space, "고객 공지 문안이에요. 한 번 봐 주세요.\n> 12월 5일 새벽 2시부터 30분 동안 점검이 있어요.");
  await haneul.post(space, "좋아요 👍 \"새벽 2시\"에 _한국 시간_이라고 적으면 더 좋겠어요.");
  const reply = await nari.post(space, "12월 1일에 미리 바꿔도 될까요?", { thread: root });
  await joon.post(space, "네, 점심시간에 바꿔 둘게요.", { thread: root });
  await haneul.post(space, "끝나면 여기에 알려 주세요.", { thread: root });
  for (const who of [nari, mina, haneul]) await who.react(space, root, "👍");
  await alex.react(space, root, "🎉");
  await alex.post(space, "I tried the migration on the staging copy: 2 min 40 s for all of it.\n```\nmadang backup staging.madang\nmadang serve --data staging\n```");
  const sent = [await alex.upload("옥상에서-저녁.png", evening, "image/png"), await alex.upload("현장.png", noon, "image/png")];
  await alex.post(space, "The roof of the new office, yesterday evening.", { files: sent });
  await haneul.post(space, "회의록이에요.", { files: [await haneul.upload("회의록 11월 25일.txt", Buffer.from("참석: 나리, 준호, 미나, 하늘\n\n1. 인증서 교체는 12월 1일 점심에.\n2. 고객 공지는 11월 28일에 보낸다.\n"), "text/plain")] });
  const pinned = await nari.post(space, "출시 일정: https://plan.hanbit.example/launch");
  await nari.pin(space, pinned);
  await mina.react(space, pinned, "❤️");
  await mina.post(space, "그럼 오늘 안에 정리해서 다시 공유할게요!");
  const last = await nari.post(space, "고마워요, 모두. 오늘 할 일은 여기까지예요 🌿");
  await joon.read(space, last);
  await mina.read(space, last);
  return { root, reply, message: pinned };
}

async function writeLaunch(space, door, nariId) {
  const [nari, alex, sam, joon] = ["nari", "alex", "sam", "joon"].map(door);
  await nari.post(space, "Welcome, everybody. This space is where Hanbit and its partners prepare the launch.");
  await alex.post(space, "Sam joins us from the logistics side. He sees this space only.");
  const plan = await sam.post(space, "Thanks for having me! The first 400 units leave Busan on *2 December*.");
  await joon.react(space, plan, "🎉");
  await nari.post(space, "Great. Who tells the shops?", { thread: plan });
  await alex.post(space, "I do, tomorrow morning.", { thread: plan });
  await joon.post(space, "Here is the checklist for the shops: ~print~ send the labels, then confirm by mail.");
  await sam.post(space, `<@${nariId}> can you confirm the address of the second warehouse?`);
}
