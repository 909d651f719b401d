// How a poll stands. Pure.
import type { Poll } from "../../engine/wire";

/** Votes for each option. */
export const talliesOf = (poll: Poll): number[] =>
  poll.options.map((_, option) => (poll.anonymous ? (poll.counts?.options[option] ?? 0) : (poll.votes ?? []).filter(([, , options]) => options.includes(option)).length));

/** How many people voted. */
export const peopleOf = (poll: Poll): number => (poll.anonymous ? (poll.counts?.people ?? 0) : (poll.votes?.length ?? 0));
