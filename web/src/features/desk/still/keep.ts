// Puts a picture into the conversation at once, as an ordinary message of one's own. Not by way of the box where one
// writes: what stands in it stays.
import { session } from "../../../app/session.svelte";
import { newClientId } from "../../../engine/ids";
import type { Id } from "../../../engine/wire";
import { language } from "../../../lib/i18n.svelte";

export async function keepPicture(space: Id, picture: Blob, name: string): Promise<void> {
  const { carry } = await import("../../../engine/upload-tus");
  const { api } = session.client;
  const carried = carry({
    endpoint: `${location.origin}${api.base}/uploads`, blob: picture, name, type: picture.type, language: language.locale, progress: () => undefined, found: () => undefined,
  });
  const address = await carried.done;
  const { file } = await api.call("GET /uploads/{id}/file", { id: decodeURIComponent(address.split("/").at(-1) ?? "") });
  await api.call("POST /spaces/{id}/messages", { id: space, body: { client_id: newClientId(), text: "", files: [file.id] } });
}
