-- Core view: the answers to polls, checklists and messages to be confirmed. Without words, which are in the log.
CREATE TABLE cards (
    space BIGINT NOT NULL,
    message BIGINT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (space, message)
);

-- Who voted for what in an anonymous poll, so that nobody votes twice. In no log; destroyed when the poll ends.
CREATE TABLE ballots (
    space BIGINT NOT NULL,
    message BIGINT NOT NULL,
    person BIGINT NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (space, message, person)
);
