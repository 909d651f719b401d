//! People in one space, each with a session of their own: made over the same
//! doors that people use.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context, Result};

use super::ask::Asker;

/// Who joins at the same time.
const AT_ONCE: usize = 8;

#[derive(Debug, Clone, Default)]
pub struct Crowd {
    pub space: String,
    /// A secret for each person.
    pub tokens: Vec<String>,
    /// The join link, without its address.
    pub link: String,
}

impl Crowd {
    /// A new space with a join link and nobody but the owner in it.
    pub fn open(address: SocketAddr, owner: &str, name: &str) -> Result<Crowd> {
        let mut asker = Asker::connect(address, Some(owner))?;
        let made = asker.json("POST", "/spaces", &format!("{{\"name\":\"{name}\",\"kind\":\"closed\"}}"))?;
        let space = made["space"]["id"].as_str().context("a space has an id")?.to_owned();
        let made = asker.json("POST", &format!("/spaces/{space}/links"), "{\"uses\":10000}")?;
        let url = made["link"]["url"].as_str().context("a new link has an address")?;
        let link = url.rsplit('/').next().unwrap_or_default().to_owned();
        Ok(Crowd { space, tokens: Vec::new(), link })
    }

    /// People without names or rights, for a server that knows neither.
    pub fn of_nobody(count: usize) -> Crowd {
        Crowd { space: "refcast".into(), tokens: vec![String::from("none"); count], link: String::new() }
    }

    /// Lets people join until there are `count`.
    pub fn grow(&mut self, address: SocketAddr, count: usize) -> Result<()> {
        let next = AtomicUsize::new(self.tokens.len());
        let joined = Mutex::new(Vec::with_capacity(count));
        std::thread::scope(|scope| {
            let work = || -> Result<()> {
                let mut asker = Asker::connect(address, None)?;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        return Ok(());
                    }
                    let secret = asker.join(&self.link, &format!("Guest {number}"))?;
                    joined.lock().expect("nobody panics with it").push(secret);
                }
            };
            let workers: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|it| it.join().expect("it does not panic"))
        })?;
        self.tokens.extend(joined.into_inner().expect("nobody panicked with it"));
        Ok(())
    }
}
