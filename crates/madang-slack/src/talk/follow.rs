//! What this door remembers or holds open, kept true: what changed is forgotten, and whose token ended is cut off.

use madang_app::records::{Announcement, Heard};
use madang_model::SessionId;

use crate::Slack;
use crate::fail::Fail;

impl Slack {
    /// Follows what happens in the house until the process ends: people, tokens, and what the command line did. After hints
    /// were lost, apps are told of somebody with their next change.
    pub async fn follow(self) {
        let mut news = self.app.bus.subscribe();
        while let Some(heard) = news.next().await {
            let done = match heard {
                Heard::Batch(batch) => self.hear(&batch).await,
                Heard::Missed(_) => self.look_again().await,
            };
            if let Err(fail) = done {
                tracing::warn!(fail = fail.said(), "Apps could not be told of what happened in the house");
            }
        }
    }

    async fn hear(&self, batch: &[Announcement]) -> Result<(), Fail> {
        for one in batch {
            match one {
                Announcement::Person(person) => {
                    self.known.forget(*person);
                    self.tell_of_person(*person).await?;
                }
                Announcement::SessionEnded(session) => self.sockets.cut(*session),
                // It does not say what: all is asked for.
                Announcement::Outside => self.look_again().await?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Nothing is taken for true that was not asked for again.
    async fn look_again(&self) -> Result<(), Fail> {
        self.known.forget_all();
        let sessions: Vec<SessionId> = self.sockets.sessions();
        for session in sessions {
            if !self.app.session_lives(session).await? {
                self.sockets.cut(session);
            }
        }
        Ok(())
    }
}
