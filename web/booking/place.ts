// What the address of the page names: a booking page, or one booking by the secret of its guest. Pure.
export interface Place {
  key: string;
  secret: string | undefined;
}

export function placeOf(path: string): Place | undefined {
  const [, key, secret] = /^\/b\/([\w-]{1,128})(?:\/([\w-]{1,128}))?\/?$/.exec(path) ?? [];
  return key ? { key, secret } : undefined;
}
