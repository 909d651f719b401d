-- Booking pages, the times that guests took at them, and the calendars that people keep elsewhere.

CREATE TABLE booking_pages (
    id BIGINT PRIMARY KEY,
    workspace BIGINT NOT NULL REFERENCES workspaces (id),
    -- What its public address names.
    key TEXT NOT NULL,
    -- Who made it.
    owner BIGINT NOT NULL REFERENCES people (id),
    -- JSON, as madang_model::booking::BookingSettings.
    settings TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    -- Takes no bookings any more; those that were made stand.
    ended_at BIGINT
);
CREATE UNIQUE INDEX booking_pages_key ON booking_pages (key);

-- When a booking is stands in its meeting; it is here too so that nobody is booked twice.
CREATE TABLE bookings (
    id BIGINT PRIMARY KEY,
    page BIGINT NOT NULL REFERENCES booking_pages (id),
    taker BIGINT NOT NULL REFERENCES people (id),
    space BIGINT NOT NULL,
    meeting BIGINT NOT NULL,
    start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL,
    -- With what is kept free around it.
    busy_from BIGINT NOT NULL,
    busy_to BIGINT NOT NULL,
    cancelled BOOLEAN NOT NULL DEFAULT FALSE,
    -- Who booked. Address and note are forgotten a while after it was over.
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    note TEXT NOT NULL,
    language TEXT NOT NULL,
    zone TEXT NOT NULL,
    -- What the guest's device made for this wish: a repeat gives the same booking.
    client_id TEXT NOT NULL,
    -- The guest's own address of it: its hash, and sealed for later letters.
    secret_hash BLOB NOT NULL,
    secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX bookings_secret ON bookings (secret_hash);
CREATE UNIQUE INDEX bookings_client ON bookings (page, client_id);
-- Of two who press at once one gets it.
CREATE UNIQUE INDEX bookings_time ON bookings (taker, start_at) WHERE cancelled = FALSE;
CREATE INDEX bookings_busy ON bookings (taker, busy_to);
CREATE INDEX bookings_page ON bookings (page, start_at);
CREATE INDEX bookings_meeting ON bookings (space, meeting);

CREATE TABLE outer_calendars (
    id BIGINT PRIMARY KEY,
    person BIGINT NOT NULL REFERENCES people (id),
    name TEXT NOT NULL,
    -- Whoever has the address reads the calendar: sealed.
    address TEXT NOT NULL,
    -- The time zone of what names none in it.
    zone TEXT NOT NULL,
    -- JSON: from and to of what is busy, in microseconds, merged.
    busy TEXT NOT NULL DEFAULT '[]',
    added_at BIGINT NOT NULL,
    -- When it was last read, and why it could not be since.
    read_at BIGINT,
    failure TEXT
);
CREATE INDEX outer_calendars_person ON outer_calendars (person);
