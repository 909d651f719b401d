//! Pictures: measured and made small by our own decoders, within hard limits, and encoded anew, so that what
//! others are shown holds nothing that the sender wrote.
//!
//! Blocking and hungry: callers run it aside and few at a time.

use std::io::{BufRead, Cursor, Seek};

use bytes::Bytes;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::error::{LimitError, LimitErrorKind};
use image::metadata::Orientation;
use image::{
    ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
};

/// Bytes of a file that is opened as a picture; the JPEG decoder holds all of it.
pub(super) const PICTURE_BYTES: u64 = 64 << 20;
/// Pixels of one side.
const SIDE: u32 = 32_768;
/// Bytes that one decoded picture may take: about 85 million pixels of a photo.
const DECODED_BYTES: u64 = 256 << 20;
/// A colour profile beyond this is no profile.
const PROFILE_BYTES: usize = 128 << 10;
const JPEG_QUALITY: u8 = 82;

/// A small picture of a known shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Small {
    /// So many pixels wide, or less when the picture is; never higher than four times that.
    Wide(u32),
    /// The square middle, so many pixels wide.
    Square(u32),
}

impl Small {
    pub(super) const ALL: [Small; 5] =
        [Small::Wide(320), Small::Wide(960), Small::Wide(1_920), Small::Square(96), Small::Square(288)];
    /// Made at once with the upload, because the first to see the message wants them.
    pub(super) const FIRST: [Small; 3] = [Small::Wide(320), Small::Wide(960), Small::Wide(1_920)];

    /// At least so many pixels wide, of the widths that there are.
    #[must_use]
    pub fn wide(width: u32) -> Small {
        match width {
            0..=320 => Small::Wide(320),
            321..=960 => Small::Wide(960),
            _ => Small::Wide(1_920),
        }
    }

    /// As `wide`, for squares.
    #[must_use]
    pub fn square(side: u32) -> Small {
        if side <= 96 { Small::Square(96) } else { Small::Square(288) }
    }

    /// The word under which it is kept beside its content.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Small::Wide(320) => "w320",
            Small::Wide(960) => "w960",
            Small::Wide(_) => "w1920",
            Small::Square(96) => "s96",
            Small::Square(_) => "s288",
        }
    }
}

/// A picture, decoded and upright once `turn` is done.
pub(super) struct Picture {
    pixels: DynamicImage,
    turn: Orientation,
    profile: Option<Vec<u8>>,
}

/// Why a picture is not shown. No fault: the file is kept and handed out as it is.
pub(super) type Unreadable = image::ImageError;

impl Picture {
    /// Decodes a picture whose format was told by its content.
    pub(super) fn read(source: impl BufRead + Seek, format: ImageFormat) -> Result<Picture, Unreadable> {
        let mut limits = Limits::no_limits();
        limits.max_image_width = Some(SIDE);
        limits.max_image_height = Some(SIDE);
        limits.max_alloc = Some(DECODED_BYTES);
        let mut reader = ImageReader::with_format(source, format);
        reader.limits(limits);
        let mut decoder = reader.into_decoder()?;
        // Before anything is allocated for it: a header may promise any size.
        if decoder.total_bytes() > DECODED_BYTES {
            return Err(Unreadable::Limits(LimitError::from_kind(LimitErrorKind::InsufficientMemory)));
        }
        let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().ok().flatten().filter(|it| is_rgb_profile(it));
        let pixels = eight_bits(DynamicImage::from_decoder(decoder)?);
        let profile = profile.filter(|_| pixels.color().has_color());
        Ok(Picture { pixels, turn, profile })
    }

    /// Width and height as it is shown.
    pub(super) fn size(&self) -> (u32, u32) {
        let (width, height) = (self.pixels.width(), self.pixels.height());
        if turns_sides(self.turn) { (height, width) } else { (width, height) }
    }

    /// A small copy, encoded anew: JPEG, or PNG where something shows through.
    pub(super) fn small(&self, shape: Small) -> Result<Bytes, Unreadable> {
        let (width, height) = target(self.size(), shape);
        let (width, height) = if turns_sides(self.turn) { (height, width) } else { (width, height) };
        let mut small = self.resized(width, height);
        small.apply_orientation(self.turn);
        encoded(&small, self.profile.as_deref())
    }

    /// Scaled to exactly this size; what does not fit its shape is cut off evenly.
    fn resized(&self, width: u32, height: u32) -> DynamicImage {
        let (from, kind) = (&self.pixels, pixel_type(&self.pixels));
        let source = ImageRef::new(from.width(), from.height(), from.as_bytes(), kind)
            .expect("a picture has as many bytes as its size says");
        let mut target = Image::new(width, height, kind);
        let options = ResizeOptions::new().fit_into_destination(Some((0.5, 0.5)));
        Resizer::new().resize(&source, &mut target, &options).expect("both have the same kind of pixels");
        let bytes = target.into_vec();
        let made = match kind {
            PixelType::U8 => image::GrayImage::from_raw(width, height, bytes).map(DynamicImage::from),
            PixelType::U8x2 => image::GrayAlphaImage::from_raw(width, height, bytes).map(DynamicImage::from),
            PixelType::U8x3 => image::RgbImage::from_raw(width, height, bytes).map(DynamicImage::from),
            _ => image::RgbaImage::from_raw(width, height, bytes).map(DynamicImage::from),
        };
        made.expect("the resizer fills its target")
    }
}

fn turns_sides(turn: Orientation) -> bool {
    use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
    matches!(turn, Rotate90 | Rotate270 | Rotate90FlipH | Rotate270FlipH)
}

fn pixel_type(picture: &DynamicImage) -> PixelType {
    match picture.color() {
        ColorType::L8 => PixelType::U8,
        ColorType::La8 => PixelType::U8x2,
        ColorType::Rgb8 => PixelType::U8x3,
        _ => PixelType::U8x4,
    }
}

/// Eight bits a channel, which is what screens show and what our encoders write.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::L8 | ColorType::La8 | ColorType::Rgb8 | ColorType::Rgba8 => picture,
        ColorType::L16 => picture.into_luma8().into(),
        ColorType::La16 => picture.into_luma_alpha8().into(),
        ColorType::Rgb16 | ColorType::Rgb32F => picture.into_rgb8().into(),
        _ => picture.into_rgba8().into(),
    }
}

/// ICC.1:2022, 7.2.6: bytes 16 to 19 name the colours that a profile is about. A profile for ink says nothing about
/// pixels that were turned into light.
fn is_rgb_profile(profile: &[u8]) -> bool {
    profile.len() <= PROFILE_BYTES && profile.get(16..20) == Some(b"RGB ")
}

/// The size of a small picture of this shape. Nothing is made larger than it is.
fn target((width, height): (u32, u32), shape: Small) -> (u32, u32) {
    match shape {
        Small::Square(side) => {
            let side = side.min(width).min(height).max(1);
            (side, side)
        }
        Small::Wide(most) => {
            let by_width = f64::from(most) / f64::from(width);
            let by_height = f64::from(most) * 4.0 / f64::from(height);
            let scale = by_width.min(by_height).min(1.0);
            let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
            (scaled(width), scaled(height))
        }
    }
}

fn encoded(picture: &DynamicImage, profile: Option<&[u8]>) -> Result<Bytes, Unreadable> {
    let mut out = Cursor::new(Vec::new());
    if shows_through(picture) {
        let mut encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Fast, FilterType::Adaptive);
        with_profile(&mut encoder, profile);
        picture.write_with_encoder(encoder)?;
    } else {
        let solid = match picture.color() {
            ColorType::La8 => DynamicImage::from(picture.to_luma8()),
            ColorType::Rgba8 => DynamicImage::from(picture.to_rgb8()),
            _ => picture.clone(),
        };
        let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        with_profile(&mut encoder, profile);
        let color: ExtendedColorType = solid.color().into();
        encoder.write_image(solid.as_bytes(), solid.width(), solid.height(), color)?;
    }
    Ok(out.into_inner().into())
}

fn with_profile(encoder: &mut impl ImageEncoder, profile: Option<&[u8]>) {
    if let Some(profile) = profile {
        // An encoder that takes none writes the picture without it.
        let _ = encoder.set_icc_profile(profile.to_vec());
    }
}

/// Whether any pixel is not solid. Screenshots have an alpha channel and nothing in it.
fn shows_through(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageLumaA8(it) => it.pixels().any(|pixel| pixel.0[1] != 255),
        DynamicImage::ImageRgba8(it) => it.pixels().any(|pixel| pixel.0[3] != 255),
        _ => false,
    }
}

/// The media type of a small picture, by its first byte: only two kinds are made.
pub fn small_type(made: &[u8]) -> &'static str {
    if made.first() == Some(&0xff) { "image/jpeg" } else { "image/png" }
}

/// As `small_type`, for our own decoders.
pub(super) fn made_format(made: &[u8]) -> ImageFormat {
    if made.first() == Some(&0xff) { ImageFormat::Jpeg } else { ImageFormat::Png }
}

#[cfg(test)]
mod tests {
    use super::super::clean::check_sum;
    use super::*;

    #[test]
    fn small_pictures_keep_their_shape_and_are_never_blown_up() {
        assert_eq!(target((4_000, 3_000), Small::Wide(320)), (320, 240));
        assert_eq!(target((100, 50), Small::Wide(320)), (100, 50));
        assert_eq!(target((1_000, 100_000), Small::Wide(320)), (13, 1_280));
        assert_eq!(target((100_000, 1), Small::Wide(320)), (320, 1));
        assert_eq!(target((4_000, 3_000), Small::Square(96)), (96, 96));
        assert_eq!(target((50, 80), Small::Square(96)), (50, 50));
    }

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut out = Cursor::new(Vec::new());
        picture.write_to(&mut out, ImageFormat::Png).expect("encoded");
        out.into_inner()
    }

    fn read(bytes: &[u8], format: ImageFormat) -> Result<Picture, Unreadable> {
        Picture::read(Cursor::new(bytes), format)
    }

    #[test]
    fn what_shows_through_stays_so_and_what_does_not_is_a_photo() {
        let mut clear = image::RgbaImage::from_pixel(40, 30, image::Rgba([200, 10, 10, 255]));
        let solid = read(&png(&clear.clone().into()), ImageFormat::Png).expect("a picture");
        assert_eq!(small_type(&solid.small(Small::Wide(320)).expect("made")), "image/jpeg");
        clear.put_pixel(20, 15, image::Rgba([0, 0, 0, 0]));
        let clear = read(&png(&clear.into()), ImageFormat::Png).expect("a picture");
        let made = clear.small(Small::Square(96)).expect("made");
        assert_eq!(small_type(&made), "image/png");
        let again = read(&made, ImageFormat::Png).expect("our own picture");
        assert_eq!(again.size(), (30, 30));
    }

    #[test]
    fn a_header_that_promises_too_much_is_refused_before_anything_is_allocated() {
        // A PNG whose header says 30,000 by 30,000 pixels and which holds next to nothing.
        let mut bomb = png(&DynamicImage::new_rgb8(1, 1));
        bomb[16..20].copy_from_slice(&30_000u32.to_be_bytes());
        bomb[20..24].copy_from_slice(&30_000u32.to_be_bytes());
        let crc = check_sum(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        assert!(matches!(read(&bomb, ImageFormat::Png), Err(Unreadable::Limits(_))));
    }
}
