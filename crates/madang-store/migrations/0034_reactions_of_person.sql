-- What somebody reacted to, without reading what everybody did.
CREATE INDEX reactions_person ON reactions (person, space, message);
