// Sends a file of contacts. Its body is the file itself and may take its time, so it is no call of the engine's API.
import { ApiError } from "../../engine/client";
import type { ApiError as Refused } from "../../engine/wire";
import type { ContactsImported } from "../../engine/wire-contacts";
import { language } from "../../lib/i18n.svelte";

/** The largest file, as the server says it. */
export const FILE_BYTES = 10 << 20;

export async function bring(file: File, how: { dryRun: boolean; leaveOut?: boolean }): Promise<ContactsImported> {
  const query = new URLSearchParams({ dry_run: String(how.dryRun), leave_out: String(how.leaveOut ?? false) });
  let response: Response;
  try {
    response = await fetch(`/api/v1/contacts/import?${query}`, { method: "POST", body: file, credentials: "same-origin", headers: { "Content-Type": "text/csv", "Accept-Language": language.locale } });
  } catch {
    throw new ApiError(0, "offline", "");
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer) return answer as ContactsImported;
  const { code, message } = (answer as Refused | undefined)?.error ?? { code: `http_${response.status}`, message: "" };
  throw new ApiError(response.status, code, message);
}
