// The desks of the house that one may ask, as the tab of help and its screen share them.
import { session, wordsOf } from "../../app/session.svelte";
import type { AskableDesk } from "../../engine/wire-desk";

class Askable {
  list = $state.raw<readonly AskableDesk[]>([]);
  known = $state(false);
  failed = $state("");

  async load(): Promise<void> {
    try {
      this.list = (await session.client.api.call("GET /help")).desks;
      this.known = true;
      this.failed = "";
    } catch (error) {
      this.failed = wordsOf(error);
    }
  }
}

export const askable = new Askable();
