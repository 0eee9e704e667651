//! A picture in black dots: what is nearly white or black becomes that, what is gray a pattern.

use image::GrayImage;

use super::bitmap::Bitmap;

/// The most dots that a logo is wide, so that it fits on paper of 58 mm, and high.
pub const WIDTH: u32 = 360;
/// See [`WIDTH`].
pub const HEIGHT: u32 = 240;
/// Darker than this is black, and lighter than that is white: a photo's compression leaves a haze.
const BLACK: u8 = 48;
const WHITE: u8 = 224;

/// A picture as dots, by the error diffusion of Floyd and Steinberg.
pub fn logo(picture: &GrayImage) -> Bitmap {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut dots = Bitmap::white(width, height);
    // What the row and the one below it still owe to each dot, with one more at each end.
    let (mut owed, mut below) = (vec![0_i32; width + 2], vec![0_i32; width + 2]);
    for (y, row) in picture.rows().enumerate() {
        for (x, pixel) in row.enumerate() {
            let wanted = i32::from(spread(pixel.0[0])) + owed[x + 1] / 16;
            let is_black = wanted < 128;
            if is_black {
                dots.blacken(x, y);
            }
            let error = wanted - if is_black { 0 } else { 255 };
            owed[x + 2] += 7 * error;
            below[x] += 3 * error;
            below[x + 1] += 5 * error;
            below[x + 2] += error;
        }
        std::mem::swap(&mut owed, &mut below);
        below.fill(0);
    }
    dots
}

/// From black to white without the haze at both ends.
fn spread(gray: u8) -> u8 {
    let (gray, black, white) = (u16::from(gray), u16::from(BLACK), u16::from(WHITE));
    let spread = gray.saturating_sub(black) * 255 / (white - black);
    u8::try_from(spread).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn black(dots: &Bitmap) -> u32 {
        dots.bytes().iter().map(|byte| byte.count_ones()).sum()
    }

    #[test]
    fn black_stays_black_white_stays_white_and_gray_is_half() {
        let plain = |gray| logo(&GrayImage::from_pixel(64, 40, image::Luma([gray])));
        assert_eq!(black(&plain(0)), 64 * 40);
        assert_eq!(black(&plain(30)), 64 * 40, "nearly black");
        assert_eq!((black(&plain(255)), black(&plain(235))), (0, 0), "and nearly white");
        let half = black(&plain(136));
        assert!((64 * 40 * 45 / 100..64 * 40 * 55 / 100).contains(&half), "{half}");
    }

    #[test]
    fn a_dot_stands_where_it_stood() {
        let mut picture = GrayImage::from_pixel(24, 3, image::Luma([255]));
        picture.put_pixel(9, 1, image::Luma([0]));
        let dots = logo(&picture);
        assert_eq!(dots.bytes()[3..6], [0, 0b0100_0000, 0]);
        assert_eq!(black(&dots), 1);
    }
}
