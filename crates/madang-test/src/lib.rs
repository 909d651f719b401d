//! The real binary `madang`, started, killed and asked over HTTP. Development only.

mod house;

pub use house::House;
