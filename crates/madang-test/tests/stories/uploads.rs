//! Files on their way in: tus, interruptions, limits, names.

use std::io::ErrorKind;

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use madang_test::House;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::talk::{PATIENCE, house};

/// An upload as its sender sees it.
pub struct Sending<'a> {
    house: &'a House,
    token: String,
    /// Below `/api/v1`.
    pub path: String,
}

/// A request of tus; gives the status, `Upload-Offset`, and the JSON of the answer.
async fn tus(
    house: &House,
    token: &str,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
    body: Vec<u8>,
) -> Result<(u16, Option<i64>, reqwest::header::HeaderMap, Value)> {
    let mut request = house
        .client
        .request(method.parse()?, house.url(path))
        .bearer_auth(token)
        .header("accept-language", "en")
        .header("tus-resumable", "1.0.0");
    for (name, value) in headers {
        request = request.header(*name, value);
    }
    let answer = request.body(body).send().await?;
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    let offset = headers.get("upload-offset").and_then(|it| it.to_str().ok()?.parse().ok());
    Ok((status, offset, headers, answer.json().await.unwrap_or(Value::Null)))
}

pub async fn begin<'a>(house: &'a House, token: &str, name: &str, length: usize) -> Result<Sending<'a>> {
    let metadata = format!("filename {},filetype {}", STANDARD.encode(name), STANDARD.encode("image/jpeg"));
    let headers = [("upload-length", length.to_string()), ("upload-metadata", metadata)];
    let (status, _, headers, answer) = tus(house, token, "POST", "/uploads", &headers, Vec::new()).await?;
    anyhow::ensure!(status == 201, "{status} {answer}");
    let at = headers.get("location").context("a location")?.to_str()?;
    let path = at.strip_prefix("/api/v1").context("it is ours")?.to_owned();
    anyhow::ensure!(headers.contains_key("upload-expires"), "it says until when");
    Ok(Sending { house, token: token.to_owned(), path })
}

impl Sending<'_> {
    pub async fn send(&self, offset: i64, bytes: &[u8]) -> Result<(u16, Option<i64>, Value)> {
        let headers = [
            ("upload-offset", offset.to_string()),
            ("content-type", "application/offset+octet-stream".to_owned()),
        ];
        let (status, offset, _, answer) =
            tus(self.house, &self.token, "PATCH", &self.path, &headers, bytes.to_vec()).await?;
        Ok((status, offset, answer))
    }

    pub async fn offset(&self) -> Result<(u16, Option<i64>)> {
        let (status, offset, ..) = tus(self.house, &self.token, "HEAD", &self.path, &[], Vec::new()).await?;
        Ok((status, offset))
    }

    pub async fn file(&self) -> Result<(u16, Value)> {
        self.house.ask(Some(&self.token), "GET", &format!("{}/file", self.path), None).await
    }

    /// Sends a part of what was announced, and keeps the line open without sending the rest.
    async fn send_a_part_of(&self, offset: usize, length: usize, part: &[u8]) -> Result<TcpStream> {
        let url = self.house.url(&self.path);
        let (host, path) =
            url.strip_prefix("http://").context("plain http")?.split_once('/').context("a path")?;
        let mut line = TcpStream::connect(host).await?;
        let head = format!(
            "PATCH /{path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\n\
             Upload-Offset: {offset}\r\nContent-Type: application/offset+octet-stream\r\n\
             Content-Length: {length}\r\n\r\n",
            self.token
        );
        line.write_all(head.as_bytes()).await?;
        line.write_all(part).await?;
        Ok(line)
    }

    /// Waits until more than `bytes` of it are on the disk.
    async fn until_on_disk(&self, bytes: u64) -> Result<()> {
        let id = self.path.rsplit('/').next().context("an id")?;
        let spool = self.house.data().join("uploads").join(id);
        let grown = async {
            loop {
                match tokio::fs::metadata(&spool).await {
                    Ok(found) if found.len() > bytes => return Ok(()),
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
                    _ => tokio::task::yield_now().await,
                }
            }
        };
        Ok(tokio::time::timeout(PATIENCE, grown).await.context("nothing came to the disk")??)
    }
}

/// Uploads `bytes` and gives the file.
pub async fn upload(house: &House, token: &str, name: &str, bytes: &[u8]) -> Value {
    let sending = begin(house, token, name, bytes.len()).await.expect("begun");
    if !bytes.is_empty() {
        let (status, offset, answer) = sending.send(0, bytes).await.expect("sent");
        assert_eq!((status, offset), (204, Some(bytes.len() as i64)), "{answer}");
    }
    let (status, answer) = sending.file().await.expect("asked");
    assert_eq!(status, 200, "{answer}");
    answer["file"].clone()
}

/// Posts a message with files and gives its seq.
pub async fn post_files(house: &House, token: &str, space: &str, files: &[&Value]) -> (u16, Value) {
    let ids: Vec<&Value> = files.iter().map(|file| &file["id"]).collect();
    let body = json!({"files": ids});
    house.ask(Some(token), "POST", &format!("/spaces/{space}/messages"), Some(body)).await.expect("asked")
}

/// Bytes that repeat nowhere and are the same each time.
pub fn noise(length: usize) -> Vec<u8> {
    madang_test::tus::noise(0, length)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_interrupted_by_kill_nine_resumes_and_yields_the_same_bytes() {
    let mut house = house().await;
    let bytes = noise(9_000_001);
    let token = house.token.clone();
    let path = {
        let sending = begin(&house, &token, "씨앗.bin", bytes.len()).await.expect("begun");
        let (status, offset, _) = sending.send(0, &bytes[..3_000_000]).await.expect("sent");
        assert_eq!((status, offset), (204, Some(3_000_000)), "this much is acknowledged");
        let rest = bytes.len() - 3_000_000;
        let part = &bytes[3_000_000..6_000_000];
        let line = sending.send_a_part_of(3_000_000, rest, part).await.expect("on its way");
        sending.until_on_disk(3_000_000).await.expect("some of it came");
        drop(line);
        sending.path
    };
    house.kill().await.expect("killed");
    house.start().await.expect("it serves again");
    let sending = Sending { house: &house, token: token.clone(), path };
    let (status, offset) = sending.offset().await.expect("asked");
    let offset = offset.expect("it says how far it is") as usize;
    assert!(status == 200 && (3_000_000..=6_000_000).contains(&offset), "{status}: at {offset}");
    let (status, _, answer) = sending.send(0, &bytes[..10]).await.expect("sent");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("upload_moved")));
    let (status, answer) = sending.file().await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (409, &json!("upload_moved")));
    let (status, end, _) = sending.send(offset as i64, &bytes[offset..]).await.expect("sent");
    assert_eq!((status, end), (204, Some(bytes.len() as i64)));
    let (_, answer) = sending.file().await.expect("asked");
    let file = &answer["file"];
    assert_eq!((&file["name"], &file["size"]), (&json!("씨앗.bin"), &json!(bytes.len())));
    let (_, again) = sending.file().await.expect("asked");
    assert_eq!(&again, &answer, "it is one file, however often it is asked for");
    let url = house.url(&format!("/files/{}/x", file["id"].as_str().expect("an id")));
    let got =
        house.client.get(url).bearer_auth(&token).send().await.expect("asked").bytes().await.expect("read");
    assert!(got == bytes, "the same bytes");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_upload_is_written_by_one_request_at_a_time() {
    let house = house().await;
    let bytes = noise(3_000_000);
    let sending = begin(&house, &house.token, "a.bin", bytes.len()).await.expect("begun");
    let mut first = sending.send_a_part_of(0, bytes.len(), &bytes[..2_000_000]).await.expect("on its way");
    sending.until_on_disk(0).await.expect("the first has the turn");
    // Little enough to be sent before the answer closes the connection.
    let (status, _, answer) = sending.send(0, &bytes[..10]).await.expect("sent");
    assert_eq!((status, &answer["error"]["code"]), (423, &json!("upload_busy")));
    // Whoever asks where it is has lost the first connection: that request ends, and the upload goes on from there.
    let (status, offset) = sending.offset().await.expect("asked");
    let offset = offset.expect("it says how far it is") as usize;
    assert!(status == 200 && offset > 0 && offset <= 2_000_000, "{status}: at {offset}");
    let mut said = vec![0; 12];
    tokio::time::timeout(PATIENCE, first.read_exact(&mut said)).await.expect("in time").expect("an answer");
    assert_eq!(said, b"HTTP/1.1 423");
    let (status, ..) = sending.send(offset as i64, &bytes[offset..]).await.expect("sent");
    assert_eq!(status, 204);
    let (_, answer) = sending.file().await.expect("asked");
    let url = house.url(&format!("/files/{}/a", answer["file"]["id"].as_str().expect("an id")));
    let got = house.client.get(url).bearer_auth(&house.token).send().await.expect("asked");
    assert!(got.bytes().await.expect("read") == bytes, "nothing was mixed");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_too_much_is_refused_with_words() {
    let mut house = House::set_up().expect("a house");
    house.options = ["--upload-limit", "1048576"].map(str::to_owned).to_vec();
    house.start().await.expect("it serves");
    let token = house.token.clone();
    let url = house.url("/uploads");
    let known = house.client.request("OPTIONS".parse().expect("a method"), url).send().await.expect("asked");
    assert_eq!(known.headers()["tus-max-size"], "1048576");
    assert_eq!(known.headers()["tus-extension"], "creation,termination,expiration");
    let headers = [("upload-length", "1048577".to_owned())];
    let (status, _, _, answer) =
        tus(&house, &token, "POST", "/uploads", &headers, vec![]).await.expect("asked");
    assert_eq!((status, &answer["error"]["message"]), (413, &json!("This is too large: at most 1 MB.")));
    // More than was announced is not taken, and what was announced is.
    let sending = begin(&house, &token, "a.txt", 5).await.expect("begun");
    let (status, ..) = sending.send(0, b"hello, world").await.expect("sent");
    assert_eq!(status, 413);
    assert_eq!(sending.offset().await.expect("asked"), (200, Some(0)));
    for _ in 1..100 {
        begin(&house, &token, "a.txt", 5).await.expect("begun");
    }
    let headers = [("upload-length", "5".to_owned())];
    let (status, _, _, answer) =
        tus(&house, &token, "POST", "/uploads", &headers, vec![]).await.expect("asked");
    assert_eq!((status, &answer["error"]["code"]), (422, &json!("too_many")));
    // One given up makes room for another.
    let (status, ..) = tus(&house, &token, "DELETE", &sending.path, &[], vec![]).await.expect("asked");
    assert_eq!(status, 204);
    assert_eq!(sending.offset().await.expect("asked").0, 404);
    begin(&house, &token, "a.txt", 5).await.expect("begun");
}

#[tokio::test(flavor = "multi_thread")]
async fn tus_is_spoken_to_the_letter() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let sending = begin(&house, &house.token, "a.txt", 5).await.expect("begun");
    for (method, path) in [
        ("HEAD", sending.path.clone()),
        ("PATCH", sending.path.clone()),
        ("DELETE", sending.path.clone()),
        ("GET", format!("{}/file", sending.path)),
    ] {
        let headers = [
            ("upload-offset", "0".to_owned()),
            ("content-type", "application/offset+octet-stream".to_owned()),
        ];
        let (status, ..) =
            tus(&house, &joon, method, &path, &headers, b"hello".to_vec()).await.expect("asked");
        assert_eq!(status, 404, "{method}: an upload exists for its sender alone");
    }
    let url = house.url(&sending.path);
    let old = house
        .client
        .head(&url)
        .bearer_auth(&house.token)
        .header("tus-resumable", "0.2.2")
        .send()
        .await
        .expect("asked");
    assert_eq!(
        (old.status().as_u16(), &old.headers()["tus-version"]),
        (412, &"1.0.0".parse().expect("a header"))
    );
    let plain = [("upload-offset", "0".to_owned()), ("content-type", "text/plain".to_owned())];
    let (status, ..) =
        tus(&house, &house.token, "PATCH", &sending.path, &plain, b"hello".to_vec()).await.expect("asked");
    assert_eq!(status, 415);
    for wrong in ["-1", "1e3", "", "99999999999999999999"] {
        let headers = [("upload-length", wrong.to_owned())];
        let (status, ..) =
            tus(&house, &house.token, "POST", "/uploads", &headers, vec![]).await.expect("asked");
        assert_eq!(status, 422, "a length of {wrong:?}");
    }
    assert_eq!(sending.send(0, b"he").await.expect("sent").1, Some(2));
    assert_eq!(sending.send(2, b"llo").await.expect("sent").1, Some(5));
    assert_eq!(sending.offset().await.expect("asked"), (200, Some(5)));
    let (_, answer) = sending.file().await.expect("asked");
    assert_eq!(answer["file"]["type"], "text/plain");
    let empty = upload(&house, &house.token, "nothing", b"").await;
    assert_eq!(empty["size"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_from_outside_is_a_name_and_no_path() {
    let house = house().await;
    let long = "가".repeat(1_000) + ".pdf";
    for (given, kept) in [
        ("../../root.key", "_.._root.key"),
        ("/etc/passwd", "_etc_passwd"),
        ("photo\u{202e}gpj.exe", "photogpj.exe"),
        ("a\0b.txt", "ab.txt"),
        ("NUL", "_NUL"),
        (&long, &format!("{}.pdf", "가".repeat(83))),
    ] {
        let file = upload(&house, &house.token, given, b"hello").await;
        assert_eq!(file["name"], kept, "{given:?}");
        let url = house.url(&format!("/files/{}/x", file["id"].as_str().expect("an id")));
        let got = house.client.get(url).bearer_auth(&house.token).send().await.expect("asked");
        let shown = got.headers()["content-disposition"].to_str().expect("ASCII").to_owned();
        assert!(shown.starts_with("attachment; filename=\"") && !shown.contains(['/', '\\']), "{shown}");
    }
    // Everything lies where we put it.
    let mut names = Vec::new();
    for entry in std::fs::read_dir(house.data()).expect("the data folder") {
        names.push(entry.expect("an entry").file_name().into_string().expect("a name"));
    }
    let databases = ["madang.db", "keys.db", "search.db"];
    names.retain(|name| !databases.iter().any(|database| name.starts_with(database)));
    names.sort();
    assert_eq!(names, ["files", "root.key", "serving.lock", "uploads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unfinished_uploads_of_one_person_have_a_limit_together() {
    let mut house = House::set_up().expect("a house");
    house.options =
        ["--upload-limit", "1048576", "--unfinished-limit", "2097152"].map(str::to_owned).to_vec();
    house.start().await.expect("it serves");
    let (_, joon) = house.member("joon").expect("joon");
    let token = house.token.clone();
    let first = begin(&house, &token, "a.bin", 1 << 20).await.expect("begun");
    let second = begin(&house, &token, "b.bin", 1 << 20).await.expect("begun");
    let headers = [("upload-length", "1".to_owned())];
    let url = house.url("/uploads");
    for (language, words) in [
        (
            "en",
            "Your unfinished uploads would be more than 2 MB together. Let some finish or cancel them, then try again.",
        ),
        ("ko", "올리다 만 파일이 모두 합쳐 2 MB를 넘게 돼요. 올리던 것을 마치거나 취소한 뒤 다시 해 주세요."),
    ] {
        let request = house.client.post(&url).bearer_auth(&token).header("accept-language", language);
        let request = request.header("tus-resumable", "1.0.0").header("upload-length", "1");
        let answer = request.send().await.expect("asked");
        assert_eq!(answer.status(), 413);
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["error"]["code"], "too_much_unfinished");
        assert_eq!(answer["error"]["message"], words);
    }
    begin(&house, &joon, "c.bin", 1 << 20).await.expect("others are not concerned");
    // A finished one makes place, and so does one given up.
    let (status, ..) = first.send(0, &noise(1 << 20)).await.expect("sent");
    assert_eq!(status, 204);
    let third = begin(&house, &token, "d.bin", 1 << 20).await.expect("begun");
    let (status, ..) = tus(&house, &token, "DELETE", &second.path, &[], vec![]).await.expect("asked");
    assert_eq!(status, 204);
    begin(&house, &token, "e.bin", 1 << 20).await.expect("begun");
    let (status, ..) = tus(&house, &token, "POST", "/uploads", &headers, vec![]).await.expect("asked");
    assert_eq!(status, 413);
    assert_eq!(third.offset().await.expect("asked"), (200, Some(0)), "what is under way goes on");
}
