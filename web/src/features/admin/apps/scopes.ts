// Scopes of apps in words of the house. What is not known is named as it is.
import { m } from "../../../lib/i18n.svelte";

const SAYS: readonly (readonly [RegExp, () => string])[] = [
  [/^(?:channels|groups|im|mpim):history$/, m.scope_history],
  [/^(?:channels|groups|im|mpim):read$/, m.scope_spaces_read],
  [/^(?:channels:(?:manage|write.*)|groups:write.*|im:write.*|mpim:write.*)$/, m.scope_spaces_write],
  [/^channels:join$/, m.scope_join],
  [/^chat:write$/, m.scope_chat],
  [/^chat:write\.public$/, m.scope_chat_public],
  [/^chat:write\.customize$/, m.scope_chat_customize],
  [/^commands$/, m.scope_commands],
  [/^incoming-webhook$/, m.scope_webhook],
  [/^app_mentions:read$/, m.scope_mentions],
  [/^users:read$/, m.scope_people],
  [/^users:read\.email$/, m.scope_emails],
  [/^users(?:\.profile)?:(?:read|write)$/, m.scope_profiles],
  [/^reactions:/, m.scope_reactions],
  [/^files:read$/, m.scope_files_read],
  [/^(?:files:write|remote_files:.*)$/, m.scope_files_write],
  [/^(?:pins|bookmarks|stars):/, m.scope_pins],
  [/^reminders:/, m.scope_reminders],
  [/^search:/, m.scope_search],
  [/^usergroups:/, m.scope_teams],
  [/^(?:team|emoji|dnd|calls|metadata\.message):/, m.scope_house],
  [/^links:|^links\.embed:/, m.scope_links],
  [/^connections:write$/, m.scope_connections],
  [/^assistant:/, m.scope_assistant],
];

/** Each sentence once, with the scopes that it stands for. */
export function inWords(scopes: readonly string[]): { words: string; scopes: string[] }[] {
  const out = new Map<string, string[]>();
  for (const scope of scopes) {
    const words = SAYS.find(([fits]) => fits.test(scope))?.[1]() ?? m.scope_other();
    out.set(words, [...(out.get(words) ?? []), scope]);
  }
  return [...out].map(([words, all]) => ({ words, scopes: all }));
}
