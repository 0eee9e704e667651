//! How a printer is: its paper, its cover, its cutter, its drawer. Each protocol tells it in bits of
//! its own.

/// What the sensors of a roll say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roll {
    #[default]
    Enough,
    NearEnd,
    Out,
}

/// What the sensors of a printer say.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition {
    pub roll: Roll,
    pub is_cover_open: bool,
    /// Taken off line by hand.
    pub is_switched_off_line: bool,
    pub is_cutter_jammed: bool,
    /// The drawer's contact: pin 3 of its plug is high.
    pub is_drawer_pin_high: bool,
}

impl Condition {
    pub fn out_of_paper() -> Self {
        Self { roll: Roll::Out, ..Self::default() }
    }

    pub fn cover_open() -> Self {
        Self { is_cover_open: true, ..Self::default() }
    }

    /// It prints nothing.
    pub fn is_off_line(self) -> bool {
        self.roll == Roll::Out
            || self.is_cover_open
            || self.is_switched_off_line
            || self.is_cutter_jammed
    }

    /// Epson's four bytes of Automatic Status Back (`GS a`).
    pub fn epson_asb(self) -> [u8; 4] {
        let drawer = bit(self.is_drawer_pin_high, 0x04);
        let first = 0x10 | drawer | bit(self.is_off_line(), 0x08) | bit(self.is_cover_open, 0x20);
        let second = bit(self.is_cutter_jammed, 0x08);
        let third = match self.roll {
            Roll::Enough => 0,
            Roll::NearEnd => 0x03,
            Roll::Out => 0x0f,
        };
        [first, second, third, 0x0f]
    }

    /// Epson's answer to `DLE EOT n`.
    pub fn epson_now(self, n: u8) -> u8 {
        let is_out = self.roll == Roll::Out;
        0x12 | match n {
            1 => bit(self.is_drawer_pin_high, 0x04) | bit(self.is_off_line(), 0x08),
            2 => {
                bit(self.is_cover_open, 0x04) | bit(is_out, 0x20) | bit(self.is_cutter_jammed, 0x40)
            }
            3 => bit(self.is_cutter_jammed, 0x08),
            _ => bit(self.roll != Roll::Enough, 0x0c) | bit(is_out, 0x60),
        }
    }

    /// Epson's answer to `GS r n`, which a printer gives only while it prints.
    pub fn epson_in_order(self, n: u8) -> u8 {
        match n {
            1 | 49 => self.epson_asb()[2],
            2 | 50 => bit(self.is_drawer_pin_high, 0x01),
            _ => 0,
        }
    }

    /// Star's automatic status: two bytes of header and seven of what is, as version 3 counts them.
    pub fn star_asb(self) -> [u8; 9] {
        let drawer = bit(self.is_drawer_pin_high, 0x04);
        let printer = drawer | bit(self.is_off_line(), 0x08) | bit(self.is_cover_open, 0x20);
        let error = bit(self.is_cutter_jammed, 0x08);
        let paper = match self.roll {
            Roll::Enough => 0,
            Roll::NearEnd => 0x04,
            Roll::Out => 0x0c,
        };
        [0x23, 0x86, printer, error, 0, paper, 0, 0, 0]
    }
}

fn bit(is_set: bool, bit: u8) -> u8 {
    if is_set { bit } else { 0 }
}
