// How a call looks in the history of a space. start.ts brings it, so that the first screen does not name its file.
import type { Component } from "svelte";
import type { Id, NoticeRow } from "../../engine/wire";

export const callParts = $state<{
  Notice?: Component<{ row: NoticeRow & { type: "call.started" } }>;
  Meeting?: Component<{ row: NoticeRow & { type: `meeting.${string}` }; space: Id }>;
  Recording?: Component<{ row: NoticeRow & { type: "recording.started" | "recording.ended" } }>;
}>({});
