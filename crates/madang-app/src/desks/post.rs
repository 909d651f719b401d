//! What agents write goes by mail to visitors who have an address and do not look: at once to who came by mail, to others
//! after a while unread. The letter is answered at an address that leads back into the ticket. Notes go nowhere.

use std::sync::Arc;
use std::time::Duration;

use madang_model::{Seq, SpaceId};
use madang_store::db::Tx;
use madang_store::digests::{self, ReplyWay};
use madang_store::log;
use madang_store::visit_letters::{self, UnreadRecord};

use super::letters;
use super::talk::{Talk, Which};
use crate::app::App;
use crate::digest::mail_secret;
use crate::error::Result;
use crate::session::hash_of;

const SECOND_US: i64 = 1_000_000;
/// How long what agents write waits to be read.
const UNREAD: Duration = Duration::from_secs(180);
/// To who came by mail: for a few more words, no longer.
const BY_MAIL: Duration = Duration::from_secs(20);
/// What happened longer ago is not looked at: a house without mail for a week does not write to everybody.
const LOOK_BACK_US: i64 = 7 * 24 * 3_600 * SECOND_US;
/// An address in a letter is good for so long: 90 days in microseconds.
const GOOD_US: i64 = 90 * 24 * 3_600 * SECOND_US;
const LOOK: Duration = Duration::from_secs(10);

impl App {
    /// Mails visitors until the process ends.
    pub async fn mail_visitors(self: Arc<Self>) {
        // Whoever sets digests to seconds, in a test or a small house, wants these as soon.
        let soon = |usual: Duration| match self.config.digest_after {
            after if after.is_zero() => usual,
            after => after.min(usual),
        };
        let (unread, by_mail) = (soon(UNREAD), soon(BY_MAIL));
        let rest = by_mail.clamp(Duration::from_secs(1), LOOK);
        loop {
            if self.mailer.is_configured()
                && let Err(error) = self.mail_visitors_once(unread, by_mail).await
            {
                tracing::error!(%error, "Visitors could not be written to, it is tried again");
            }
            tokio::time::sleep(rest).await;
        }
    }

    async fn mail_visitors_once(self: &Arc<Self>, unread: Duration, by_mail: Duration) -> Result<()> {
        let now_us = self.clock.now_us();
        let before = |wait: Duration| now_us - i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
        let waiting = self
            .db
            .read(move |conn| -> Result<_> { Ok(visit_letters::unread(conn, now_us - LOOK_BACK_US)?) })
            .await?;
        for it in waiting {
            let until = before(if it.by_mail { by_mail } else { unread });
            let app = self.clone();
            self.db.write(move |tx| app.mail_visitor(tx, &it, until)).await?;
        }
        Ok(())
    }

    /// All that one visitor has not read, once the first of it waits since before `until`.
    fn mail_visitor(&self, tx: &mut Tx, to: &UnreadRecord, until: i64) -> Result<()> {
        let others = visit_letters::others(tx, to.space, to.visitor, to.after)?;
        let (Some(first), Some(last)) = (others.first(), others.last()) else { return Ok(()) };
        if first.1 > until {
            return Ok(());
        }
        let now_us = self.clock.now_us();
        // Another process may look too.
        if !visit_letters::sent(tx, to.space, last.0, now_us)? {
            return Ok(());
        }
        let Some(record) = log::ticket(tx, to.space)? else { return Ok(()) };
        let desk = super::set_up::found(tx, record.ticket.desk)?;
        let seqs: Vec<Seq> = others.iter().map(|it| it.0).collect();
        let said = self.said_in(tx, to.space, &desk.settings.hours.zone, Which::These(&seqs))?;
        let way = self.way_back(tx, ReplyWay { person: to.visitor, space: to.space, thread: None })?;
        let (reply_to, message_id) = way.map_or((None, None), |(address, name)| (Some(address), Some(name)));
        let talk = Talk { said, reply_to, message_id, in_reply_to: to.message_id.clone() };
        let (subject, page) = (record.ticket.subject.clone(), self.page_of(&desk.key));
        let language = record.ticket.language.as_str();
        let letter = letters::answer(language, &to.email, &desk.settings.name, &subject, &page, talk);
        self.post_letter(tx, &letter)
    }

    /// An address that leads back into the ticket, and a name of the letter that does so too, for programs that write
    /// elsewhere; none when no mail comes in.
    pub(super) fn way_back(&self, tx: &mut Tx, way: ReplyWay) -> Result<Option<(String, String)>> {
        let Some((local, domain)) = self.config.reply_address.as_deref().and_then(|it| it.split_once('@'))
        else {
            return Ok(None);
        };
        let secret = mail_secret()?;
        digests::open_way(tx, &hash_of(&secret), way, self.clock.now_us() + GOOD_US)?;
        Ok(Some((format!("{local}+{secret}@{domain}"), format!("<ticket+{secret}@{domain}>"))))
    }

    /// The address at which a desk takes mail, when mail comes in.
    pub(super) fn mail_of(&self, key: &str) -> Option<String> {
        let (local, domain) = self.config.reply_address.as_deref()?.split_once('@')?;
        Some(format!("{local}+desk-{key}@{domain}"))
    }

    /// Where the answers of a visitor come from that lead into this ticket.
    pub(crate) fn visitor_writes_from(
        &self,
        conn: &mut madang_store::db::Conn,
        space: SpaceId,
    ) -> Result<Option<String>> {
        let Some(record) = log::ticket(conn, space)? else { return Ok(None) };
        super::after::address_of(conn, &record)
    }
}
