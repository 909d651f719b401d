// Asks for the microphone while the finger is still on the button, so that the agent's call finds it allowed. It is let
// go at once: nobody listens to whoever waits.
import { devices } from "../../../src/features/calls/devices.svelte";

export async function permit(): Promise<void> {
  try {
    (await devices.microphone()).stop();
  } catch {
    // One may listen and look without; the call says what is missing and how to mend it.
  }
}
