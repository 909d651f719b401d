// A call is recorded: begun and stopped by its host, and heard by everybody.
import { session } from "../../app/session.svelte";

export { recordingTone } from "./tone";

export const startRecording = (call: string): Promise<unknown> => session.client.api.call("PUT /calls/{call}/recording", { call });
export const stopRecording = (call: string): Promise<unknown> => session.client.api.call("DELETE /calls/{call}/recording", { call });
