//! Forms in parts: some senders hand files over so, and some libraries send every call so.

use axum::body::Bytes;
use futures_util::stream;
use serde_json::Value;

use crate::args::Args;
use crate::fail::Fail;

/// A file that came with a call.
#[derive(Debug, Clone)]
pub struct SentFile {
    pub name: Option<String>,
    pub content: Bytes,
}

/// The arguments of a call, and a file, if there is one.
///
/// # Errors
/// As `Args::read`.
pub async fn read(
    query: Option<&str>,
    content_type: &str,
    body: Bytes,
) -> Result<(Args, Option<SentFile>), Fail> {
    let Ok(boundary) = multer::parse_boundary(content_type) else {
        return Ok((Args::read(query, content_type, &body)?, None));
    };
    let mut args = Args::read(query, "", b"")?;
    let (fields, file) = fields(boundary, body).await?;
    for (name, value) in fields {
        args.0.insert(name, Value::String(value));
    }
    Ok((args, file))
}

/// The texts of a form, and its first file.
///
/// # Errors
/// `invalid_form_data`.
pub async fn fields(
    boundary: String,
    body: Bytes,
) -> Result<(Vec<(String, String)>, Option<SentFile>), Fail> {
    let wrong = |_| Fail::new("invalid_form_data");
    let whole = stream::iter([Ok::<_, std::convert::Infallible>(body)]);
    let mut form = multer::Multipart::new(whole, boundary);
    let (mut fields, mut file) = (Vec::new(), None);
    while let Some(field) = form.next_field().await.map_err(wrong)? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content = field.bytes().await.map_err(wrong)?;
        if file_name.is_some() || matches!(name.as_str(), "file" | "body" | "image") {
            file.get_or_insert(SentFile { name: file_name, content });
        } else {
            fields.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
    }
    Ok((fields, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_form_in_parts_is_arguments_and_a_file() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"channels\"\r\n\r\nC1\r\n--x\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nhello\r\n--x--\r\n";
        let kind = "multipart/form-data; boundary=x";
        let (args, file) = read(Some("token=xoxb-1"), kind, Bytes::from(body)).await.expect("a form");
        let file = file.expect("a file");
        assert_eq!(
            (args.text("channels").as_deref(), args.text("token").as_deref()),
            (Some("C1"), Some("xoxb-1"))
        );
        assert_eq!((file.name.as_deref(), file.content.as_ref()), (Some("a.txt"), b"hello".as_ref()));
        let broken = read(None, kind, Bytes::from("--x\r\nno")).await;
        assert_eq!(broken.expect_err("broken").code, "invalid_form_data");
    }
}
