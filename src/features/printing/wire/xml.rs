//! As much of XML as printers answer in: elements one after the other, whatever stands in which.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// The most elements that are read of an answer; printers need some ten.
const MOST: usize = 1000;

/// An element, without what stands in it but its own text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its name, without the prefix of its namespace.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// The text that follows its beginning.
    pub text: String,
}

impl Element {
    fn of(start: &BytesStart<'_>) -> Option<Self> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.ok()?;
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        let name = start.local_name().as_ref().to_owned();
        Some(Self { name, attributes, text: String::new() })
    }

    /// An attribute's value.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The elements of a document in their order; none where it is no whole document.
pub fn elements(document: &[u8]) -> Option<Vec<Element>> {
    let mut reader = Reader::from_str(std::str::from_utf8(document).ok()?);
    let (mut found, mut open) = (Vec::<Element>::new(), 0_usize);
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                found.push(Element::of(&start)?);
                open += 1;
            }
            Event::Empty(start) => found.push(Element::of(&start)?),
            Event::End(_) => open = open.checked_sub(1)?,
            Event::Text(text) => add(&mut found, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::CData(text) => add(&mut found, &text.xml_content(XmlVersion::Implicit1_0)),
            Event::GeneralRef(reference) => {
                let char = reference.resolve_char_ref().ok()?.map(String::from);
                let word = char.or_else(|| resolve_predefined_entity(&reference).map(Into::into));
                add(&mut found, &word?);
            }
            Event::DocType(_) => return None,
            Event::Eof => return (open == 0 && !found.is_empty()).then_some(found),
            Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
        }
        if found.len() > MOST {
            return None;
        }
    }
}

fn add(found: &mut [Element], text: &str) {
    if let Some(last) = found.last_mut() {
        last.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_with_their_attributes_and_texts() {
        let found =
            elements(b"<?xml version='1.0'?><a:x y='1 &amp; 2'><z>&lt;r&gt;&#65;</z><w/></a:x>");
        let found = found.unwrap();
        let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["x", "z", "w"]);
        assert_eq!((found[0].attribute("y"), found[1].text.as_str()), (Some("1 & 2"), "<r>A"));
    }

    #[test]
    fn what_breaks_off_or_is_something_else_is_nothing() {
        for text in ["", "hello", "<a><b></a>", "<a><b>", "<!DOCTYPE html><html></html>", "</a>"] {
            assert_eq!(elements(text.as_bytes()), None, "{text}");
        }
        assert_eq!(elements(&"<a/>".repeat(2000).into_bytes()), None);
    }
}
