// The house as a visitor reaches it: requests with the token of the visit, never with a cookie, and the one socket.
import { Api } from "../../src/engine/api";
import { pageNow, watchPage } from "../../src/engine/page";
import { Socket, type Line, type SocketHouse } from "../../src/engine/socket";
import type { ClientFrame, ServerFrame } from "../../src/engine/wire";
import type { VisitFrame } from "../../src/engine/wire-visit";

export type Frame = ServerFrame | VisitFrame;

export class House {
  token: string | undefined;
  readonly api: Api;

  constructor(private readonly language: () => string) {
    this.api = new Api((url, init) => this.fetch(url, init));
  }

  /** Of a file or a picture, which the token opens and no address does. Rejects as `fetch` does. */
  async blob(path: string): Promise<Blob> {
    const answer = await this.fetch(`/api/v1${path}`, {});
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.blob();
  }

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("Accept-Language", this.language());
    if (this.token !== undefined) headers.set("Authorization", `Bearer ${this.token}`);
    return fetch(url, { ...init, headers, credentials: "omit" });
  };

  /** Keeps the socket open until it is stopped. */
  listen(hear: Pick<SocketHouse, "hello" | "connection" | "signedOut"> & { frame(frame: Frame): void; woken(): void }): { send(frame: ClientFrame | { type: string }): void; stop(): void } {
    const open = (): Line => {
      const address = new URL("/api/v1/socket", location.href);
      address.protocol = address.protocol.replace("http", "ws");
      // A token cannot be sent in a header here (RFC 6455, 1.9): it is offered as a protocol.
      return new WebSocket(address, ["madang", this.token ?? ""]) as unknown as Line;
    };
    const socket = new Socket({ ...hear, open, failed: () => undefined, now: () => Date.now(), random: Math.random });
    let stopped = false;
    watchPage(() => {
      if (stopped || !pageNow().online) return;
      socket.wake();
      hear.woken();
    });
    socket.start();
    return {
      send: (frame) => socket.send(frame as ClientFrame),
      stop: () => {
        stopped = true;
        socket.stop();
      },
    };
  }
}
