/** What stands beside a call. */
export type Panel = "chat" | "people" | null;
