// The one WebSocket: keeps it open, says hello, notices when it is dead, and waits between attempts with
// exponential delay and full jitter. Knows nothing of what the frames mean.
import type { ClientFrame, Hello, ServerFrame } from "./wire";

/** What is used of a WebSocket; 1 is open. */
export interface Line {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((close: { code: number }) => void) | null;
}

export interface SocketHouse {
  open(): Line;
  hello(): Hello;
  frame(frame: ServerFrame): void;
  /** `retryAt` (milliseconds) only while waiting. */
  connection(state: "connecting" | "open" | "waiting", retryAt?: number): void;
  /** The session is over; no further attempt is made. */
  signedOut(): void;
  /** An attempt failed before it was open: the reason cannot be seen here. */
  failed(): void;
  now(): number;
  random(): number;
}

const FIRST = 500;
const MOST = 30_000;
const PING = 25_000;
/** A sign of life that must come after a ping. */
const PONG = 10_000;
const UNOPENED = 20_000;
/** The same for whoever has just come back: of a line that slept nobody can tell, and somebody is looking. */
const WOKEN = 4_000;
const SIGNED_OUT = 4401;

export class Socket {
  private line: Line | undefined;
  private attempts = 0;
  private stopped = true;
  private welcomed = false;
  private began = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private beat: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly house: SocketHouse) {}

  start(): void {
    this.stopped = false;
    if (!this.line) this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.drop();
  }

  /** The network or the page came back: no more waiting, and find out whether the line still lives. */
  wake(): void {
    if (this.stopped) return;
    this.attempts = 0;
    if (!this.line) this.connect();
    else if (this.welcomed) this.ping(WOKEN);
    // An attempt from before may wait for an answer that never comes.
    else if (this.house.now() - this.began > WOKEN) this.again();
  }

  /** Begins anew with a fresh hello. */
  again(): void {
    if (this.stopped) return;
    this.drop();
    this.connect();
  }

  send(frame: ClientFrame): void {
    if (this.line?.readyState === 1) this.line.send(JSON.stringify(frame));
  }

  private connect(): void {
    clearTimeout(this.timer);
    this.house.connection("connecting");
    let line: Line;
    try {
      line = this.house.open();
    } catch {
      return this.wait();
    }
    this.line = line;
    this.began = this.house.now();
    let opened = false;
    this.alive(UNOPENED);
    line.onopen = () => {
      opened = true;
      this.send(this.house.hello());
    };
    line.onmessage = ({ data }) => {
      if (this.line === line) this.read(String(data));
    };
    line.onclose = ({ code }) => {
      if (this.line !== line) return;
      this.drop();
      if (code === SIGNED_OUT) return this.over();
      if (!opened) this.house.failed();
      if (!this.stopped) this.wait();
    };
  }

  private read(text: string): void {
    this.alive();
    let frame: ServerFrame;
    try {
      frame = JSON.parse(text) as ServerFrame;
    } catch {
      return;
    }
    if (frame.type === "pong") return;
    if (frame.type === "bye" && frame.code === "signed_out") return this.over();
    if (frame.type === "welcome") {
      this.welcomed = true;
      this.attempts = 0;
    }
    this.house.frame(frame);
    if (frame.type === "welcome") this.house.connection("open");
    if (frame.type === "bye" && !frame.retry) this.stop();
  }

  private over(): void {
    this.stop();
    this.house.signedOut();
  }

  private wait(): void {
    const most = Math.min(MOST, FIRST * 2 ** this.attempts++);
    const delay = Math.max(50, this.house.random() * most);
    this.house.connection("waiting", this.house.now() + delay);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), delay);
  }

  /** Anything that arrives shows that the line lives; else it is asked, and given up when it stays silent. */
  private alive(patience?: number): void {
    clearTimeout(this.beat);
    this.beat = patience ? setTimeout(() => this.dead(), patience) : setTimeout(() => this.ping(), PING);
  }

  private ping(patience = PONG): void {
    this.send({ type: "ping" });
    this.alive(patience);
  }

  private dead(): void {
    this.drop();
    if (!this.stopped) this.wait();
  }

  private drop(): void {
    clearTimeout(this.beat);
    const line = this.line;
    this.line = undefined;
    this.welcomed = false;
    if (!line) return;
    line.onopen = line.onmessage = line.onclose = null;
    line.close();
  }
}
