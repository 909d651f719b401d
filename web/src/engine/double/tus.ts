// The server in memory takes files in, by tus 1.0.0; and the way to it for the client library, which has no
// XMLHttpRequest in tests.
import type { HttpResponse, HttpStack } from "tus-js-client";
import type { Fetch } from "../api";
import type { FileRef, Id } from "../wire";

interface Incoming { name: string; type: string; length: number; bytes: Uint8Array }

export class TusHouse {
  readonly uploads = new Map<Id, Incoming>();
  readonly files = new Map<Id, FileRef & { bytes: Uint8Array }>();
  most = 1_000_000;
  /** The line breaks once, after this many bytes of a PATCH. */
  breakAfter: number | undefined;
  private numbered = 0;

  answer(method: string, path: string, init: RequestInit): Response {
    const [, , id = "", what] = path.split("/");
    const upload = this.uploads.get(id);
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: { "Tus-Max-Size": String(this.most) } });
    if (method === "POST") return this.create(new Headers(init.headers));
    if (!upload) return refused(404, "not_found");
    switch (method) {
      case "HEAD":
        return new Response(null, { headers: { "Upload-Offset": String(upload.bytes.length), "Upload-Length": String(upload.length) } });
      case "PATCH":
        return this.take(upload, Number(new Headers(init.headers).get("Upload-Offset")), init.body as Uint8Array);
      case "DELETE":
        this.uploads.delete(id);
        return new Response(null, { status: 204 });
      default:
        return what === "file" && upload.bytes.length === upload.length ? this.file(id, upload) : refused(409, "upload_moved");
    }
  }

  private create(headers: Headers): Response {
    const length = Number(headers.get("Upload-Length"));
    if (length > this.most) return refused(413, "too_large");
    const given = new Map(headers.get("Upload-Metadata")!.split(",").map((pair) => pair.split(" ") as [string, string]));
    const word = (name: string): string => new TextDecoder().decode(Uint8Array.from(atob(given.get(name) ?? ""), (c) => c.charCodeAt(0)));
    const id = `u${++this.numbered}`;
    this.uploads.set(id, { name: word("filename"), type: word("filetype"), length, bytes: new Uint8Array() });
    return new Response(null, { status: 201, headers: { Location: `/api/v1/uploads/${id}` } });
  }

  private take(upload: Incoming, offset: number, sent: Uint8Array): Response {
    if (offset !== upload.bytes.length) return refused(409, "upload_moved");
    const { breakAfter } = this;
    this.breakAfter = undefined;
    upload.bytes = new Uint8Array([...upload.bytes, ...sent.slice(0, breakAfter)]);
    if (breakAfter !== undefined) throw new TypeError("the line broke");
    return new Response(null, { status: 204, headers: { "Upload-Offset": String(upload.bytes.length) } });
  }

  private file(id: Id, { name, type, bytes }: Incoming): Response {
    const file: FileRef = { id: `f-${id}`, name, type, size: bytes.length };
    this.files.set(file.id, { ...file, bytes });
    return new Response(JSON.stringify({ file }));
  }
}

const refused = (status: number, code: string): Response => new Response(JSON.stringify({ error: { code, message: code } }), { status });

export function tusStack(fetch: Fetch): HttpStack {
  return {
    getName: () => "fetch",
    createRequest(method, url) {
      const headers: Record<string, string> = {};
      return {
        getMethod: () => method,
        getURL: () => url,
        setHeader: (name, value) => void (headers[name] = value),
        getHeader: (name) => headers[name],
        setProgressHandler: () => {},
        async send(body: Blob | null): Promise<HttpResponse> {
          const bytes = body ? new Uint8Array(await body.arrayBuffer()) : null;
          const response = await fetch(url, { method, headers, ...(bytes && { body: bytes }) });
          const text = await response.text();
          return { getStatus: () => response.status, getHeader: (name) => response.headers.get(name)!, getBody: () => text, getUnderlyingObject: () => response };
        },
        abort: async () => {},
        getUnderlyingObject: () => undefined,
      };
    },
  };
}
