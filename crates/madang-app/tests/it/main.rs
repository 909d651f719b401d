//! What the house does with people, on a real database in a folder of its own.

mod audit;
mod deactivate;
mod erase_person;
mod fields;
mod house;
mod invitations;
mod join_links;
mod profiles;
mod races;
mod reading_only;
mod retention;
mod search;
mod sessions;
mod thrift;
