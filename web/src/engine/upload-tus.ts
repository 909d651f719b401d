// Carries one file by the tus protocol (https://tus.io/protocols/resumable-upload, 1.0.0) with its own client
// library. Fetched when the first file is sent. Retries nothing: uploads.ts decides when to try again.
import { Upload, type DetailedError, type HttpResponse, type HttpStack } from "tus-js-client";
import { ApiError } from "./api";
import type { ApiError as Refused } from "./wire";

export type { HttpStack } from "tus-js-client";

/** A request carries at most this much, so that a proxy that holds requests back still lets it go on near where it stopped. */
const CHUNK = 16 * 1024 * 1024;
/** Without any progress this long the connection is dead. Room enough for a slow disk to take in a chunk. */
const SILENCE = 120_000;

export interface Load {
  endpoint: string;
  stack?: HttpStack | undefined;
  blob: Blob;
  name: string;
  type: string;
  /** Of an upload that was begun before. */
  address?: string | undefined;
  language: string;
  /** Where no cookie says who sends it. */
  authorization?: string | undefined;
  progress(sent: number): void;
  /** The server has given it an address, to go on there later. */
  found(address: string): void;
}

export interface Carried {
  /** Its address once all of it has arrived; rejects with `ApiError`. */
  done: Promise<string>;
  /** Ends it; with `forget` the server drops what it has. */
  stop(forget: boolean): Promise<void>;
}

export function carry(load: Load): Carried {
  let stopped = false;
  let watch: ReturnType<typeof setTimeout> | undefined;
  let end = (_error: ApiError): void => {};
  const awake = (): void => {
    clearTimeout(watch);
    watch = setTimeout(() => {
      void upload.abort();
      end(new ApiError(0, "offline", ""));
    }, SILENCE);
  };
  const upload = new Upload(load.blob, {
    endpoint: load.endpoint,
    uploadUrl: load.address ?? null,
    metadata: { filename: load.name, filetype: load.type },
    headers: { "Accept-Language": load.language, ...(load.authorization !== undefined && { Authorization: load.authorization }) },
    chunkSize: CHUNK,
    retryDelays: null,
    storeFingerprintForResuming: false,
    ...(load.stack && { httpStack: load.stack }),
    // The library takes every 4xx of a HEAD for "gone" and begins anew; "too fast" and the like are not.
    onAfterResponse: (_request, response) => {
      const refusal = refusalOf(response);
      if (refusal?.passing && refusal.status < 500) throw refusal;
    },
    onProgress: (sent) => {
      awake();
      load.progress(sent);
    },
    onUploadUrlAvailable: () => load.found(upload.url ?? ""),
  });
  const done = new Promise<string>((resolve, reject) => {
    end = reject;
    upload.options.onSuccess = () => resolve(upload.url ?? "");
    upload.options.onError = (error) => reject(asApiError(error));
  });
  awake();
  upload.start();
  return {
    done: done.finally(() => clearTimeout(watch)),
    stop: async (forget) => {
      if (stopped) return;
      stopped = true;
      end(new ApiError(0, "stopped", ""));
      // Without an answer the server forgets it by itself, a day later.
      await upload.abort(forget && upload.url !== null).catch(() => {});
    },
  };
}

function asApiError(error: Error | DetailedError): ApiError {
  const { causingError, originalResponse } = error as Partial<DetailedError>;
  if (causingError instanceof ApiError) return causingError;
  return (originalResponse && refusalOf(originalResponse)) ?? new ApiError(0, "offline", error.message);
}

function refusalOf(response: HttpResponse): ApiError | undefined {
  const status = response.getStatus();
  if (status < 400) return undefined;
  // tus 1.0.0, "PATCH": 409 says that the offset is another one, 423 that another request still writes.
  if (status === 409 || status === 423) return new ApiError(503, "upload_moved", "");
  const wait = Number(response.getHeader("Retry-After"));
  const after = wait > 0 ? wait : undefined;
  try {
    const { error } = JSON.parse(response.getBody()) as Refused;
    return new ApiError(status, error.code, error.message, error.field, after, error.incident);
  } catch {
    return new ApiError(status, `http_${status}`, "", undefined, after);
  }
}
