//! The sizes and counts that the house accepts (reference: OWASP ASVS 5.0,
//! 2.4.1 and 15.2.2; the values are ours).

/// Characters of one message.
pub const MESSAGE_CHARS: usize = 40_000;
/// Bytes of what an app adds to a message: blocks, attachments, metadata.
pub const APP_PART_BYTES: usize = 256 << 10;
/// Files of one message.
pub const MESSAGE_FILES: usize = 20;
/// Uploads of one person that are not finished.
pub const UPLOADS: usize = 100;
/// Bytes of the name of a file (as file systems take it).
pub const FILE_NAME_BYTES: usize = 255;
/// Different people named in one message.
pub const MENTIONS: usize = 100;
/// Kinds of reaction on one message.
pub const REACTION_KINDS: i64 = 50;
/// Characters of the name of a space, a person or a team.
pub const NAME_CHARS: usize = 80;
/// Characters of a space's description.
pub const DESCRIPTION_CHARS: usize = 1_000;
/// Characters of a client-made id.
pub const CLIENT_ID_CHARS: usize = 64;
/// People in a direct space.
pub const DIRECT_PEOPLE: usize = 50;
/// Pinned messages in one space.
pub const PINS: i64 = 100;
/// Bookmarks of one space, and characters of the title of one.
pub const BOOKMARKS: usize = 100;
pub const BOOKMARK_TITLE_CHARS: usize = 255;
/// Files elsewhere that one app names.
pub const REMOTE_FILES: i64 = 10_000;
/// Members from which read marks are no longer shown.
pub const RECEIPT_MEMBERS: i64 = 1_000;
/// Members up to which an ordinary member may call on everyone.
pub const EVERYONE_MEMBERS: i64 = 50;
/// How long a deleted space can be restored: 7 days in microseconds.
pub const UNDO_DELETE_US: i64 = 7 * 24 * 3600 * 1_000_000;
/// Characters of the question of a poll or the title of a checklist.
pub const CARD_TITLE_CHARS: usize = 300;
/// Characters of an option of a poll or an item of a checklist.
pub const CARD_LINE_CHARS: usize = 200;
/// Options of a poll.
pub const POLL_OPTIONS: usize = 20;
/// Items of a checklist.
pub const CHECKLIST_ITEMS: usize = 50;
/// Characters of the words on the pages before sign-in.
pub const WELCOME_CHARS: usize = 300;
/// Bytes below which no house limits its files: 1 MB.
pub const LEAST_LARGEST_FILE: i64 = 1_000_000;
/// Messages that one person keeps for later.
pub const SAVED: i64 = 1_000;
/// Messages of one person that wait for their time.
pub const SCHEDULED: i64 = 100;
/// People in a space up to which its call may ring; in larger ones people come when they see it. Direct spaces
/// always ring.
pub const RING_MEMBERS: i64 = 30;
/// How long a call rings: 45 s in microseconds.
pub const RING_US: i64 = 45 * 1_000_000;
/// Devices in one call, against a flood of joins.
pub const CALL_PARTICIPANTS: usize = 500;
/// Running calls of the house, against a flood of starts.
pub const CALLS: usize = 2_000;
/// Characters of the title of a meeting.
pub const MEETING_TITLE_CHARS: usize = 120;
/// The longest meeting: 24 hours in minutes.
pub const MEETING_MINUTES: u32 = 24 * 60;
/// People invited by name; more are invited as everybody in the space.
pub const MEETING_PEOPLE: usize = 200;
/// Guests invited to one meeting by mail.
pub const MEETING_GUESTS: usize = 50;
/// Single ones of a series that are otherwise.
pub const MEETING_CHANGES: usize = 100;
/// Meetings of one space that are not over.
pub const MEETINGS: i64 = 100;
/// Characters of what a booking page says, and of what it asks.
pub const BOOKING_WORDS: usize = 1_000;
pub const BOOKING_QUESTION: usize = 200;
/// Characters of what a guest says it is about.
pub const BOOKING_NOTE: usize = 2_000;
/// Days ahead that can be booked at most.
pub const BOOKING_DAYS: u32 = 365;
/// People who take bookings of one page.
pub const BOOKING_TAKERS: usize = 50;
/// Booking pages of the house.
pub const BOOKING_PAGES: usize = 500;
/// Bookings of one address at one page that are not over.
pub const BOOKINGS_OF_ONE: i64 = 3;
/// Calendars elsewhere of one person.
pub const CALENDARS: usize = 5;
/// How far ahead a reminder or a message can be set: 400 days in microseconds.
pub const AHEAD_US: i64 = 400 * 24 * 3600 * 1_000_000;
/// Characters of the words of a desk.
pub const DESK_WORDS: usize = 500;
/// Skills that a desk knows.
pub const DESK_SKILLS: usize = 50;
/// CSS selectors of what a desk does not show.
pub const DESK_MASKS: usize = 50;
/// Sites on which the button of a desk may stand.
pub const DESK_ORIGINS: usize = 50;
/// Answers that a desk keeps ready.
pub const DESK_CANNED: usize = 200;
pub const DESK_CANNED_CHARS: usize = 4_000;
/// Desks of the house.
pub const DESKS: usize = 200;
/// Agents who are named at one desk.
pub const DESK_AGENTS: usize = 500;
/// Offers in a row that an agent lets run out before they are taken to have walked away.
pub const MISSED_OFFERS: i64 = 3;
/// Rounds in one report, and how long it may reach (microseconds): 400 days.
pub const REPORT_ROUNDS: usize = 100_000;
pub const REPORT_US: i64 = 400 * 24 * 3_600 * 1_000_000;
/// Tags of a ticket.
pub const TICKET_TAGS: usize = 20;
/// Characters of the subject of a ticket, and of the comment of a rating.
pub const TICKET_SUBJECT_CHARS: usize = 120;
pub const RATING_CHARS: usize = 2_000;
/// Characters of the address of a page a visitor is on, and of its title.
pub const PAGE_URL_CHARS: usize = 2_000;
pub const PAGE_TITLE_CHARS: usize = 200;
/// Characters of a contact's phone number; of their company, and of how a site knows them.
pub const CONTACT_PHONE_CHARS: usize = 40;
pub const CONTACT_LINE_CHARS: usize = 200;
/// Tags and attributes of a contact, and characters of a tag or of the name of an attribute.
pub const CONTACT_TAGS: usize = 50;
pub const CONTACT_ATTRIBUTES: usize = 50;
pub const CONTACT_TAG_CHARS: usize = 60;
/// Characters of an attribute, and of the words of a consent.
pub const CONTACT_WORDS: usize = 1_000;
/// Consents of a contact, given and withdrawn, that are kept.
pub const CONTACT_CONSENTS: usize = 200;
/// Characters of a note about a contact, and how many there are.
pub const CONTACT_NOTE_CHARS: usize = 4_000;
pub const CONTACT_NOTES: i64 = 500;
/// Words of a question for contacts that count.
pub const CONTACT_WORDS_ASKED: usize = 4;
/// Addresses outside that are told what happens.
pub const WEBHOOKS: i64 = 50;
/// Characters of one word that a visitor's browser says of itself.
pub const DEVICE_WORD_CHARS: usize = 60;
