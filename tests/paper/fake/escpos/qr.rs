//! QR codes that the printer draws itself.

use qrcode::{Color, EcLevel, QrCode};

use super::super::picture::Picture;
use super::Why;

/// What is kept until it is printed.
#[derive(Clone, Debug)]
pub struct Symbol {
    pub model: u8,
    /// Dots of a module.
    pub module: usize,
    pub level: char,
    pub data: Vec<u8>,
}

impl Default for Symbol {
    fn default() -> Self {
        Self { model: 2, module: 3, level: 'L', data: Vec::new() }
    }
}

impl Symbol {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.data).into_owned()
    }

    /// Without the white around it, which is for the sender to leave.
    pub fn draw(&self) -> Result<Picture, Why> {
        let level = match self.level {
            'L' => EcLevel::L,
            'M' => EcLevel::M,
            'Q' => EcLevel::Q,
            _ => EcLevel::H,
        };
        if self.model != 2 {
            return Err(Why::NoCode(format!("model {} is not drawn here", self.model)));
        }
        if self.data.is_empty() {
            return Err(Why::NoCode("no data is stored".into()));
        }
        let code = QrCode::with_error_correction_level(&self.data, level)
            .map_err(|error| Why::NoCode(error.to_string()))?;
        let width = code.width();
        let mut picture = Picture::blank(width, width);
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                picture.blacken(at % width, at / width);
            }
        }
        Ok(picture.scaled(self.module, self.module))
    }
}
