//! The printer on a port: what it answers, when it prints, and what goes wrong with it.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use crate::fake::condition::{Condition, Roll};
use crate::fake::escpos::command::Pulse;
use crate::fake::escpos::{Profile, Why};
use crate::fake::tcp::{Answers, BrokenOff, Obeys, Printer, SecondClient, Settings};

const TICKET: &[u8] = b"\x1b@Borscht\n\x1dVA\x00";
const STATUS: [&[u8]; 4] = [b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04"];

struct Wire(TcpStream);

impl Wire {
    fn to(printer: &Printer) -> Self {
        let stream = TcpStream::connect(printer.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self(stream)
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.write_all(bytes).unwrap();
        self
    }

    #[track_caller]
    fn hears<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).expect("an answer");
        bytes
    }

    fn asks(&mut self, question: &[u8]) -> u8 {
        self.send(question).hears::<1>()[0]
    }

    /// Whether nothing comes for a moment.
    fn is_quiet(&mut self) -> bool {
        self.0.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        let outcome = self.0.read(&mut [0]);
        self.0.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        matches!(outcome, Err(error) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&error.kind()))
    }

    /// Whether the other side ended it.
    fn is_ended(&mut self) -> bool {
        match self.0.read(&mut [0; 64]) {
            Ok(count) => count == 0,
            Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }
}

fn set(condition: Condition) -> Settings {
    Settings { condition, ..Settings::default() }
}

#[test]
fn it_prints_what_comes_and_keeps_the_pages() {
    let printer = Printer::start(Settings::default());
    Wire::to(&printer).send(TICKET).send(b"\x1bp\x01\x32\x32");
    let pages = printer.wait_for_pages(1);
    assert_eq!(pages[0].text(), "Borscht\n");
    printer.wait_for("a pulse", |record| (record.waiting == 0).then_some(()));
    assert_eq!(printer.pulses(), [Pulse { pin: 5, on_ms: 100, off_ms: 100 }]);
    assert_eq!(printer.faults(), []);
    assert_eq!(printer.take_pages().len(), 1);
    Wire::to(&printer).send(TICKET);
    assert_eq!(printer.wait_for_pages(1).len(), 1, "the first was taken");
}

#[test]
fn it_says_how_it_is() {
    let printer = Printer::start(Settings::default());
    let mut wire = Wire::to(&printer);
    let mut now = |condition| {
        printer.set(|settings| settings.condition = condition);
        STATUS.map(|question| wire.asks(question))
    };
    let jammed = Condition { is_cutter_jammed: true, ..Condition::default() };
    let off_line = Condition { is_switched_off_line: true, ..Condition::default() };
    let near_end = Condition { roll: Roll::NearEnd, ..Condition::default() };
    let drawer = Condition { is_drawer_pin_high: true, ..Condition::default() };
    assert_eq!(now(Condition::default()), [0x12, 0x12, 0x12, 0x12]);
    assert_eq!(now(Condition::out_of_paper()), [0x1a, 0x32, 0x12, 0x7e]);
    assert_eq!(now(Condition::cover_open()), [0x1a, 0x16, 0x12, 0x12]);
    assert_eq!(now(near_end), [0x12, 0x12, 0x12, 0x1e]);
    assert_eq!(now(jammed), [0x1a, 0x52, 0x1a, 0x12]);
    assert_eq!(now(off_line), [0x1a, 0x12, 0x12, 0x12]);
    assert_eq!(now(drawer), [0x16, 0x12, 0x12, 0x12]);
}

/// What is asked in its turn waits for paper; what is asked at once does not.
#[test]
fn a_question_in_its_turn_is_answered_behind_the_print() {
    let printer = Printer::start(set(Condition::out_of_paper()));
    let mut wire = Wire::to(&printer);
    wire.send(TICKET).send(b"\x1dr\x01\x1d(H\x06\x0000J001");
    assert_eq!(wire.asks(STATUS[3]), 0x7e);
    assert!(wire.is_quiet());
    assert!(printer.look(|record| record.mechanism.pages.is_empty() && record.waiting > 0));
    printer.new_roll();
    assert_eq!(wire.hears::<8>(), [0, 0x37, 0x22, b'J', b'0', b'0', b'1', 0]);
    assert_eq!(printer.wait_for_pages(1)[0].text(), "Borscht\n");
}

#[test]
fn it_tells_of_changes_who_wants_to_know() {
    let printer = Printer::start(Settings::default());
    let mut wire = Wire::to(&printer);
    wire.send(b"\x1da\x0f");
    assert_eq!(wire.hears::<4>(), [0x10, 0, 0, 0x0f]);
    printer.set(|settings| settings.condition = Condition::cover_open());
    assert_eq!(wire.hears::<4>(), [0x38, 0, 0, 0x0f]);
    printer.set(|settings| settings.condition = Condition::out_of_paper());
    assert_eq!(wire.hears::<4>(), [0x18, 0, 0x0f, 0x0f]);
    printer.new_roll();
    assert_eq!(wire.hears::<4>(), [0x10, 0, 0, 0x0f]);
    wire.send(b"\x1da\x00\x1dI\x42");
    assert_eq!(wire.hears::<7>(), *b"_EPSON\0");
    printer.set(|settings| settings.condition = Condition::cover_open());
    assert!(wire.is_quiet());
}

#[test]
fn the_roll_ends_in_the_middle_and_the_next_goes_on() {
    let printer = Printer::start(Settings { rows_left: Some(70), ..Settings::default() });
    let mut wire = Wire::to(&printer);
    wire.send(b"\x1b@one\ntwo\nthree\nfour\n\x1dVA\x00");
    printer.wait_for("the end of its roll", |record| {
        (record.mechanism.page.lines.len() == 3).then_some(())
    });
    assert_eq!(wire.asks(STATUS[3]), 0x7e);
    assert!(wire.is_quiet());
    printer.new_roll();
    assert_eq!(printer.wait_for_pages(1)[0].text(), "one\ntwo\nthree\nfour\n");
}

#[test]
fn one_that_is_silent_prints_and_says_nothing() {
    let printer = Printer::start(Settings { answers: Answers::Nothing, ..Settings::default() });
    let mut wire = Wire::to(&printer);
    wire.send(TICKET).send(STATUS[0]).send(b"\x1dr\x01\x1da\xff");
    printer.wait_for_pages(1);
    assert!(wire.is_quiet());
    printer.set(|settings| settings.answers = Answers::OnlyTheFirst);
    assert_eq!(wire.asks(STATUS[0]), 0x12);
    wire.send(STATUS[3]);
    assert!(wire.is_quiet());
}

#[test]
fn a_slow_one_answers_at_once_and_prints_later() {
    let settings = Settings { speed: Some(100), ..Settings::default() };
    let printer = Printer::start(settings);
    let mut wire = Wire::to(&printer);
    let begin = Instant::now();
    wire.send(&b"\x1b@0123456789012345678901234567890123456789\n\x1dVA\x00"[..]);
    assert_eq!(wire.asks(STATUS[0]), 0x12);
    assert!(printer.look(|record| record.waiting > 0), "it has only begun");
    printer.wait_for_pages(1);
    assert!(begin.elapsed() > Duration::from_millis(350), "47 bytes at 100 a second");
}

/// A buffer that is full holds up who sends.
#[test]
fn a_full_buffer_takes_no_more() {
    let settings = Settings { buffer: 100, ..set(Condition::cover_open()) };
    let printer = Printer::start(settings);
    let mut wire = Wire::to(&printer);
    wire.send(&[b'x'; 300]);
    printer.wait_for("a full buffer", |record| (record.received == 100).then_some(()));
    wire.send(STATUS[0]);
    assert!(wire.is_quiet(), "it does not see the question");
    printer.set(|settings| settings.condition = Condition::default());
    assert_eq!(wire.hears::<1>(), [0x12]);
}

#[test]
fn a_second_client_waits_or_is_turned_away() {
    let printer = Printer::start(Settings::default());
    let mut first = Wire::to(&printer);
    assert_eq!(first.asks(STATUS[0]), 0x12);
    let mut second = Wire::to(&printer);
    second.send(TICKET).send(STATUS[0]);
    assert!(second.is_quiet());
    drop(first);
    assert_eq!(second.hears::<1>(), [0x12]);
    printer.wait_for_pages(1);
    printer.set(|settings| settings.second_client = SecondClient::TurnedAway);
    let mut third = Wire::to(&printer);
    assert!(third.is_ended());
    assert_eq!(printer.look(|record| record.turned_away), 1);
    assert_eq!(second.asks(STATUS[0]), 0x12, "the one before is still served");
}

/// A client that is done does not stand before others while there is no paper.
#[test]
fn who_is_done_makes_room() {
    let printer = Printer::start(set(Condition::out_of_paper()));
    Wire::to(&printer).send(TICKET);
    assert_eq!(Wire::to(&printer).asks(STATUS[3]), 0x7e);
    printer.new_roll();
    printer.wait_for_pages(1);
}

#[test]
fn it_ends_a_connection_after_so_many_bytes() {
    let printer = Printer::start(Settings { closes_after: Some(8), ..Settings::default() });
    let mut wire = Wire::to(&printer);
    drop(wire.0.write_all(TICKET));
    assert!(wire.is_ended());
    printer.set(|settings| settings.closes_after = None);
    Wire::to(&printer).send(TICKET);
    let page = &printer.wait_for_pages(1)[0];
    // What was in the line when it broke is forgotten by `ESC @` alone.
    assert_eq!(page.text(), "Borscht\n");
    assert_eq!(printer.faults(), []);
}

/// Half a picture whose sender went away swallows what comes next, in a printer that waits for it.
#[test]
fn half_a_command_is_forgotten_or_waits_for_its_rest() {
    let half = b"\x1b@\x1dv0\x00\x48\x00\x02\x00\xff\xff";
    for (broken_off, wanted) in [(BrokenOff::Forgets, "Borscht\n"), (BrokenOff::Waits, "")] {
        let printer = Printer::start(Settings { broken_off, ..Settings::default() });
        Wire::to(&printer).send(half).0.shutdown(Shutdown::Both).unwrap();
        let mut wire = Wire::to(&printer);
        wire.send(TICKET).send(TICKET).send(STATUS[0]).hears::<1>();
        let text = |count| printer.wait_for_pages(count)[0].text();
        if wanted.is_empty() {
            assert!(printer.look(|record| record.mechanism.pages.is_empty()));
            // Thrown away, with what was swallowed.
            wire.send(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08");
            assert_eq!(wire.hears::<3>(), [0x37, 0x25, 0]);
            wire.send(TICKET);
            assert_eq!(text(1), "Borscht\n");
        } else {
            assert_eq!(text(2), wanted);
        }
    }
}

#[test]
fn it_says_that_it_will_send_no_more_and_reads_on() {
    let printer = Printer::start(Settings { half_closes_after: Some(4), ..Settings::default() });
    let mut wire = Wire::to(&printer);
    wire.send(TICKET);
    assert!(wire.is_ended(), "nothing more comes");
    wire.send(TICKET);
    printer.wait_for_pages(2);
}

#[test]
fn it_refuses_and_takes_connections_again() {
    let printer = Printer::start(Settings { refuses: true, ..Settings::default() });
    let error = TcpStream::connect(printer.address()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    printer.set(|settings| settings.refuses = false);
    Wire::to(&printer).send(TICKET);
    printer.wait_for_pages(1);
    printer.set(|settings| settings.refuses = true);
    assert!(TcpStream::connect(printer.address()).is_err());
}

#[test]
fn without_power_it_loses_what_it_has_not_printed() {
    let printer = Printer::start(Settings::default());
    let mut wire = Wire::to(&printer);
    wire.send(b"\x1b@one\n").send(STATUS[0]).hears::<1>();
    printer.wait_for("a line", |record| (record.mechanism.page.lines.len() == 1).then_some(()));
    printer.set(|settings| settings.condition = Condition::cover_open());
    wire.send(b"two\n").send(STATUS[0]).hears::<1>();
    printer.cut_power();
    assert!(wire.is_ended());
    assert!(TcpStream::connect(printer.address()).is_err());
    printer.set(|settings| settings.condition = Condition::default());
    printer.switch_on();
    Wire::to(&printer).send(b"three\n\x1dVA\x00");
    assert_eq!(printer.wait_for_pages(1)[0].text(), "one\nthree\n", "paper is paper");
}

/// The question stands in the data of a picture.
#[test]
fn it_obeys_inside_of_data_or_between_commands() {
    let picture = b"\x1b@\x1dv0\x00\x08\x00\x01\x00\x10\x04\x01\x10\x14\x01\x00\x05";
    for (obeys, answers) in [(Obeys::Anywhere, 1), (Obeys::BetweenCommands, 0)] {
        let printer = Printer::start(Settings { obeys, ..Settings::default() });
        let mut wire = Wire::to(&printer);
        wire.send(picture).send(b"\x1dVA\x00");
        printer.wait_for_pages(1);
        assert_eq!(printer.pulses().len(), answers, "{obeys:?}");
        if answers == 1 {
            assert_eq!(wire.hears::<1>(), [0x12]);
        }
        assert!(wire.is_quiet());
        assert_eq!(wire.asks(STATUS[1]), 0x12);
        let page = &printer.take_pages()[0];
        assert!(page.picture.is_black(3, 0), "it belongs to the picture too");
        assert_eq!(printer.faults(), []);
    }
}

/// `GS ( D` makes pulses in data harmless; questions are answered still.
#[test]
fn it_heeds_no_pulse_in_data_when_it_is_told_so() {
    let printer = Printer::start(Settings::default());
    let mut wire = Wire::to(&printer);
    assert_eq!(wire.asks(b"\x1d(D\x05\x00\x14\x01\x00\x02\x00\x1dr\x01"), 0);
    wire.send(b"\x1dv0\x00\x08\x00\x01\x00\x10\x04\x01\x10\x14\x01\x00\x05\x1dVA\x00");
    assert_eq!(wire.hears::<1>(), [0x12]);
    printer.wait_for_pages(1);
    assert_eq!(printer.pulses(), []);
}

#[test]
fn it_stumbles_and_goes_on() {
    let printer = Printer::start(Settings::default());
    Wire::to(&printer).send(b"\x1b@\x1bZBorscht\n\x1dVA\x00");
    printer.wait_for_pages(1);
    let faults = printer.faults();
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].offset, &faults[0].why), (2, &Why::Unknown(b"\x1bZ".to_vec())));
}

#[test]
fn many_tickets_by_many_connections() {
    let settings = Settings { profile: Profile::narrow(), buffer: 4096, ..Settings::default() };
    let printer = Printer::start(settings);
    let rows = [0x5a; 48 * 200];
    for number in 0..60 {
        let head = format!("\x1b@{number}\n\x1dv0\0\x30\0\u{c8}\0");
        // As bytes, not as UTF-8.
        let head: Vec<u8> =
            head.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect();
        let mut wire = Wire::to(&printer);
        wire.send(&head).send(&rows).send(b"\x1dVA\x00\x1dr\x01");
        assert_eq!(wire.hears::<1>(), [0]);
    }
    let pages = printer.wait_for_pages(60);
    let numbers: Vec<_> =
        pages.iter().map(|page| page.text().trim().parse::<i32>().unwrap()).collect();
    assert_eq!(numbers, (0..60).collect::<Vec<i32>>());
    assert!(pages.iter().all(|page| page.picture.height() == 230));
    assert_eq!(printer.faults(), []);
}
