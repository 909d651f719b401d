-- How it went at desks, and agents who do not answer.

-- A core view: each round of each ticket, for reports.
CREATE TABLE ticket_rounds (
    space BIGINT NOT NULL REFERENCES spaces (id),
    round BIGINT NOT NULL,
    desk BIGINT NOT NULL REFERENCES desks (id),
    opened_at BIGINT NOT NULL,
    -- JSON, as madang_model::desk::report::Round; never queried.
    line TEXT NOT NULL,
    PRIMARY KEY (space, round)
);
CREATE INDEX ticket_rounds_desk ON ticket_rounds (desk, opened_at);

-- Offers in a row that an agent let run out.
ALTER TABLE agents ADD COLUMN missed BIGINT NOT NULL DEFAULT 0;
