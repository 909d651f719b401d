// The parts of the administration. A part stands here once its screen works.
import type { Load } from "../../app/screens";
import type { Role } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import type { IconName } from "../../ui/icons/names";

type Part = { name: string; icon: IconName; title: () => string; hint: () => string; load: Load; /** One of what it lists. */ one?: Load; /** For owners alone. */ owner?: boolean };

const parts: readonly Part[] = [
  { name: "overview", icon: "activity", title: m.overview, hint: m.overview_hint, load: () => import("./Overview.svelte") },
  { name: "people", icon: "group", title: m.workspace_people, hint: m.admin_people_hint, load: () => import("../people/People.svelte") },
  { name: "spaces", icon: "hash", title: m.admin_spaces, hint: m.admin_spaces_hint, load: () => import("./Spaces.svelte") },
  { name: "links", icon: "link", title: m.admin_links, hint: m.admin_links_hint, load: () => import("./Links.svelte") },
  { name: "settings", icon: "settings", title: m.audit_kind_settings, hint: m.house_settings_hint, load: () => import("./Settings.svelte") },
  { name: "branding", icon: "image", title: m.branding, hint: m.branding_hint, load: () => import("./Branding.svelte") },
  { name: "desks", icon: "desk", title: m.desks, hint: m.desks_hint, load: () => import("./desks/Desks.svelte"), one: () => import("./desks/Desk.svelte") },
  { name: "contacts", icon: "person", title: m.contacts, hint: m.contacts_hint, load: () => import("../contacts/Contacts.svelte") },
  { name: "apps", icon: "bot", title: m.apps, hint: m.apps_hint, load: () => import("./apps/Apps.svelte"), one: () => import("./apps/App.svelte") },
  { name: "webhooks", icon: "forward", title: m.webhooks, hint: m.webhooks_hint, load: () => import("./Webhooks.svelte") },
  { name: "retention", icon: "clock", title: m.audit_kind_retention, hint: m.retention_hint, owner: true, load: () => import("./Retention.svelte") },
  { name: "mail", icon: "mail", title: m.overview_mail, hint: m.mail_hint, owner: true, load: () => import("./Mail.svelte") },
  { name: "push", icon: "bell", title: m.doctor_push, hint: m.push_admin_hint, load: () => import("./Push.svelte") },
  { name: "storage", icon: "files", title: m.overview_storage, hint: m.storage_hint, load: () => import("./Storage.svelte") },
  { name: "previews", icon: "eye", title: m.previews, hint: m.previews_hint, load: () => import("./Previews.svelte") },
  { name: "audit", icon: "shield", title: m.audit, hint: m.audit_hint, load: () => import("./Audit.svelte") },
  { name: "import", icon: "download", title: m.import_title, hint: m.import_hint, owner: true, load: () => import("./Import.svelte") },
  { name: "export", icon: "upload", title: m.export_title, hint: m.export_hint, owner: true, load: () => import("./Export.svelte") },
];

/** The rules are the server's; here they decide what is offered. */
export const runsHouse = (role: Role | undefined): boolean => role === "owner" || role === "admin";

/** Those that somebody with this role may open. */
export const partsFor = (role: Role | undefined): readonly Part[] => parts.filter((part) => runsHouse(role) && (!part.owner || role === "owner"));
