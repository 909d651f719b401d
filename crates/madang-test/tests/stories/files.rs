//! Files that are there: who gets them, in what parts, and what is in them.

use std::io::Cursor;
use std::path::Path;
use std::time::{Duration, Instant};

use image::{DynamicImage, ImageFormat};
use madang_test::House;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::talk::{PATIENCE, add, house, new_space};
use crate::uploads::{noise, post_files, upload};

/// What came back for a file.
struct Got {
    status: u16,
    headers: HeaderMap,
    bytes: Vec<u8>,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|it| it.to_str().ok()).unwrap_or_default()
    }
}

async fn get(house: &House, token: &str, path: &str, headers: &[(&str, &str)]) -> Got {
    let mut request = house.client.get(house.url(path)).bearer_auth(token);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.expect("asked");
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Got { status, headers, bytes: answer.bytes().await.expect("read").to_vec() }
}

fn id(file: &Value) -> &str {
    file["id"].as_str().expect("an id")
}

fn content(file: &Value) -> String {
    format!("/files/{}/x", id(file))
}

fn picture(width: u32, height: u32) -> DynamicImage {
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90])).into()
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).expect("encoded");
    out.into_inner()
}

/// A photo on its side, with the place where it was taken (Exif 3.0, 4.6.7).
fn photo_with_place() -> Vec<u8> {
    let plain = encoded(&picture(640, 480), ImageFormat::Jpeg);
    let exif: &[u8] = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x02\
        \x01\x12\0\x03\0\0\0\x01\0\x06\0\0\
        \x88\x25\0\x04\0\0\0\x01\0\0\0\x26\
        \0\0\0\0\
        \0\x01\0\x02\0\x05\0\0\0\x03\0\0\0\x38\0\0\0\0\
        \0\0\0\x25\0\0\0\x01\0\0\0\x21\0\0\0\x01\0\0\0\x3b\0\0\0\x01";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, exif, &plain[2..]].concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_given_in_parts_and_whole() {
    let house = house().await;
    let bytes = noise(300_000);
    let file = upload(&house, &house.token, "노래.bin", &bytes).await;
    let (status, answer) = post_files(&house, &house.token, &house.space, &[&file]).await;
    assert_eq!((status, &answer["event"]["body"]["files"][0]), (201, &file));
    let whole = get(&house, &house.token, &content(&file), &[("accept-encoding", "gzip, br")]).await;
    assert!(whole.status == 200 && whole.bytes == bytes);
    assert_eq!((whole.header("accept-ranges"), whole.header("content-encoding")), ("bytes", ""));
    let tag = whole.header("etag").to_owned();
    for (range, from, to) in
        [("bytes=0-0", 0, 1), ("bytes=1000-1999", 1_000, 2_000), ("bytes=-7", 299_993, 300_000)]
    {
        let part = get(&house, &house.token, &content(&file), &[("range", range), ("if-range", &tag)]).await;
        assert!(part.status == 206 && part.bytes == bytes[from..to], "{range}");
        assert_eq!(part.header("content-range"), format!("bytes {from}-{}/300000", to - 1));
    }
    let behind = get(&house, &house.token, &content(&file), &[("range", "bytes=300000-")]).await;
    assert_eq!((behind.status, behind.header("content-range")), (416, "bytes */300000"));
    let other =
        get(&house, &house.token, &content(&file), &[("range", "bytes=0-1"), ("if-range", "\"other\"")])
            .await;
    assert_eq!((other.status, other.bytes.len()), (200, 300_000));
    let known = get(&house, &house.token, &content(&file), &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    let head =
        house.client.head(house.url(&content(&file))).bearer_auth(&house.token).send().await.expect("asked");
    assert_eq!(
        (head.status().as_u16(), &head.headers()["content-length"]),
        (200, &"300000".parse().expect("a header"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_for_those_who_may_read_its_message_now() {
    let house = house().await;
    let (_, joon) = house.member("joon").expect("joon");
    let (_, mina) = house.member("mina").expect("mina");
    let space = new_space(&house, &house.token, "closed").await;
    add(&house, &space, "joon@example.com").await;
    let photo = encoded(&picture(400, 300), ImageFormat::Png);
    let file = upload(&house, &house.token, "비밀.png", &photo).await;
    let thumb = format!("/files/{}/thumb?w=320", id(&file));
    let as_picture = format!("/pictures/{}?w=96", id(&file));
    let all = [content(&file), thumb, as_picture];
    for path in &all {
        assert_eq!(get(&house, &house.token, path, &[]).await.status, 200, "its sender has {path}");
        assert_eq!(
            get(&house, &joon, path, &[]).await.status,
            404,
            "nobody else has {path} before it is posted"
        );
    }
    let (status, answer) = post_files(&house, &joon, &space, &[&file]).await;
    assert_eq!((status, &answer["error"]["code"]), (403, &json!("file_not_usable")), "it is not his to post");
    let (status, posted) = post_files(&house, &house.token, &space, &[&file]).await;
    assert_eq!(status, 201);
    let (status, _) = post_files(&house, &house.token, &house.space, &[&file]).await;
    assert_eq!(status, 403, "a file is posted once");
    for path in &all {
        assert_eq!(get(&house, &joon, path, &[]).await.status, 200, "{path} is for who reads the space");
        assert_eq!(get(&house, &mina, path, &[]).await.status, 404, "{path} is for nobody else");
    }
    let body = json!({"picture": id(&file)});
    for (token, path) in [
        (&joon, "/me".to_owned()),
        (&house.token, "/me".to_owned()),
        (&house.token, format!("/spaces/{space}")),
    ] {
        let (status, answer) =
            house.ask(Some(token), "PATCH", &path, Some(body.clone())).await.expect("asked");
        assert_eq!(
            (status, &answer["error"]["code"]),
            (403, &json!("file_not_usable")),
            "no picture of {path}"
        );
    }
    // Taken out of the space, he has it no longer, also not a part of it that he has begun to read.
    let path = format!("/spaces/{space}/members/joon@example.com");
    house.ask(Some(&house.token), "DELETE", &path, None).await.expect("asked");
    let removed = Instant::now();
    for path in &all {
        let known = get(&house, &house.token, path, &[]).await.header("etag").to_owned();
        for headers in [vec![], vec![("range", "bytes=0-9")], vec![("if-none-match", known.as_str())]] {
            assert_eq!(get(&house, &joon, path, &headers).await.status, 404);
        }
    }
    assert!(removed.elapsed() < Duration::from_secs(1), "within a second");
    let seq = posted["event"]["seq"].as_i64().expect("a seq");
    house
        .ask(Some(&house.token), "DELETE", &format!("/spaces/{space}/messages/{seq}"), None)
        .await
        .expect("asked");
    for path in &all {
        assert_eq!(get(&house, &house.token, path, &[]).await.status, 404, "a removed message has no files");
    }
    let (_, listed) =
        house.ask(Some(&house.token), "GET", &format!("/spaces/{space}/files"), None).await.expect("asked");
    assert_eq!(listed["files"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_photo_is_shown_upright_without_the_place_where_it_was_taken() {
    let house = house().await;
    let photo = photo_with_place();
    let place = b"\0\0\0\x25\0\0\0\x01\0\0\0\x21\0\0\0\x01";
    assert!(contains(&photo, place));
    let file = upload(&house, &house.token, "산책.jpg", &photo).await;
    assert_eq!(
        (&file["type"], &file["width"], &file["height"], &file["thumb"]),
        (&json!("image/jpeg"), &json!(480), &json!(640), &json!(true))
    );
    let original = get(&house, &house.token, &content(&file), &[]).await;
    assert!(!contains(&original.bytes, place), "others do not learn where it was taken");
    let pixels =
        |bytes: &[u8]| image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).expect("a photo");
    assert_eq!(pixels(&original.bytes).as_bytes(), pixels(&photo).as_bytes(), "every pixel is there");
    assert!(contains(&original.bytes, b"\x01\x12\0\x03\0\0\0\x01\0\x06"), "it knows which side is up");
    let thumb = get(&house, &house.token, &format!("/files/{}/thumb?w=320", id(&file)), &[]).await;
    assert_eq!((thumb.status, thumb.header("content-type")), (200, "image/jpeg"));
    let small = pixels(&thumb.bytes);
    assert_eq!((small.width(), small.height()), (320, 427));
    assert!(!contains(&thumb.bytes, b"Exif"));
    // Lost small pictures (a restore brings none) are made again.
    std::fs::remove_dir_all(house.data().join("files/made")).expect("removed");
    let path = format!("/files/{}/thumb?w=320", id(&file));
    let asked = (0..8).map(|_| get(&house, &house.token, &path, &[]));
    let again = get(&house, &house.token, &path, &[]).await;
    assert!(again.status == 200 && again.bytes == thumb.bytes);
    for more in futures_util::future::join_all(asked).await {
        assert!(more.bytes == thumb.bytes);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_people_and_spaces_are_square_and_for_the_house() {
    let house = house().await;
    let (_, mina) = house.member("mina").expect("mina");
    let mut ids = Vec::new();
    for path in ["/me".to_owned(), format!("/spaces/{}", house.space)] {
        let file =
            upload(&house, &house.token, "나.gif", &encoded(&picture(500, 200), ImageFormat::Gif)).await;
        let body = Some(json!({"picture": id(&file)}));
        let (status, answer) = house.ask(Some(&house.token), "PATCH", &path, body).await.expect("asked");
        assert_eq!(status, 200, "{answer}");
        ids.push(id(&file).to_owned());
    }
    let (_, me) = house.ask(Some(&house.token), "GET", "/me", None).await.expect("asked");
    assert_eq!(me["me"]["picture"], ids[0].as_str());
    let (_, space) =
        house.ask(Some(&mina), "GET", &format!("/spaces/{}", house.space), None).await.expect("asked");
    assert_eq!(space["space"]["picture"], ids[1].as_str());
    for picture in &ids {
        for (asked, side) in [("96", 96), ("288", 200)] {
            let got = get(&house, &mina, &format!("/pictures/{picture}?w={asked}"), &[]).await;
            let shown = image::load_from_memory(&got.bytes).expect("a picture");
            assert_eq!((got.status, shown.width(), shown.height()), (200, side, side));
        }
    }
    // Replaced or taken away, it is served to nobody any more, at once.
    let other = upload(&house, &house.token, "새.png", &encoded(&picture(60, 60), ImageFormat::Png)).await;
    for (path, body, gone) in [
        ("/me".to_owned(), json!({"picture": id(&other)}), &ids[0]),
        (format!("/spaces/{}", house.space), json!({"picture": null}), &ids[1]),
    ] {
        let (status, answer) =
            house.ask(Some(&house.token), "PATCH", &path, Some(body)).await.expect("asked");
        assert_eq!(status, 200, "{answer}");
        for token in [&mina, &house.token] {
            for path in [format!("/pictures/{gone}?w=96"), format!("/files/{gone}/x")] {
                assert_eq!(get(&house, token, &path, &[]).await.status, 404, "{path}");
            }
        }
    }
    assert_eq!(get(&house, &mina, &format!("/pictures/{}?w=96", id(&other)), &[]).await.status, 200);
    let text = upload(&house, &house.token, "a.png", b"not a picture").await;
    let body = Some(json!({"picture": id(&text)}));
    let (status, _) = house.ask(Some(&house.token), "PATCH", "/me", body).await.expect("asked");
    assert_eq!(status, 403, "what is no picture is nobody's picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_lie_are_harmless() {
    let house = house().await;
    let page = b"<!DOCTYPE html><script>alert(document.cookie)</script>".to_vec();
    let drawing =
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>".to_vec();
    let document = b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj".to_vec();
    let both = [&b"GIF89a/*"[..], &page, b"*/=1;"].concat();
    let hidden = [encoded(&picture(20, 20), ImageFormat::Png), page.clone()].concat();
    let sheet = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: text/html\n\n<script>alert(1)</script>\n--x--".to_vec();
    for (name, bytes, kind, inline) in [
        ("a.jpg", &page, "text/plain", "text/plain; charset=utf-8"),
        ("a.html", &page, "text/plain", "text/plain; charset=utf-8"),
        ("a.svg", &drawing, "text/plain", "text/plain; charset=utf-8"),
        ("a.mhtml", &sheet, "text/plain", "text/plain; charset=utf-8"),
        ("a.pdf", &document, "application/pdf", "application/pdf"),
        ("a.gif", &both, "application/octet-stream", "application/octet-stream"),
        ("a.png", &hidden, "image/png", "image/png"),
    ] {
        let file = upload(&house, &house.token, name, bytes).await;
        assert_eq!(file["type"], kind, "{name}");
        for (path, expected, how) in [
            (content(&file), "application/octet-stream", "attachment"),
            (
                format!("{}?inline=1", content(&file)),
                inline,
                if kind == inline && kind == "application/octet-stream" { "attachment" } else { "inline" },
            ),
        ] {
            let got = get(&house, &house.token, &path, &[]).await;
            assert_eq!((got.status, got.header("content-type")), (200, expected), "{name}");
            assert!(got.header("content-disposition").starts_with(how), "{name}");
            assert_eq!(got.header("x-content-type-options"), "nosniff", "{name}");
            let policy = got.header("content-security-policy");
            assert!(policy.contains("default-src 'none'") && !policy.contains("script"), "{name}: {policy}");
            assert!(
                kind == "application/pdf"
                    || expected == "application/octet-stream"
                    || policy.starts_with("sandbox;"),
                "{name}: {policy}"
            );
            assert!(
                !contains(&got.bytes, b"<script>") || kind != "image/png",
                "nothing is hidden behind a picture"
            );
        }
        let thumb = get(&house, &house.token, &format!("/files/{}/thumb?w=320", id(&file)), &[]).await;
        assert_eq!(thumb.status, if kind == "image/png" { 200 } else { 404 }, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_unfolds_without_end_is_kept_folded() {
    let house = house().await;
    // A few kilobytes that promise 30,000 by 30,000 pixels, in two formats.
    let mut jpeg = encoded(&picture(16, 16), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|it| it == [0xff, 0xc0]).expect("a frame");
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
    let mut gif = encoded(&picture(16, 16), ImageFormat::Gif);
    gif[6..10].copy_from_slice(&[0x30, 0x75, 0x30, 0x75]);
    for (name, bytes) in [("a.jpg", jpeg), ("a.gif", gif)] {
        let begun = Instant::now();
        let file = upload(&house, &house.token, name, &bytes).await;
        assert_eq!((&file["thumb"], &file["width"]), (&Value::Null, &Value::Null), "{name}");
        assert!(begun.elapsed() < PATIENCE, "nobody waits for it");
        let got = get(&house, &house.token, &format!("{}?inline=1", content(&file)), &[]).await;
        assert!(got.header("content-disposition").starts_with("attachment"), "{name} is not shown");
    }
}

/// Contents in the folder of files, without what was made of them.
fn contents(house: &House) -> Vec<String> {
    fn walk(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder").flatten() {
            let name = entry.file_name().into_string().expect("a name");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !matches!(name.as_str(), "made" | "incoming") => {
                    walk(&entry.path(), found)
                }
                Ok(kind) if kind.is_file() => found.push(name),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(&house.data().join("files"), &mut found);
    found.sort();
    found
}

async fn until_contents_are(house: &House, count: usize) {
    let cleared = async {
        while contents(house).len() != count {
            tokio::task::yield_now().await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, cleared).await;
    assert!(waited.is_ok(), "{count} contents are expected, and there are {:?}", contents(house));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_is_kept_once_and_goes_with_its_last_message() {
    let mut house = house().await;
    let token = house.token.clone();
    let (same, other) = (noise(5_000), noise(6_000));
    let mut posted = Vec::new();
    for bytes in [&same, &same, &other] {
        let file = upload(&house, &token, "a.bin", bytes).await;
        let (_, answer) = post_files(&house, &token, &house.space, &[&file]).await;
        posted.push((file, answer["event"]["seq"].as_i64().expect("a seq")));
    }
    assert_eq!(contents(&house).len(), 2, "the same bytes lie there once");
    let remove = |seq: i64| format!("/spaces/{}/messages/{seq}", house.space);
    let (first, third) = (remove(posted[0].1), remove(posted[2].1));
    let second = remove(posted[1].1);
    for path in [first, third] {
        house.ask(Some(&token), "DELETE", &path, None).await.expect("asked");
    }
    // What is over is cleared away at the start, among other times. The third one was alone with its content.
    house.stop().await.expect("stopped");
    house.start().await.expect("it serves again");
    until_contents_are(&house, 1).await;
    let got = get(&house, &token, &content(&posted[1].0), &[]).await;
    assert!(got.status == 200 && got.bytes == same, "the second message has its file still");
    house.ask(Some(&token), "DELETE", &second, None).await.expect("asked");
    house.stop().await.expect("stopped");
    house.start().await.expect("it serves again");
    until_contents_are(&house, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forward_keeps_its_files_when_the_first_message_goes() {
    let house = house().await;
    let bytes = noise(5_000);
    let file = upload(&house, &house.token, "a.bin", &bytes).await;
    let (_, posted) = post_files(&house, &house.token, &house.space, &[&file]).await;
    let seq = posted["event"]["seq"].as_i64().expect("a seq");
    let space = new_space(&house, &house.token, "closed").await;
    let body = json!({"text": "", "forward": {"space": house.space, "seq": seq}});
    let (status, forward) = house
        .ask(Some(&house.token), "POST", &format!("/spaces/{space}/messages"), Some(body))
        .await
        .expect("asked");
    assert_eq!(status, 201, "{forward}");
    let copy = &forward["event"]["body"]["files"][0];
    assert_ne!(copy["id"], file["id"]);
    house
        .ask(Some(&house.token), "DELETE", &format!("/spaces/{}/messages/{seq}", house.space), None)
        .await
        .expect("asked");
    assert_eq!(get(&house, &house.token, &content(&file), &[]).await.status, 404);
    assert!(get(&house, &house.token, &content(copy), &[]).await.bytes == bytes);
}
