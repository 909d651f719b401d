// The one door for script addresses. Trusted Types refuse a plain string where a worker's address is
// asked; this policy, `madang-workers`, lets only files of our own origin through.

type Policy = { createScriptURL(url: string): unknown };
type Factory = { createPolicy(name: string, rules: { createScriptURL(url: string): string }): Policy };

function ownScript(url: string): string {
  const address = new URL(url, location.href);
  if (address.origin !== location.origin) throw new TypeError("a worker must come from our own origin");
  return address.href;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy = factory?.createPolicy("madang-workers", { createScriptURL: ownScript });

/** Pass the result straight to `new Worker`, `new SharedWorker` or `serviceWorker.register`. */
export function workerUrl(url: string): string {
  return (policy ? policy.createScriptURL(url) : ownScript(url)) as string;
}
