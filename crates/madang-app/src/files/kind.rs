//! What a file is: told by its content, never by its name or by what the sender says.

use std::io::Read;
use std::path::Path;

use image::ImageFormat;
use madang_model::FileRef;

/// Looked at from the beginning of a file.
const HEAD: u64 = 64 << 10;

pub(super) const UNKNOWN: &str = "application/octet-stream";
const TEXT: &str = "text/plain";

/// The media type found at the beginning of a file.
pub(super) fn of_file(path: &Path) -> std::io::Result<&'static str> {
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(of_head(&head))
}

/// The media type of what begins so.
pub(super) fn of_head(head: &[u8]) -> &'static str {
    match infer::get(head).map(|found| found.mime_type()) {
        Some("audio/m4a") => "audio/mp4",
        Some("audio/x-flac") => "audio/flac",
        Some("audio/x-wav") => "audio/wav",
        Some("video/x-m4v") => "video/mp4",
        // Pages and scripts are text to us: shown as written, never run.
        Some(found) if !found.starts_with("text/") => found,
        _ if is_text(head) => TEXT,
        _ => UNKNOWN,
    }
}

/// UTF-8 without control characters; the last character may be cut.
fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&head[..error.valid_up_to()]).expect("it is valid up to there")
        }
        Err(_) => return false,
    };
    let fine = |it: char| !it.is_control() || matches!(it, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}');
    !valid.is_empty() && valid.chars().all(fine)
}

/// The decoder for a media type. Only these four are ever opened.
pub(super) fn picture(media_type: &str) -> Option<ImageFormat> {
    match media_type {
        "image/jpeg" => Some(ImageFormat::Jpeg),
        "image/png" => Some(ImageFormat::Png),
        "image/webp" => Some(ImageFormat::WebP),
        "image/gif" => Some(ImageFormat::Gif),
        _ => None,
    }
}

/// Made of boxes as QuickTime began it; what is said about the film stands in some of them.
pub(super) fn is_film(media_type: &str) -> bool {
    matches!(media_type, "video/mp4" | "video/quicktime" | "audio/mp4")
}

/// The `Content-Type` under which a file may be shown in place; none when it is only to be saved.
pub fn inline_type(file: &FileRef) -> Option<&'static str> {
    const PLAYED: [&str; 10] = [
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/opus",
        "audio/flac",
        "audio/wav",
        "audio/aac",
        "video/mp4",
        "video/webm",
        "video/quicktime",
    ];
    match file.media_type.as_str() {
        TEXT => Some("text/plain; charset=utf-8"),
        "application/pdf" => Some("application/pdf"),
        // Only what our own decoder has read to its end.
        "image/jpeg" if file.thumb => Some("image/jpeg"),
        "image/png" if file.thumb => Some("image/png"),
        "image/webp" if file.thumb => Some("image/webp"),
        "image/gif" if file.thumb => Some("image/gif"),
        other => PLAYED.into_iter().find(|it| *it == other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_tells_what_a_file_is() {
        for (head, kind) in [
            (&b"\xff\xd8\xff\xe0\x00\x10JFIF"[..], "image/jpeg"),
            (b"%PDF-1.7\n", "application/pdf"),
            (b"<!DOCTYPE html><script>alert(1)</script>", TEXT),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", TEXT),
            (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", TEXT),
            (b"#!/bin/sh\nrm -rf x\n", TEXT),
            ("마당에 핀 꽃\n".as_bytes(), TEXT),
            (&"마당".as_bytes()[..4], TEXT),
            (b"MZ\x90\x00\x03\x00", "application/vnd.microsoft.portable-executable"),
            (b"a\x00b", UNKNOWN),
            (b"\xff\xfe\xfd", UNKNOWN),
            (b"", UNKNOWN),
        ] {
            assert_eq!(of_head(head), kind, "{:?}", String::from_utf8_lossy(head));
        }
    }
}
