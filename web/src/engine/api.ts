// The native API as typed calls. Knows how an answer is read and which failures may be tried again
// (docs/protocol/sync.md, "In"); does not retry by itself.
import type { Answer, Ask, Route } from "./routes";
import type { ApiError as Refused, Id, Page, Seq } from "./wire";

/** A call that brought no answer one can use. `code` is the server's; `offline` when there was no answer. */
export class ApiError extends Error {
  override name = "ApiError";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    /** Seconds the server asks to wait. */
    readonly retryAfter?: number,
    readonly incident?: string,
  ) {
    super(message);
  }

  /** Whether the same request may be sent again: no answer, 5xx, 408, 425, 429. Every other 4xx is final. */
  get passing(): boolean {
    return this.status < 400 || this.status >= 500 || this.status === 408 || this.status === 425 || this.status === 429;
  }
}

/** An answer that has not come whole after this, in milliseconds, is not waited for: the line may be dead. */
const PATIENCE = 25_000;

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export class Api {
  /** The language of messages in errors. */
  language = "ko";
  /** Called when the server says that nobody is signed in. */
  onSignedOut?: () => void;

  constructor(private readonly fetch: Fetch, readonly base = "/api/v1", private readonly patience = PATIENCE) {}

  /** `api.call("PATCH /people/{id}", { id, body: { role } })` */
  async call<R extends Route>(route: R, ask?: Ask<R>): Promise<Answer<R>> {
    const given = (ask ?? {}) as Record<string, unknown>;
    const [method = "GET", template = ""] = route.split(" ");
    const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(given[name])));
    const response = await this.request(method, path + queryOf(given["query"]), given["body"], given["signal"] as AbortSignal | undefined);
    if (response.status === 204) return undefined as Answer<R>;
    return (await readJson(response)) as Answer<R>;
  }

  /** A folded page; without `page` the one with this ETag is still right, up to `at` where the server says so. */
  async page(space: Id, page: number, etag?: string): Promise<{ page?: Page; at?: Seq; epoch?: number }> {
    const headers: Record<string, string> = etag ? { "If-None-Match": etag } : {};
    const response = await this.request("GET", `/spaces/${encodeURIComponent(space)}/pages/${page}`, undefined, undefined, headers);
    if (response.status === 304) {
      const at = Number(response.headers.get("Madang-At"));
      return at > 0 ? { at } : {};
    }
    const epoch = Number(/^(?:W\/)?"(\d+)-/.exec(response.headers.get("ETag") ?? "")?.[1]);
    return { page: (await readJson(response)) as Page, ...(epoch > 0 && { epoch }) };
  }

  /** The most bytes a file may have (tus 1.0.0, "Tus-Max-Size"); undefined where there is no limit. */
  async uploadLimit(): Promise<number | undefined> {
    const most = Number((await this.request("OPTIONS", "/uploads", undefined)).headers.get("Tus-Max-Size"));
    return most > 0 ? most : undefined;
  }

  /** A `DELETE` that the page may leave behind: it is sent while the page goes away, and nobody waits for it. */
  parting(path: string): void {
    void this.fetch(this.base + path, { method: "DELETE", credentials: "same-origin", keepalive: true }).catch(() => undefined);
  }

  private async request(method: string, path: string, body: unknown, signal?: AbortSignal, more: Record<string, string> = {}): Promise<Response> {
    const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": this.language, ...more };
    const init: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(body);
    }
    const late = AbortSignal.timeout(this.patience);
    init.signal = signal ? AbortSignal.any([signal, late]) : late;
    let response: Response;
    try {
      response = await this.fetch(this.base + path, init);
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiError(0, "offline", cause instanceof Error ? cause.message : "");
    }
    if (response.ok || response.status === 304) return response;
    const error = await refusalOf(response);
    if (error.status === 401 && error.code !== "wrong_credentials") this.onSignedOut?.();
    throw error;
  }
}

function queryOf(query: unknown): string {
  const pairs = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined && value !== "");
  return pairs.length ? "?" + new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString() : "";
}

/** A cut-off or foreign body (a captive portal's page) is no answer: it is tried again. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new ApiError(0, "offline", "");
  }
}

async function refusalOf(response: Response): Promise<ApiError> {
  const wait = Number(response.headers.get("Retry-After"));
  const after = wait > 0 ? wait : undefined;
  try {
    const { error } = (await response.json()) as Refused;
    return new ApiError(response.status, error.code, error.message, error.field, after, error.incident);
  } catch {
    return new ApiError(response.status, `http_${response.status}`, response.statusText, undefined, after);
  }
}
