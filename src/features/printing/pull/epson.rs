//! Epson's Server Direct Print: the printer posts a form and gets documents of ePOS-Print; another form
//! says what became of them.

use serde::Deserialize;

use super::counter::{Counter, Given};
use crate::features::printing::wire::{Answer, document, elements};

/// What a printer posts.
#[derive(Debug, Deserialize)]
pub struct Form {
    /// `GetRequest`: it wants work; `SetResponse`: it says what became of some.
    #[serde(rename = "ConnectionType")]
    pub connection_type: String,
    /// What became of it, as a document.
    #[serde(rename = "ResponseFile")]
    pub response_file: Option<String>,
}

/// What a form asks for: a document that was taken, or nothing.
pub fn asked(counter: &Counter, form: &Form) -> Option<Given> {
    match form.connection_type.as_str() {
        "GetRequest" => {
            counter.hears(None);
            counter.take(None)
        }
        "SetResponse" => {
            let file = form.response_file.as_deref().unwrap_or_default();
            for (name, answer) in told(file) {
                counter.confirm(&name, answer.end(), Some(answer.status()));
            }
            None
        }
        // Of what else it tells nothing is made.
        _ => None,
    }
}

/// A document for a printer that asked.
pub fn answer(given: &Given) -> String {
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?><PrintRequestInfo Version="2.00"><ePOSPrint><Parameter><devid>local_printer</devid><timeout>10000</timeout><printjobid>{}</printjobid></Parameter><PrintData>{}</PrintData></ePOSPrint></PrintRequestInfo>"#,
        given.name,
        document(Some(&given.work)),
    )
}

/// The names in a response, each with what became of it.
fn told(file: &str) -> Vec<(String, Answer)> {
    let (mut told, mut name) = (Vec::new(), None);
    for element in elements(file.as_bytes()).unwrap_or_default() {
        if element.name == "printjobid" {
            name = Some(element.text.trim().to_owned());
        } else if let Some(answer) = Answer::of(&element, None)
            && let Some(name) = name.take()
        {
            told.push((name, answer));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::printing::wire::{End, Trouble};

    #[test]
    fn a_response_names_what_it_tells_of() {
        let file = r#"<?xml version="1.0"?><PrintResponseInfo Version="2.00"><ePOSPrint><Parameter><devid>local_printer</devid><printjobid>7-a</printjobid></Parameter><PrintResponse><response xmlns="e" success="true" code="" status="2"/></PrintResponse></ePOSPrint><ePOSPrint><Parameter><devid>local_printer</devid><printjobid>8-b</printjobid></Parameter><PrintResponse><response success="false" code="DeviceNotFound" status="1"/></PrintResponse></ePOSPrint></PrintResponseInfo>"#;
        let told = told(file);
        let ends: Vec<_> =
            told.iter().map(|(name, answer)| (name.as_str(), answer.end())).collect();
        assert_eq!(ends, [("7-a", End::Printed), ("8-b", End::NotSent(Trouble::NotAPrinter))]);
        assert!(super::told("no document").is_empty());
        assert!(super::told(r#"<response success="true"/>"#).is_empty(), "of nothing by name");
    }
}
