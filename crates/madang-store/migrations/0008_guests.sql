-- Who came into a space since a time is found without a walk through everybody in it.
CREATE INDEX memberships_joined_at ON memberships (space, joined_at);
