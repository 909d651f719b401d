//! The doors of the native API: one file per resource. Each lists its routes
//! with their policies; handlers read, ask the app, and answer.

mod activity;
mod apps;
mod audit;
mod booked;
mod bookings;
mod bookmarks;
mod calendars;
mod calls;
mod cards;
mod cobrowse;
mod contact_files;
mod contacts;
mod desks;
mod digests;
mod exports;
mod files;
mod health;
mod help;
mod history;
mod imports;
mod invitations;
mod links;
mod mail_settings;
mod me;
mod meetings;
mod members;
mod messages;
pub(crate) mod metrics;
mod overview;
mod own_data;
mod people;
mod pictures;
mod pictures_outside;
mod previews;
mod push;
mod push_health;
mod reading;
mod recordings;
mod reports;
mod retention;
mod saved;
mod scheduled;
mod search;
mod session;
mod settings;
mod setup;
mod spaces;
mod standing;
mod stills;
mod storage;
mod streams;
mod teams;
mod tickets;
mod tokens;
mod translation;
mod uploads;
mod visits;
mod webhooks;
mod whip;
mod workspace;

use crate::endpoint;
use crate::router::{Endpoint, Policy};
use crate::socket::{__path_socket, socket};

/// Every route of the native API.
pub fn endpoints() -> Vec<Endpoint> {
    let mut all = vec![endpoint!(socket, __path_socket, Policy::Oneself).for_visitors()];
    for more in [
        activity::endpoints,
        apps::endpoints,
        audit::endpoints,
        booked::endpoints,
        bookings::endpoints,
        bookmarks::endpoints,
        calendars::endpoints,
        calls::endpoints,
        cards::endpoints,
        cobrowse::endpoints,
        contact_files::endpoints,
        contacts::endpoints,
        desks::endpoints,
        help::endpoints,
        digests::endpoints,
        exports::endpoints,
        recordings::endpoints,
        files::endpoints,
        health::endpoints,
        history::endpoints,
        imports::endpoints,
        invitations::endpoints,
        links::endpoints,
        mail_settings::endpoints,
        me::endpoints,
        meetings::endpoints,
        members::endpoints,
        messages::endpoints,
        metrics::endpoints,
        overview::endpoints,
        own_data::endpoints,
        people::endpoints,
        pictures::endpoints,
        pictures_outside::endpoints,
        previews::endpoints,
        push::endpoints,
        push_health::endpoints,
        reading::endpoints,
        saved::endpoints,
        scheduled::endpoints,
        search::endpoints,
        retention::endpoints,
        session::endpoints,
        settings::endpoints,
        setup::endpoints,
        spaces::endpoints,
        standing::endpoints,
        stills::endpoints,
        storage::endpoints,
        streams::endpoints,
        teams::endpoints,
        tokens::endpoints,
        translation::endpoints,
        uploads::endpoints,
        tickets::endpoints,
        reports::endpoints,
        visits::endpoints,
        webhooks::endpoints,
        whip::endpoints,
        workspace::endpoints,
    ] {
        all.extend(more());
    }
    all
}
