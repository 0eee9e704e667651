//! From any picture to the sizes that pages show: upright, without metadata, in bounded memory.

use std::borrow::Cow;
use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, GrayImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbImage,
};

use crate::core::error::{Error, Result};

/// The widths in pixels that every photo is kept in.
pub const WIDTHS: [u32; 4] = [96, 192, 480, 960];
/// The largest of them.
pub const LARGEST: u32 = 960;

/// Up to this width the size is a square for a list, above it the whole photo.
const LARGEST_SQUARE: u32 = 192;
/// What telephones make today has 12 to 24 million pixels.
const MOST_PIXELS: u64 = 25_000_000;
/// The unpacked picture, in bytes: 25 million pixels with an alpha channel.
const MOST_UNPACKED: u64 = 4 * MOST_PIXELS;
/// What a decoder may take beside it, in bytes.
const MOST_TO_DECODE: u64 = 2 * MOST_UNPACKED;
const QUALITY: u8 = 82;

/// One size of a photo.
pub struct Size {
    /// Its name: the width that it has at most.
    pub width: u32,
    /// A JPEG.
    pub jpeg: Vec<u8>,
}

/// Makes all sizes of a picture.
///
/// # Errors
/// 400: `not_a_picture`, `picture_broken` or `picture_too_large`.
pub fn sizes_of(bytes: &[u8]) -> Result<Vec<Size>> {
    let photo = upright(bytes)?;
    WIDTHS.map(|width| encode(width, &at_width(&photo, width))).into_iter().collect()
}

/// A picture in gray, and no larger than this, wide and high.
///
/// # Errors
/// 400: `not_a_picture`, `picture_broken` or `picture_too_large`.
pub fn gray(bytes: &[u8], (width, height): (u32, u32)) -> Result<GrayImage> {
    let photo = upright(bytes)?;
    let is_small = photo.width() <= width && photo.height() <= height;
    let photo = if is_small { photo } else { photo.resize(width, height, FilterType::CatmullRom) };
    Ok(photo.into_luma8())
}

/// The picture as a person holds it, no larger than its sizes need it.
fn upright(bytes: &[u8]) -> Result<DynamicImage> {
    let format = format_of(bytes)?;
    let bare = if format == ImageFormat::Png { bare_png(bytes) } else { bytes.into() };
    let bytes = &*bare;
    if format == ImageFormat::Jpeg && !is_whole_jpeg(bytes) {
        return Err(broken());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_TO_DECODE);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || decoder.total_bytes() > MOST_UNPACKED {
        return Err(too_large(pixels));
    }
    // What says how the picture is held may be broken while the picture is not.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let whole = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    let bound = 2 * LARGEST;
    let mut photo =
        if width.max(height) > 2 * bound { whole.thumbnail(bound, bound) } else { whole };
    photo.apply_orientation(orientation);
    Ok(on_white(photo).into())
}

fn format_of(bytes: &[u8]) -> Result<ImageFormat> {
    match image::guess_format(bytes) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        _ => Err(Error::rule(
            "not_a_picture",
            "This file is no picture that the box can read. Choose a JPEG, PNG or WebP.",
        )),
    }
}

/// A PNG without what its pixels do not need. Colour profiles and texts are packed in it, and a
/// few kilobytes of them unpack to a hundred megabytes.
fn bare_png(bytes: &[u8]) -> Cow<'_, [u8]> {
    const SIGNATURE: usize = 8;
    /// Length, kind and checksum.
    const AROUND: usize = 12;
    let mut bare = bytes.get(..SIGNATURE).unwrap_or_default().to_vec();
    let mut rest = bytes.get(SIGNATURE..).unwrap_or_default();
    while let [a, b, c, d, kind @ ..] = rest {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let whole = length.saturating_add(AROUND).min(rest.len());
        // A capital begins the kinds that a picture cannot do without; tRNS says what is
        // transparent, eXIf how it was held.
        let is_needed = kind.first().is_some_and(u8::is_ascii_uppercase)
            || kind.starts_with(b"tRNS")
            || kind.starts_with(b"eXIf");
        if is_needed {
            bare.extend_from_slice(&rest[..whole]);
        }
        rest = &rest[whole..];
    }
    bare.into()
}

fn on_white(photo: DynamicImage) -> RgbImage {
    if !photo.color().has_alpha() {
        return photo.into_rgb8();
    }
    let photo = photo.into_rgba8();
    RgbImage::from_fn(photo.width(), photo.height(), |x, y| {
        let [red, green, blue, alpha] = photo.get_pixel(x, y).0;
        let alpha = u16::from(alpha);
        let mixed = |color: u8| {
            let sum = u16::from(color) * alpha + 255 * (255 - alpha);
            u8::try_from(sum / 255).unwrap_or(255)
        };
        image::Rgb([mixed(red), mixed(green), mixed(blue)])
    })
}

fn at_width(photo: &DynamicImage, width: u32) -> DynamicImage {
    let (from_width, from_height) = (photo.width(), photo.height());
    if width <= LARGEST_SQUARE {
        let side = from_width.min(from_height);
        let (x, y) = ((from_width - side) / 2, (from_height - side) / 2);
        return shrunk(&photo.crop_imm(x, y, side, side), width.min(side), width.min(side));
    }
    // A very tall one is bounded by its height.
    let fits = |from: u32, most: u32| f64::from(most) / f64::from(from.max(1));
    let scale = fits(from_width, width).min(fits(from_height, 2 * width)).min(1.0);
    let scaled = |from: u32| whole_pixels(f64::from(from) * scale);
    shrunk(photo, scaled(from_width), scaled(from_height))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 4 * LARGEST")]
fn whole_pixels(length: f64) -> u32 {
    (length.round() as u32).max(1)
}

fn shrunk(photo: &DynamicImage, width: u32, height: u32) -> DynamicImage {
    if (photo.width(), photo.height()) == (width, height) {
        return photo.clone();
    }
    photo.resize_exact(width, height, FilterType::CatmullRom)
}

fn encode(width: u32, photo: &DynamicImage) -> Result<Size> {
    let mut jpeg = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    photo.write_with_encoder(encoder).map_err(Error::internal)?;
    Ok(Size { width, jpeg })
}

/// Whether a JPEG reaches its end mark. The decoder fills what is missing with grey instead of
/// complaining, and a half photo on a menu is worse than none.
fn is_whole_jpeg(bytes: &[u8]) -> bool {
    const END: u8 = 0xD9;
    const SCAN: u8 = 0xDA;
    let mut rest = bytes.get(2..).unwrap_or_default();
    loop {
        let Some(at) = next_mark(rest) else { return false };
        let mark = rest[at + 1];
        rest = &rest[at + 2..];
        if mark == END {
            return true;
        }
        let [high, low, ..] = *rest else { return false };
        let length = usize::from(u16::from_be_bytes([high, low]));
        rest = rest.get(length..).unwrap_or_default();
        if mark != SCAN && rest.first().is_some_and(|byte| *byte != 0xFF) {
            return false;
        }
    }
}

/// The next mark that is no part of packed pixels.
fn next_mark(bytes: &[u8]) -> Option<usize> {
    bytes
        .windows(2)
        .position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0x01 | 0xD0..=0xD7 | 0xFF))
}

#[expect(clippy::needless_pass_by_value, reason = "used as a function for map_err")]
fn refusal(error: ImageError) -> Error {
    match error {
        ImageError::Limits(_) => Error::rule(
            "picture_too_large",
            "Unpacked, this picture does not fit into the box's memory. Save it smaller, about \
             2000 pixels wide.",
        ),
        _ => broken(),
    }
}

fn broken() -> Error {
    let detail = "This picture is broken or cut off. Open it, save it anew, and choose it again.";
    Error::rule("picture_broken", detail)
}

fn too_large(pixels: u64) -> Error {
    let (has, most) = (pixels.div_ceil(1_000_000), MOST_PIXELS / 1_000_000);
    let detail = format!(
        "This picture has {has} million pixels, and the box takes {most} at most. Save it \
         smaller, about 2000 pixels wide."
    );
    Error::rule("picture_too_large", detail).with("megapixels", has).with("most", most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::write::ZlibEncoder;
    use flate2::{Compression, Crc};
    use std::io::Write;

    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut sum = Crc::new();
        sum.update(&kind);
        sum.update(data);
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes()[..], &kind, data, &sum.sum().to_be_bytes()].concat()
    }

    /// N12: a colour profile of a few kilobytes that unpacks to many megabytes is never unpacked.
    #[test]
    fn what_is_packed_beside_the_pixels_is_left_out() {
        let mut png = Vec::new();
        let pixels = DynamicImage::from(RgbImage::from_pixel(300, 200, image::Rgb([9, 99, 199])));
        pixels.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
        let mut packed = ZlibEncoder::new(b"profile\0\0".to_vec(), Compression::best());
        packed.write_all(&vec![0; 16 * 1024 * 1024]).unwrap();
        let bomb = chunk(*b"iCCP", &packed.finish().unwrap());
        let text = chunk(*b"zTXt", b"Comment\0\0");
        // Behind the signature and the header, as the format wants it.
        let at = 8 + 25;
        let with_bomb = [&png[..at], &bomb, &text, &png[at..]].concat();
        assert_eq!(*bare_png(&with_bomb), *png);
        assert_eq!(sizes_of(&with_bomb).unwrap()[0].jpeg, sizes_of(&png).unwrap()[0].jpeg);
        for cut in [9, 12, 16, 40] {
            assert!(sizes_of(&with_bomb[..cut]).is_err());
        }
    }
}
