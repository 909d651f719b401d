-- Out of the house for a while: `removed_at` is set, and what the person is in stays.
ALTER TABLE workspace_members ADD COLUMN deactivated BOOLEAN NOT NULL DEFAULT FALSE;
