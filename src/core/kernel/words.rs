//! Enumerations whose words are the same on the wire and in the database.

/// Declares an enumeration of words in capitals: `as_str`, `parse`, serde and the API document
/// agree.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* pub enum $name:ident as $schema:ident {
        $($(#[$doc:meta])* $variant:ident = $word:literal,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[derive(::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema)]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[schema(as = $schema)]
        pub enum $name {
            $($(#[$doc])* $variant,)+
        }

        #[allow(dead_code, reason = "some words are only sent, some only read")]
        impl $name {
            /// Every one of them.
            #[allow(dead_code, reason = "not every list of words is gone through")]
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The one with this word.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
