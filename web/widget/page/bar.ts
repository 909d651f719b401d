// What the visitor sees of being seen: a red bar above everything that says who sees what, pauses and stops at one press,
// and what is asked, beside the element it is about. Lives in a closed shadow root, so the page can neither press its
// buttons nor hide them by its styles.
import { m } from "../../src/paraglide/messages.js";
import type { May, Showing } from "../cobrowse";
import { look } from "./look";

export interface Deeds { stop(): void; pause(paused: boolean): void; withdraw(to: May): void }

export class Bar {
  readonly host = document.createElement("madang-page");
  readonly canvas = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  private readonly edge = element("div", "edge");
  private readonly bar = element("div", "bar");
  private readonly said = element("p", "said");
  private readonly words = document.createTextNode("");
  private readonly pauses = button("", () => this.deeds.pause(this.showing !== "paused"));
  private showing: Showing = "preparing";
  private may: readonly May[] = [];
  private asked: { box: HTMLElement; answer(yes: boolean): void } | undefined;
  private readonly root: ShadowRoot;

  constructor(private readonly agent: string, language: string, private readonly deeds: Deeds) {
    this.host.lang = language;
    const root = this.host.attachShadow({ mode: "closed" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    root.adoptedStyleSheets = [sheet];
    this.canvas.setAttribute("class", "over");
    this.bar.setAttribute("role", "region");
    this.bar.setAttribute("aria-label", m.shared_bar());
    this.said.setAttribute("role", "status");
    const dot = element("span", "dot");
    this.said.append(dot, this.words);
    const stops = button(m.shared_stop(), () => this.deeds.stop());
    stops.className = "stop";
    this.bar.append(this.said, this.pauses, stops);
    root.append(this.canvas, this.edge, this.bar);
    this.root = root;
    document.documentElement.append(this.host);
    this.paint();
  }

  is(showing: Showing): void {
    this.showing = showing;
    this.paint();
  }

  agreed(may: readonly May[]): void {
    this.may = may;
    this.paint();
  }

  /** Asks beside a box, or below the bar; an earlier question is taken back. */
  ask(words: string, yes: string, box: DOMRect | undefined): Promise<boolean> {
    this.asked?.answer(false);
    return new Promise((answer) => {
      const asks = element("div", "asks");
      asks.setAttribute("role", "alertdialog");
      asks.setAttribute("aria-label", words);
      const before = document.activeElement;
      const done = (agreed: boolean): void => {
        asks.remove();
        this.asked = undefined;
        if (before instanceof HTMLElement) before.focus({ preventScroll: true });
        answer(agreed);
      };
      const agree = button(yes, (event) => event.isTrusted && done(true));
      agree.className = "yes";
      const refuse = button(m.shared_not_now(), () => done(false));
      const row = element("div");
      row.append(agree, refuse);
      const text = element("p");
      text.textContent = words;
      asks.append(text, row);
      asks.onkeydown = (event) => {
        if (event.key === "Escape") done(false);
        event.stopPropagation();
      };
      this.asked = { box: asks, answer: done };
      this.root.append(asks);
      beside(asks, box, this.bar.offsetHeight);
      refuse.focus({ preventScroll: true });
    });
  }

  remove(): void {
    this.asked?.answer(false);
    this.host.remove();
  }

  private paint(): void {
    const paused = this.showing !== "live";
    for (const it of [this.bar, this.edge]) it.classList.toggle("paused", paused);
    this.words.data = this.wordsNow();
    this.pauses.textContent = this.showing === "paused" ? m.shared_go_on() : m.shared_pause();
    this.pauses.hidden = this.showing === "too_large" || this.showing === "slow";
    for (const old of this.bar.querySelectorAll(".may")) old.remove();
    for (const to of this.may) {
      if (to === "page") continue;
      const takes = button(to === "point" ? m.shared_no_scroll() : m.shared_no_press(), () => this.deeds.withdraw(to));
      takes.classList.add("may");
      this.pauses.before(takes);
    }
  }

  private wordsNow(): string {
    const who = this.agent;
    switch (this.showing) {
      case "preparing":
        return m.shared_preparing();
      case "live":
        return m.shared_seen({ who });
      case "paused":
        return m.shared_paused({ who });
      case "too_large":
        return m.shared_too_large({ who });
      case "slow":
        return m.shared_slow({ who });
    }
  }
}

/** Below its element where there is room, else above it, else where it can be read. */
function beside(asks: HTMLElement, box: DOMRect | undefined, bar: number): void {
  const { innerWidth, innerHeight } = window;
  const { offsetWidth: width, offsetHeight: height } = asks;
  const fits = (at: number, size: number, room: number, from = 12): number => Math.max(from, Math.min(at, room - size - 12));
  const inset = box ? fits(box.x, width, innerWidth) : (innerWidth - width) / 2;
  const below = box ? (box.bottom + height + 24 < innerHeight ? box.bottom + 12 : box.y - height - 12) : bar + 12;
  asks.style.setProperty("inset", `${fits(below, height, innerHeight, bar + 8)}px auto auto ${inset}px`);
}

function element<Name extends keyof HTMLElementTagNameMap>(name: Name, kind = ""): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = kind;
  return made;
}

function button(text: string, press: (event: MouseEvent) => void): HTMLButtonElement {
  const made = element("button");
  made.type = "button";
  made.textContent = text;
  made.onclick = press;
  return made;
}
