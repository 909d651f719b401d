//! Stories over HTTP and the socket, told to the real binary.

mod commands;
mod followers;
mod history;
mod matrix;
mod removal;
mod talk;
mod wrong_input;
