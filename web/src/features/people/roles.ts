// What the roles are called.
import { m } from "../../lib/i18n.svelte";

export const roleNames = { owner: m.role_owner, admin: m.role_admin, member: m.role_member, guest: m.role_guest, visitor: m.role_visitor, host: m.role_host } as const;
