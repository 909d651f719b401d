//! What a decoder must know of H.264 before the first frame: its parameter sets, and the size that they say.

/// ISO/IEC 14496-15, 5.3.3.1: the record of the first parameter sets of a frame whose units have lengths before them.
/// None: it has none.
pub fn private(frame: &[u8]) -> Option<((u16, u16), Vec<u8>)> {
    let unit = |wanted: u8| units(frame).find(|unit| unit[0] & 0x1f == wanted);
    let (sequence, picture) = (unit(7)?, unit(8)?);
    let size = size(sequence)?;
    let mut record = vec![1];
    record.extend(sequence.get(1..4)?);
    // Lengths have four bytes; one sequence.
    record.extend([0xff, 0xe1]);
    record.extend(u16::try_from(sequence.len()).ok()?.to_be_bytes());
    record.extend(sequence);
    record.push(1);
    record.extend(u16::try_from(picture.len()).ok()?.to_be_bytes());
    record.extend(picture);
    Some((size, record))
}

fn units(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let (unit, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        rest = after;
        (!unit.is_empty()).then_some(unit)
    })
}

/// ITU-T H.264, 7.3.2.1.1: width and height from a sequence parameter set.
fn size(unit: &[u8]) -> Option<(u16, u16)> {
    let mut bits = Bits::new(unit.get(1..)?);
    let profile = bits.read(8)?;
    bits.read(16)?;
    bits.number()?;
    let mut chroma = 1;
    if [100, 110, 122, 244, 44, 83, 86, 118, 128].contains(&profile) {
        chroma = bits.number()?;
        if chroma == 3 {
            bits.read(1)?;
        }
        bits.number()?;
        bits.number()?;
        bits.read(1)?;
        // Scaling lists: no camera of a browser sends them.
        if bits.read(1)? == 1 {
            return None;
        }
    }
    bits.number()?;
    match bits.number()? {
        0 => _ = bits.number()?,
        1 => {
            bits.read(1)?;
            bits.number()?;
            bits.number()?;
            for _ in 0..bits.number()?.min(255) {
                bits.number()?;
            }
        }
        _ => {}
    }
    bits.number()?;
    bits.read(1)?;
    let (width, height) = (bits.number()? + 1, bits.number()? + 1);
    let frames_only = bits.read(1)?;
    if frames_only == 0 {
        bits.read(1)?;
    }
    bits.read(1)?;
    let mut crop = [0; 4];
    if bits.read(1)? == 1 {
        for edge in &mut crop {
            *edge = bits.number()?;
        }
    }
    // 4:2:0 and 4:2:2 crop in pairs of columns, 4:2:0 in pairs of rows.
    let (columns, rows) = (if matches!(chroma, 1 | 2) { 2 } else { 1 }, if chroma == 1 { 2 } else { 1 });
    let rows = rows * (2 - frames_only);
    let whole = (width * 16).checked_sub((crop[0] + crop[1]) * columns);
    let tall = (height * 16 * (2 - frames_only)).checked_sub((crop[2] + crop[3]) * rows);
    Some((u16::try_from(whole?).ok()?, u16::try_from(tall?).ok()?))
}

/// Bits, without the bytes that keep start codes out (7.4.1).
struct Bits {
    bytes: Vec<u8>,
    at: usize,
}

impl Bits {
    fn new(unit: &[u8]) -> Self {
        let mut bytes: Vec<u8> = Vec::with_capacity(unit.len());
        let mut zeros = 0;
        for &byte in unit {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            bytes.push(byte);
        }
        Self { bytes, at: 0 }
    }

    fn read(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// 9.1: Exp-Golomb. No size of a picture needs more than 16 bits.
    fn number(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.read(1)? == 0 {
            zeros += 1;
            if zeros > 16 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.read(zeros)?)
    }
}

#[cfg(test)]
mod tests {
    use super::private;

    /// As x264 and as OpenH264 in a browser write them.
    const SETS: [(&[u8], (u16, u16)); 2] = [
        (
            &[
                0x67, 0x64, 0x00, 0x1f, 0xac, 0xd9, 0x40, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03,
                0x00, 0x10, 0x00, 0x00, 0x03, 0x03, 0x20, 0xf1, 0x83, 0x19, 0x60,
            ],
            (1280, 720),
        ),
        (
            &[0x67, 0x42, 0xc0, 0x1f, 0x8c, 0x8d, 0x40, 0x50, 0x17, 0xfc, 0xb0, 0x0f, 0x08, 0x84, 0x6a],
            (640, 360),
        ),
    ];

    #[test]
    fn the_size_and_the_record_come_from_the_parameter_sets() {
        for (set, size) in SETS {
            let mut frame = (set.len() as u32).to_be_bytes().to_vec();
            frame.extend(set);
            frame.extend([0, 0, 0, 4, 0x68, 0xce, 0x3c, 0x80, 0, 0, 0, 2, 0x65, 0x88]);
            let (found, record) = private(&frame).unwrap();
            assert_eq!(found, size);
            assert_eq!(record[..6], [1, set[1], set[2], set[3], 0xff, 0xe1]);
            assert!(record.ends_with(&[1, 0, 4, 0x68, 0xce, 0x3c, 0x80]));
            assert_eq!(private(&frame[..frame.len() - 20]), None, "without the set of the picture");
        }
    }
}
