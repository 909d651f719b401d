//! A house with its data folder, and the process that serves it.

mod database;
mod followers;
mod pattern;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
pub use database::Database;
use pattern::{FirstDay, Pattern};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

/// A house that outlives its processes.
pub struct House {
    /// The owner's API token.
    pub token: String,
    /// The first space.
    pub space: String,
    process: Option<Child>,
    origin: String,
    /// Further options of `madang serve`.
    pub options: Vec<String>,
    pub client: reqwest::Client,
    place: Place,
    /// What it was copied from stays as long as it does.
    _pattern: Option<Arc<Pattern>>,
}

/// Where a house is kept, and how its processes are started.
struct Place {
    folder: PathBuf,
    /// Removes the folder at the end, if it is ours.
    _own: Option<TempDir>,
    database: Option<Database>,
    /// More environment for the process that serves.
    environment: Vec<(String, String)>,
}

impl Place {
    fn options(&self) -> Result<Vec<String>> {
        options(&self.folder, self.database.as_ref())
    }
}

fn options(folder: &Path, database: Option<&Database>) -> Result<Vec<String>> {
    let mut options = vec!["--data".to_owned(), folder.display().to_string()];
    if let Some(database) = database {
        options.extend(["--database-url".to_owned(), database.url()?]);
    }
    Ok(options)
}

/// The binary: `MADANG_BIN`, or the one beside this test.
fn binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("MADANG_BIN") {
        return Ok(path.into());
    }
    let test = std::env::current_exe()?;
    let folder = test.ancestors().nth(2).context("tests live in target/PROFILE/deps")?;
    let path = folder.join("madang");
    if !path.exists() {
        bail!("{} is missing: run cargo build -p madang-server", path.display());
    }
    Ok(path)
}

/// Where the process that serves writes its log: MADANG_TEST_LOG, or nowhere.
fn log() -> Result<Stdio> {
    let Some(path) = std::env::var_os("MADANG_TEST_LOG") else { return Ok(Stdio::null()) };
    Ok(std::fs::File::options().create(true).append(true).open(path)?.into())
}

impl Drop for House {
    /// A story in which a follower is behind at the end has failed.
    fn drop(&mut self) {
        let serving = self.process.as_mut().is_some_and(|process| matches!(process.try_wait(), Ok(None)));
        if serving && !std::thread::panicking() {
            let asked = followers::caught_up_blocking(self.origin.clone(), self.token.clone());
            assert!(asked.is_ok(), "at the end of the story: {asked:?}");
        }
    }
}

impl House {
    /// A new house after its first day, not served yet: a copy of one that was set up for all stories of this process.
    ///
    /// # Errors
    /// What the command line said, or what the copying did.
    pub fn set_up() -> Result<House> {
        let pattern = Pattern::get()?;
        let own = tempfile::tempdir()?;
        pattern::copy(pattern.folder.path(), own.path())?;
        let database = pattern.database.as_ref().map(Database::copy).transpose()?;
        let folder = own.path().to_owned();
        let place = Place { folder, _own: Some(own), database, environment: Vec::new() };
        let mut house = House::new(place, &pattern.first);
        house._pattern = Some(pattern);
        Ok(house)
    }

    /// A new house in a folder that is the test's own affair, always on SQLite.
    ///
    /// # Errors
    /// What the command line said.
    pub fn set_up_at(folder: &Path) -> Result<House> {
        let place = Place { folder: folder.to_owned(), _own: None, database: None, environment: Vec::new() };
        let first = pattern::first_day(&place.options()?)?;
        Ok(House::new(place, &first))
    }

    fn new(place: Place, first: &FirstDay) -> House {
        let (token, space) = (first.token.clone(), first.space.clone());
        let client = reqwest::Client::new();
        House {
            token,
            space,
            process: None,
            origin: String::new(),
            client,
            place,
            options: Vec::new(),
            _pattern: None,
        }
    }

    /// Serves on a port that the system chooses; gives back when it is ready.
    ///
    /// # Errors
    /// What the process said instead of its address.
    pub async fn start(&mut self) -> Result<()> {
        self.start_with(&["--rate-limit", "0", "--opening-limit", "0"]).await
    }

    /// As `start`, with these options.
    ///
    /// # Errors
    /// What the process said instead of its address.
    pub async fn start_with(&mut self, options: &[&str]) -> Result<()> {
        let mut process = tokio::process::Command::new(binary()?)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(if options.contains(&"--media-listen") {
                &[][..]
            } else {
                &["--media-listen", "127.0.0.1:0"]
            })
            .args(self.place.options()?)
            .args(&self.options)
            .args(options)
            .envs(self.place.environment.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::piped())
            .stderr(log()?)
            .kill_on_drop(true)
            .spawn()?;
        let out = process.stdout.take().context("standard output is piped")?;
        let line = BufReader::new(out).lines().next_line().await?.unwrap_or_default();
        let origin = line.strip_prefix("madang is ready at ").with_context(|| format!("it said {line:?}"))?;
        self.origin = origin.to_owned();
        self.process = Some(process);
        Ok(())
    }

    /// Sets a variable of the environment of the processes that serve from the next start on.
    pub fn with_environment(&mut self, name: &str, value: &str) {
        self.place.environment.push((name.to_owned(), value.to_owned()));
    }

    /// `http://127.0.0.1:PORT`, another one after each start.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The process that serves.
    pub fn process_id(&self) -> Option<u32> {
        self.process.as_ref().and_then(Child::id)
    }

    /// Drops every follower's view, to be built again by the process that serves.
    ///
    /// # Errors
    /// What the command line said.
    pub async fn rebuild(&self) -> Result<()> {
        for (follower, _) in followers::behind(&self.client, &self.origin, &self.token).await? {
            tokio::task::block_in_place(|| self.command(&["rebuild", &follower]))?;
        }
        Ok(())
    }

    /// Waits until no follower is behind.
    ///
    /// # Errors
    /// When one stays behind.
    pub async fn caught_up(&self) -> Result<()> {
        followers::caught_up(&self.client, &self.origin, &self.token).await
    }

    /// Kills the process without a word (SIGKILL).
    ///
    /// # Errors
    /// What the system said.
    pub async fn kill(&mut self) -> Result<()> {
        if let Some(mut process) = self.process.take() {
            process.kill().await?;
        }
        Ok(())
    }

    /// Asks the process to stop (SIGTERM) and gives its exit code.
    ///
    /// # Errors
    /// What the system said.
    pub async fn stop(&mut self) -> Result<Option<i32>> {
        let Some(mut process) = self.process.take() else { return Ok(None) };
        let id = process.id().context("it runs")?.to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        Ok(process.wait().await?.code())
    }

    /// Runs a command of the binary on this house and reads its JSON.
    ///
    /// # Errors
    /// What the command said.
    pub fn command(&self, arguments: &[&str]) -> Result<Value> {
        let output = Command::new(binary()?).args(arguments).args(self.place.options()?).output()?;
        if !output.status.success() {
            bail!("{arguments:?} said {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(serde_json::from_slice(&output.stdout).unwrap_or(Value::Null))
    }

    /// Runs a command that reads from standard input, and gives how it ended.
    ///
    /// # Errors
    /// What the system said.
    pub fn reads(&self, arguments: &[&str], input: &[u8]) -> Result<std::process::Output> {
        use std::io::Write;
        let mut command = Command::new(binary()?);
        command.args(arguments).args(self.place.options()?).env("RUST_LOG", "warn");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        // It may say no before it has read everything.
        let _ = child.stdin.take().context("standard input is piped")?.write_all(input);
        Ok(child.wait_with_output()?)
    }

    /// Adds a member and gives their id and a token.
    ///
    /// # Errors
    /// What the command line said.
    pub fn member(&self, name: &str) -> Result<(String, String)> {
        let email = format!("{name}@example.com");
        let password = format!("{name} likes the garden");
        self.command(&[
            "person",
            "add",
            "--email",
            &email,
            "--name",
            name,
            "--password",
            &password,
            "--json",
        ])?;
        let made = self.command(&["token", "create", "--person", &email, "--json"])?;
        let field = |key: &str| made[key].as_str().map(str::to_owned).context("the command gives ids");
        Ok((field("person")?, field("token")?))
    }

    /// Asks the API; gives the status and the JSON of the answer.
    ///
    /// # Errors
    /// What the connection said.
    pub async fn ask(
        &self,
        token: Option<&str>,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Value)> {
        let mut request =
            self.client.request(method.parse()?, self.url(path)).header("accept-language", "en");
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        Ok((status, answer.json().await.unwrap_or(Value::Null)))
    }

    /// The activity list of a person, once a follower has brought it to `count` lines.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn activity_of(&self, token: &str, count: usize) -> Result<Value> {
        for _ in 0..2_000 {
            let (_, answer) = self.ask(Some(token), "GET", "/activity", None).await?;
            if answer["items"].as_array().is_some_and(|items| items.len() >= count) {
                return Ok(answer);
            }
        }
        bail!("the follower does not come to {count} lines")
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.place.folder
    }

    /// `ws://…` of the socket.
    pub fn socket_url(&self) -> String {
        self.url("/socket").replacen("http", "ws", 1)
    }

    /// An address of the native API.
    pub fn url(&self, path: &str) -> String {
        format!("{}/api/v1{path}", self.origin)
    }

    /// An address outside the API, such as `/metrics`.
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }

    /// Every event of the first space, page by page.
    ///
    /// # Errors
    /// What the server said.
    pub async fn events(&self) -> Result<Vec<Value>> {
        let mut events: Vec<Value> = Vec::new();
        loop {
            let after = events.last().and_then(|event| event["seq"].as_i64()).unwrap_or(0);
            let url = self.url(&format!("/spaces/{}/events?after={after}&limit=500", self.space));
            let answer: Value = self.client.get(url).bearer_auth(&self.token).send().await?.json().await?;
            let more = answer["events"].as_array().context("events are a list")?.clone();
            if more.is_empty() {
                return Ok(events);
            }
            events.extend(more);
        }
    }
}
