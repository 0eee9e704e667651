//! What a printer sends back.

/// What a printer says of itself: a byte, or a text between a mark and a zero.
pub fn identity(n: u8) -> Vec<u8> {
    let text = |text: &str| [b"_", text.as_bytes(), b"\0"].concat();
    match n {
        1 | 49 => vec![0x75],
        // It has a knife, and no second language.
        2 | 50 => vec![0x02],
        3 | 51 => vec![0x01],
        65 => text("1.00 ESC/POS"),
        66 => text("EPSON"),
        67 => text("TM-T20II"),
        68 => text("0000000001"),
        _ => text("ANK"),
    }
}

/// What is sent back when everything before the question is printed.
pub fn printed(id: [u8; 4]) -> Vec<u8> {
    [&[0x37, 0x22], id.as_slice(), &[0]].concat()
}

/// That what waited was thrown away.
pub const FORGOTTEN: [u8; 3] = [0x37, 0x25, 0];

/// That it goes off.
pub const GOING_OFF: [u8; 3] = [0x3b, 0x30, 0];
