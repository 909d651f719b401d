// What the pages follow: turns each topic of the door into a subscription on the parts of a session.
import type { Around, Followed, Topics } from "./door";
import type { Session, Watch } from "./session";
import { Thread } from "./thread";
import type { ThreadState, WindowState } from "./view";
import { PageWindow } from "./window";
import type { Id, Seq } from "./wire";
import { outboxItem } from "./wishes";

export type Push<K extends keyof Topics> = (value: Topics[K]["value"]) => void;
type Followers = { [K in Exclude<keyof Topics, "state">]: (session: Session, ask: Topics[K]["ask"], push: Push<K>) => Followed };

let numbered = 0;
/** Milliseconds in which what is in memory is there. */
const AT_ONCE = 4;

export const followers: Followers = {
  spaces: ({ house: { hub }, spaces }, _, push) => ({ stop: hub.follow("spaces", () => push({ rows: spaces.list() })) }),
  people: ({ house: { hub }, people }, _, push) => ({ stop: hub.follow("people", () => push({ rows: [...people.held.values()] })) }),
  outbox: ({ house: { hub }, outbox }, _, push) => ({ stop: hub.follow("outbox", () => push({ rows: outbox.all().map(outboxItem) })) }),
  uploads: ({ house: { hub }, uploads }, _, push) => ({ stop: hub.follow("uploads", () => push({ rows: uploads.all() })) }),
  register: ({ house: { hub }, registers }, { key }, push) => ({ stop: hub.follow(`register/${key}`, () => push({ value: registers.value(key) })) }),
  registers: ({ house: { hub }, registers }, { under }, push) => ({ stop: hub.follow(`registers/${under}`, () => push({ rows: registers.under(under) })) }),
  draft: ({ house: { hub }, drafts }, { space, thread }, push) => ({
    stop: hub.follow(`draft/${space}/${thread ?? ""}`, () => push(drafts.of(space, thread))),
  }),
  markers: ({ house: { hub }, markers }, { space }, push) => {
    const unwatch = markers.watch(space);
    const stop = hub.follow(`markers/${space}`, () => push({ markers: markers.of(space) }));
    return { stop: () => (stop(), unwatch()) };
  },
  calls: ({ house: { hub }, calls }, _, push) => ({ stop: hub.follow("calls", () => push(calls.now())) }),
  desks: ({ house: { hub }, desks }, _, push) => ({ stop: hub.follow("desks", () => push(desks.now())) }),
  inCall: ({ calls }, _, push) => ({ stop: calls.listen(push) }),
  seen: ({ seen }, { space }, push) => ({ stop: seen.watch(space, push) }),
  apps: ({ apps }, _, push) => (apps.add(push), { stop: () => void apps.delete(push) }),
  space: followSpace,
  window: followWindow,
  thread: followThread,
};

function followSpace(session: Session, { space }: { space: Id }, push: Push<"space">): Followed {
  let stopped = false;
  const tell = (): void => {
    const mine = session.spaces.get(space);
    if (mine) return push(session.spaces.item(mine));
    session.visit(space).then(
      (visited) => stopped || push(visited ? session.spaces.make(visited) : null),
      // Offline and unknown: told after the next welcome.
      () => {},
    );
  };
  const unfollow = session.house.hub.follow(`space/${space}`, tell);
  return { stop: () => ((stopped = true), unfollow()) };
}

const NOTHING: WindowState = { rows: [], atStart: false, atEnd: false, loading: true, missing: false, head: 0, last: 0, gone: false };

function followWindow(session: Session, ask: { space: Id; around: Around }, push: Push<"window">): Followed {
  const { spaces, outbox, pages, shown, me } = session;
  let around = ask.around;
  let failed = { missing: false, gone: false };
  const key = `window/${++numbered}`;
  const changed = (): void => session.house.hub.changed(key);
  const watch: Watch & { view?: PageWindow | undefined } = {
    space: ask.space, key,
    open: () => opened(session, watch, (it) => (failed = it), async ({ log }) => {
      const tally = () => spaces.get(ask.space)?.tally;
      watch.view = new PageWindow({
        log, pages, shown, changed, me: me.id,
        wishes: () => outbox.of(ask.space),
        read: () => tally()?.seq ?? log.high, unread: () => tally()?.unread ?? 0,
      });
      await watch.view.open(around);
    }),
  };
  const value = (): WindowState => watch.view?.state() ?? { ...NOTHING, ...failed, loading: !failed.missing && !failed.gone };
  const { stop, ready } = start(session, watch, () => push(value()));
  session.lookAt(ask.space);
  const act = async (what: (view: PageWindow) => Promise<void>): Promise<void> => {
    await ready;
    if (watch.view) await what(watch.view);
    push(value());
  };
  return {
    stop,
    acts: {
      older: () => act((view) => view.older()),
      newer: () => act((view) => view.newer()),
      jump: (to) => act((view) => view.open((around = to))),
    },
  };
}

function followThread(session: Session, { space, root }: { space: Id; root: Seq }, push: Push<"thread">): Followed {
  let failed = { missing: false, gone: false };
  const key = `thread/${++numbered}`;
  const { outbox, pages, shown, house: { api, hub } } = session;
  const watch: Watch & { view?: Thread | undefined } = {
    space, key,
    open: () => opened(session, watch, (it) => (failed = it), async ({ log }) => {
      watch.view = new Thread(root, { api, log, pages, shown, wishes: () => outbox.of(space), changed: () => hub.changed(key) });
      await watch.view.open();
    }),
  };
  const value = (): ThreadState => watch.view?.state() ?? { rows: [], ...failed, loading: !failed.missing && !failed.gone };
  return { stop: start(session, watch, () => push(value())).stop };
}

/** What is in memory is told as soon as it is asked for, whole; of what takes longer it is told that it loads. */
function start(session: Session, watch: Watch, tell: () => void): { stop: () => void; ready: Promise<void> } {
  session.watches.add(watch);
  let waiting: ReturnType<typeof setTimeout> | undefined = setTimeout(() => first(), AT_ONCE);
  const first = (): void => {
    if (waiting === undefined) return;
    clearTimeout(waiting);
    waiting = undefined;
    tell();
  };
  const unfollow = session.house.hub.follow(watch.key, () => (waiting === undefined ? tell() : undefined));
  const stop = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
    unfollow();
    session.watches.delete(watch);
  };
  const ready = watch.open();
  void ready.then(first);
  return { stop, ready };
}

/** Finds the space of a watch and makes its view; says why when there is none. */
async function opened(session: Session, watch: Watch, failed: (why: { missing: boolean; gone: boolean }) => void, make: (space: { log: PageLog }) => Promise<void>): Promise<void> {
  // A look from outside that was asked for before the person's own spaces were known must not take their place.
  const turn = (watch.turn = (watch.turn ?? 0) + 1);
  try {
    const space = await session.visit(watch.space);
    if (turn !== watch.turn) return;
    failed({ missing: false, gone: !space });
    if (space) await make(space);
    else watch.view = undefined;
  } catch {
    if (turn !== watch.turn) return;
    failed({ missing: true, gone: false });
  }
  session.house.hub.changed(watch.key);
}
type PageLog = NonNullable<Awaited<ReturnType<Session["visit"]>>>["log"];
