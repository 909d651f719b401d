// The help on somebody else's page: a button, and the frame that it opens. Lives in a closed shadow root of one element
// that is never larger than what is seen of it, so that it catches no press that was meant for the page.
import { m } from "../../src/paraglide/messages.js";
import { toFrame, type FromFrame, type FromPage, type Line, type Share } from "../bridge";
import { look } from "./look";

export interface Where { house: string; desk: string; language: string }

/** A visit is open: the next page of this site brings the frame along. The one word that is kept in the site's storage. */
const OPEN = "madang.visit";
/** After this long without a word of the frame the way to the desk's own page is shown. */
const PATIENCE = 12_000;

export class Help {
  readonly #host = document.createElement("madang-help");
  readonly #button = element("button", "ask");
  readonly #panel = element("div", "panel");
  #frame: HTMLIFrameElement | undefined;
  #line: Line<FromPage> | undefined;
  #stopSharing: (() => void) | undefined;
  #isOpen = false;
  #begun = false;
  #unread = 0;
  #identity: string | undefined;

  constructor(private readonly where: Where) {}

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    const root = this.#host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    this.#host.lang = this.where.language;
    this.#button.type = "button";
    this.#button.setAttribute("aria-haspopup", "dialog");
    this.#button.onclick = () => this.open();
    this.#panel.hidden = true;
    this.#panel.onkeydown = ({ key }) => key === "Escape" && this.close();
    root.append(this.#button, this.#panel);
    this.#paint();
    document.body.append(this.#host);
    if (this.#isOpen) this.#show();
    else if (kept()) this.#bring();
  }

  open(): void {
    this.#isOpen = true;
    if (this.#begun) this.#show();
  }

  /** The site says who is signed in there; a page that is left open says it anew before it is too old. */
  identify(token: string): void {
    this.#identity = token;
    this.#introduce();
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#paint();
    this.#line?.send({ type: "shown", shown: false });
    this.#button.focus();
  }

  #show(): void {
    this.#bring();
    this.#paint();
    this.#frame?.focus();
    this.#tell();
  }

  #paint(): void {
    this.#panel.hidden = !this.#isOpen;
    this.#button.hidden = this.#isOpen;
    this.#button.setAttribute("aria-expanded", String(this.#isOpen));
    const count = this.#unread;
    this.#button.replaceChildren(glyph(), m.widget_help());
    if (count) this.#button.append(element("span", "count", String(Math.min(count, 99))));
    this.#button.setAttribute("aria-label", count ? `${m.widget_help()}, ${m.widget_unread({ count })}` : m.widget_help());
  }

  #bring(): void {
    if (this.#frame) return;
    const { house, desk, language } = this.where;
    const frame = element("iframe");
    this.#frame = frame;
    frame.title = m.widget_help();
    // Asked for by the frame when it is needed, and for the house alone.
    frame.allow = "microphone; camera; autoplay; display-capture";
    frame.src = `${house}/w/frame/${encodeURIComponent(desk)}?language=${language}`;
    const wait = element("div", "wait", m.widget_opening());
    const shut = element("button", "shut", m.widget_close());
    shut.type = "button";
    shut.onclick = () => this.close();
    this.#panel.append(wait, shut, frame);
    const late = setTimeout(() => wait.replaceChildren(`${m.widget_unreachable()} `, beside(`${house}/h/${encodeURIComponent(desk)}`)), PATIENCE);
    toFrame(frame, house, (line) => {
      clearTimeout(late);
      wait.remove();
      shut.remove();
      this.#unshare();
      this.#line = line;
      this.#introduce();
      this.#tell();
    }, (word, [port]) => this.#heard(word, port));
    const { navigation } = window as { navigation?: EventTarget };
    // The title of the next page comes a little after its address.
    navigation?.addEventListener("currententrychange", () => setTimeout(() => this.#tell(), 400));
  }

  #introduce(): void {
    if (this.#identity) this.#line?.send({ type: "identity", token: this.#identity });
  }

  /** Where the visitor is, and whether they look. */
  #tell(): void {
    const { origin, pathname } = location;
    this.#line?.send({ type: "page", url: origin + pathname, title: document.title });
    this.#line?.send({ type: "shown", shown: this.#isOpen });
  }

  #heard(word: FromFrame, port: MessagePort | undefined): void {
    switch (word.type) {
      case "visit":
        return keep(word.open);
      case "unread":
        this.#unread = word.count;
        return this.#paint();
      case "open":
        return this.open();
      case "close":
        return this.close();
      case "size":
        return void this.#host.toggleAttribute("small", word.size === "small");
      case "share":
        return void (port && this.#share(port));
      case "unshare":
        return this.#unshare();
    }
  }

  /** Fetched when the visitor has agreed. */
  async #share(port: MessagePort): Promise<void> {
    this.#unshare();
    let stopped = false;
    this.#stopSharing = () => (stopped = true);
    const { share } = (await import(/* @vite-ignore */ `${this.where.house}/w/page.js`)) as { share: Share };
    if (stopped) return port.close();
    this.#stopSharing = share(port, { language: this.where.language, widget: this.#host });
  }

  #unshare(): void {
    this.#stopSharing?.();
    this.#stopSharing = undefined;
  }
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, kind = "", text = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = kind;
  made.textContent = text;
  return made;
}

function beside(href: string): HTMLAnchorElement {
  const link = element("a", "", m.widget_own_page());
  Object.assign(link, { href, target: "_blank", rel: "noopener" });
  return link;
}

/** A speech bubble; lucide, ISC licence. */
function glyph(): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", "M7.9 20A9 9 0 1 0 4 16.1L2 22Z");
  picture.append(path);
  return picture;
}

function kept(): boolean {
  try {
    return localStorage.getItem(OPEN) !== null;
  } catch {
    return false;
  }
}

function keep(open: boolean): void {
  try {
    if (open) localStorage.setItem(OPEN, "1");
    else localStorage.removeItem(OPEN);
  } catch {
    // Without storage the visitor presses the button once more on the next page.
  }
}
