// From the press to the face: the agent's microphone and camera, the call of the ticket, and its screen. What is refused
// or missing does not hold it up.
import { session, wordsOf } from "../../app/session.svelte";
import type { Id } from "../../engine/wire";
import type { Desk, Ticket } from "../../engine/wire-desk";
import { m } from "../../lib/i18n.svelte";
import { toast } from "../../ui/toasts.svelte";
import { devices, DeviceTrouble } from "../calls/devices.svelte";
import { house } from "../calls/house.svelte";
import { troubleWords } from "../calls/words";

/** Comes into the call of a ticket with nothing switched on: to hear and see. Whoever is in it is told. */
export async function listenIn(space: Id): Promise<void> {
  try {
    const call = house.in(space) ?? (await session.client.api.call("GET /calls")).calls.find((it) => it.space === space);
    if (call) house.enter({ call, muted: true });
    else toast(m.ticket_no_call());
  } catch (error) {
    toast(wordsOf(error), { kind: "error" });
  }
}

/** Starts the call of a ticket, or joins the one that runs; with the camera where the visitor wished to see somebody. */
export async function callVisitor(ticket: Ticket, desk: Desk | undefined): Promise<void> {
  const { space } = ticket;
  const video = ticket.wants === "video" && desk?.settings.offers.video !== "none";
  const refused = (error: unknown): undefined => void toast(troubleWords(error instanceof DeviceTrouble ? error.trouble : "broken"), { kind: "error" });
  // The call is asked for while the devices open; the devices one after the other, as two questions at once confuse.
  const running = house.in(space);
  const asked = running ? Promise.resolve({ call: running }) : session.client.api.call("POST /spaces/{id}/call", { id: space, body: { video, ring: true } });
  const failed = asked.then(() => undefined, (error: unknown) => error);
  const microphone = await devices.microphone().catch(refused);
  const camera = video ? await devices.camera().catch(refused) : undefined;
  const error = await failed;
  if (error !== undefined) {
    for (const track of [microphone, camera]) track?.stop();
    return void toast(wordsOf(error), { kind: "error" });
  }
  house.enter({ call: (await asked).call, microphone, camera, calling: !running });
}
