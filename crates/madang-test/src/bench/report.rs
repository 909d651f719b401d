//! The tables as they stand in docs/performance.md: ratios first.

use std::fmt::Write;

use super::pair::Cell;
use super::run::Faults;

/// One line of the table of goals.
pub struct Line {
    pub what: String,
    /// Madang's number divided by the reference's of the same minutes.
    pub ratio: Option<f64>,
    pub goal: &'static str,
    pub ours: String,
    pub reference: String,
    pub met: Option<bool>,
    /// Cores that other processes used meanwhile, at most.
    pub others: f64,
}

#[derive(Default)]
pub struct Report {
    pub lines: Vec<Line>,
    pub cells: Vec<Cell>,
    pub faults: Faults,
    pub runs: usize,
}

impl Report {
    /// Keeps the numbers of a cell and what went wrong in it.
    pub fn cell(&mut self, cell: Cell) {
        self.faults += cell.ours.faults;
        self.faults += cell.reference.faults;
        self.runs += 2 * cell.rounds;
        self.cells.push(cell);
    }

    pub fn markdown(&self) -> String {
        let mut text = String::new();
        text.push_str("| measured | ÷ reference | goal | Madang | reference | met | others |\n");
        text.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
        for line in &self.lines {
            let ratio = line.ratio.map_or("–".into(), |it| format!("**{it:.2}**"));
            let met = line.met.map_or("", |met| if met { "yes" } else { "**no**" });
            let Line { what, goal, ours, reference, others, .. } = line;
            let _ =
                writeln!(text, "| {what} | {ratio} | {goal} | {ours} | {reference} | {met} | {others:.2} |");
        }
        text.push('\n');
        text.push_str(
            "| n | senders | server | messages/s | deliveries/s | cpu-s/M | ack p50 / p99 ms \
             | deliver p50 / p99 / p999 ms | tool | others |\n",
        );
        text.push_str("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        for cell in &self.cells {
            for (name, numbers) in [("Madang", &cell.ours), ("refcast", &cell.reference)] {
                let _ = writeln!(text, "| {} | {} | {name} | {numbers} |", cell.people, cell.load_name());
            }
        }
        let _ = writeln!(text, "\n{} runs: {}.", self.runs, self.faults);
        text
    }
}

/// A number with its unit, short.
pub fn short(value: f64) -> String {
    match value.abs() {
        size if size >= 1e6 => format!("{:.2} M", value / 1e6),
        size if size >= 1e4 => format!("{:.1} k", value / 1e3),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// The middle one.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_that_was_disturbed_does_not_move_the_median() {
        assert_eq!(median([9.0, 1.0, 1.1]), 1.1);
        assert_eq!(
            [1234567.0, 12345.0, 123.4, 12.34, 1.234].map(short),
            ["1.23 M", "12.3 k", "123", "12.3", "1.23"]
        );
    }
}
