// What can be done with an invitation that is not accepted yet: by its inviter, and by whoever runs the workspace.
import { session, wordsOf } from "../../app/session.svelte";
import type { Invitation } from "../../engine/wire";
import { m } from "../../lib/i18n.svelte";
import type { MenuItem } from "../../ui/Menu.svelte";
import { toast } from "../../ui/toasts.svelte";
import { copy } from "../space/conversation.svelte";
import { may } from "./may.svelte";

export const mayHandle = (one: Invitation): boolean =>
  one.inviter === session.me?.id || session.me?.role === "owner" || session.me?.role === "admin";

/** `again` is given the invitation as it is after it was sent anew, `changed` is called after anything. */
export function invitationActions(one: Invitation, { again, changed }: { again: (sent: Invitation) => void; changed: () => Promise<unknown> }): MenuItem[] {
  const { api } = session.client;
  const attempt = async (work: () => Promise<unknown>) => {
    try {
      await work();
      await changed();
    } catch (error) {
      toast(wordsOf(error), { kind: "error" });
    }
  };
  const send = async () => {
    const { invitation } = await api.call("POST /invitations/{id}/again", { id: one.id });
    if (invitation.url) again(invitation);
    else toast(m.invited_again({ email: one.email }), { kind: "ok" });
  };
  return [
    ...(one.url ? [{ label: m.copy_link(), icon: "copy" as const, run: () => void copy(one.url ?? "", m.copied_link()) }] : []),
    // Who may not invite guests sends none again, and can still take them back.
    ...(one.role !== "guest" || may.inviteGuests ? [{ label: m.invite_again(), icon: "mail" as const, run: () => void attempt(send) }] : []),
    { label: m.revoke(), icon: "close", danger: true, run: () => void attempt(() => api.call("DELETE /invitations/{id}", { id: one.id })) },
  ];
}
