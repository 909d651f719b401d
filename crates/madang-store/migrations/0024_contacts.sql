-- Contacts: what the house knows of somebody outside; and addresses outside that are told when it changes.

CREATE TABLE contacts (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    name TEXT NOT NULL,
    -- By what they are called, folded: their order.
    name_folded TEXT NOT NULL,
    -- Folded. The address of a visitor stands here and never in people, where it would sign somebody in.
    email TEXT,
    -- When somebody showed that they read what is sent there.
    email_proven_at BIGINT,
    phone TEXT,
    company TEXT,
    -- How a site of the house knows them.
    external_id TEXT,
    -- JSON: {name: text}, [tag], [{to, given, at, words, by}].
    attributes TEXT NOT NULL,
    tags TEXT NOT NULL,
    consents TEXT NOT NULL,
    -- All by which they are found, one thing a line (madang_model::contact).
    found_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Where to look instead; then nothing else is left here.
    merged_into BIGINT REFERENCES contacts (id)
);
CREATE UNIQUE INDEX contacts_email ON contacts (workspace, email) WHERE merged_into IS NULL;
CREATE UNIQUE INDEX contacts_external_id ON contacts (workspace, external_id) WHERE merged_into IS NULL;
CREATE INDEX contacts_name ON contacts (workspace, name_folded, id);
CREATE INDEX contacts_merged ON contacts (merged_into);

-- Visitors who are this contact.
CREATE TABLE contact_people (
    person BIGINT PRIMARY KEY REFERENCES people (id),
    contact BIGINT NOT NULL REFERENCES contacts (id)
);
CREATE INDEX contact_people_contact ON contact_people (contact);

CREATE TABLE contact_notes (
    id BIGINT PRIMARY KEY,
    contact BIGINT NOT NULL REFERENCES contacts (id),
    author BIGINT NOT NULL REFERENCES people (id),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX contact_notes_contact ON contact_notes (contact, id);

CREATE TABLE webhooks (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    url TEXT NOT NULL,
    -- What its requests are signed with, sealed.
    secret TEXT NOT NULL,
    -- JSON list of the events it is told of.
    events TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- How it went the last time: when, with which status of HTTP if any, and why it was not taken.
    asked_at BIGINT,
    status BIGINT,
    fault TEXT,
    -- Since when nothing was taken, how often it was tried since, and when it is tried next.
    failing_since BIGINT,
    tries BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);

-- What an address is still to be told, in this order. What it is told of is read when it is sent.
CREATE TABLE webhook_events (
    id BIGINT PRIMARY KEY,
    webhook BIGINT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event TEXT NOT NULL,
    -- JSON.
    about TEXT NOT NULL,
    at_us BIGINT NOT NULL
);
CREATE INDEX webhook_events_webhook ON webhook_events (webhook, id);
