//! `madang serve`.

use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Serves until SIGTERM or SIGINT. SIGHUP looks at the certificate at once.
pub fn run(config: Config) -> Result<()> {
    start_logging();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let server = crate::serve::start(config).await?;
        super::print(&format!("madang is ready at {}", server.public_url))?;
        loop {
            tokio::select! {
                _ = terminate.recv() => break,
                _ = interrupt.recv() => break,
                _ = hang_up.recv() => server.reload(),
            }
        }
        tracing::info!("Stopping");
        server.stop().await;
        Ok(())
    })
}

/// Log lines go to standard error; `RUST_LOG` chooses, `MADANG_LOG=json` shapes.
pub fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second start in one process (tests) keeps the first one's log.
    let _ = match std::env::var("MADANG_LOG").as_deref() {
        Ok("json") => lines.json().try_init(),
        _ => lines.try_init(),
    };
}
