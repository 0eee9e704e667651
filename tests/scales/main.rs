//! Scales that are not there, and whether they speak as the makers' documents say.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod fake;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use fake::{Load, Scale, Trouble, cas, massa_k, mettler};

struct Wire(TcpStream);

impl Wire {
    fn to(scale: &Scale) -> Self {
        let stream = TcpStream::connect(scale.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self(stream)
    }

    /// What comes back, of so many bytes.
    #[track_caller]
    fn ask(&mut self, question: &[u8], length: usize) -> Vec<u8> {
        self.0.write_all(question).unwrap();
        let mut answer = vec![0; length];
        self.0.read_exact(&mut answer).expect("an answer");
        answer
    }

    /// All that comes until the connection ends or a moment passes.
    fn rest(&mut self) -> Vec<u8> {
        self.0.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let mut rest = Vec::new();
        drop(self.0.read_to_end(&mut rest));
        self.0.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        rest
    }
}

const GET_MASSA: [u8; 8] = [0xf8, 0x55, 0xce, 1, 0, 0x23, 0x23, 0];

#[test]
fn cas_says_the_weight_when_it_is_asked_twice() {
    let scale = Scale::start(cas::protocol, Load::Still(350));
    let mut wire = Wire::to(&scale);
    let mut frame = |load| {
        scale.put(load);
        assert_eq!(wire.ask(&[5], 1), [6]);
        wire.ask(&[0x11], 15)
    };
    // 'S'^' '^'0'^'0'^'.'^'3'^'5'^'0'^'k'^'g' by hand.
    assert_eq!(frame(Load::Still(350)), b"\x01\x02S 00.350kg\x67\x03\x04");
    assert_eq!(frame(Load::Moving(12_005))[..12], *b"\x01\x02U 12.005kg");
    assert_eq!(frame(Load::Still(-20))[..12], *b"\x01\x02S-00.020kg");
    assert_eq!(frame(Load::TooMuch)[..12], *b"\x01\x02SFFFFFFFkg");
    assert_eq!(scale.asked(), 4);
    scale.next(Trouble::NotNow);
    assert_eq!(wire.ask(&[5], 1), [0x15]);
    assert_eq!(wire.ask(&[5], 1), [6]);
}

/// The sum of a message that a real scale sent.
#[test]
fn massa_k_guards_its_messages_by_a_sum() {
    let body = [0x24, 0x0f, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0];
    assert_eq!(massa_k::crc(&body).to_le_bytes(), [0x7d, 0x42]);
    assert_eq!(massa_k::message(&[0x23]), GET_MASSA);
}

#[test]
fn massa_k_says_the_weight() {
    let scale = Scale::start(massa_k::protocol, Load::Still(15));
    let mut wire = Wire::to(&scale);
    let answer = wire.ask(&GET_MASSA, 20);
    assert_eq!(answer[..6], [0xf8, 0x55, 0xce, 13, 0, 0x24]);
    assert_eq!(answer[6..], [15, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0x7d, 0x42]);
    scale.put(Load::Moving(-300));
    assert_eq!(wire.ask(&GET_MASSA, 20)[6..12], [0xd4, 0xfe, 0xff, 0xff, 1, 0]);
    scale.put(Load::TooMuch);
    assert_eq!(wire.ask(&GET_MASSA, 9)[3..7], [2, 0, 0x28, 8]);
    let mut wrong = GET_MASSA;
    wrong[6] ^= 1;
    assert_eq!(wire.ask(&wrong, 8)[5], 0xf0, "the sum is wrong");
    assert_eq!(wire.ask(&massa_k::message(&[0x99]), 9)[5..7], [0x28, 7]);
}

#[test]
fn mettler_says_the_weight_in_a_line() {
    let scale = Scale::start(mettler::protocol, Load::Still(350));
    let mut wire = Wire::to(&scale);
    assert_eq!(wire.ask(b"SI\r\n", 19), b"S S      0.350 kg\r\n");
    scale.put(Load::Moving(-1_250));
    assert_eq!(wire.ask(b"SI\r\n", 19), b"S D     -1.250 kg\r\n");
    assert_eq!(wire.ask(b"S\r\n", 5), b"S I\r\n");
    scale.put(Load::TooMuch);
    assert_eq!(wire.ask(b"SI\r\n", 5), b"S +\r\n");
    assert_eq!(wire.ask(b"X\r\n", 4), b"EL\r\n");
}

#[test]
fn what_goes_wrong_goes_wrong_once() {
    let well = b"S S      0.350 kg\r\n".to_vec();
    for (trouble, wanted) in [
        (Trouble::Silent, Vec::new()),
        (Trouble::NotNow, b"S I\r\n".to_vec()),
        (Trouble::Garbled, b"S S      0.351 kg\r\n".to_vec()),
        (Trouble::Half, b"S S      ".to_vec()),
        (Trouble::Crumbs, well.clone()),
        (Trouble::Late, [&b"0.350 kg\r\n"[..], &well].concat()),
    ] {
        let scale = Scale::start(mettler::protocol, Load::Still(350));
        scale.next(trouble);
        let mut wire = Wire::to(&scale);
        wire.0.write_all(b"SI\r\n").unwrap();
        assert_eq!(wire.rest(), wanted, "{trouble:?}");
        drop(wire);
        assert_eq!(Wire::to(&scale).ask(b"SI\r\n", 19), well, "{trouble:?}");
    }
    // A sum shows what a line of characters cannot.
    let scale = Scale::start(massa_k::protocol, Load::Still(350));
    scale.next(Trouble::Garbled);
    let answer = Wire::to(&scale).ask(&GET_MASSA, 20);
    assert_ne!(massa_k::crc(&answer[5..18]).to_le_bytes(), answer[18..]);
}
