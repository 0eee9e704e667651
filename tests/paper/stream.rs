//! Bytes that the reference says something about, and those about which it says nothing.

use proptest::prelude::*;

use crate::fake::escpos::command::{Ask, Buzz, Cut, Pulse};
use crate::fake::escpos::real_time::RealTime;
use crate::fake::escpos::{At, Decoded, Event, Fault, Profile, Why, decode};

pub fn read(bytes: &[u8]) -> Decoded {
    decode(bytes, &Profile::wide()).unwrap_or_else(|fault| panic!("{fault}"))
}

pub fn fault(bytes: &[u8]) -> Fault {
    decode(bytes, &Profile::wide()).expect_err("a fault")
}

#[test]
fn every_way_to_cut() {
    let cut = |is_full, fed| Cut { is_full, fed };
    for (bytes, wanted) in [
        (&[0x1d, b'V', 0][..], cut(true, None)),
        (&[0x1d, b'V', 48], cut(true, None)),
        (&[0x1d, b'V', 1], cut(false, None)),
        (&[0x1d, b'V', 49], cut(false, None)),
        (&[0x1d, b'V', 65, 0], cut(true, Some(0))),
        (&[0x1d, b'V', 66, 3], cut(false, Some(3))),
        (&[0x1d, b'V', 103, 0], cut(true, Some(0))),
        (&[0x1d, b'V', 104, 9], cut(false, Some(9))),
        (&[0x1b, b'i'], cut(false, None)),
        (&[0x1b, b'm'], cut(false, None)),
    ] {
        let read = read(bytes);
        assert_eq!(read.pages.len(), 1, "{bytes:02x?}");
        assert_eq!(read.pages[0].cut, Some(wanted), "{bytes:02x?}");
    }
}

#[test]
fn a_cut_that_is_not_fed_to_goes_through_the_print() {
    let profile = Profile::wide();
    let ticket = b"Borscht\n";
    for (end, is_short) in [
        (&b"\x1dV\x00"[..], true),
        (b"\x1dV\x41\x00", false),
        (b"\x1bd\x02\x1dV\x00", true),
        (b"\x1bd\x04\x1dV\x00", false),
    ] {
        let page = &read(&[ticket, end].concat()).pages[0];
        assert_eq!(page.is_cut_short(&profile), is_short, "{end:02x?}");
    }
    assert!(!read(b"\x1dV\x00").pages[0].is_cut_short(&profile), "nothing is on it");
}

#[test]
fn drawers_and_buzzers() {
    let pulse = |pin, on_ms, off_ms| Pulse { pin, on_ms, off_ms };
    for (bytes, wanted) in [
        (&[0x1b, b'p', 0, 50, 50][..], pulse(2, 100, 100)),
        (&[0x1b, b'p', 1, 25, 250], pulse(5, 50, 500)),
        (&[0x1b, b'p', 49, 60, 10], pulse(5, 120, 120)),
        (&[0x10, 0x14, 1, 0, 3], pulse(2, 300, 300)),
        (&[0x10, 0x14, 1, 1, 8], pulse(5, 800, 800)),
    ] {
        assert_eq!(read(bytes).pulses(), [wanted], "{bytes:02x?}");
    }
    for (bytes, times, cycle_ms) in [
        (&[0x1b, b'(', b'A', 4, 0, 48, 51, 3, 10][..], 3, 1000),
        (&[0x1b, b'(', b'A', 5, 0, 97, 100, 2, 1, 4], 2, 500),
        (&[0x1b, b'B', 4, 2], 4, 200),
    ] {
        let wanted = Event::Buzz(Buzz { times, cycle_ms });
        assert_eq!(read(bytes).events, [At { offset: 0, what: wanted }], "{bytes:02x?}");
    }
}

#[test]
fn questions() {
    let bytes = b"\x1dr\x01\x1da\x0f\x1dI\x43\x1d(H\x06\x0000ab12\x1bv";
    let wanted = [
        Ask::Status(1),
        Ask::TellChanges(15),
        Ask::Identity(67),
        Ask::Printed(*b"ab12"),
        Ask::Status(1),
    ];
    assert_eq!(read(bytes).asked(), wanted);
    let read = read(b"\x10\x04\x01\x10\x04\x04\x10\x05\x02");
    let obeyed: Vec<_> = read.events.into_iter().map(|event| event.what).collect();
    let wanted = [RealTime::Status(1), RealTime::Status(4), RealTime::Recover { forgetting: true }];
    assert_eq!(obeyed, wanted.map(Event::RealTime));
    assert_eq!(read.inside, [], "they stand between commands");
}

#[test]
fn what_is_not_known_is_an_error_where_it_stands() {
    let unknown = |bytes: &[u8]| Why::Unknown(bytes.to_vec());
    let range = |of, value| Why::OutOfRange { of, value };
    for (bytes, offset, why) in [
        (&b"ab\x1bZ"[..], 2, unknown(b"\x1bZ")),
        (b"\x1b@\x00", 2, unknown(&[0])),
        (b"\x1b@\x1bL", 2, unknown(b"\x1bL")),
        (b"\x07", 0, unknown(&[7])),
        (b"\x7f", 0, unknown(&[0x7f])),
        (b"\x10\x06", 0, unknown(b"\x10\x06")),
        (b"\x1c\x70\x01\x00", 0, unknown(b"\x1c\x70")),
        (b"\x1d(k\x03\x000C\x05", 0, unknown(b"\x1d(k\x03\x000C\x05")),
        (b"\x1d(L\x02\x000E", 0, unknown(b"\x1d(L\x02\x000E")),
        (b"\x1dV\x02", 0, range("GS V", 2)),
        (b"\x1dV\x61\x00", 0, range("GS V", 97)),
        (b"\x1bp\x02\x32\x32", 0, range("the drawer of ESC p", 2)),
        (b"\x1ba\x03", 0, range("ESC a", 3)),
        (b"\x1d!\x08", 0, range("GS !", 8)),
        (b"\x1dr\x03", 0, range("GS r", 3)),
        (b"\x1bt\x63", 0, Why::NoCodePage(99)),
        (b"A\x1ba\x01", 1, Why::NotAtLineStart),
        (b"A\x1dV\x00", 1, Why::NotAtLineStart),
        (b"A\x1dv0\x00\x01\x00\x01\x00\xff", 1, Why::NotAtLineStart),
        (b"\x1d(L\x02\x0002", 0, Why::NothingStored),
        (b"\x1bt\x10\x81", 3, Why::NoCharacter(0x81)),
    ] {
        assert_eq!(fault(bytes), Fault { offset, why }, "{bytes:02x?}");
    }
}

/// One of each sort.
const TICKET: &[u8] = b"\x1b@\x1c.\x1bt\x11\x1ba\x01\x1dv0\x00\x02\x00\x03\x00\xff\x01\x80\x02\xaa\x55\
    \x1ba\x00\x1bE\x01\x1d!\x11\x81\xae\xe0\xe9\n\x1d!\x00\x1bE\x00\x1b3\x18\x1b*\x21\x02\x00\x01\x02\x03\x04\x05\x06\n\
    \x1d(L\x0c\x000p0\x01\x011\x09\x00\x01\x00\xff\x80\x1d(L\x02\x0002\
    \x1bJ\x18\x1d(k\x03\x001C\x04\x1d(k\x05\x001P0Hi\x1d(k\x03\x001Q0\x1dr\x01\x1bp\x00\x32\x32\x1dVB\x00";

#[test]
fn a_ticket_of_everything() {
    let read = read(TICKET);
    assert_eq!(read.pages.len(), 1);
    assert_eq!(read.pages[0].lines[0].text(), "Борщ");
    assert_eq!(read.pages[0].codes, ["Hi"]);
    assert_eq!(read.pages[0].picture.qr_texts(), ["Hi"]);
    assert_eq!((read.unprinted.as_str(), read.rest.picture.height()), ("", 0));
    assert_eq!((read.pulses().len(), read.asked().len()), (1, 1));
}

/// Wherever the wire breaks: what stands before it is read, and the rest is an error that says where.
#[test]
fn a_stream_that_breaks_off_is_an_error() {
    let mut begins = vec![0];
    while *begins.last().unwrap() < TICKET.len() {
        let at = *begins.last().unwrap();
        let (_, length) = crate::fake::escpos::next(&TICKET[at..]).unwrap().unwrap();
        begins.push(at + length);
    }
    assert!(begins.len() > 20);
    for end in 0..TICKET.len() {
        let begin = *begins.iter().rfind(|begin| **begin <= end).unwrap();
        // Characters may stop anywhere.
        let is_whole = begin == end || TICKET[begin] >= 0x20;
        match decode(&TICKET[..end], &Profile::wide()) {
            Ok(_) => assert!(is_whole, "{end} bytes"),
            Err(fault) => {
                assert!(!is_whole, "{end} bytes: {fault}");
                assert_eq!(fault, Fault { offset: begin, why: Why::Truncated(end - begin) });
            }
        }
    }
}

/// A picture in which these bytes happen to stand opens the drawer of a printer that heeds them.
#[test]
fn what_a_picture_would_set_off_is_told() {
    let row = [0x10, 0x14, 1, 0, 1, 0, 0x10, 4, 1];
    let mut bytes = b"\x1b@\x1dv0\x00\x09\x00\x01\x00".to_vec();
    bytes.extend(row);
    let pulse = Pulse { pin: 2, on_ms: 100, off_ms: 100 };
    let found = read(&bytes).inside;
    let wanted = [(10, RealTime::Pulse(pulse)), (16, RealTime::Status(1))];
    assert_eq!(found, wanted.map(|(offset, what)| At { offset, what }));
    let unheeded = [b"\x1d(D\x05\x00\x14\x01\x00\x02\x00", bytes.as_slice()].concat();
    let found = read(&unheeded).inside;
    assert_eq!(found, [At { offset: 26, what: RealTime::Status(1) }], "pulses are not heeded");
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        drop(decode(&bytes, &Profile::wide()));
    }

    /// Commands with anything for parameters.
    #[test]
    fn nor_do_commands(parts in proptest::collection::vec(
        (prop::sample::select(&[0x1b, 0x1d, 0x1c, 0x10][..]), any::<u8>(), any::<[u8; 9]>()), 0..30,
    )) {
        let bytes: Vec<u8> =
            parts.iter().flat_map(|(lead, name, rest)| [&[*lead, *name], &rest[..]].concat()).collect();
        let mut at = 0;
        while at < bytes.len() {
            at = match decode(&bytes[at..], &Profile::narrow()) {
                Ok(_) => bytes.len(),
                Err(fault) => at + fault.offset + 1,
            };
        }
    }
}
