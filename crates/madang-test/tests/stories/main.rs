//! Stories over HTTP and the socket, told to the real binary.

mod certificates;
mod commands;
mod doctor;
mod door;
mod files;
mod followers;
mod history;
mod https;
mod matrix;
mod proxy;
mod removal;
mod restore;
mod talk;
mod uploads;
mod wrong_input;
