// How an answer changes the card of a message: part of folding, held to the same vectors (fold.ts).
import type { Card, Checklist, Event, Item, Poll } from "./wire";

export function answered(card: Card, event: Event): Card {
  if (card.kind === "poll") return polled(card, event);
  if (card.kind === "checklist") return listed(card, event);
  const people = card.people ?? [];
  if (event.type !== "message.confirmed" || people.some(([person]) => person === event.author)) return card;
  return { ...card, people: [...people, [event.author, event.seq]] };
}

function polled(poll: Poll, event: Event): Poll {
  switch (event.type) {
    case "message.voted": {
      const { votes: before = [], ...rest } = poll;
      const votes = before.filter(([person]) => person !== event.author);
      if (event.body.options.length) votes.push([event.author, event.seq, event.body.options]);
      return votes.length ? { ...rest, votes } : rest;
    }
    case "message.counted":
      return { ...poll, counts: event.body.counts };
    case "message.closed":
      return { ...poll, closed: { by: event.author, at: event.at } };
    default:
      return poll;
  }
}

function listed(list: Checklist, event: Event): Checklist {
  const change = (item: number, to: (one: Item) => Item): Checklist => ({ ...list, items: list.items.map((one, at) => (at === item ? to(one) : one)) });
  switch (event.type) {
    case "message.checked":
      return change(event.body.item, (one) => ({ ...one, done: { by: event.author, at: event.at } }));
    case "message.unchecked":
      return change(event.body.item, ({ done: _, ...one }) => one);
    case "message.assigned": {
      const { item, person } = event.body;
      return change(item, ({ assignee: _, ...one }) => (person === undefined ? one : { ...one, assignee: person }));
    }
    default:
      return list;
  }
}
