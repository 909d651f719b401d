-- Help desks, and the tickets of their visitors.

-- For the agents of a ticket, and hidden from its visitor.
ALTER TABLE events ADD COLUMN staff BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE messages ADD COLUMN note BOOLEAN NOT NULL DEFAULT FALSE;

CREATE TABLE desks (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    -- What its public addresses name.
    key TEXT NOT NULL,
    -- JSON, as madang_model::desk::DeskSettings.
    settings TEXT NOT NULL,
    -- Its tickets are counted by it.
    tickets BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Takes no visitors any more.
    ended_at BIGINT
);
CREATE UNIQUE INDEX desks_key ON desks (key);

CREATE TABLE desk_agents (
    desk BIGINT NOT NULL REFERENCES desks (id),
    person BIGINT NOT NULL REFERENCES people (id),
    -- JSON lists of words; none are all of the desk.
    skills TEXT NOT NULL,
    languages TEXT NOT NULL,
    PRIMARY KEY (desk, person)
);
CREATE INDEX desk_agents_person ON desk_agents (person);

-- Whoever is in such a team stands at the desk.
CREATE TABLE desk_teams (
    desk BIGINT NOT NULL REFERENCES desks (id),
    team BIGINT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    PRIMARY KEY (desk, team)
);
CREATE INDEX desk_teams_team ON desk_teams (team);

-- An agent's own switch.
CREATE TABLE agents (
    person BIGINT PRIMARY KEY REFERENCES people (id),
    reachable BOOLEAN NOT NULL,
    changed_at BIGINT NOT NULL,
    -- When they last got a ticket.
    last_assigned_at BIGINT NOT NULL DEFAULT 0
);

-- A core view: what the log of a ticket's space adds up to.
CREATE TABLE tickets (
    space BIGINT PRIMARY KEY REFERENCES spaces (id),
    desk BIGINT NOT NULL REFERENCES desks (id),
    visitor BIGINT NOT NULL REFERENCES people (id),
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    agent BIGINT,
    offered BIGINT,
    priority BIGINT NOT NULL,
    waiting_since BIGINT NOT NULL,
    snoozed_until BIGINT,
    -- Of the newest event that was about the ticket, or message.
    changed_at BIGINT NOT NULL,
    -- JSON, as madang_model::desk::ticket::Ticket; never queried.
    ticket TEXT NOT NULL
);
CREATE INDEX tickets_desk ON tickets (desk, state, changed_at);
CREATE INDEX tickets_state ON tickets (state, snoozed_until);
CREATE INDEX tickets_visitor ON tickets (visitor, desk);
CREATE INDEX tickets_agent ON tickets (agent);
CREATE INDEX tickets_offered ON tickets (offered);

-- Short codes by which a visitor goes on on another device.
CREATE TABLE visit_codes (
    hash BLOB PRIMARY KEY,
    visitor BIGINT NOT NULL REFERENCES people (id),
    desk BIGINT NOT NULL REFERENCES desks (id),
    expires_at BIGINT NOT NULL
);
CREATE INDEX visit_codes_visitor ON visit_codes (visitor);
