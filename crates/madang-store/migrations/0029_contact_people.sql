-- Who said that a visitor is this contact, where they did not show it themselves: such a visit leads nobody into another.
ALTER TABLE contact_people ADD COLUMN said_by BIGINT;
