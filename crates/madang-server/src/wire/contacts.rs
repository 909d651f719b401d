//! Contacts in the API.

use std::collections::BTreeMap;

use madang_app::{ContactList, ContactLook, ContactOfTicket, RoundLook};
use madang_model::contact::ContactFacts;
use madang_store::contacts::ContactRecord;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::desks::Rating;
use super::person::Person;

/// Somebody outside, as the house knows them. Times in microseconds since 1970.
#[derive(Debug, Serialize, ToSchema)]
pub struct Contact {
    pub id: String,
    /// Empty where only an address, a number or a company is known.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// When somebody showed that they read what is sent there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_proven_at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// How a site of the house knows them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    pub attributes: BTreeMap<String, String>,
    pub tags: Vec<String>,
    pub created_at: i64,
    pub changed_at: i64,
}

impl From<&ContactRecord> for Contact {
    fn from(record: &ContactRecord) -> Self {
        let facts = record.facts.clone();
        Contact {
            id: record.id.to_string(),
            name: facts.name,
            email: facts.email,
            email_proven_at: record.email_proven_at,
            phone: facts.phone,
            company: facts.company,
            external_id: facts.external_id,
            attributes: facts.attributes,
            tags: facts.tags,
            created_at: record.created_at,
            changed_at: record.changed_at,
        }
    }
}

/// What is written down of a contact. What is missing is not known.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct SetContact {
    #[serde(default)]
    pub name: String,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub company: Option<String>,
    pub external_id: Option<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    #[serde(default)]
    pub tags: Vec<String>,
}

impl From<SetContact> for ContactFacts {
    fn from(set: SetContact) -> Self {
        let SetContact { name, email, phone, company, external_id, attributes, tags } = set;
        ContactFacts { name, email, phone, company, external_id, attributes, tags }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListContacts {
    /// Words that must all be known of them: parts of the name, the address, the company, digits of the number, a tag.
    pub q: Option<String>,
    /// A tag that they have.
    pub tag: Option<String>,
    pub cursor: Option<String>,
    /// 50 usually, 100 at most.
    pub limit: Option<i64>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Contacts {
    pub contacts: Vec<Contact>,
    /// With the first page: the tags in use, the most used first, and how many contacts there are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    pub total: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}

impl Contacts {
    pub fn new(list: ContactList, limit: i64) -> Contacts {
        let more = i64::try_from(list.contacts.len()).is_ok_and(|it| it == limit);
        let next_cursor = list.contacts.last().filter(|_| more).map(|it| it.id.to_string());
        let contacts = list.contacts.iter().map(Contact::from).collect();
        Contacts { contacts, tags: list.tags, total: list.total, next_cursor }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ContactNote {
    pub id: String,
    pub author: String,
    pub text: String,
    pub created_at: i64,
    pub changed_at: i64,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ContactConsentGiven {
    /// What for, in the words of the house.
    pub to: String,
    pub given: bool,
    pub at: i64,
    pub words: String,
    /// Who wrote it down.
    pub by: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct CallOfRound {
    pub at: i64,
    /// Missing while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lasted_us: Option<i64>,
}

/// One opening of a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundOfContact {
    pub space: String,
    pub number: i64,
    pub round: u32,
    pub desk: String,
    pub desk_name: String,
    /// Whether one may read the ticket; if not, its subject and the comment are left out.
    pub readable: bool,
    pub subject: String,
    pub via: &'static str,
    pub wants: &'static str,
    pub opened_at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<i64>,
    /// Who helped last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    pub calls: Vec<CallOfRound>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
}

impl From<RoundLook> for RoundOfContact {
    fn from(look: RoundLook) -> Self {
        let round = look.round;
        let comment = round.comment;
        RoundOfContact {
            space: look.space.to_string(),
            number: look.number,
            round: round.round,
            desk: round.desk.to_string(),
            desk_name: look.desk_name,
            readable: look.readable,
            subject: look.subject,
            via: round.via.as_str(),
            wants: round.wants.as_str(),
            opened_at: round.opened_at,
            closed_at: round.closed_at,
            agent: round.agent.map(|it| it.to_string()),
            calls: round
                .calls
                .into_iter()
                .map(|it| CallOfRound { at: it.at, lasted_us: it.lasted_us })
                .collect(),
            rating: round.stars.map(|stars| Rating { stars, comment }),
        }
    }
}

/// One contact with all that was between them and the house.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactAnswer {
    /// The one into whom the contact that was asked for was merged, if they were.
    pub contact: Contact,
    /// Oldest first; the last word about each thing counts.
    pub consents: Vec<ContactConsentGiven>,
    /// Newest first.
    pub notes: Vec<ContactNote>,
    /// Rounds of their tickets, newest first.
    pub rounds: Vec<RoundOfContact>,
    /// The visitors they were.
    pub visitors: Vec<String>,
    /// Everybody of the house who is named here.
    pub people: Vec<Person>,
}

impl From<ContactLook> for ContactAnswer {
    fn from(look: ContactLook) -> Self {
        let consent = |it: &madang_model::contact::ContactConsent| ContactConsentGiven {
            to: it.to.clone(),
            given: it.given,
            at: it.at,
            words: it.words.clone(),
            by: it.by.to_string(),
        };
        let note = |it: madang_store::contacts::NoteRecord| ContactNote {
            id: it.id.to_string(),
            author: it.author.to_string(),
            text: it.text,
            created_at: it.created_at,
            changed_at: it.changed_at,
        };
        ContactAnswer {
            contact: Contact::from(&look.record),
            consents: look.record.consents.iter().map(consent).collect(),
            notes: look.notes.into_iter().map(note).collect(),
            rounds: look.rounds.into_iter().map(Into::into).collect(),
            visitors: look.visitors.iter().map(ToString::to_string).collect(),
            people: look.people.iter().map(Person::from).collect(),
        }
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct WriteNote {
    pub text: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct SayConsent {
    pub to: String,
    pub given: bool,
    /// What they said, or were asked.
    #[serde(default)]
    pub words: String,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct MergeContact {
    /// Who is known as the contact of the path from here on.
    pub contact: String,
}

/// The visitor of a ticket, as far as they are known.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketContact {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Who is called so, while nobody said who it is.
    pub suggested: Vec<Contact>,
    /// Rounds of their other tickets, and earlier ones of this, newest first.
    pub earlier: Vec<RoundOfContact>,
    pub people: Vec<Person>,
}

impl From<ContactOfTicket> for TicketContact {
    fn from(look: ContactOfTicket) -> Self {
        TicketContact {
            contact: look.contact.as_ref().map(Contact::from),
            suggested: look.suggested.iter().map(Contact::from).collect(),
            earlier: look.earlier.into_iter().map(Into::into).collect(),
            people: look.people.iter().map(Person::from).collect(),
        }
    }
}

/// Who the visitor is: a contact that is known, or somebody who is written down; nobody, if neither is given.
#[derive(Debug, Deserialize, ToSchema)]
pub struct SayWhoItIs {
    pub contact: Option<String>,
    /// Whoever has this address or external id already is known by it.
    pub new: Option<SetContact>,
}
