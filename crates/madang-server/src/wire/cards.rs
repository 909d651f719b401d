//! Cards as somebody asks for them, and what is answered to them.

use madang_model::Refusal;
use madang_model::card::{Card, Checklist, Confirm, Item, Poll};
use madang_model::refusal::Thing;
use serde::Deserialize;
use utoipa::ToSchema;

/// What a message asks of people. The text of a message with a poll or a checklist is made from it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum NewCard {
    Poll {
        title: String,
        /// 2 to 20.
        options: Vec<String>,
        /// One may choose several.
        #[serde(default)]
        multi: bool,
        /// The log says how many chose what, and not who.
        #[serde(default)]
        anonymous: bool,
    },
    Checklist {
        title: String,
        /// 1 to 50.
        items: Vec<NewItem>,
    },
    /// Everybody is asked to confirm that they have read the message.
    Confirm {},
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct NewItem {
    pub text: String,
    /// Whose it is.
    pub assignee: Option<String>,
}

impl NewCard {
    /// # Errors
    /// `NotFound` for what is no person's id.
    pub fn read(self) -> Result<Card, Refusal> {
        Ok(match self {
            NewCard::Poll { title, options, multi, anonymous } => {
                Card::Poll(Poll { title, options, multi, anonymous, ..Poll::default() })
            }
            NewCard::Checklist { title, items } => {
                let items = items.into_iter().map(NewItem::read).collect::<Result<_, _>>()?;
                Card::Checklist(Checklist { title, items })
            }
            NewCard::Confirm {} => Card::Confirm(Confirm::default()),
        })
    }
}

impl NewItem {
    fn read(self) -> Result<Item, Refusal> {
        let assignee = self.assignee.as_deref().map(str::parse).transpose();
        let assignee = assignee.map_err(|_| Refusal::NotFound(Thing::Person))?;
        Ok(Item { text: self.text, assignee, done: None })
    }
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Vote {
    pub client_id: Option<String>,
    /// Numbers of options, counted from 0.
    pub options: Vec<u16>,
}

#[derive(Debug, Deserialize, ToSchema)]
pub struct Assign {
    pub client_id: Option<String>,
    /// Nobody's when it is null.
    pub person: Option<String>,
}
