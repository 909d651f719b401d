//! Stories over HTTP and the socket, told to the real binary.

mod abuse;
mod addresses;
mod browser;
mod cast;
mod certificates;
mod commands;
mod doctor;
mod door;
mod files;
mod followers;
mod history;
mod https;
mod limits;
mod matrix;
mod outside;
mod proxy;
mod reminders;
mod removal;
mod restore;
mod sockets;
mod talk;
mod uploads;
mod wrong_input;
