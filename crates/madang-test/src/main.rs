//! `cargo run --release -p madang-test -- bench quick`: the load generator.

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    madang_test::bench::run(&words)
}
