//! Files.

use madang_model::{FileId, FileRef, PersonId};
use serde_json::{Value, json};

use super::names::{House, file_id, made_at, person_id};

/// Where a file is fetched with a token.
#[must_use]
pub fn file_link(house: &House, file: FileId, name: &str) -> String {
    format!("{}/files-pri/{}-{}/{}", house.url, house.team(), file_id(file), in_address(name))
}

/// A file. `shown_in`: the conversations in which it is, by their ids.
#[must_use]
pub fn file(file: &FileRef, uploader: PersonId, house: &House, shown_in: &[String]) -> Value {
    let of = |letter: char| -> Vec<&String> { shown_in.iter().filter(|it| it.starts_with(letter)).collect() };
    let link = file_link(house, file.id, &file.name);
    let kind = kind_of(file);
    let mut shape = json!({
        "id": file_id(file.id),
        "created": made_at(file.id.0),
        "timestamp": made_at(file.id.0),
        "name": file.name,
        "title": file.name,
        "mimetype": file.media_type,
        "filetype": kind,
        "pretty_type": kind.to_uppercase(),
        "user": person_id(uploader),
        "user_team": house.team(),
        "editable": false,
        "size": file.size,
        "mode": "hosted",
        "is_external": false,
        "external_type": "",
        "is_public": !of('C').is_empty(),
        "public_url_shared": false,
        "display_as_bot": false,
        "username": "",
        "url_private": link,
        "url_private_download": format!("{link}?download=1"),
        "media_display_type": "unknown",
        "permalink": format!("{}/files/{}/{}", house.url, person_id(uploader), file_id(file.id)),
        "has_rich_preview": false,
        "file_access": "visible",
        "channels": of('C'),
        "groups": of('G'),
        "ims": of('D'),
        "comments_count": 0,
    });
    if let (Some(width), Some(height), true) = (file.width, file.height, file.thumb) {
        shape["original_w"] = json!(width);
        shape["original_h"] = json!(height);
        for size in ["360", "720"] {
            shape[format!("thumb_{size}")] = json!(format!("{link}?thumb={size}"));
        }
    }
    shape
}

/// Slack's word for what it is: mostly the end of its name.
fn kind_of(file: &FileRef) -> String {
    let end = file.name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
    match (end.as_deref(), file.media_type.as_str()) {
        (Some("jpeg"), _) => "jpg".to_owned(),
        (Some("txt"), _) => "text".to_owned(),
        (Some(end), _)
            if (1..=8).contains(&end.len()) && end.bytes().all(|it| it.is_ascii_alphanumeric()) =>
        {
            end.to_owned()
        }
        (_, "image/png") => "png".to_owned(),
        (_, "image/jpeg") => "jpg".to_owned(),
        (_, kind) if kind.starts_with("text/") => "text".to_owned(),
        _ => "binary".to_owned(),
    }
}

/// A name as a part of an address.
pub fn in_address(name: &str) -> String {
    let mut out = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
