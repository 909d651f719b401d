//! Help desks: what a desk is, how its tickets find an agent, and what agents may see of a page.

pub mod page;
pub mod route;
