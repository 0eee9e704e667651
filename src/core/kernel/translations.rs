//! Texts in other languages: of the menu, of reasons, of taxes. The main language stands in the rows' own columns; a reader
//! whose language is missing here sees that one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{Name, Prose};

/// More languages than any menu is written in.
const MOST: usize = 20;

/// By language (ISO 639-1, e.g. `en`), the texts in that language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "BTreeMap<String, Translation>")]
pub struct Translations(BTreeMap<String, Translation>);

/// The texts of one thing in one language.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
pub struct Translation {
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Its description.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Prose>,
}

impl TryFrom<BTreeMap<String, Translation>> for Translations {
    type Error = String;

    fn try_from(texts: BTreeMap<String, Translation>) -> Result<Self, String> {
        let is_language =
            |key: &String| key.len() == 2 && key.bytes().all(|b| b.is_ascii_lowercase());
        if !texts.keys().all(is_language) {
            return Err("must have languages of two small letters as keys, such as “en”".into());
        }
        if texts.len() > MOST {
            return Err(format!("must have at most {MOST} languages"));
        }
        Ok(Self(texts))
    }
}

impl Translations {
    /// The name in a language, where there is one.
    pub fn name(&self, language: &str) -> Option<&str> {
        self.0.get(language)?.name.as_deref()
    }

    /// The names in all languages.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.values().filter_map(|texts| texts.name.as_deref())
    }

    /// The description in a language, where there is one.
    pub fn description(&self, language: &str) -> Option<&str> {
        self.0.get(language)?.description.as_deref().filter(|text| !text.is_empty())
    }

    /// As a column keeps it.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".into())
    }

    /// Reads a column. What an older version wrote and this one would refuse is left out: a menu
    /// in one language is better than none.
    pub fn from_json(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_languages_and_decent_texts_are_taken() {
        let good = r#"{"en":{"name":"Borscht","description":"With beetroot"},"de":{}}"#;
        let texts: Translations = serde_json::from_str(good).unwrap();
        assert_eq!(Translations::from_json(&texts.to_json()), texts);
        for bad in [
            r#"{"english":{}}"#,
            r#"{"EN":{}}"#,
            r#"{"en":{"name":" "}}"#,
            r#"{"en":"Borscht"}"#,
            "[]",
        ] {
            assert!(serde_json::from_str::<Translations>(bad).is_err(), "{bad}");
        }
        assert_eq!(Translations::from_json("rubbish"), Translations::default());
    }
}
