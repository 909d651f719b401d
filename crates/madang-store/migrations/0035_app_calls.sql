-- Calls that apps hold elsewhere and show here, and the messages that show them.

CREATE TABLE app_calls (
    id BIGINT PRIMARY KEY,
    app BIGINT NOT NULL,
    -- What the app calls it: one name, one call.
    unique_id TEXT NOT NULL,
    -- What is known of it, in JSON.
    content TEXT NOT NULL
);
CREATE UNIQUE INDEX app_calls_unique ON app_calls (app, unique_id);

CREATE TABLE app_call_messages (
    app_call BIGINT NOT NULL,
    space BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (app_call, space, seq)
);
