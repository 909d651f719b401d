// What stands in the history of a space and comes after the first screen, which does not name its file: calls, meetings,
// what apps say to one person alone, and what they are doing. The start.ts of each brings it.
import type { Component } from "svelte";
import type { Id, NoticeRow } from "../../engine/wire";

export const callParts = $state<{
  Notice?: Component<{ row: NoticeRow & { type: "call.started" } }>;
  Meeting?: Component<{ row: NoticeRow & { type: `meeting.${string}` }; space: Id }>;
  Face?: Component<{ id: Id; name: string; icon: string }>;
  Assistant?: Component<{ space: Id; thread?: number | undefined; newest?: { author: Id; at: number } | undefined }>;
  OnlyYou?: Component<{ space: Id; thread?: number | undefined }>;
  Recording?: Component<{ row: NoticeRow & { type: "recording.started" | "recording.ended" } }>;
}>({});
