// Where a bookmark leads: within the house in the same window, outside in another. Pure but for the address of the page.

export const isOurs = (link: string): boolean => link.startsWith(`${location.origin}/`);

/** The part of an address by which people know it. */
export function hostOf(link: string): string {
  return URL.canParse(link) ? new URL(link).host : link;
}

/** An address as it is kept: people leave out what stands before it. */
export const withScheme = (typed: string): string => (/^[a-z][a-z0-9+.-]*:/i.test(typed.trim()) && !/^[\w.-]+:\d/.test(typed.trim()) ? typed.trim() : `https://${typed.trim()}`);

export const leads = (link: string): boolean => URL.canParse(link) && /^https?:$/.test(new URL(link).protocol) && new URL(link).hostname !== "";
