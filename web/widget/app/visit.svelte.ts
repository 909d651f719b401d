// One visit as the screens see it: the desk, the ticket, and what the visitor does. What is said in it is the affair of
// talk.svelte.ts, a call that of call/.
import { ApiError } from "../../src/engine/api";
import type { Call, Person } from "../../src/engine/wire";
import type { Arrived, Known, SaidOfDevice } from "../../src/engine/routes-visit";
import type { ConsentTo, Page, Still, Wants } from "../../src/engine/wire-desk";
import type { DeskDoor, VisitorTicket } from "../../src/engine/wire-visit";
import { language, m } from "../../src/lib/i18n.svelte";
import { thisDevice } from "./device";
import type { Dress } from "./dress";
import { House, type Frame } from "./house";
import { Pictures } from "./pictures.svelte";
import type { Shelf } from "./shelf";
import { Talk } from "./talk.svelte";

export type Phase = "coming" | "door" | "in" | "unknown" | "unreachable";
export type Connection = "connecting" | "open" | "waiting";

const TOKEN = "token";
/** Whom the site named when the visit began or was recognised. */
const WHO = "who";

export class Visit {
  phase = $state<Phase>("coming");
  desk = $state.raw<DeskDoor>();
  ticket = $state.raw<VisitorTicket>();
  me = $state.raw<Person>();
  people = $state.raw<ReadonlyMap<string, Person>>(new Map());
  talk = $state.raw<Talk>();
  connection = $state<Connection>("connecting");
  /** The call that runs in the ticket. */
  call = $state.raw<Call>();
  page = $state.raw<Page>();
  /** A picture that an agent holds still, and draws on. */
  still = $state.raw<Still>();
  readonly house: House;
  readonly pictures: Pictures;
  /** Every frame, for what is fetched when it is needed: a call, a shared page. */
  readonly hearers = new Set<(frame: Frame) => void>();
  /** What the site says of who is signed in there. */
  identity = $state<string>();
  private socket: ReturnType<House["listen"]> | undefined;
  private skew = 0;
  /** The page that who helps knows of. */
  private told: string | undefined;

  constructor(readonly dress: Dress, readonly shelf: Shelf) {
    this.house = new House(() => language.locale);
    this.house.token = shelf.get(TOKEN) ?? undefined;
    this.pictures = new Pictures(this.house);
  }

  /** Looks at the desk, and comes back into a visit that is known here. */
  async begin(): Promise<void> {
    this.phase = "coming";
    try {
      await this.look();
      if (this.house.token === undefined) this.phase = "door";
      else await this.comeBack();
    } catch (error) {
      this.phase = error instanceof ApiError && error.status === 404 ? "unknown" : "unreachable";
    }
  }

  /** How the desk is now. */
  async look(): Promise<void> {
    this.desk = (await this.house.api.call("GET /desk/{key}", { key: this.dress.desk })).desk;
  }

  private async comeBack(): Promise<void> {
    try {
      const { space, me, ticket, people } = await this.house.api.call("GET /visit");
      this.know([...people, me]);
      this.enter(space, me, ticket);
      if (this.identity !== undefined) await this.isSomebody(this.identity);
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) throw error;
      this.forget();
      this.phase = "door";
    }
  }

  async arrive(how: { wants: Wants; name?: string; skill?: string }): Promise<void> {
    const { identity } = this;
    const arrival = { ...how, language: language.locale, via: this.dress.via, ...this.around(), ...(identity !== undefined && { identity }) };
    const come = (more: { proof?: string }) => this.house.api.call("POST /desk/{key}/visits", { key: this.dress.desk, body: { ...arrival, ...more } });
    this.arrived(await come({}).catch(async (error: unknown) => {
      if (!(error instanceof ApiError) || error.code !== "proof_needed") throw error;
      const { prove } = await import("./proof");
      return come({ proof: await prove(await this.house.api.call("GET /desk/{key}/challenge", { key: this.dress.desk })) });
    }));
    if (identity !== undefined) this.shelf.put(WHO, named(identity));
  }

  /** The site says who is signed in there: for the visit to come, and for one that has begun without a name. */
  async isSomebody(identity: string): Promise<void> {
    this.identity = identity;
    if (this.phase !== "in") return;
    try {
      await this.introduce();
    } catch {
      // The visit goes on as whoever it was begun by; the next one says what is wrong.
    }
  }

  /** Tells the house once whose visit this is. One of somebody else, who was signed in before, stays behind. */
  private async introduce(): Promise<void> {
    if (this.identity === undefined) return;
    const who = named(this.identity);
    const before = this.shelf.get(WHO);
    if (before === who) return;
    if (before !== null) return this.forget();
    this.became(await this.house.api.call("POST /visit/identify", { body: { identity: this.identity } }));
    this.shelf.put(WHO, who);
  }

  /** Somebody turned out to be known: an earlier visit of theirs goes on here, or this one does. */
  private became(known: Known): void {
    if (known.token !== undefined) return this.arrived({ ...known, token: known.token });
    this.know([...known.people, known.me]);
    this.took(known.ticket);
  }

  /** Asks for a code by mail, to keep the conversation under an address. */
  async claim(email: string): Promise<void> {
    await this.house.api.call("POST /visit/claim", { body: { email } });
  }

  async claimed(code: string): Promise<void> {
    this.became(await this.house.api.call("POST /visit/claimed", { body: { code: code.replace(/\D/g, "") } }));
  }

  /** The same at the door, for who was here before. */
  async askToReturn(email: string): Promise<void> {
    await this.house.api.call("POST /desk/{key}/return", { key: this.dress.desk, body: { email, language: language.locale } });
  }

  async comeBackWith(email: string, code: string): Promise<void> {
    this.arrived(await this.house.api.call("POST /desk/{key}/returned", { key: this.dress.desk, body: { email, code: code.replace(/\D/g, "") } }));
  }

  /** With the code that another device of the same visitor shows. */
  async resume(code: string): Promise<void> {
    this.arrived(await this.house.api.call("POST /desk/{key}/resume", { key: this.dress.desk, body: { code: code.replace(/\D/g, ""), device: thisDevice() } }));
  }

  private arrived({ token, me, people, space, ticket }: Arrived): void {
    this.leaveBehind();
    this.house.token = token;
    this.shelf.put(TOKEN, token);
    this.know([...people, me]);
    this.enter(space, me, ticket);
  }

  private enter(space: string, me: Person, ticket: VisitorTicket): void {
    this.me = me;
    this.took(ticket);
    this.talk = new Talk(space, this);
    this.phase = "in";
    this.tellPage();
    this.socket = this.house.listen({
      hello: () => ({ type: "hello", device: this.device, epoch: 0, rev: 0, heads: [], people_at: 0 }),
      frame: (frame) => this.heard(frame),
      connection: (state) => (this.connection = state),
      signedOut: () => {
        this.forget();
        void this.begin();
      },
      woken: () => this.talk?.wake(),
    });
  }

  /** Opens the ticket again, or wishes for something else in it. */
  async open(wants: Wants): Promise<void> {
    const { ticket } = await this.house.api.call("POST /visit/open", { body: { wants, via: this.dress.via, ...this.around() } });
    this.took(ticket);
  }

  async close(): Promise<void> {
    this.took((await this.house.api.call("POST /visit/close", { body: {} })).ticket);
  }

  async rate(stars: number, comment: string): Promise<void> {
    this.took((await this.house.api.call("POST /visit/rate", { body: { stars, comment } })).ticket);
  }

  /** What was said goes by mail to the visitor's own address, which is answered. */
  async transcript(): Promise<string> {
    return (await this.house.api.call("POST /visit/transcript", { body: {} })).email;
  }

  async consent(to: ConsentTo, given: boolean): Promise<void> {
    this.took((await this.house.api.call("POST /visit/consent", { body: { to, given } })).ticket);
  }

  async code(): Promise<{ code: string; expires_at: number }> {
    return this.house.api.call("POST /visit/code", { body: {} });
  }

  /** The page of the site that the visitor is on: told when they come, and whenever they go on. */
  isAt(page: Page): void {
    this.page = page;
    this.tellPage();
  }

  private around(): { page?: Page; device: SaidOfDevice } {
    if (this.page) this.told = this.page.url + this.page.title;
    return { ...(this.page && { page: this.page }), device: thisDevice() };
  }

  private tellPage(): void {
    const { page, told } = this;
    if (!page || this.phase !== "in" || this.ticket?.state === "closed" || told === page.url + page.title) return;
    this.told = page.url + page.title;
    // What was not heard is told with the next page, or when they come back.
    void this.house.api.call("POST /visit/page", { body: page }).catch(() => (this.told = told));
  }

  /** Of a picture that stands still: it is gone here at once, and there as soon as it is heard. */
  enough(): void {
    this.still = undefined;
    void this.house.api.call("DELETE /visit/still").catch(() => undefined);
  }

  send(frame: { type: string }): void {
    this.socket?.send(frame);
  }

  /** Leaves nothing of the visit on this device. */
  forget(): void {
    this.leaveBehind();
    this.house.token = undefined;
    this.shelf.wipe();
    this.phase = "door";
  }

  private leaveBehind(): void {
    this.socket?.stop();
    this.socket = undefined;
    this.talk?.stop();
    this.talk = undefined;
    this.ticket = undefined;
    this.call = undefined;
    this.still = undefined;
    this.me = undefined;
    this.people = new Map();
    this.pictures.wipe();
  }

  /** The name of this device for the house: what a call sends to it comes to its socket. */
  readonly device = `visit-${crypto.randomUUID()}`;

  /** Microseconds, by the clock of the house. */
  now(): number {
    return (Date.now() + this.skew) * 1000;
  }

  readonly nameOf = (id: string): string => (id === this.me?.id ? m.visit_you() : (this.people.get(id)?.name ?? m.visit_agent()));

  private know(people: readonly Person[]): void {
    if (people.length) this.people = new Map([...this.people, ...people.map((it) => [it.id, it] as const)]);
  }

  /** An answer may be overtaken by what the socket says meanwhile: what is older than what is known is let go. */
  private took(ticket: VisitorTicket): void {
    if (this.ticket?.space === ticket.space && ticket.changed_at < this.ticket.changed_at) return;
    this.ticket = ticket;
    if (ticket.agent) this.know([ticket.agent]);
  }

  private heard(frame: Frame): void {
    switch (frame.type) {
      case "welcome":
        this.skew = frame.now / 1000 - Date.now();
        this.know([...frame.people, frame.me]);
        this.called(frame.calls?.find((it) => it.space === this.talk?.space));
        this.talk?.welcome(frame.spaces.find(({ id }) => id === this.talk?.space)?.head.seq ?? 0);
        // Told again after this if it still stands there.
        this.still = undefined;
        // What was missed of the ticket while there was no line.
        void this.house.api.call("GET /visit").then(({ ticket, people }) => (this.know(people), this.took(ticket)), () => undefined);
        break;
      case "person":
        this.know([frame.person]);
        break;
      case "visit":
        this.took(frame.ticket);
        break;
      case "still":
        if (frame.space === this.talk?.space) this.still = frame.still;
        break;
      case "call":
        if (frame.call.space === this.talk?.space) this.called(frame.call);
        break;
      default:
        this.talk?.heard(frame);
    }
    for (const hear of this.hearers) hear(frame);
  }

  private called(call: Call | undefined): void {
    this.call = call?.ended === undefined ? call : undefined;
  }
}

/** Whom a token names; whether it says so rightly is for the house to find out. */
function named(token: string): string {
  try {
    const claims = token.split(".")[1] ?? "";
    const { sub } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/"))) as { sub?: unknown };
    return String(sub ?? "");
  } catch {
    return "";
  }
}

/** What to say about a request that failed. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError) return error.code === "offline" || !error.message ? m.visit_offline_short() : error.message;
  return m.error_unknown();
}
