//! A server under measurement: the binary `madang`, or the bare broadcaster.
//! Started on its own core, ended with this value.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use super::machine;

/// Which server.
#[derive(Debug, Clone)]
pub enum Kind {
    /// With its data folder.
    Madang(PathBuf),
    /// With its database file.
    Refcast(PathBuf),
}

pub struct Place {
    kind: Kind,
    child: Child,
    pub address: SocketAddr,
}

/// The binary `madang`: `MADANG_BIN`, or the one beside this one.
pub fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("MADANG_BIN") {
        return Ok(path.into());
    }
    let path = std::env::current_exe()?.with_file_name("madang");
    if !path.exists() {
        bail!("{} is missing: run cargo build --release -p madang-server", path.display());
    }
    Ok(path)
}

impl Place {
    /// Starts it on a port that the system chooses.
    pub fn start(kind: Kind) -> Result<Place> {
        Place::start_on(kind, 0)
    }

    fn start_on(kind: Kind, port: u16) -> Result<Place> {
        let mut command = command(&kind, port)?;
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = machine::spawn(&mut command)?;
        let out = child.stdout.take().context("standard output is piped")?;
        let mut line = String::new();
        BufReader::new(out).read_line(&mut line)?;
        let Some((_, address)) = line.trim().split_once("ready at http://") else {
            let _ = child.kill();
            bail!("{kind:?} said {line:?}");
        };
        Ok(Place { address: address.parse()?, kind, child })
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills it without a word (SIGKILL).
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again after its end, at the same address.
    pub fn start_again(&mut self) -> Result<()> {
        *self = Place::start_on(self.kind.clone(), self.address.port())?;
        Ok(())
    }

    /// Kills it and starts it again.
    pub fn restart(&mut self) -> Result<()> {
        self.kill()?;
        self.start_again()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.kill();
    }
}

fn command(kind: &Kind, port: u16) -> Result<Command> {
    let listen = format!("127.0.0.1:{port}");
    Ok(match kind {
        Kind::Madang(data) => {
            let mut command = Command::new(binary()?);
            command
                .args(["serve", "--rate-limit", "0", "--opening-limit", "0", "--listen", &listen, "--data"])
                .arg(data);
            command.env("RUST_LOG", "warn");
            command
        }
        Kind::Refcast(file) => {
            let mut command = Command::new(std::env::current_exe()?);
            command.args(["refcast", &listen]).arg(file);
            command
        }
    })
}

/// Sets a house up; gives the owner's token.
pub fn set_up(data: &Path) -> Result<String> {
    let output = Command::new(binary()?)
        .args(["setup", "--workspace", "한빛", "--email", "nari@example.com", "--name", "나리"])
        .args(["--password", "마당에 핀 꽃 한 송이", "--data"])
        .arg(data)
        .output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let ids: serde_json::Value = serde_json::from_str(&said).with_context(|| format!("setup said {said}"))?;
    Ok(ids["token"].as_str().context("setup gives a token")?.to_owned())
}
