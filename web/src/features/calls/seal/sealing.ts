// A sealed line: its worker, the keys it is given, and what the screen is to know of them. Lives as long as one join.
import { ApiError } from "../../../engine/api";
import type { Client } from "../../../engine/client";
import type { Call, CallKey, Id } from "../../../engine/wire";
import { workerUrl } from "../../../lib/trusted";
import { SpaceExchange, type Epoch, type GivenKeys, type KeyExchange } from "./exchange";
import type { Kind } from "./frames";
import type { EpochKeys } from "./keyring";
import workerFile from "./sealer.ts?worker&url";
import type { Shows, Way } from "./sealer";

export interface SealHouse {
  client: Pick<Client, "api">;
  /** The keys of this moment: who has them, and the code to compare. */
  agreed(epoch: Epoch): void;
}

export class Sealing {
  private readonly worker = new Worker(workerUrl(workerFile), { type: "module", name: "madang-seal" });
  private exchange!: KeyExchange;
  private me: Id | undefined;
  /** Told whose picture comes to a place. */
  onshows: ((shows: Shows) => void) | undefined;

  private constructor(private readonly call: Id, private readonly house: SealHouse) {
    this.worker.onmessage = ({ data }: MessageEvent<Shows>) => this.onshows?.(data);
  }

  static async begin(call: Id, house: SealHouse): Promise<Sealing> {
    const sealing = new Sealing(call, house);
    sealing.exchange = await SpaceExchange.begin({ give: (me, epoch, keys) => sealing.give(me, epoch, keys), agreed: (epoch) => sealing.agreed(epoch) });
    return sealing;
  }

  get publicKey(): string {
    return this.exchange.publicKey;
  }

  /** Nothing goes out of this sender unless it was sealed. */
  out(sender: RTCRtpSender, kind: Kind): void {
    sender.transform = new RTCRtpScriptTransform(this.worker, { side: "out", kind } satisfies Way);
  }

  /** Nothing comes out of this receiver unless it could be opened. */
  in(receiver: RTCRtpReceiver, kind: Kind, place?: number): void {
    receiver.transform = new RTCRtpScriptTransform(this.worker, { side: "in", kind, ...(place !== undefined && { place }) } satisfies Way);
  }

  joined(me: Id, call: Call): void {
    this.me = me;
    this.exchange.joined(me, call);
  }

  know(call: Call): void {
    if (call.id === this.call) this.exchange.know(call);
  }

  take(key: CallKey): void {
    if (key.call === this.call) this.exchange.take(key);
  }

  close(): void {
    this.exchange.close();
    this.worker.terminate();
  }

  private agreed(epoch: Epoch): void {
    const keys: EpochKeys = { epoch: epoch.epoch, base: epoch.base, me: epoch.members.indexOf(this.me ?? ""), members: epoch.members };
    this.worker.postMessage(keys);
    this.house.agreed(epoch);
  }

  private async give(participant: Id, epoch: number, keys: GivenKeys): Promise<boolean | undefined> {
    try {
      await this.house.client.api.call("POST /calls/{call}/participants/{participant}/keys", { call: this.call, participant, body: { epoch, keys } });
      return true;
    } catch (error) {
      // Whoever is out of the call, or without a line, is told so elsewhere.
      return error instanceof ApiError && !error.passing ? false : undefined;
    }
  }
}
