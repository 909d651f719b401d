//! The door: HTTP, sockets, configuration, the command line.
//!
//! Outer JSON has its shapes here (`wire`), and nowhere else but in the
//! Slack-compatible door. No rule and no SQL.

mod acme;
pub mod auth;
mod booking_page;
mod carrier;
pub mod cli;
pub mod config;
mod door_page;
pub mod error;
mod export;
pub mod extract;
mod for_slack;
pub mod guard;
mod help;
pub mod http;
mod import;
mod listen;
#[cfg(feature = "mcp")]
mod mcp;
pub mod openapi;
pub mod proxy;
mod range;
mod redirect;
pub mod router;
pub mod serve;
pub mod socket;
mod tls;
mod turn;
mod web;
pub mod wire;
mod words;
