//! The ZIP itself: its parts by name, with a limit on what is unpacked.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::de::DeserializeOwned;
use zip::ZipArchive;

/// The largest list or day that is unpacked: a day of the busiest channels is a few megabytes.
const JSON_LIMIT: u64 = 256 << 20;

pub(super) struct Chest {
    zip: ZipArchive<File>,
    /// Where each part is, by its name without the folder that everything may lie in.
    parts: HashMap<String, usize>,
}

impl Chest {
    pub(super) fn open(file: &Path) -> Result<Chest> {
        let opened = File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
        let mut zip = ZipArchive::new(opened).with_context(|| {
            format!("{} is no ZIP that can be read; was the download cut off?", file.display())
        })?;
        let mut parts = HashMap::new();
        for index in 0..zip.len() {
            let part = zip.by_index_raw(index)?;
            // Slack writes UTF-8 and does not say so.
            let name = match std::str::from_utf8(part.name_raw()) {
                Ok(name) => name.to_owned(),
                Err(_) => part.name()?.into_owned(),
            };
            parts.insert(name, index);
        }
        // Whoever unpacks an export and packs it again wraps it in a folder.
        let wrap = parts.keys().filter_map(|it| it.strip_suffix("users.json")).min_by_key(|it| it.len());
        let wrap = wrap.unwrap_or_default().to_owned();
        let parts = parts
            .into_iter()
            .filter_map(|(name, index)| Some((name.strip_prefix(&wrap)?.to_owned(), index)))
            .collect();
        Ok(Chest { zip, parts })
    }

    /// A part as JSON; none when it is not there.
    pub(super) fn json<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(&index) = self.parts.get(name) else { return Ok(None) };
        let mut text = Vec::new();
        let part = self.zip.by_index(index).with_context(|| format!("{name} cannot be unpacked"))?;
        part.take(JSON_LIMIT + 1)
            .read_to_end(&mut text)
            .with_context(|| format!("{name} cannot be unpacked"))?;
        if text.len() as u64 > JSON_LIMIT {
            bail!("{name} is larger than {} MB unpacked", JSON_LIMIT >> 20);
        }
        let read =
            serde_json::from_slice(&text).with_context(|| format!("{name} is not what Slack writes"))?;
        Ok(Some(read))
    }

    /// The days in a folder, in order; none when there is no such folder.
    pub(super) fn days(&self, folder: &str) -> Option<Vec<String>> {
        let within = format!("{folder}/");
        let is_day = |name: &&String| {
            let day = name.strip_prefix(&within).and_then(|it| it.strip_suffix(".json"));
            day.is_some_and(|it| it.len() == 10 && it.bytes().all(|c| c.is_ascii_digit() || c == b'-'))
        };
        let mut days: Vec<String> = self.parts.keys().filter(is_day).cloned().collect();
        days.sort_unstable();
        (!days.is_empty()).then_some(days)
    }

    /// Unpacks a file that a tool laid beside the messages; false when it is not there.
    pub(super) fn upload(&mut self, id: &str, to: &Path) -> Result<bool> {
        let within = format!("__uploads/{id}/");
        let found =
            self.parts.iter().find(|(name, _)| name.len() > within.len() && name.starts_with(&within));
        let Some((name, &index)) = found else { return Ok(false) };
        let name = name.clone();
        let mut part = self.zip.by_index(index).with_context(|| format!("{name} cannot be unpacked"))?;
        // What the ZIP says of the size is checked by what comes out.
        let limit = part.size();
        let mut file = File::create_new(to).with_context(|| format!("{} cannot be written", to.display()))?;
        let written = std::io::copy(&mut part.by_ref().take(limit + 1), &mut file)
            .with_context(|| format!("{name} cannot be unpacked"))?;
        if written != limit {
            bail!("{name} holds another number of bytes than the ZIP says");
        }
        file.flush()
            .and_then(|()| file.sync_all())
            .with_context(|| format!("{} cannot be written", to.display()))?;
        Ok(true)
    }
}
