// Keeps one participant connected: joins, mends the line when the network changes, joins again when the server has
// forgotten it, and starts the call again when it went down with the server. What step follows which stands in
// recovery.ts; what is on the screen is the affair of whoever is told.
import { ApiError } from "../../engine/api";
import type { Client } from "../../engine/client";
import type { CallIntent, JoinCall, JoinedCall } from "../../engine/routes";
import type { Id, Source } from "../../engine/wire";
import { newClientId } from "../../engine/ids";
import { m } from "../../lib/i18n.svelte";
import { Connection, type LineHouse } from "./connection";
import type { Epoch } from "./seal/exchange";
import type { Sealing } from "./seal/sealing";
import { DISCONNECTED, FAILED, next, patience, SLEPT, UNMENDED, WELL, type Step } from "./recovery";

export interface KeeperHouse extends Pick<LineHouse, "bound"> {
  client: Pick<Client, "api" | "device">;
  space: Id;
  video: boolean;
  /** End-to-end encrypted, and never anything else. */
  sealed: boolean;
  /** The most pictures this device shows at once. */
  places: number;
  /** What goes out at this moment. */
  sent(): ReadonlyMap<Source, MediaStreamTrack>;
  microphone(): boolean;
  joined(joined: JoinedCall, line: Connection): void;
  /** The keys of the call changed. */
  agreed(epoch: Epoch): void;
  connected(): void;
  /** Somebody must let me in first. */
  waiting(): void;
  /** The line is being mended. */
  lost(): void;
  /** Nothing more can be done; `error` is what the server said. */
  over(error: unknown): void;
}

type Outcome = { fine: true } | { fine: false; code?: string | undefined; error?: unknown };

const TICK = 1_000;
/** A request of a line that may be dead is not waited for as long as others. */
const REQUEST = 6_000;
/** How often whoever waits to be let in asks again. */
const KNOCKS = 3_000;

export class Keeper {
  line: Connection | undefined;
  participant: Id | undefined;
  /** Of the line of this moment, where the call is end-to-end encrypted. */
  seal: Sealing | undefined;
  private resume: string | undefined;
  private closed = false;
  private recovering = false;
  private doubt: ReturnType<typeof setTimeout> | undefined;
  private ticks: ReturnType<typeof setInterval> | undefined;
  private ticked = Date.now();
  private connectedAt = 0;
  /** Called when the line's state changes while it is waited for. */
  private onState: (() => void) | undefined;
  private wake: (() => void) | undefined;

  constructor(public call: Id, private readonly house: KeeperHouse) {}

  start(): void {
    const { connection } = navigator as Navigator & { connection?: EventTarget };
    addEventListener("online", this.changed);
    connection?.addEventListener("change", this.changed);
    this.ticks = setInterval(() => this.tick(), TICK);
    void this.recover("join");
  }

  /** Leaves; the server is told, also while the page goes away. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const { connection } = navigator as Navigator & { connection?: EventTarget };
    removeEventListener("online", this.changed);
    connection?.removeEventListener("change", this.changed);
    clearInterval(this.ticks);
    clearTimeout(this.doubt);
    this.wake?.();
    this.line?.close();
    this.seal?.close();
    this.forget();
  }

  /** The line stood until this moment. */
  get well(): boolean {
    const now = Date.now();
    return now - this.ticked < SLEPT && (this.line?.state === "connected" || now - this.connectedAt < WELL);
  }

  /** Looks whether the house still knows this participant. */
  doubtIt(): void {
    if (this.participant !== undefined) void this.recover("mend");
  }

  /** Another line for the same call: what it may send is agreed on when one joins. */
  rejoin(): void {
    void this.recover("join");
  }

  /** As `Intents` asks: heard, to be tried again, or never to be heard. */
  async tell(intent: CallIntent): Promise<boolean | undefined> {
    const { participant } = this;
    if (participant === undefined) return undefined;
    try {
      await this.house.client.api.call("PUT /calls/{call}/participants/{participant}", { call: this.call, participant, body: intent });
      return true;
    } catch (error) {
      if (!(error instanceof ApiError) || error.passing) return false;
      if (error.code === "participant_gone" || error.code === "call_over") void this.recover("join");
      return undefined;
    }
  }

  private readonly changed = (): void => {
    this.wake?.();
    this.doubtIt();
  };

  /** A device that slept has lost its way, whatever the line still says. */
  private tick(): void {
    const now = Date.now();
    if (now - this.ticked > SLEPT) this.doubtIt();
    this.ticked = now;
    if (this.line?.state === "connected") this.connectedAt = now;
  }

  private state(): void {
    this.onState?.();
    const state = this.line?.state;
    clearTimeout(this.doubt);
    if (this.closed || this.recovering) return;
    // Safari says "disconnected" in passing; a line that failed may be that of somebody who was just taken out.
    const after = { failed: FAILED, disconnected: DISCONNECTED, connected: undefined, connecting: undefined }[state ?? "connecting"];
    if (after !== undefined) this.doubt = setTimeout(() => void this.recover("mend"), after);
  }

  private async recover(step: Step): Promise<void> {
    if (this.recovering || this.closed) return;
    this.recovering = true;
    this.house.lost();
    for (let times = 1; !this.closed; times++) {
      const outcome = await this.attempt(step);
      if (this.closed) return;
      if (outcome.fine) break;
      const after = next({ step, times, code: outcome.code });
      if (after === "give up") return this.house.over(outcome.error);
      if (after !== step) times = 0;
      step = after;
      if (times) await this.pause(patience(times - 1));
    }
    this.recovering = false;
    this.house.connected();
    // It may have broken again while it was being told.
    this.state();
  }

  private async attempt(step: Step): Promise<Outcome> {
    try {
      if (step === "mend") await this.mend();
      else await this.join(step === "start");
      return (await this.settled()) ? { fine: true } : { fine: false };
    } catch (error) {
      const refused = error instanceof ApiError && !error.passing;
      return { fine: false, error, ...(refused && { code: error.code }) };
    }
  }

  private async mend(): Promise<void> {
    const { line, participant, call } = this;
    if (!line || participant === undefined) throw new ApiError(404, "participant_gone", "");
    const offer = await line.mend();
    const { answer } = await this.house.client.api.call("POST /calls/{call}/participants/{participant}/offer", {
      call, participant, body: { offer }, signal: AbortSignal.timeout(REQUEST),
    });
    await line.answer(answer);
  }

  private async join(anew: boolean): Promise<void> {
    const { house } = this;
    const { api } = house.client;
    this.line?.close();
    if (anew) {
      this.resume = undefined;
      this.call = (await api.call("POST /spaces/{id}/call", { id: house.space, body: { video: house.video, ring: false, sealed: house.sealed } })).call.id;
    }
    const { call } = this;
    const door = await api.call("GET /calls/{call}", { call });
    // Somebody began another call in its place: nobody who came to a sealed one is led into an open one.
    if (!!door.call.sealed !== house.sealed) throw new ApiError(409, "other_call", m.call_seal_other());
    const seal = await this.sealing(call);
    const line: Connection = new Connection(
      { ice: door.ice_servers, audio: door.slots.audio, video: Math.min(door.slots.video, house.places), seal },
      { state: () => this.line === line && this.state(), bound: (tracks, why) => this.line === line && house.bound(tracks, why) },
    );
    this.line = line;
    const sent = house.sent();
    await Promise.all([...sent].map(([source, track]) => line.send(source, track)));
    const body = { ...(await line.offer()), device: await house.client.device(), key: newClientId(), ...(this.resume !== undefined && { resume: this.resume }), microphone: house.microphone(), camera: sent.has("camera"), ...(seal && { public_key: seal.publicKey }) };
    const joined = await this.knock(call, body);
    this.participant = joined.participant;
    this.resume = joined.resume;
    // Left while the answer was on its way.
    if (this.closed) return this.forget();
    await line.answer(joined.answer);
    house.joined(joined, line);
    seal?.joined(joined.participant, joined.call);
  }

  /** New keys for every join: what is in the old ones opens nothing of it. */
  private async sealing(call: Id): Promise<Sealing | undefined> {
    this.seal?.close();
    this.seal = undefined;
    if (!this.house.sealed) return undefined;
    const { Sealing } = await import("./seal/sealing");
    const seal = await Sealing.begin(call, { client: this.house.client, agreed: (epoch) => this.seal === seal && this.house.agreed(epoch) });
    if (this.closed) seal.close();
    return (this.seal = seal);
  }

  /** Asks to be let in, as long as somebody has to decide it: the same question each time. */
  private async knock(call: Id, body: JoinCall): Promise<JoinedCall> {
    for (;;) {
      try {
        return await this.house.client.api.call("POST /calls/{call}/participants", { call, body });
      } catch (error) {
        if (this.closed || !(error instanceof ApiError) || error.code !== "waiting_room") throw error;
        this.house.waiting();
        await this.pause(KNOCKS);
        if (this.closed) throw error;
      }
    }
  }

  /** I may come in. */
  admitted(): void {
    this.wake?.();
  }

  /** Whether the line stands, at the latest after a while. */
  private settled(): Promise<boolean> {
    return new Promise((resolve) => {
      const look = (late = false): void => {
        const state = this.line?.state;
        if (!late && state !== "connected" && state !== "failed" && !this.closed) return;
        clearTimeout(timer);
        this.onState = undefined;
        resolve(state === "connected");
      };
      const timer = setTimeout(() => look(true), UNMENDED);
      this.onState = look;
      look();
    });
  }

  /** The server need not wait for whoever has left. */
  private forget(): void {
    const { participant, call } = this;
    this.participant = undefined;
    if (participant === undefined) return;
    this.house.client.api.parting(`/calls/${call}/participants/${participant}`);
  }

  private pause(delay: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, delay);
      this.wake = done;
    });
  }
}
