//! A site on this machine, with pages that mean well and pages that do not.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat};
use parking_lot::Mutex;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub path: String,
    pub headers: HashMap<String, String>,
}

pub struct Site {
    pub address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Site {
    pub async fn open() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let seen = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let seen = seen.clone();
                // Whoever hangs up is done with us.
                tokio::spawn(async move { drop(answer(stream, address, &seen).await) });
            }
        });
        Site { address, asked }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What was asked for this path.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().iter().filter(|it| it.path == path).cloned().collect()
    }
}

async fn answer(stream: TcpStream, us: SocketAddr, seen: &Mutex<Vec<Asked>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    seen.lock().push(Asked { path: path.clone(), headers });
    let stream = stream.get_mut();
    if path == "/slow" {
        // Says that it will, and never does.
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<title>slow").await?;
        return std::future::pending().await;
    }
    let (head, body) = page(&path, us);
    stream.write_all(format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n").as_bytes()).await?;
    stream.write_all(&body).await
}

const HTML: &str = "200 OK\r\ncontent-type: text/html";

fn page(path: &str, us: SocketAddr) -> (String, Vec<u8>) {
    let html = |text: &str| (HTML.to_owned(), text.as_bytes().to_vec());
    let with_picture =
        |picture: &str| html(&format!("<title>페이지</title><meta property=og:image content={picture}>"));
    let to = |target: &str| (format!("302 Found\r\nlocation: {target}"), Vec::new());
    match path {
        "/page" => html(
            "<!doctype html><meta charset=utf-8><title>Not this</title><meta property='og:title' content='봄 &amp; 정원'>
             <meta name=description content='꽃이 피는 순서'><meta property='og:site_name' content='정원 신문'>
             <meta property='og:image' content='/picture'>",
        ),
        // Whatever it says that it is: the content counts.
        "/picture" => ("200 OK\r\ncontent-type: text/plain".into(), picture()),
        // 마당, in EUC-KR, by a server that says nothing of it.
        "/euc-kr" => (HTML.to_owned(), b"<title>\xb8\xb6\xb4\xe7</title>".to_vec()),
        "/moved" => to("/page"),
        "/huge" => html(&format!("<title>Long</title>{}", "x".repeat(5 << 20))),
        "/late" => html(&format!("{}<title>Beyond</title>", "x".repeat(1 << 20))),
        "/inside" => to("https://169.254.169.254/latest/meta-data"),
        "/other-port" => to("http://127.0.0.2/"),
        "/file" => to("file:///etc/passwd"),
        "/loop" => to("/loop"),
        "/squeezed" => (format!("{HTML}\r\ncontent-encoding: gzip"), b"<title>gzip</title>".to_vec()),
        "/gone" => ("404 Not Found\r\ncontent-type: text/html".into(), b"<title>Not found</title>".to_vec()),
        "/data" => ("200 OK\r\ncontent-type: application/json".into(), b"<title>no page</title>".to_vec()),
        "/svg" => with_picture("/drawing.svg"),
        "/drawing.svg" => (
            "200 OK\r\ncontent-type: image/png".into(),
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        ),
        "/html-as-picture" => with_picture("/page"),
        "/bomb" => with_picture("/bomb.png"),
        "/bomb.png" => ("200 OK\r\ncontent-type: image/png".into(), bomb()),
        "/picture-inside" => with_picture("https://10.0.0.1/camera.jpg"),
        "/picture-huge" => with_picture("/huge"),
        "/own" => with_picture(&format!("http://{us}/picture")),
        _ => ("500 Internal Server Error".into(), Vec::new()),
    }
}

fn picture() -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    let pixels = image::RgbImage::from_fn(640, 320, |x, y| image::Rgb([x as u8, y as u8, 90]));
    DynamicImage::from(pixels).write_to(&mut out, ImageFormat::Png).expect("encoded");
    out.into_inner()
}

/// A PNG whose header promises 30,000 by 30,000 pixels; its check sum does not even fit.
fn bomb() -> Vec<u8> {
    let mut made = picture();
    made[16..20].copy_from_slice(&30_000u32.to_be_bytes());
    made[20..24].copy_from_slice(&30_000u32.to_be_bytes());
    made
}
