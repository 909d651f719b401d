//! How rows lie in a file: each row is its length (u32, little endian) and its values; each value a tag byte and
//! its bytes (texts and blobs with a u32 length).

use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::Kind;
use crate::db::Value;

/// A row longer than this in a file is damage, not data.
const LONGEST: u32 = 1 << 30;

/// Writes rows and counts their hash.
pub(super) struct Rows<W> {
    out: W,
    hash: Sha256,
    row: Vec<u8>,
    pub(super) count: u64,
}

impl<W: Write> Rows<W> {
    pub(super) fn new(out: W) -> Rows<W> {
        Rows { out, hash: Sha256::new(), row: Vec::new(), count: 0 }
    }

    pub(super) fn push(&mut self, values: &[Value]) -> io::Result<()> {
        self.row.clear();
        for value in values {
            encode(value, &mut self.row)?;
        }
        let length = length(self.row.len())?.to_le_bytes();
        self.hash.update(length);
        self.hash.update(&self.row);
        self.count += 1;
        self.out.write_all(&length)?;
        self.out.write_all(&self.row)
    }

    /// The hash in hex, and what was written to.
    pub(super) fn finish(self) -> (String, W) {
        (hex(self.hash), self.out)
    }
}

/// Reads rows back and counts their hash.
pub(super) struct Reading<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Reading<R> {
    pub(super) fn new(input: R) -> Reading<R> {
        Reading { input, hash: Sha256::new() }
    }

    /// The next row of `columns` values; `None` at the end of the file.
    pub(super) fn next(&mut self, columns: usize) -> io::Result<Option<Vec<Value>>> {
        let mut length = [0; 4];
        if self.input.read(&mut length[..1])? == 0 {
            return Ok(None);
        }
        self.input.read_exact(&mut length[1..])?;
        let bytes = u32::from_le_bytes(length);
        if bytes > LONGEST {
            return Err(damaged("a row is impossibly long"));
        }
        let mut row = vec![0; bytes as usize];
        self.input.read_exact(&mut row)?;
        self.hash.update(length);
        self.hash.update(&row);
        let mut rest = row.as_slice();
        let values = (0..columns).map(|_| decode(&mut rest)).collect::<io::Result<Vec<Value>>>()?;
        if rest.is_empty() { Ok(Some(values)) } else { Err(damaged("a row has too many values")) }
    }

    pub(super) fn finish(self) -> String {
        hex(self.hash)
    }
}

/// SQLite keeps booleans as integers and whole doubles may come back as such; the column says what is meant.
pub(super) fn meant(value: Value, kind: Kind) -> Value {
    match (value, kind) {
        (Value::I64(i), Kind::Bool) => Value::Bool(i != 0),
        (Value::I64(i), Kind::F64) => Value::F64(i as f64),
        (value, _) => value,
    }
}

fn encode(value: &Value, out: &mut Vec<u8>) -> io::Result<()> {
    match value {
        Value::Null => out.push(0),
        Value::Bool(b) => out.extend_from_slice(&[1, u8::from(*b)]),
        Value::I64(i) => {
            out.push(2);
            out.extend_from_slice(&i.to_le_bytes());
        }
        Value::F64(f) => {
            out.push(3);
            out.extend_from_slice(&f.to_le_bytes());
        }
        Value::Text(text) => counted(4, text.as_bytes(), out)?,
        Value::Blob(bytes) => counted(5, bytes, out)?,
    }
    Ok(())
}

fn counted(tag: u8, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    out.push(tag);
    out.extend_from_slice(&length(bytes.len())?.to_le_bytes());
    out.extend_from_slice(bytes);
    Ok(())
}

fn length(bytes: usize) -> io::Result<u32> {
    u32::try_from(bytes).ok().filter(|n| *n <= LONGEST).ok_or_else(|| damaged("a row is longer than 1 GiB"))
}

fn decode(rest: &mut &[u8]) -> io::Result<Value> {
    let tag: [u8; 1] = take(rest)?;
    Ok(match tag[0] {
        0 => Value::Null,
        1 => Value::Bool(take::<1>(rest)?[0] != 0),
        2 => Value::I64(i64::from_le_bytes(take(rest)?)),
        3 => Value::F64(f64::from_le_bytes(take(rest)?)),
        4 => Value::Text(String::from_utf8(take_counted(rest)?).map_err(|_| damaged("a text is not UTF-8"))?),
        5 => Value::Blob(take_counted(rest)?),
        _ => return Err(damaged("a value has an unknown tag")),
    })
}

fn take<const N: usize>(rest: &mut &[u8]) -> io::Result<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>().ok_or_else(|| damaged("a row is cut short"))?;
    *rest = tail;
    Ok(*head)
}

fn take_counted(rest: &mut &[u8]) -> io::Result<Vec<u8>> {
    let count = u32::from_le_bytes(take(rest)?) as usize;
    let (head, tail) = rest.split_at_checked(count).ok_or_else(|| damaged("a row is cut short"))?;
    *rest = tail;
    Ok(head.to_vec())
}

fn damaged(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::I64),
            any::<i32>().prop_map(|n| Value::F64(f64::from(n) / 3.0)),
            ".{0,20}".prop_map(Value::Text),
            prop::collection::vec(any::<u8>(), 0..20).prop_map(Value::Blob),
        ]
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_went(rows in prop::collection::vec(prop::collection::vec(any_value(), 3), 0..9)) {
            let mut written = Rows::new(Vec::new());
            for row in &rows {
                written.push(row).unwrap();
            }
            let (hash, bytes) = written.finish();
            let mut reading = Reading::new(bytes.as_slice());
            for row in &rows {
                let back = reading.next(3).unwrap();
                prop_assert_eq!(back.as_ref(), Some(row));
            }
            prop_assert!(reading.next(3).unwrap().is_none());
            prop_assert_eq!(reading.finish(), hash);
        }

        #[test]
        fn damaged_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let mut reading = Reading::new(bytes.as_slice());
            while let Ok(Some(_)) = reading.next(2) {}
        }
    }
}
