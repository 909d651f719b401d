//! Runs ffmpeg: found on the path or named, at the lowest priority, watched and stopped.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::Ordering;

use anyhow::{Context, bail};

use super::Film;
use super::plan::{Ability, Plan};

/// Fonts that have the letters of Korean and Latin, or of Latin alone.
const FONTS: [&str; 7] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/nanum/NanumGothic.ttf",
    "/System/Library/Fonts/AppleSDGothicNeo.ttc",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/dejavu/DejaVuSans.ttf",
];
/// Of what it says when it fails.
const WORDS: u64 = 4_000;

/// ffmpeg on the path of this process.
pub fn find_ffmpeg(path: Option<&OsStr>) -> Option<PathBuf> {
    std::env::split_paths(path?).map(|folder| folder.join("ffmpeg")).find(|it| it.is_file())
}

/// # Errors
/// When it does not run.
pub fn ability(ffmpeg: &Path) -> anyhow::Result<Ability> {
    let ask = |what: &str| -> anyhow::Result<String> {
        let told = Command::new(ffmpeg).args(["-hide_banner", what]).stdin(Stdio::null()).output();
        let told = told.with_context(|| format!("{} does not run", ffmpeg.display()))?;
        Ok(String::from_utf8_lossy(&told.stdout).into_owned())
    };
    let encoders = ask("-encoders")?;
    let has = |list: &str, name: &str| list.lines().any(|line| line.split(' ').any(|word| word == name));
    let draws = has(&ask("-filters")?, "drawtext");
    let font = FONTS.into_iter().find(|it| draws && Path::new(it).is_file());
    Ok(Ability { x264: has(&encoders, "libx264"), aac: has(&encoders, "aac"), font: font.map(str::to_owned) })
}

/// # Errors
/// When it fails, with what it said, or when the film is stopped.
pub fn run(ffmpeg: &Path, folder: &Path, plan: &Plan, film: &Film) -> anyhow::Result<()> {
    // Whoever writes messages goes first.
    let mut command = Command::new("nice");
    command.args(["-n", "19"]).arg(ffmpeg);
    command.args(&plan.arguments).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::piped());
    let words = folder.join("ffmpeg.log");
    command.stderr(std::fs::File::create(&words)?);
    let mut child = command.spawn().context("nice and ffmpeg do not run")?;
    let told = child.stdout.take().context("it says nothing")?;
    for line in BufReader::new(told).lines() {
        if film.is_stopped() {
            break;
        }
        let done = line?.strip_prefix("out_time_us=").and_then(|it| it.trim().parse::<i64>().ok());
        if let Some(done) = done {
            film.done_ms.store(done / 1000, Ordering::Relaxed);
        }
    }
    if film.is_stopped() {
        // It may have ended by itself this moment.
        let _ = child.kill();
        child.wait()?;
        bail!("it was stopped");
    }
    if !child.wait()?.success() {
        let mut said = String::new();
        std::fs::File::open(&words)?.take(WORDS).read_to_string(&mut said)?;
        bail!("ffmpeg failed: {}", said.trim());
    }
    Ok(())
}
