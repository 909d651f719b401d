import { expect, it } from "vitest";
import { Api } from "./api";

it("an answer that never comes is given up, as one that may be asked for again", async () => {
  const silent = (_: string, { signal }: RequestInit) => new Promise<Response>((_fine, broken) => signal?.addEventListener("abort", () => broken(signal.reason)));
  const api = new Api(silent, "/api/v1", 20);
  await expect(api.call("GET /me")).rejects.toMatchObject({ code: "offline", passing: true });
});

it("a call that the asker takes back is not told as a fault of the line", async () => {
  const silent = (_: string, { signal }: RequestInit) => new Promise<Response>((_fine, broken) => signal?.addEventListener("abort", () => broken(signal.reason)));
  const taken = new AbortController();
  const asked = new Api(silent).call("GET /me", { signal: taken.signal });
  taken.abort(new Error("no longer wanted"));
  await expect(asked).rejects.toThrow("no longer wanted");
});
