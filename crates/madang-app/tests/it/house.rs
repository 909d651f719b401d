//! A house with its cast: Nari the owner, Joon and Mina members, Sam a guest.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use madang_app::{Added, App, Config, Error, Mailer, NewMessage, NewSpace, Result, Session, SetUp};
use madang_model::permission::{Role, SpaceRole};
use madang_model::space::SpaceKind;
use madang_model::{PersonId, Refusal, SpaceId};
use madang_store::blob::{BlobPlace, Blobs};
use madang_store::db::{Db, DbConfig, Engine};
use madang_store::seal::Keyring;
use madang_store::{house as facts, log};
use sha2::{Digest, Sha256};

pub const PASSWORD: &str = "마당에 핀 꽃 한 송이";

pub struct House {
    pub app: Arc<App>,
    pub nari: PersonId,
    pub joon: PersonId,
    pub mina: PersonId,
    pub sam: PersonId,
    /// Closed; Joon is its host, Sam its guest.
    pub garden: SpaceId,
    /// Removed when the house goes.
    _data: tempfile::TempDir,
}

/// The engines at hand. PostgreSQL's server, with everything in it, goes when `testing/postgres.sh` ends.
pub fn engines() -> Vec<Engine> {
    if std::env::var_os("MADANG_TEST_PG").is_some() {
        return vec![Engine::Sqlite, Engine::Postgres];
    }
    eprintln!("MADANG_TEST_PG is not set: this test ran on SQLite only");
    vec![Engine::Sqlite]
}

fn database(engine: Engine, data: &Path) -> DbConfig {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    match engine {
        Engine::Sqlite => DbConfig::sqlite(data.join("madang.db")),
        Engine::Postgres => {
            let url = std::env::var("MADANG_TEST_PG").expect("engines() looked");
            let schema = format!("app_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            DbConfig::postgres(url, schema)
        }
    }
}

/// A house before its first day.
pub fn empty(engine: Engine) -> (Arc<App>, tempfile::TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    let content = database(engine, data.path());
    let keys = Db::open(&content.keys(data.path().join("keys.db"))).expect("the keys open");
    let keyring = Keyring::open(keys, &data.path().join("root.key")).expect("a keyring");
    let blobs = Blobs::open(&BlobPlace::Folder(data.path().join("files"))).expect("a place for files");
    let config = Config {
        digest_after: std::time::Duration::ZERO,
        reply_address: None,
        public_url: "http://127.0.0.1".into(),
        upload_limit: 1 << 20,
        unfinished_limit: 5 << 20,
        uploads: data.path().join("uploads"),
        exports: data.path().join("exports"),
        recordings: data.path().join("recordings"),
        ffmpeg: None,
        outgoing_allowed: Vec::new(),
        translator: None,
        contact: "mailto:nari@example.com".into(),
        reader: None,
    };
    let db = Db::open(&content).expect("the database opens");
    let mailer = Mailer::new(None, None).expect("no mail");
    let index = Db::open(&content.search(data.path().join("search.db"))).expect("the index opens");
    (App::new(db, index, keyring, blobs, mailer, config).expect("a house"), data)
}

pub async fn house() -> House {
    house_on(Engine::Sqlite).await
}

pub async fn house_on(engine: Engine) -> House {
    let (app, data) = empty(engine);
    let nari = app.set_up(first_day()).await.expect("set up").owner;
    let joon = member(&app, nari, "joon").await;
    let mina = member(&app, nari, "mina").await;
    let garden = closed_space(&app, joon).await;
    let url = invited(app.add_to_space(joon, garden, "sam@example.com", SpaceRole::Guest).await);
    let sam = accept(&app, &url, "sam").await.expect("accepted").0.person;
    House { app, nari, joon, mina, sam, garden, _data: data }
}

pub fn first_day() -> SetUp {
    SetUp {
        workspace: "한빛".into(),
        email: "nari@example.com".into(),
        name: "nari".into(),
        password: PASSWORD.into(),
        language: "ko".into(),
        device: "test".into(),
        for_program: false,
    }
}

/// Invites `name@example.com` as a member and accepts.
pub async fn member(app: &Arc<App>, inviter: PersonId, name: &str) -> PersonId {
    let url = invited(app.invite(inviter, &format!("{name}@example.com"), Role::Member).await);
    accept(app, &url, name).await.expect("accepted").0.person
}

pub async fn closed_space(app: &Arc<App>, host: PersonId) -> SpaceId {
    let new = NewSpace {
        client_id: None,
        name: "정원".into(),
        kind: SpaceKind::Closed,
        description: String::new(),
        team: None,
    };
    app.create_space(host, new).await.expect("a space").space.facts.id
}

/// The secret at the end of the link that the inviter got.
pub fn invited(added: Result<Added>) -> String {
    match added.expect("invited") {
        Added::Invited(invitation) => secret_of(&invitation.url.expect("no mail: the link is shown")),
        Added::In(..) => panic!("an invitation was expected"),
    }
}

pub fn secret_of(url: &str) -> String {
    url.rsplit('/').next().expect("a link ends in its secret").to_owned()
}

pub async fn accept(app: &Arc<App>, secret: &str, name: &str) -> Result<(Session, String, Option<SpaceId>)> {
    app.accept_as_new(secret, name, PASSWORD.into(), "ko", "test").await
}

pub async fn sign_in(app: &Arc<App>, name: &str) -> Result<(Session, String)> {
    app.sign_in(&format!("{name}@example.com"), PASSWORD.into(), "test", None).await
}

pub fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Why the house said no.
pub fn refusal<T>(answer: Result<T>) -> Refusal {
    match answer {
        Err(Error::Refusal(refusal)) => refusal,
        Err(other) => panic!("a refusal was expected, not {other}"),
        Ok(_) => panic!("a refusal was expected"),
    }
}

/// Posts a message and gives its seq.
pub async fn post(house: &House, person: PersonId, space: SpaceId, text: &str) -> i64 {
    let new = NewMessage { text: text.into(), ..NewMessage::default() };
    house.app.post(person, space, new).await.expect("posted").seq
}

/// What the log of the garden holds, payloads opened, removed ones as they are kept.
pub async fn kept(house: &House) -> String {
    let (keyring, garden) = (house.app.keyring.clone(), house.garden);
    let read = house.app.db.read(move |conn| -> Result<String> {
        let workspace = facts::workspaces(conn)?[0].id;
        let mut texts = String::new();
        for seq in 1..200 {
            if let Some(event) = log::event(conn, &keyring, workspace, garden, seq)? {
                texts += &format!("{:?}\n", event.body);
            }
        }
        Ok(texts)
    });
    read.await.expect("read")
}
