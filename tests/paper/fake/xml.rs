//! XML as a tree, by a strict reader: names without their prefixes.

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Element>,
    /// All characters directly in it.
    pub text: String,
}

impl Element {
    /// The outermost element of a document.
    pub fn parse(document: &[u8]) -> Result<Self, String> {
        let document = std::str::from_utf8(document).map_err(|error| error.to_string())?;
        let mut reader = Reader::from_str(document);
        // The last is the one whose end is awaited; the first holds the document.
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().map_err(|error| error.to_string())? {
                Event::Start(start) => open.push(Self::of(&start)?),
                Event::Empty(start) => close(&mut open, Self::of(&start)?),
                Event::End(_) => {
                    let ended = open.pop().unwrap_or_default();
                    if open.is_empty() {
                        return Err("an element ends that never began".into());
                    }
                    close(&mut open, ended);
                }
                Event::Text(text) => {
                    add_text(&mut open, &text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::CData(text) => {
                    add_text(&mut open, &text.xml_content(XmlVersion::Implicit1_0));
                }
                Event::GeneralRef(reference) => add_text(&mut open, &resolve(&reference)?),
                Event::DocType(_) => return Err("a document type".into()),
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
        let [document] = open.as_mut_slice() else { return Err("it ends too early".into()) };
        if document.children.len() != 1 || !document.text.trim().is_empty() {
            return Err("not one element".into());
        }
        Ok(document.children.remove(0))
    }

    fn of(start: &BytesStart) -> Result<Self, String> {
        let name = start.local_name().as_ref().to_owned();
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(Self { name, attributes, ..Self::default() })
    }

    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Its namespace, where it names one itself, by whatever prefix.
    pub fn namespace(&self) -> Option<&str> {
        let found = self.attributes.iter().find(|(name, _)| name.starts_with("xmlns"));
        found.map(|(_, value)| value.as_str())
    }

    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of a child, without what is around it.
    pub fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.trim())
    }
}

fn close(open: &mut [Element], ended: Element) {
    if let Some(around) = open.last_mut() {
        around.children.push(ended);
    }
}

fn add_text(open: &mut [Element], text: &str) {
    if let Some(around) = open.last_mut() {
        around.text.push_str(text);
    }
}

fn resolve(reference: &BytesRef) -> Result<String, String> {
    if let Some(char) = reference.resolve_char_ref().map_err(|error| error.to_string())? {
        return Ok(char.to_string());
    }
    let name: &str = reference;
    let known = resolve_predefined_entity(name).ok_or(format!("&{name}; is not known"))?;
    Ok(known.to_owned())
}

/// A text as it stands between tags.
pub fn escaped(text: &str) -> String {
    let replace = |char| match char {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        char => char.to_string(),
    };
    text.chars().map(replace).collect()
}
