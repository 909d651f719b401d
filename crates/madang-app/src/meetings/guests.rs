//! Whom a meeting invites from outside: they get a join link of the space, and wait before its call until a host lets
//! them in. The link works until a day after the last meeting.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_model::audit::{Act, Object};
use madang_model::{PersonId, Refusal, Seq, SpaceId};
use madang_store::db::{Conn, Tx};
use madang_store::links::{self, LinkRecord};
use madang_store::meetings;
use serde_json::json;

use super::PLACE;
use crate::app::App;
use crate::audit::by;
use crate::error::Result;
use crate::links::{LINKS, inviter};
use crate::session::{fresh_secret, hash_of};

const DAY_US: i64 = 24 * 3_600 * 1_000_000;

impl App {
    /// Invites these from outside and nobody else, with a link that works as long as the meeting goes on.
    pub(crate) fn invite_guests(
        &self,
        tx: &mut Tx,
        person: PersonId,
        place: (SpaceId, Seq),
        guests: &[String],
    ) -> Result<()> {
        let before = meetings::guests(tx, place)?;
        if guests.iter().any(|it| !before.contains(it)) {
            inviter(tx, person, place.0)?;
        }
        meetings::put_guests(tx, place, guests)?;
        if guests.is_empty() {
            return self.end_guest_link(tx, person, place);
        }
        let until = self.meeting_at(tx, place)?.meeting.ends_us().map(|it| it + DAY_US);
        if let Some((link, _)) = meetings::link(tx, place)?
            && links::prolong(tx, link, until)?
        {
            return Ok(());
        }
        self.make_guest_link(tx, person, place, until)
    }

    fn make_guest_link(
        &self,
        tx: &mut Tx,
        person: PersonId,
        place: (SpaceId, Seq),
        until: Option<i64>,
    ) -> Result<()> {
        inviter(tx, person, place.0)?;
        if links::of_space(tx, place.0)?.len() >= LINKS {
            return Err(Refusal::TooMany { what: "links", limit: LINKS }.into());
        }
        let secret = fresh_secret("")?;
        let link = LinkRecord {
            id: self.ids.next(),
            space: place.0,
            created_by: person,
            created_at: self.clock.now_us(),
            expires_at: until,
            uses_left: None,
            used: 0,
        };
        links::insert(tx, &link, &hash_of(&secret))?;
        let sealed = STANDARD.encode(self.guest_links.seal(PLACE, secret.as_bytes())?);
        meetings::put_link(tx, place, link.id, &sealed)?;
        let about = json!({"space": place.0.to_string(), "until": until, "uses": null, "meeting": place.1});
        self.write_down(tx, by(person), Act::LinkMade, Object::Link(link.id), about)
    }

    /// Nobody comes in by the link of the meeting any more.
    pub(crate) fn end_guest_link(&self, tx: &mut Tx, person: PersonId, place: (SpaceId, Seq)) -> Result<()> {
        let Some((link, _)) = meetings::link(tx, place)? else { return Ok(()) };
        meetings::forget_link(tx, place)?;
        if links::revoke(tx, place.0, link)? {
            let about = json!({"space": place.0.to_string()});
            self.write_down(tx, by(person), Act::LinkRevoked, Object::Link(link), about)?;
        }
        Ok(())
    }

    /// Where guests of the meeting come in; none when nobody is invited from outside, or the link was ended.
    pub(crate) fn guest_address(&self, conn: &mut Conn, place: (SpaceId, Seq)) -> Result<Option<String>> {
        let Some((link, sealed)) = meetings::link(conn, place)? else { return Ok(None) };
        if links::one(conn, link)?.is_none() {
            return Ok(None);
        }
        let sealed = STANDARD.decode(sealed).map_err(anyhow::Error::from)?;
        let secret =
            String::from_utf8(self.guest_links.unseal(PLACE, &sealed)?).map_err(anyhow::Error::from)?;
        Ok(Some(format!("{}/j/{secret}", self.config.public_url)))
    }
}
