// Every address of the web client, in one table. Pure: matching and writing of paths, with the types
// of their parts; nav.svelte.ts does the walking.

export const paths = {
  chats: "/",
  space: "/s/:space",
  message: "/s/:space/m/:seq",
  thread: "/s/:space/t/:root",
  reply: "/s/:space/t/:root/m/:seq",
  spacePeople: "/s/:space/people",
  spaceFiles: "/s/:space/files",
  spacePins: "/s/:space/pins",
  spaceStanding: "/s/:space/now",
  app: "/apps/:app",
  letIn: "/oauth/v2/authorize",
  search: "/search",
  calls: "/c",
  help: "/agent",
  report: "/agent/report/:desk",
  ticket: "/agent/:ticket",
  contacts: "/contacts",
  contact: "/contacts/:contact",
  activity: "/a",
  catchUp: "/a/catch-up",
  saved: "/a/saved",
  scheduled: "/a/scheduled",
  me: "/me",
  profile: "/me/profile",
  devices: "/me/devices",
  appearance: "/me/appearance",
  notifications: "/me/notifications",
  tokens: "/me/tokens",
  admin: "/admin",
  adminPart: "/admin/:part",
  adminOne: "/admin/:part/:one",
  people: "/people",
  teams: "/teams",
  team: "/teams/:team",
  join: "/j/:token",
  invitation: "/i/:token",
  reset: "/reset",
  resetToken: "/reset/:token",
  confirm: "/confirm/:token",
  signin: "/signin",
  setup: "/setup",
  gallery: "/gallery",
} as const;

type Paths = typeof paths;
export type RouteName = keyof Paths;
type Part<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Part<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;
export type Params<N extends RouteName> = { [K in Part<Paths[N]>]: string };
export type Route = { [N in RouteName]: { name: N; params: Params<N> } }[RouteName];

/** The path of a screen: `href("thread", { space, root })`. */
export function href<N extends RouteName>(name: N, ...given: Part<Paths[N]> extends never ? [] : [params: Params<N>]): string {
  const params = (given[0] ?? {}) as Record<string, string>;
  return paths[name].replace(/:(\w+)/g, (_, part: string) => encodeURIComponent(params[part] ?? ""));
}

const patterns = (Object.entries(paths) as [RouteName, string][]).map(([name, path]) => ({
  name,
  test: new RegExp(`^${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}/?$`),
}));

/** Which screen a path means; null when it means none. A number part must be a number. */
export function match(path: string): Route | null {
  for (const { name, test } of patterns) {
    const found = test.exec(path);
    if (!found) continue;
    const params: Record<string, string> = {};
    for (const [part, value] of Object.entries(found.groups ?? {})) {
      try {
        params[part] = decodeURIComponent(value);
      } catch {
        return null;
      }
    }
    if ([params["seq"], params["root"]].some((n) => n !== undefined && !/^[1-9]\d{0,15}$/.test(n))) return null;
    return { name, params } as Route;
  }
  return null;
}
