//! Pictures with a place in them lose the place and nothing else.

use std::io::{BufReader, Cursor};
use std::path::Path;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};

use super::*;

/// The latitude as it stands in the file: 37 degrees, 33 minutes, 59 seconds.
const PLACE: &[u8] = &[0, 0, 0, 37, 0, 0, 0, 1, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 59, 0, 0, 0, 1];
const SECRET: &[u8] = b"exif:GPSLatitude=37,33.98N";

/// An Exif block (TIFF 6.0; Exif 3.0, 4.6.7): which side is up, and a directory with the latitude.
fn exif_with_place(turn: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let turned = entry(0x0112, 3, 1, [0, turn, 0, 0]);
    let pointer = entry(0x8825, 4, 1, 38u32.to_be_bytes());
    let north = entry(0x0001, 2, 2, *b"N\0\0\0");
    let latitude = entry(0x0002, 5, 3, 68u32.to_be_bytes());
    let end = [0; 4];
    [
        b"MM\0\x2a\0\0\0\x08\0\x02".as_slice(),
        &turned,
        &pointer,
        &end,
        b"\0\x02",
        &north,
        &latitude,
        &end,
        PLACE,
    ]
    .concat()
}

/// A picture in which every corner is different.
fn picture() -> DynamicImage {
    let pixel = |x, y| image::Rgb([(x * 5) as u8, (y * 7) as u8, ((x ^ y) * 3) as u8]);
    image::RgbImage::from_fn(48, 32, pixel).into()
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture().write_to(&mut out, format).expect("encoded");
    out.into_inner()
}

fn jpeg_segment(marker: u8, data: &[u8]) -> Vec<u8> {
    let length = (data.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker][..], &length, data].concat()
}

fn jpeg(turn: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Jpeg);
    let exif = jpeg_segment(0xe1, &[b"Exif\0\0", &exif_with_place(turn)[..]].concat());
    let xmp = jpeg_segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", SECRET].concat());
    let remark = jpeg_segment(0xfe, SECRET);
    // Phones put more behind the end: another picture with its own place, a film.
    [&plain[..2], &exif, &xmp, &remark, &plain[2..], SECRET].concat()
}

fn png_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [name.as_slice(), data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &named, &check_sum(&named).to_be_bytes()].concat()
}

fn png(turn: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::Png);
    let exif = png_chunk(b"eXIf", &exif_with_place(turn));
    let text = png_chunk(b"tEXt", &[b"Comment\0", SECRET].concat());
    let xmp = png_chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", SECRET].concat());
    // Behind the header, which is the first chunk and 25 bytes long.
    [&plain[..33], &exif, &text, &xmp, &plain[33..], SECRET].concat()
}

fn webp_chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let pad = if data.len() % 2 == 1 { &[0][..] } else { &[] };
    [name.as_slice(), &(data.len() as u32).to_le_bytes(), data, pad].concat()
}

fn webp(turn: u8) -> Vec<u8> {
    let plain = encoded(ImageFormat::WebP);
    let mut canvas = vec![0x0c, 0, 0, 0];
    canvas.extend_from_slice(&47u32.to_le_bytes()[..3]);
    canvas.extend_from_slice(&31u32.to_le_bytes()[..3]);
    let chunks = [
        &webp_chunk(b"VP8X", &canvas)[..],
        &plain[12..],
        &webp_chunk(b"EXIF", &exif_with_place(turn)),
        &webp_chunk(b"XMP ", SECRET),
    ]
    .concat();
    let length = (chunks.len() as u32 + 4).to_le_bytes();
    [b"RIFF", &length[..], b"WEBP", &chunks, SECRET].concat()
}

fn gif() -> Vec<u8> {
    let plain = encoded(ImageFormat::Gif);
    let (body, end) = plain.split_at(plain.len() - 1);
    let remark = [&[0x21, 0xfe, SECRET.len() as u8][..], SECRET, &[0]].concat();
    let xmp = [b"\x21\xff\x0bXMP DataXMP", &[SECRET.len() as u8][..], SECRET, &[0]].concat();
    [body, &remark, &xmp, end, SECRET].concat()
}

fn cleaned(bytes: &[u8], format: ImageFormat) -> (Cleaned, Vec<u8>) {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::write(&from, bytes).expect("written");
    let outcome = clean(&from, &to, format).expect("the disk works");
    (outcome, std::fs::read(to).expect("a copy"))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn decoded(bytes: &[u8], format: ImageFormat) -> (DynamicImage, u8) {
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder().expect("a picture");
    let turn = decoder.orientation().expect("it is said").to_exif();
    (DynamicImage::from_decoder(decoder).expect("it decodes"), turn)
}

#[test]
fn the_place_goes_and_every_pixel_and_the_upper_side_stay() {
    for turn in [1, 6, 8] {
        for (bytes, format, up) in [
            (jpeg(turn), ImageFormat::Jpeg, turn),
            (png(turn), ImageFormat::Png, turn),
            (webp(turn), ImageFormat::WebP, turn),
            (gif(), ImageFormat::Gif, 1),
        ] {
            assert!(contains(&bytes, SECRET), "the test itself holds a place: {format:?}");
            let before = decoded(&bytes, format);
            assert_eq!(before.1, up, "{format:?}");
            let (outcome, copy) = cleaned(&bytes, format);
            assert_eq!(outcome, Cleaned::Copy, "{format:?}");
            assert!(!contains(&copy, SECRET) && !contains(&copy, PLACE), "{format:?} keeps the place");
            let after = decoded(&copy, format);
            assert_eq!(after.1, up, "{format:?} lies on its side");
            assert_eq!(after.0.as_bytes(), before.0.as_bytes(), "{format:?} lost pixels");
            // What is clean stays as it is, byte by byte.
            assert_eq!(cleaned(&copy, format), (Cleaned::Nothing, copy.clone()), "{format:?}");
        }
    }
}

#[test]
fn a_jpeg_is_the_same_however_it_is_read() {
    let bytes = jpeg(6);
    let (_, expected) = cleaned(&bytes, ImageFormat::Jpeg);
    for capacity in 1..64 {
        let mut out = Vec::new();
        let mut source = BufReader::with_capacity(capacity, bytes.as_slice());
        assert!(jpeg::walk(&mut source, &mut out).expect("a picture"));
        assert_eq!(out, expected, "read {capacity} bytes at a time");
    }
}

#[test]
fn what_only_begins_like_a_picture_is_none() {
    for (bytes, format) in [
        (&b"\xff\xd8\xff<script>alert(1)</script>"[..], ImageFormat::Jpeg),
        (b"\xff\xd8\xff\xe0\x00\x01", ImageFormat::Jpeg),
        (b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffIDAT", ImageFormat::Png),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff", ImageFormat::WebP),
        (b"GIF89a/*<svg/onload=alert(1)>*/=1;", ImageFormat::Gif),
    ] {
        assert_eq!(cleaned(bytes, format).0, Cleaned::NoPicture, "{format:?}");
    }
}

#[test]
fn whatever_the_bytes_no_walk_breaks() {
    // Every picture with one byte changed, at every place: an answer, never a panic, never a growing copy.
    for (bytes, format) in [
        (jpeg(6), ImageFormat::Jpeg),
        (png(6), ImageFormat::Png),
        (webp(6), ImageFormat::WebP),
        (gif(), ImageFormat::Gif),
    ] {
        for at in 0..bytes.len().min(600) {
            for value in [0, 0xff] {
                let mut broken = bytes.clone();
                broken[at] = value;
                let mut out = Vec::new();
                let mut source = BufReader::new(Cursor::new(&broken));
                let _ = match format {
                    ImageFormat::Jpeg => jpeg::walk(&mut source, &mut out),
                    ImageFormat::Png => png::walk(&mut source, &mut out),
                    ImageFormat::WebP => webp::walk(&mut source, &mut out),
                    _ => gif::walk(&mut source, &mut out),
                };
                assert!(out.len() <= broken.len() + 64, "{format:?} grew");
            }
        }
    }
}

fn film_box(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    [&(data.len() as u32 + 8).to_be_bytes()[..], name, data].concat()
}

fn clean_bytes(bytes: &[u8]) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    std::fs::write(&path, bytes).expect("written");
    clean_film(Path::new(&path)).expect("the disk works");
    std::fs::read(path).expect("read")
}

#[test]
fn a_film_loses_its_place_and_keeps_its_length_and_its_frames() {
    let said = film_box(b"udta", &film_box(b"\xa9xyz", b"\0\x12\x15\xc7+37.5665+126.9780/"));
    let track = film_box(b"trak", &[film_box(b"tkhd", &[7; 84]), said.clone()].concat());
    let film = film_box(b"moov", &[film_box(b"mvhd", &[9; 100]), track, said].concat());
    let bytes = [film_box(b"ftyp", b"isomiso2"), film, film_box(b"mdat", b"frames and sound")].concat();
    let clean = clean_bytes(&bytes);
    assert!(contains(&bytes, b"+37.5665") && !contains(&clean, b"+37.5665"));
    assert_eq!(clean.len(), bytes.len());
    assert!(contains(&clean, b"frames and sound") && contains(&clean, &[7; 84]) && contains(&clean, b"mvhd"));
    assert_eq!(clean_bytes(&clean), clean);
}

#[test]
fn a_film_nested_without_end_ends_the_walk() {
    let mut nested = Vec::new();
    for left in (1..=50_000u32).rev() {
        nested.extend_from_slice(&(left * 8).to_be_bytes());
        nested.extend_from_slice(b"moov");
    }
    assert_eq!(clean_bytes(&nested), nested);
}

#[test]
fn a_phone_photo_loses_its_place_and_keeps_its_picture() {
    let item = |id: u16, kind: &[u8; 4]| {
        film_box(b"infe", &[&[2, 0, 0, 0][..], &id.to_be_bytes(), &[0, 0], kind, b"\0"].concat())
    };
    let items = [&[0, 0, 0, 0, 0, 2][..], &item(1, b"hvc1"), &item(2, b"Exif")].concat();
    let data = [&b"coded picture"[..], SECRET].concat();
    let photo = |at: u32| {
        let spread = |id: u16, from: u32, length: usize| {
            let place = [(at + from).to_be_bytes(), (length as u32).to_be_bytes()].concat();
            [&id.to_be_bytes()[..], &[0, 0, 0, 1], &place].concat()
        };
        let places =
            [&[0, 0, 0, 0, 0x44, 0, 0, 2][..], &spread(1, 0, 13), &spread(2, 13, SECRET.len())].concat();
        let list = [&[0, 0, 0, 0][..], &film_box(b"iinf", &items), &film_box(b"iloc", &places)].concat();
        let head = [film_box(b"ftyp", b"heic\0\0\0\0mif1heic"), film_box(b"meta", &list)].concat();
        (head.len() as u32 + 8, [head, film_box(b"mdat", &data)].concat())
    };
    // The list says where the data is, and is as long whatever it says.
    let (at, _) = photo(0);
    let (_, bytes) = photo(at);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("photo");
    std::fs::write(&path, &bytes).expect("written");
    clean_heif(&path).expect("the disk works");
    let clean = std::fs::read(&path).expect("read");
    assert!(contains(&bytes, SECRET) && !contains(&clean, SECRET));
    assert!(contains(&clean, b"coded picture") && clean.len() == bytes.len());
    // Whatever the bytes, the walk ends.
    for at in 0..bytes.len() {
        for value in [0, 0xff] {
            let mut broken = bytes.clone();
            broken[at] = value;
            std::fs::write(&path, &broken).expect("written");
            clean_heif(&path).expect("the disk works");
        }
    }
}
