// The engine's side of the door: answers one page over its port.
import { ApiError } from "./api";
import type { Calls, Followed, Port, ToEngine, ToPage, Topics } from "./door";
import type { Engine } from "./engine";
import { pack, type Keyed } from "./packing";

export type PagePort = Port<ToEngine, ToPage>;

/** Serves until the returned function is called, or the page has let go of the lock it named. */
export function serve(engine: Engine, port: PagePort, onLock: (name: string, gone: () => void) => void = () => {}): () => void {
  const followed = new Map<number, Followed>();
  const end = (): void => {
    for (const { stop } of followed.values()) stop();
    followed.clear();
    port.close();
  };

  const open = (id: number, topic: keyof Topics, ask: unknown): void => {
    followed.get(id)?.stop();
    const known = new Map<string, Keyed>();
    followed.set(id, engine.follow(topic, ask as never, (value) => port.send({ t: "push", id, value: pack(value, known) })));
  };

  const answer = async (id: number, ask: () => unknown): Promise<void> => {
    try {
      port.send({ t: "ok", id, value: await ask() });
    } catch (error) {
      const { status, code, message } = error instanceof ApiError ? error : new ApiError(500, "bug", String(error));
      port.send({ t: "no", id, error: { status, code, message } });
    }
  };

  port.receive((message) => {
    switch (message.t) {
      case "call":
        return void answer(message.id, () => engine.call(message.name, message.args as Parameters<Calls[typeof message.name]>[0]));
      case "open":
        return open(message.id, message.topic, message.ask);
      case "act":
        return void answer(message.id, () => followed.get(message.of)?.acts?.[message.name](message.args as never));
      case "close":
        followed.get(message.id)?.stop();
        followed.delete(message.id);
        return;
      case "lock":
        return onLock(message.name, end);
    }
  });
  return end;
}
