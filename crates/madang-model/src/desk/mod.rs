//! Help desks: what a desk is and how its tickets find an agent.

pub mod route;
