//! What the tool is told, one order a line.

use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::link::Link;
use super::relay::Way;

#[derive(Debug, PartialEq)]
pub enum Order {
    /// What lines are like from here on.
    Change(Way, Vec<Setting>),
    BlackOut(Duration),
    /// All clients have another address, as after a change of network.
    Move,
    Report,
}

/// One property of a line.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Setting {
    Delay(Duration),
    Jitter(Duration),
    Queue(Duration),
    Loss(f64),
    Reorder(f64),
    Bursts(f64, f64),
    Rate(u64),
}

impl Setting {
    pub fn apply(self, link: &mut Link) {
        match self {
            Setting::Delay(it) => link.delay = it,
            Setting::Jitter(it) => link.jitter = it,
            Setting::Queue(it) => link.queue = it,
            Setting::Loss(it) => link.loss = it,
            Setting::Reorder(it) => link.reorder = it,
            Setting::Bursts(share, length) => link.bursts = (share, length),
            Setting::Rate(it) => link.capacity = it,
        }
    }
}

/// # Errors
/// A sentence that says what is meant.
pub fn read(line: &str) -> Result<Order> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words[..] {
        ["blackout", seconds] => Ok(Order::BlackOut(Duration::try_from_secs_f64(seconds.parse()?)?)),
        ["move"] => Ok(Order::Move),
        ["report"] => Ok(Order::Report),
        [way @ ("up" | "down" | "both"), ref rest @ ..] if !rest.is_empty() => {
            let way = match way {
                "up" => Way::Up,
                "down" => Way::Down,
                _ => Way::Both,
            };
            Ok(Order::Change(way, rest.iter().map(|it| setting(it)).collect::<Result<_>>()?))
        }
        _ => bail!("{line:?} is no order: up|down|both KEY=VALUE …, blackout SECONDS, move, report"),
    }
}

/// Times in milliseconds, rates in kbit/s, shares from 0 to 1.
fn setting(word: &str) -> Result<Setting> {
    let (key, value) = word.split_once('=').with_context(|| format!("{word:?} is no KEY=VALUE"))?;
    let time = || Ok::<_, anyhow::Error>(Duration::try_from_secs_f64(value.parse::<f64>()? / 1e3)?);
    let share = |value: &str| {
        let share: f64 = value.parse()?;
        if !(0.0..=1.0).contains(&share) {
            bail!("{key} is a share from 0 to 1, not {value}");
        }
        Ok(share)
    };
    Ok(match key {
        "delay" => Setting::Delay(time()?),
        "jitter" => Setting::Jitter(time()?),
        "queue" => Setting::Queue(time()?),
        "loss" => Setting::Loss(share(value)?),
        "reorder" => Setting::Reorder(share(value)?),
        "bursts" => {
            let (begins, length) = value.split_once('x').context("bursts=SHARExLENGTH, as in 0.01x5")?;
            Setting::Bursts(share(begins)?, length.parse::<f64>()?.max(1.0))
        }
        "rate" => Setting::Rate(value.parse::<u64>()?.saturating_mul(1_000)),
        _ => bail!("{key:?} is none of delay, jitter, queue, loss, reorder, bursts, rate"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_are_read_and_nonsense_is_told_what_is_meant() {
        let ms = Duration::from_millis;
        let line = read("both loss=0.05 delay=80 jitter=20").ok();
        let settings = vec![Setting::Loss(0.05), Setting::Delay(ms(80)), Setting::Jitter(ms(20))];
        assert_eq!(line, Some(Order::Change(Way::Both, settings)));
        let line = read("down rate=500 queue=300 bursts=0.01x5 reorder=0.1").ok();
        let settings = vec![
            Setting::Rate(500_000),
            Setting::Queue(ms(300)),
            Setting::Bursts(0.01, 5.0),
            Setting::Reorder(0.1),
        ];
        assert_eq!(line, Some(Order::Change(Way::Down, settings)));
        assert_eq!(read("blackout 3").ok(), Some(Order::BlackOut(ms(3000))));
        assert_eq!(read("move").ok(), Some(Order::Move));
        for (wrong, says) in [
            ("", "is no order"),
            ("up", "is no order"),
            ("up loss", "KEY=VALUE"),
            ("up loss=5", "from 0 to 1"),
            ("up luck=1", "none of"),
            ("both delay=-3", ""),
            ("blackout soon", ""),
        ] {
            let said = read(wrong).expect_err(wrong).to_string();
            assert!(said.contains(says), "{wrong}: {said}");
        }
    }
}
