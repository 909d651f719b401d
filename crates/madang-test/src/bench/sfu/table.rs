//! The table as it stands in docs/performance.md.

use std::fmt::Write;

use super::{Outcome, Server};
use crate::bench::report::median;

/// One server in one series.
pub struct Row {
    series: &'static str,
    server: String,
    best: Outcome,
    /// Cost of the server divided by Madang's; none for Madang.
    ratio: Option<f64>,
    comparable: bool,
}

/// Of several runs the cheapest counts, since noise only adds; of times and sizes the middle.
fn together(runs: &[Outcome]) -> Outcome {
    let middle = |take: fn(&Outcome) -> f64| median(runs.iter().map(take));
    let most = |take: fn(&Outcome) -> f64| runs.iter().map(take).fold(0.0, f64::max);
    Outcome {
        cost: runs.iter().map(|it| it.cost).fold(f64::INFINITY, f64::min),
        pace: middle(|it| it.pace),
        share: middle(|it| it.share),
        p50: middle(|it| it.p50),
        p99: middle(|it| it.p99),
        loss: most(|it| it.loss),
        memory: middle(|it| it.memory),
        join: middle(|it| it.join),
        join_slow: middle(|it| it.join_slow),
        profile: runs.first().map(|it| it.profile.clone()).unwrap_or_default(),
        tool: most(|it| it.tool),
        others: most(|it| it.others),
        missing: runs.iter().map(|it| it.missing).max().unwrap_or_default(),
    }
}

pub fn rows(series: &'static str, runs: &[(Server, Vec<Outcome>)]) -> Vec<Row> {
    let all: Vec<(Server, Outcome)> = runs.iter().map(|(server, runs)| (*server, together(runs))).collect();
    let ours = all.iter().find(|(server, _)| *server == Server::Madang).map(|(_, it)| it.clone());
    let row = |(server, best): (Server, Outcome)| {
        let other = ours.as_ref().filter(|_| server != Server::Madang);
        Row {
            series,
            server: server.name(),
            ratio: other.map(|ours| best.cost / ours.cost),
            comparable: other.is_none_or(|ours| ours.profile == best.profile),
            best,
        }
    };
    all.into_iter().map(row).collect()
}

pub fn markdown(rows: &[Row]) -> String {
    let mut out = String::from(
        "| series | server | CPU µs a packet | ÷ Madang | packets/s | of its core | added ms p50 / p99 | loss | KiB a participant | join ms p50 / p95 | sealed with | tool | others |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for Row { series, server, best, ratio, comparable } in rows {
        let ratio = match (ratio, comparable) {
            (Some(_), false) => "other cipher".to_owned(),
            (Some(ratio), true) => format!("{ratio:.2}"),
            (None, _) => "–".to_owned(),
        };
        let missing = match best.missing {
            0 => String::new(),
            missing => format!(", {missing} received nothing"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "| {series} | {server} | {:.2} | {ratio} | {:.0} | {:.0} % | {:.2} / {:.2} | {:.2} %{missing} | {:.0} | {:.0} / {:.0} | {} | {:.0} % | {:.2} |",
            best.cost,
            best.pace,
            best.share * 100.0,
            best.p50,
            best.p99,
            best.loss * 100.0,
            best.memory,
            best.join,
            best.join_slow,
            best.profile,
            best.tool * 100.0,
            best.others,
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_run_counts_and_another_cipher_is_not_compared() {
        let run =
            |cost: f64, profile: &str| Outcome { cost, profile: profile.to_owned(), ..Outcome::default() };
        let runs = [
            (Server::Madang, vec![run(4.0, "GCM"), run(2.0, "GCM"), run(9.0, "GCM")]),
            (Server::Janus(1), vec![run(8.0, "GCM"), run(6.0, "GCM")]),
            (Server::Janus(2), vec![run(6.0, "CM")]),
        ];
        let table = markdown(&rows("1 → 50", &runs));
        assert!(table.contains("| 1 → 50 | Madang | 2.00 | – |"), "{table}");
        assert!(table.contains("| 1 → 50 | Janus, 1 loop | 6.00 | 3.00 |"), "{table}");
        assert!(table.contains("| 1 → 50 | Janus, 2 loops | 6.00 | other cipher |"), "{table}");
    }
}
