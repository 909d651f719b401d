-- What was brought from another house: its own key of a person or a space, and the id here, so that an import that was
-- cut off goes on where it was, and a second one adds only what is new.
CREATE TABLE imports (
    -- The other house, such as 'slack-T0123'.
    house TEXT NOT NULL,
    -- 'person', 'space', or 'done' for a space that was brought whole.
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (house, kind, key)
);
