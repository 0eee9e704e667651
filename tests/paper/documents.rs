//! Printers to which documents in XML are posted: Epson's and Star's.

use std::net::SocketAddr;

use crate::fake::condition::{Condition, Roll};
use crate::fake::escpos::Profile;
use crate::fake::escpos::command::{Align, Cut, Pulse};
use crate::fake::http::{Message, ask};
use crate::fake::over_http::Trouble;
use crate::fake::xml::{Element, escaped};
use crate::fake::{epos, webprnt};

const XML: [(&str, &str); 1] = [("Content-Type", "text/xml; charset=utf-8")];

fn soap(header: &str, document: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">{header}<s:Body><epos-print xmlns="http://www.epson-pos.com/schemas/2011/03/epos-print">{document}</epos-print></s:Body></s:Envelope>"#
    )
}

fn post_epos(printer: SocketAddr, document: &str) -> std::io::Result<Message> {
    let target = format!("{}?devid=local_printer&timeout=10000", epos::PATH);
    ask(printer, "POST", &target, &XML, soap("", document).as_bytes())
}

/// Success, code and status of an answer.
fn outcome(answer: &Message) -> (bool, String, u32) {
    assert_eq!(answer.status(), 200);
    let envelope = Element::parse(&answer.body).unwrap();
    let response = envelope.child("Body").unwrap().child("response").unwrap();
    let said = |name| response.attribute(name).unwrap().to_owned();
    (said("success") == "true", said("code"), said("status").parse().unwrap())
}

/// Of the manual: eight rows of eight black dots.
const SQUARE: &str = r#"<image width="8" height="8">//////////8=</image>"#;

#[test]
fn epson_prints_a_document() {
    let printer = epos::start(Profile::wide());
    let document = format!(
        r#"<text lang="ru" align="center"/><text em="true" width="2" height="2">Борщ &amp; хлеб&#10;</text>
        <text em="false" width="1" height="1">450,00</text><feed line="2"/>{SQUARE}<feed unit="20"/>
        <symbol type="qrcode_model_2" level="level_m" width="4">t=1</symbol>
        <cut type="feed"/><pulse drawer="drawer_2" time="pulse_200"/><sound repeat="2"/>"#
    );
    let answer = post_epos(printer.address(), &document).unwrap();
    assert_eq!(outcome(&answer), (true, String::new(), 0x0f00_0012));
    let pages = printer.pages();
    assert_eq!(pages[0].text(), "Борщ & хлеб\n450,00\n");
    assert_eq!(pages[0].cut, Some(Cut { is_full: false, fed: Some(0) }));
    assert_eq!(
        (pages[0].codes.as_slice(), pages[0].picture.qr_texts()),
        (["t=1".into()].as_slice(), vec!["t=1".into()])
    );
    assert_eq!(pages[0].lines[0].align, Align::Center);
    let style = pages[0].lines[0].pieces[0].style;
    assert!(style.is_bold && style.across == 2);
    assert_eq!(printer.pulses(), [Pulse { pin: 5, on_ms: 200, off_ms: 200 }]);
    assert!(pages[0].picture.is_black(284, 48 + 60) && pages[0].picture.is_black(291, 48 + 67));
}

#[test]
fn epson_says_why_it_does_not_print() {
    let printer = epos::start(Profile::wide());
    let near_end = Condition { roll: Roll::NearEnd, ..Condition::default() };
    for (condition, success, code, status) in [
        (Condition::out_of_paper(), false, "EPTR_REC_EMPTY", 0x0f0f_0018),
        (Condition::cover_open(), false, "EPTR_COVER_OPEN", 0x0f00_0038),
        (near_end, true, "", 0x0f03_0012),
    ] {
        printer.set(condition);
        let answer = post_epos(printer.address(), "<text>x&#10;</text><cut/>").unwrap();
        assert_eq!(outcome(&answer), (success, code.into(), status));
    }
    assert_eq!(printer.pages().len(), 1);
    let answer = post_epos(printer.address(), "").unwrap();
    assert_eq!(outcome(&answer), (true, String::new(), 0x0f03_0012), "only asked");
    assert_eq!(printer.pages().len(), 1);
}

#[test]
fn epson_refuses_what_breaks_the_schema() {
    let printer = epos::start(Profile::wide());
    for document in [
        "<text>x&#10;</text><cut/><blink/>",
        r#"<image width="8" height="9">//////////8=</image>"#,
        r#"<image width="8">//////////8=</image>"#,
        r#"<image width="8" height="8" mode="gray16">//////////8=</image>"#,
        r#"<text colour="red">x</text>"#,
        r#"<cut type="half"/>"#,
        r#"<pulse drawer="drawer_3"/>"#,
        r#"<feed line="256"/>"#,
        "<text>&nbsp;</text>",
        "<text>",
    ] {
        let answer = post_epos(printer.address(), document).unwrap();
        assert_eq!(outcome(&answer), (false, "SchemaError".into(), 1), "{document}");
    }
    assert_eq!((printer.pages().len(), printer.refused().len()), (0, 10));
    let target = format!("{}?devid=bar_printer&timeout=10000", epos::PATH);
    let body = soap("", SQUARE);
    let answer = ask(printer.address(), "POST", &target, &XML, body.as_bytes()).unwrap();
    assert_eq!(outcome(&answer).1, "DeviceNotFound");
    let plain = [("Content-Type", "text/plain")];
    let answer = ask(printer.address(), "POST", epos::PATH, &plain, body.as_bytes()).unwrap();
    assert_eq!(outcome(&answer).1, "SchemaError");
    let elsewhere = ask(printer.address(), "POST", "/elsewhere", &XML, &[]).unwrap();
    assert_eq!(elsewhere.status(), 404);
}

#[test]
fn epson_takes_bytes_and_names_of_jobs() {
    let printer = epos::start(Profile::wide());
    let namespace = epos::DOCUMENT;
    let header = format!(
        r#"<s:Header><parameter xmlns="{namespace}"><devid>local_printer</devid><timeout>9000</timeout><printjobid>J-7</printjobid></parameter></s:Header>"#
    );
    let post = |document| {
        let body = soap(&header, document);
        ask(printer.address(), "POST", epos::PATH, &XML, body.as_bytes()).unwrap()
    };
    assert_eq!(outcome(&post("")).1, "JobNotFound");
    let answer = post("<command>1b404f4b0a1d564100</command>");
    assert!(outcome(&answer).0);
    let envelope = Element::parse(&answer.body).unwrap();
    let parameter = envelope.child("Header").unwrap().child("parameter").unwrap();
    assert_eq!(parameter.text_of("printjobid"), Some("J-7"));
    assert_eq!(printer.pages()[0].text(), "OK\n");
    assert!(outcome(&post("")).0, "it knows of the job");
}

#[test]
fn what_goes_wrong_on_the_wire() {
    for (trouble, is_answered, is_printed) in [
        (Trouble::HangsUpUnprinted, false, false),
        (Trouble::HangsUpPrinted, false, true),
        (Trouble::HalfAnswer, false, true),
        (Trouble::Unavailable, true, false),
        (Trouble::Busy, true, false),
        (Trouble::TimesOut, true, false),
    ] {
        let printer = epos::start(Profile::wide());
        printer.next(trouble);
        let answer = post_epos(printer.address(), "<text>x&#10;</text><cut/>");
        assert_eq!(answer.is_ok(), is_answered, "{trouble:?}");
        assert_eq!(printer.pages().len(), usize::from(is_printed), "{trouble:?}");
        if let Ok(answer) = answer {
            assert!(answer.status() == 503 || !outcome(&answer).0, "{trouble:?}");
        }
        let after = post_epos(printer.address(), "<text>x&#10;</text><cut/>").unwrap();
        assert!(outcome(&after).0, "only once");
    }
}

fn post_star(printer: SocketAddr, document: &str) -> Message {
    let root = escaped(&format!("<root>{document}</root>"));
    let body = format!(
        r#"<StarWebPrint xmlns="http://www.star-m.jp" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><Request>{root}</Request></StarWebPrint>"#
    );
    ask(printer, "POST", webprnt::PATH, &XML, body.as_bytes()).unwrap()
}

/// Success, code and status of an answer.
fn star_outcome(answer: &Message) -> (bool, String, String) {
    assert_eq!(answer.status(), 200);
    let outer = Element::parse(&answer.body).unwrap();
    let root = Element::parse(outer.text_of("Response").unwrap().as_bytes()).unwrap();
    let said = |name| root.text_of(name).unwrap().to_owned();
    (said("success") == "true", said("code"), said("status"))
}

#[test]
fn star_prints_a_document() {
    let printer = webprnt::start(Profile::wide());
    let document = r#"<initialization/><alignment position="right"/><text emphasis="true">Чай &lt;3
</text><bitimage width="8" height="8">//////////8=</bitimage><alignment position="left"/>
        <qrcode model="model2" level="level_m" cell="4">t=2</qrcode><feed line="2"/>
        <cutpaper feed="true" type="partial"/><peripheral channel="1" on="100" off="300"/>"#;
    let answer = post_star(printer.address(), document);
    let wanted = (true, "0".to_owned(), "2386000000000000000000".to_owned());
    assert_eq!(star_outcome(&answer), wanted);
    let pages = printer.pages();
    assert_eq!(pages[0].text(), "Чай <3\n");
    assert_eq!(pages[0].picture.qr_texts(), ["t=2"]);
    assert!(pages[0].picture.is_black(575, 24) && !pages[0].picture.is_black(567, 24));
    assert_eq!(pages[0].cut, Some(Cut { is_full: false, fed: Some(0) }));
    assert_eq!(printer.pulses(), [Pulse { pin: 2, on_ms: 100, off_ms: 300 }]);
}

#[test]
fn star_says_why_it_does_not_print() {
    let printer = webprnt::start(Profile::wide());
    for (condition, wanted) in [
        (Condition::out_of_paper(), (false, "1100", "2386080000", "0c")),
        (Condition::cover_open(), (false, "1100", "2386280000", "00")),
        (
            Condition { roll: Roll::NearEnd, ..Condition::default() },
            (true, "0", "2386000000", "04"),
        ),
    ] {
        printer.set(condition);
        let (success, code, status) = star_outcome(&post_star(printer.address(), "<cutpaper/>"));
        assert_eq!((success, code.as_str()), (wanted.0, wanted.1));
        assert_eq!(status.to_lowercase(), format!("{}{}0000000000", wanted.2, wanted.3));
    }
    assert_eq!(printer.pages().len(), 1);
    printer.next(Trouble::Busy);
    let (success, code, _) = star_outcome(&post_star(printer.address(), "<cutpaper/>"));
    assert_eq!((success, code.as_str(), printer.pages().len()), (false, "2001", 1));
}

#[test]
fn star_refuses_what_it_cannot_read() {
    let printer = webprnt::start(Profile::wide());
    for document in
        ["<blink/>", "<bitimage width=\"9\" height=\"8\">//////////8=</bitimage>", "<text>"]
    {
        assert_eq!(post_star(printer.address(), document).status(), 400, "{document}");
    }
    let bare = "<root><cutpaper/></root>";
    let answer = ask(printer.address(), "POST", webprnt::PATH, &XML, bare.as_bytes()).unwrap();
    assert_eq!((answer.status(), printer.pages().len()), (400, 0));
}
