// Ports of three kinds: a MessagePort to a worker, two ends within one page, and a place on a broadcast
// channel for pages that use the engine of another page.
import type { Port } from "./door";

export function messagePort<In, Out>(port: MessagePort): Port<In, Out> {
  return {
    send: (message) => port.postMessage(message),
    receive: (listener) => {
      port.onmessage = ({ data }) => listener(data as In);
    },
    close: () => port.close(),
  };
}

/** Two ends within one thread. What is sent is not copied: neither side may change it afterwards. */
export function pair<A, B>(): [Port<A, B>, Port<B, A>] {
  const listeners: [((message: A) => void)?, ((message: B) => void)?] = [];
  let open = true;
  const close = (): void => {
    open = false;
  };
  const soon = (task: () => void): void => queueMicrotask(() => open && task());
  return [
    { send: (message) => soon(() => listeners[1]?.(message)), receive: (listener) => void (listeners[0] = listener), close },
    { send: (message) => soon(() => listeners[0]?.(message)), receive: (listener) => void (listeners[1] = listener), close },
  ];
}

/** What goes over the channel that the pages of one browser share. */
export type OnChannel =
  | { t: "who"; from: string }
  | { t: "here"; to: string }
  | { t: "host" }
  | { t: "up"; from: string; message: unknown }
  | { t: "down"; to: string; message: unknown };

export function channelPort<In, Out>(channel: BroadcastChannel, me: string, up: boolean): Port<In, Out> & { came(message: unknown): void } {
  let listener: ((message: In) => void) | undefined;
  let open = true;
  return {
    send: (message) => {
      if (open) channel.postMessage((up ? { t: "up", from: me, message } : { t: "down", to: me, message }) satisfies OnChannel);
    },
    receive: (to) => {
      listener = to;
    },
    close: () => {
      open = false;
    },
    came: (message) => {
      if (open) listener?.(message as In);
    },
  };
}
