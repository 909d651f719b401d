//! `madang doctor`: one line for each thing that must be right, and what to do where it is not. It changes nothing.
//!
//! `house` looks at what is kept, `reach` at how people get here, `push` at how their devices are told.

mod house;
mod push;
mod reach;

use anyhow::Result;
use serde_json::json;

use crate::config::Config;

/// What was found about one thing.
pub(crate) struct Line {
    pub(crate) about: &'static str,
    pub(crate) state: Result<String, String>,
}

/// Everything that was found, in the order in which one would mend it.
#[derive(Default)]
pub(super) struct Report(Vec<Line>);

impl Report {
    fn fine(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Line { about, state: Ok(text.into()) });
    }

    fn look(&mut self, about: &'static str, text: impl Into<String>) {
        self.0.push(Line { about, state: Err(text.into()) });
    }

    fn add(&mut self, about: &'static str, state: Result<String, String>) {
        self.0.push(Line { about, state });
    }

    fn findings(&self) -> usize {
        self.0.iter().filter(|line| line.state.is_err()).count()
    }

    fn print(&self, as_json: bool) -> Result<()> {
        if as_json {
            let lines: Vec<_> = self
                .0
                .iter()
                .map(|line| {
                    let (Ok(text) | Err(text)) = &line.state;
                    json!({"about": line.about, "fine": line.state.is_ok(), "text": text})
                })
                .collect();
            return super::print(&json!({"fine": self.findings() == 0, "lines": lines}).to_string());
        }
        for line in &self.0 {
            super::print(&match &line.state {
                Ok(text) => format!("fine   {}: {text}", line.about),
                Err(text) => format!("look   {}: {text}", line.about),
            })?;
        }
        match self.findings() {
            0 => super::print("Everything is fine."),
            1 => super::print("One thing wants looking at."),
            count => super::print(&format!("{count} things want looking at.")),
        }
    }
}

/// Checks, for the page of those who run the house. Blocks.
pub(crate) fn findings(config: &Config) -> Result<Vec<Line>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut report = Report::default();
    house::look(config, &runtime, &mut report);
    runtime.block_on(reach::look(config, &mut report));
    runtime.block_on(push::look(config, &mut report));
    Ok(report.0)
}

/// Checks and prints. False when somebody must look at something.
pub fn run(config: Config, as_json: bool, push_to: Option<&str>) -> Result<bool> {
    crate::serve::must_exist(&config)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let mut report = Report::default();
    report.fine("config", format!("{} is the data folder", config.data.display()));
    house::look(&config, &runtime, &mut report);
    runtime.block_on(reach::look(&config, &mut report));
    runtime.block_on(push::look(&config, &mut report));
    if let Some(email) = push_to {
        let app = crate::serve::open(&config, config.public_url_at(config.listen))?;
        runtime.block_on(push::send(&app, email, &mut report))?;
    }
    report.print(as_json)?;
    Ok(report.findings() == 0)
}
