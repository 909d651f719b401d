-- Who came into a space since a guest's device last looked is found without a walk through everybody in it.
CREATE INDEX memberships_joined ON memberships (space, joined_seq);
