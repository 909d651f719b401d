-- Whether a guest of the house is in a space is found without a walk through everybody in it.
CREATE INDEX workspace_members_guests ON workspace_members (person) WHERE role = 'guest';
