//! Names become addresses, and addresses that are inside are left out: what is connected to is what was looked at.

use std::net::SocketAddr;

use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address;

/// A name that leads inside.
#[derive(Debug, thiserror::Error)]
#[error("its name leads into a network of its own")]
pub struct Inside;

pub struct Resolver {
    allowed: Vec<IpNet>,
}

impl Resolver {
    pub fn new(allowed: Vec<IpNet>) -> Resolver {
        Resolver { allowed }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.allowed.clone();
        Box::pin(async move {
            // The port is filled in from the address that is asked.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(outside(found, &allowed)?.into_iter()) as Addrs)
        })
    }
}

/// Those that may be asked.
pub(super) fn outside(mut found: Vec<SocketAddr>, allowed: &[IpNet]) -> Result<Vec<SocketAddr>, Inside> {
    found.retain(|it| address::is_outside(it.ip()) || allowed.iter().any(|net| net.contains(&it.ip())));
    if found.is_empty() { Err(Inside) } else { Ok(found) }
}
