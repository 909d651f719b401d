//! A ZIP that is written from front to back: texts line by line, contents part by part.

use std::io::{Seek, Write};
use std::sync::Arc;

use anyhow::Result;
use futures_util::StreamExt;
use madang_app::App;
use madang_store::files::FileRecord;
use serde::Serialize;
use tokio::runtime::Handle;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// From here on an entry needs the wide fields (APPNOTE 4.3.9.2); contents that cannot be packed grow a little.
const LARGE: i64 = 0xf000_0000;

pub struct Archive<W: Write + Seek> {
    zip: ZipWriter<W>,
    /// For what is asked of the app: this runs on a thread that may wait.
    run: Handle,
}

impl<W: Write + Seek> Archive<W> {
    /// Only on a thread of a runtime that may wait.
    pub fn new(zip: ZipWriter<W>) -> Archive<W> {
        Archive { zip, run: Handle::current() }
    }

    /// Waits for the app.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.run.block_on(work)
    }

    /// Begins a text. One that may become `large` says so first.
    ///
    /// # Errors
    /// What the writer said.
    pub fn begin(&mut self, name: &str, at_us: i64, large: bool) -> Result<()> {
        let how = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(1))
            .last_modified_time(moment(at_us))
            .unix_permissions(0o600)
            .large_file(large);
        Ok(self.zip.start_file(name, how)?)
    }

    /// Words of a text.
    ///
    /// # Errors
    /// What the writer said.
    pub fn words(&mut self, words: &str) -> Result<()> {
        Ok(self.zip.write_all(words.as_bytes())?)
    }

    /// One line of JSON.
    ///
    /// # Errors
    /// What the writer said.
    pub fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        Ok(self.zip.write_all(&line)?)
    }

    /// A text that is one JSON value, for eyes too.
    ///
    /// # Errors
    /// What the writer said.
    pub fn value(&mut self, name: &str, at_us: i64, value: &impl Serialize) -> Result<()> {
        self.begin(name, at_us, false)?;
        Ok(self.zip.write_all(&serde_json::to_vec_pretty(value)?)?)
    }

    /// The contents of a file, as `files/<id>/<name>`; `step` is asked after each part. False when they are not there
    /// any more.
    ///
    /// # Errors
    /// What the writer, the store or `step` said.
    pub fn file(
        &mut self,
        app: &Arc<App>,
        record: &FileRecord,
        mut step: impl FnMut() -> Result<()>,
    ) -> Result<bool> {
        let Some(parts) = self.wait(app.exported_contents(record))? else { return Ok(false) };
        let mut parts = Box::pin(parts);
        let name = format!("files/{}/{}", record.file.id, madang_app::harmless_name(&record.file.name));
        self.begin(&name, record.created_at, record.file.size >= LARGE)?;
        while let Some(part) = self.run.block_on(parts.next()) {
            self.zip.write_all(&part?)?;
            step()?;
        }
        Ok(true)
    }

    /// Writes the list of contents.
    ///
    /// # Errors
    /// What the writer said.
    pub fn finish(self) -> Result<W> {
        Ok(self.zip.finish()?)
    }
}

/// In UTC; the ZIP knows no zones and no time before 1980.
fn moment(at_us: i64) -> DateTime {
    let time = jiff::Timestamp::from_microsecond(at_us).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let two = |number: i8| u8::try_from(number).unwrap_or_default();
    let year = u16::try_from(time.year()).unwrap_or_default();
    DateTime::from_date_and_time(
        year,
        two(time.month()),
        two(time.day()),
        two(time.hour()),
        two(time.minute()),
        two(time.second()),
    )
    .unwrap_or_default()
}
