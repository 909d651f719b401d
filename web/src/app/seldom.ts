// Screens that few visits come to: those of one's own account, of the administration, of teams and contacts. Each is its
// own chunk; this file, which is fetched before the first of them, knows their names.
import type { Load } from "./screens";

export const seldom = {
  admin: () => import("../features/admin/Admin.svelte"),
  appearance: () => import("../features/me/Appearance.svelte"),
  contact: () => import("../features/contacts/Contact.svelte"),
  contacts: () => import("../features/contacts/Contacts.svelte"),
  devices: () => import("../features/me/Devices.svelte"),
  letIn: () => import("../features/apps/LetIn.svelte"),
  notifications: () => import("../features/notifications/Notifications.svelte"),
  people: () => import("../features/people/People.svelte"),
  profile: () => import("../features/me/Profile.svelte"),
  report: () => import("../features/desk/report/Report.svelte"),
  scheduled: () => import("../features/later/Scheduled.svelte"),
  team: () => import("../features/teams/Team.svelte"),
  teams: () => import("../features/teams/Teams.svelte"),
  tokens: () => import("../features/me/Tokens.svelte"),
} satisfies Record<string, Load>;
