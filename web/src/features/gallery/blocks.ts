// One of every block, element and composition object, for looking at.
import type { Attachment, Block } from "../blocks/shapes";

const t = (text: string) => ({ type: "plain_text", text, emoji: true });
const mk = (text: string) => ({ type: "mrkdwn", text });
const option = (value: string, text: string, more: object = {}) => ({ text: t(text), value, ...more });
const section = (...elements: object[]) => ({ type: "rich_text_section", elements });
const options = [option("a", "초록 Green"), option("b", "빨강 Red"), option("c", "하늘 Sky")];
const raw = (text: string) => ({ type: "raw_text", text });
const number = (value: number) => ({ type: "raw_number", value, text: String(value) });

let n = 0;
const named = (blocks: object[]): Block[] => blocks.map((one) => ({ block_id: `b${++n}`, ...one }) as unknown as Block);

export const words = named([
  { type: "header", text: t("배포 준비 완료 Ready to deploy :rocket:") },
  { type: "section", text: mk("*굵게 bold*, _기울여 italic_, ~그어~ and `code`.\n<https://example.com/a?b=1&amp;c=2|A link>, https://example.com, <!here>, <!date^1774600000^{date_long} {time}|a date> :tada: 5 &lt; 6\n> A quote\n> of two lines\n```\nfn main() {}\n```"), accessory: { type: "button", action_id: "a1", text: t("Open"), value: "x" } },
  { type: "section", fields: [mk("*환경*\n운영 production"), mk("*버전*\n1.42.0"), mk("*담당*\n지현"), mk("*상태*\n:white_check_mark: ok")] },
  { type: "divider" },
  { type: "context", elements: [{ type: "image", image_url: "https://example.com/none.png", alt_text: "avatar" }, mk("*지현* 님이 3분 전에 요청했어요"), t("#deploy")] },
  { type: "alert", level: "warning", text: mk("*Careful:* the queue is long.") },
  { type: "alert", level: "error", text: mk("디스크가 거의 찼어요.") },
  { type: "alert", level: "success", text: mk("끝났어요.") },
  { type: "alert", text: mk("Nothing to do.") },
  { type: "image", title: t("A picture that is not there"), image_url: "https://example.com/none.png", alt_text: "A chart of requests" },
  { type: "something_new", text: t("A block of tomorrow shows its words") },
]);

export const richWords = named([
  { type: "rich_text", elements: [
    section({ type: "text", text: "Plain, " }, { type: "text", text: "bold", style: { bold: true } }, { type: "text", text: ", both", style: { bold: true, italic: true } }, { type: "text", text: ", under", style: { underline: true } }, { type: "text", text: ", gone", style: { strike: true } }, { type: "text", text: ", code", style: { code: true } }, { type: "text", text: ". " }, { type: "link", url: "https://example.com", text: "link" }, { type: "text", text: " " }, { type: "emoji", name: "wave", unicode: "1f44b" }, { type: "text", text: " " }, { type: "broadcast", range: "here" }, { type: "text", text: " " }, { type: "color", value: "#0B6652" }, { type: "text", text: " " }, { type: "date", timestamp: 1774600000, format: "{date_short} {time}", fallback: "then" }),
    { type: "rich_text_list", style: "bullet", indent: 0, elements: [section({ type: "text", text: "하나 one" }), section({ type: "text", text: "둘 two" })] },
    { type: "rich_text_list", style: "ordered", indent: 1, elements: [section({ type: "text", text: "둘의 하나" }), section({ type: "text", text: "둘의 둘" })] },
    { type: "rich_text_list", style: "bullet", indent: 0, elements: [section({ type: "text", text: "셋 three" })] },
    { type: "rich_text_quote", elements: [{ type: "text", text: "인용한 말 quoted" }] },
    { type: "rich_text_preformatted", elements: [{ type: "text", text: "SELECT *\n  FROM madang;" }] },
  ] },
  { type: "markdown", text: "## Markdown\n\nWith **bold**, *slant*, ~~gone~~, `code` and [a link](https://example.com).\n\n1. one\n2. two\n   - inside\n\n- [x] done\n- [ ] open\n\n| Name | Count |\n| :--- | ---: |\n| 가 | 12 |\n| 나 | 7 |\n\n> quoted\n\n---\n\n```js\nlet a = 1;\n```" },
]);

export const actions = named([
  { type: "actions", elements: [{ type: "button", action_id: "1", text: t("승인 Approve"), style: "primary" }, { type: "button", action_id: "2", text: t("거절 Reject"), style: "danger", confirm: { title: t("Reject it?"), text: mk("*Nobody* can take this back."), confirm: t("Reject"), deny: t("Keep"), style: "danger" } }, { type: "button", action_id: "3", text: t("More"), url: "https://example.com" }, { type: "workflow_button", action_id: "w", text: t("Run it"), workflow: { trigger: { url: "https://example.com/t" } } }, { type: "overflow", action_id: "4", options }] },
  { type: "actions", elements: [{ type: "static_select", action_id: "5", placeholder: t("색 Colour"), options }, { type: "multi_static_select", action_id: "6", placeholder: t("Several"), options, initial_options: options.slice(0, 2) }, { type: "users_select", action_id: "7", placeholder: t("A person") }, { type: "channels_select", action_id: "8", placeholder: t("A space") }, { type: "external_select", action_id: "9", placeholder: t("From the app") }] },
  { type: "actions", elements: [{ type: "datepicker", action_id: "10", initial_date: "2026-11-27" }, { type: "timepicker", action_id: "11", initial_time: "14:30" }, { type: "datetimepicker", action_id: "12", initial_date_time: 1774600000 }] },
  { type: "section", text: mk("What should happen?"), accessory: { type: "radio_buttons", action_id: "13", options: [option("x", "Now"), option("y", "Later", { description: t("after the release") })], initial_option: option("x", "Now") } },
  { type: "section", text: mk("*Which ones?*"), accessory: { type: "checkboxes", action_id: "14", options: [{ text: mk("*One*"), value: "1" }, { text: mk("_Two_"), value: "2" }] } },
  { type: "context_actions", elements: [{ type: "feedback_buttons", action_id: "15", positive_button: { text: t("Good"), value: "good" }, negative_button: { text: t("Bad"), value: "bad" } }, { type: "icon_button", action_id: "16", icon: "trash", text: t("Remove") }] },
]);

export const inputs = named([
  { type: "input", label: t("이름 Name"), element: { type: "plain_text_input", action_id: "1", placeholder: t("Who is it?") }, hint: t("As on the badge") },
  { type: "input", label: t("Why"), optional: true, element: { type: "plain_text_input", action_id: "1", multiline: true } },
  { type: "input", label: t("Text with marks"), element: { type: "rich_text_input", action_id: "1" } },
  { type: "input", label: t("Number"), element: { type: "number_input", action_id: "1", is_decimal_allowed: false, min_value: "1", max_value: "5" } },
  { type: "input", label: t("E-mail"), element: { type: "email_text_input", action_id: "1" } },
  { type: "input", label: t("Address"), element: { type: "url_text_input", action_id: "1" } },
  { type: "input", label: t("Day"), element: { type: "datepicker", action_id: "1" } },
  { type: "input", label: t("Colour"), element: { type: "static_select", action_id: "1", option_groups: [{ label: t("Warm"), options: [options[1]] }, { label: t("Cold"), options: [options[0], options[2]] }] } },
  { type: "input", label: t("People"), element: { type: "multi_users_select", action_id: "1" } },
  { type: "input", label: t("Choose"), element: { type: "checkboxes", action_id: "1", options } },
  { type: "input", label: t("Files"), element: { type: "file_input", action_id: "1", max_files: 2 } },
]);

export const things = named([
  { type: "video", title: t("마당 소개 Madang in a minute"), title_url: "https://example.com/v", video_url: "https://example.com/v", thumbnail_url: "https://example.com/none.png", alt_text: "a video", author_name: "지현", provider_name: "Example", description: t("How it works") },
  { type: "file", source: "remote", external_id: "x", file: { name: "plan.pdf", url_private: "https://example.com/plan.pdf" } },
  { type: "table", column_settings: [{}, { align: "right" }, { is_wrapped: true }], rows: [[raw("이름"), raw("수"), raw("설명")], [raw("가"), number(12), { type: "rich_text", elements: [section({ type: "text", text: "a long explanation that goes over more than one line", style: { italic: true } })] }], [raw("나"), number(7), raw("짧게")]] },
  { type: "data_table", caption: "요청 Requests", page_size: 3, row_header_column_index: 0, rows: [[raw("Path"), raw("Count")], ...[["/a", 120], ["/b", 9], ["/c", 33], ["/d", 4]].map(([path, count]) => [raw(String(path)), number(Number(count))])] },
  { type: "card", title: mk("*A card*"), subtitle: mk("with a subtitle"), body: mk("And what it says, in _a few_ words."), actions: [{ type: "button", action_id: "1", text: t("Take it") }] },
  { type: "carousel", elements: ["하나", "둘", "셋"].map((name, i) => ({ type: "card", block_id: `c${i}`, title: mk(`*${name}*`), body: mk("swipe for more"), actions: [{ type: "button", action_id: "1", text: t("Choose") }] })) },
  { type: "container", title: t("Details"), subtitle: mk("folds away"), is_collapsible: true, has_header_divider: true, child_blocks: [{ type: "section", block_id: "k1", text: mk("inside") }, { type: "divider", block_id: "k2" }, { type: "context", block_id: "k3", elements: [mk("small print")] }] },
  { type: "plan", title: "What I am doing", tasks: [{ type: "task_card", task_id: "1", title: "Read the log", status: "complete", sources: [{ type: "url", url: "https://example.com", text: "log" }] }, { type: "task_card", task_id: "2", title: "Look for the fault", status: "in_progress" }, { type: "task_card", task_id: "3", title: "Write it down", status: "pending" }, { type: "task_card", task_id: "4", title: "Tell everybody", status: "error", output: { type: "rich_text", elements: [section({ type: "text", text: "nobody is there" })] } }] },
]);

export const attachments: Attachment[] = [
  { color: "danger", pretext: "[FIRING:1] *HighLatency*", author_name: "Alertmanager", title: "p99 is above 2 s", title_link: "https://example.com", text: "Since 14:02, on `api-3`.", fields: [{ title: "Severity", value: "critical", short: true }, { title: "서비스", value: "api", short: true }, { title: "What to do", value: "<https://example.com|Runbook>" }], footer: "Prometheus", ts: 1774600000, callback_id: "cb", actions: [{ name: "silence", text: "Silence", type: "button", value: "1h" }, { name: "how", text: "For how long", type: "select", options: [{ text: "1 h", value: "1" }, { text: "1 d", value: "24" }] }, { name: "go", text: "Open", type: "button", url: "https://example.com" }] },
  { color: "#36a64f", blocks: named([{ type: "section", text: mk("Blocks *inside* an attachment") }]) },
  { fallback: "Only a fallback: nothing is lost." },
];
