// The page's side of the door: calls and followed topics over a port. When the engine moves to another place
// (a tab that hosted it went away), everything open is asked again there; wishes carry their client id, so
// asking twice is harmless.
import { ApiError } from "./api";
import type { Around, Calls, Port, ToEngine, ToPage, Topics, WindowActs } from "./door";
import { unpack, type Keyed } from "./packing";

export type EnginePort = Port<ToPage, ToEngine>;

interface Asked { message: ToEngine; resolve(value: unknown): void; reject(error: unknown): void }
interface Followed { message: ToEngine & { t: "open" }; push(value: unknown): void; known: Map<string, Keyed> }

export class Remote {
  private port: EnginePort | undefined;
  private numbered = 0;
  private readonly asked = new Map<number, Asked>();
  private readonly followed = new Map<number, Followed>();

  /** Speaks through this port from now on. */
  attach(port: EnginePort): void {
    this.port?.close();
    this.port = port;
    port.receive((message) => this.receive(message));
    // What was wished comes first: a draft that the engine before did not keep must not be seen as it was without it.
    const asked = [...this.asked.values()].map(({ message }) => message);
    for (const message of asked) if (message.t === "call") port.send(message);
    for (const { message, known } of this.followed.values()) {
      known.clear();
      port.send(message);
    }
    // These are about windows that were opened just now.
    for (const message of asked) if (message.t !== "call") port.send(message);
  }

  call<K extends keyof Calls>(name: K, args: Parameters<Calls[K]>[0]): Promise<Awaited<ReturnType<Calls[K]>>> {
    return this.ask((id) => ({ t: "call", id, name, args })) as Promise<Awaited<ReturnType<Calls[K]>>>;
  }

  follow<K extends keyof Topics>(topic: K, ask: Topics[K]["ask"], push: (value: Topics[K]["value"]) => void) {
    const id = ++this.numbered;
    const message = { t: "open" as const, id, topic, ask: ask as unknown };
    this.followed.set(id, { message, push: push as (value: unknown) => void, known: new Map() });
    this.port?.send(message);
    return {
      stop: (): void => {
        if (this.followed.delete(id)) this.port?.send({ t: "close", id });
      },
      act: async (name: keyof WindowActs, around?: Around): Promise<void> => {
        if (!this.followed.has(id)) return;
        if (name === "jump") message.ask = { ...(message.ask as object), around };
        await this.ask((number) => ({ t: "act", id: number, of: id, name, args: around }));
      },
    };
  }

  private ask(make: (id: number) => ToEngine): Promise<unknown> {
    const id = ++this.numbered;
    const message = make(id);
    return new Promise((resolve, reject) => {
      this.asked.set(id, { message, resolve, reject });
      this.port?.send(message);
    });
  }

  private receive(message: ToPage): void {
    if (message.t === "push") {
      const followed = this.followed.get(message.id);
      followed?.push(unpack(message.value, followed.known));
      return;
    }
    const asked = this.asked.get(message.id);
    this.asked.delete(message.id);
    if (message.t === "ok") asked?.resolve(message.value);
    else asked?.reject(new ApiError(message.error.status, message.error.code, message.error.message));
  }
}
