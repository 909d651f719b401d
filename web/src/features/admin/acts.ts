// What the acts of the audit log are called, and its kinds. An act that this client does not know yet is shown by
// its own name.
import type { AuditEntry } from "../../engine/routes";
import { m } from "../../lib/i18n.svelte";
import { roleNames } from "../people/roles";

const words: Record<string, () => string> = {
  "house.set_up": m.act_house_set_up,
  "house.restored": m.act_house_restored,
  "session.opened": m.act_session_opened,
  "session.refused": m.act_session_refused,
  "session.ended": m.act_session_ended,
  "session.all_ended": m.act_session_all_ended,
  "session.password_changed": m.act_password_changed,
  "session.password_reset": m.act_password_reset,
  "token.made": m.act_token_made,
  "token.ended": m.act_token_ended,
  "person.invited": m.act_person_invited,
  "person.invited_again": m.act_person_invited_again,
  "person.invitation_revoked": m.act_invitation_revoked,
  "person.joined": m.act_person_joined,
  "person.account_made": m.act_account_made,
  "person.role_changed": m.act_role_changed,
  "person.deactivated": m.act_person_deactivated,
  "person.reactivated": m.act_person_reactivated,
  "person.removed": m.act_person_removed,
  "person.erased": m.act_person_erased,
  "space.created": m.act_space_created,
  "space.archived": m.act_space_archived,
  "space.unarchived": m.act_space_unarchived,
  "space.deleted": m.act_space_deleted,
  "space.restored": m.act_space_restored,
  "space.erased": m.act_space_erased,
  "space.host_changed": m.act_host_changed,
  "desk.made": m.act_desk_made,
  "desk.changed": m.act_desk_changed,
  "desk.staffed": m.act_desk_staffed,
  "desk.ended": m.act_desk_ended,
  "desk.secret_made": m.act_desk_secret_made,
  "desk.secret_ended": m.act_desk_secret_ended,
  "desk.visitor_blocked": m.act_visitor_blocked,
  "desk.visitor_unblocked": m.act_visitor_unblocked,
  "contact.merged": m.act_contacts_merged,
  "contact.erased": m.act_contact_erased,
  "contact.imported": m.act_contacts_imported,
  "webhook.made": m.act_webhook_made,
  "webhook.changed": m.act_webhook_changed,
  "webhook.removed": m.act_webhook_removed,
  "webhook.stopped": m.act_webhook_stopped,
  "app.installed": m.act_app_installed,
  "app.changed": m.act_app_changed,
  "app.removed": m.act_app_removed,
  "app.token_made": m.act_app_token_made,
  "app.token_ended": m.act_app_token_ended,
  "app.webhook_made": m.act_app_webhook_made,
  "app.webhook_ended": m.act_app_webhook_ended,
  "app.secret_made": m.act_app_secret_made,
  "app.suspended": m.act_app_suspended,
  "app.resumed": m.act_app_resumed,
  "team.made": m.act_team_made,
  "team.renamed": m.act_team_renamed,
  "team.deleted": m.act_team_deleted,
  "team.member_added": m.act_team_joined,
  "team.member_removed": m.act_team_left,
  "team.space_added": m.act_team_given_space,
  "team.space_removed": m.act_team_taken_space,
  "link.made": m.act_link_made,
  "link.file_made": m.act_link_file_made,
  "link.file_ended": m.act_link_file_ended,
  "link.revoked": m.act_link_revoked,
  "settings.workspace_renamed": m.act_workspace_renamed,
  "settings.changed": m.act_settings_changed,
  "settings.mail_tested": m.act_mail_tested,
  "settings.imported": m.act_imported,
  "retention.changed": m.act_retention_changed,
  "retention.ran": m.act_retention_ran,
  "export.audit": m.act_audit_exported,
  "export.contacts": m.act_contacts_exported,
  "export.own_data": m.act_own_data,
  "export.house": m.act_house_exported,
  "export.house_taken": m.act_house_export_taken,
  "export.house_removed": m.act_house_export_removed,
};

export const actWords = (act: string): string => words[act]?.() ?? act;

export const kinds: readonly { value: string; label: () => string }[] = [
  { value: "", label: m.audit_all },
  { value: "session", label: m.audit_kind_session },
  { value: "token", label: m.tokens },
  { value: "person", label: m.people },
  { value: "space", label: m.filter_spaces },
  { value: "team", label: m.teams },
  { value: "desk", label: m.desks },
  { value: "contact", label: m.contacts },
  { value: "webhook", label: m.webhooks },
  { value: "app", label: m.apps },
  { value: "link", label: m.join_links },
  { value: "settings", label: m.audit_kind_settings },
  { value: "retention", label: m.audit_kind_retention },
  { value: "export", label: m.audit_kind_export },
];

/** Who did it. */
export const actorOf = (one: AuditEntry): string =>
  one.actor ? (one.actor.name ?? m.somebody()) : one.act === "session.refused" ? m.somebody() : one.way === "command_line" ? m.audit_command_line() : m.audit_house();

/** What it was done to, in a few words. */
export function objectOf(one: AuditEntry): string {
  const text = (key: string) => (typeof one.details[key] === "string" ? (one.details[key] as string) : undefined);
  const role = text("role");
  const named = one.object?.name ?? text("email") ?? text("name") ?? text("label") ?? text("device");
  const whole = [one.object?.kind === "space" && !named ? m.space_of_others() : named, role && role in roleNames && roleNames[role as keyof typeof roleNames]()];
  return whole.filter(Boolean).join(" · ");
}

/** The details that the summary does not tell, as lines of name and value. What was changed stands with what it was. */
export const detailsOf = (one: AuditEntry): [string, string][] =>
  Object.entries(one.details).map(([key, value]) => [key, value && typeof value === "object" && "was" in value && "now" in value ? `${plain(value.was)} → ${plain(value.now)}` : plain(value)]);

const plain = (value: unknown): string => (value === null || value === "" ? "–" : typeof value === "string" ? value : JSON.stringify(value));
