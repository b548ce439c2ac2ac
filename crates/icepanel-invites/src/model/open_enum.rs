//! The values of the API: known ones as variants, later ones as the service spells them.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// A value that the service uses and this version does not know, as the service spells it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct UnknownValue(Box<str>);

impl UnknownValue {
    /// The service's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Declares an enum of the API's strings that preserves unknown values.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $name:ident { $( $(#[$variant_doc:meta])* $variant:ident = $text:literal, )+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// A value that this version does not know. Made by `From<&str>`, so that it is never the spelling of a
            /// known one.
            Other(UnknownValue),
        }

        impl $name {
            /// The API's spelling.
            pub fn as_str(&self) -> &str {
                match self {
                    $( Self::$variant => $text, )+
                    Self::Other(text) => text.as_str(),
                }
            }

            /// The values that are documented.
            pub const KNOWN: &[Self] = &[$( Self::$variant, )+];
        }

        /// Any text is accepted: a known value in any letter case, an unknown one as it is.
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                $( if text.eq_ignore_ascii_case($text) { return Self::$variant; } )+
                Self::Other(UnknownValue(text.into()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(Text).map(|text| Self::from(&*text))
            }
        }
    };
}

/// Reads a string, borrowed if the input allows it.
struct Text;

impl<'de> Visitor<'de> for Text {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }
}

open_enum! {
    /// What a person may do in the organization. `write` and `admin` cost a paid seat, `read` and
    /// `billing` are free on every plan (the guide "Invite users via API").
    Permission {
        /// May read. Free.
        Read = "read",
        /// May change landscapes. Costs a seat.
        Write = "write",
        /// May do everything. Costs a seat.
        Admin = "admin",
        /// May see and change the billing. Free.
        Billing = "billing",
    }
}

impl Permission {
    /// Whether it costs a paid seat: `write` and `admin` do. For an undocumented value it is
    /// unknown, and this returns false.
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Write | Self::Admin)
    }
}

open_enum! {
    /// The kind of actor. An invite made with a key always has `api-key`.
    Actor {
        /// A person.
        User = "user",
        /// An API key.
        ApiKey = "api-key",
        /// A notification key.
        NotificationKey = "notification-key",
        /// The service itself.
        Service = "service",
    }
}

open_enum! {
    /// The status of an invite. The API has no field for it: it follows from `usedAt`,
    /// `revokedAt` and `expiresAt`, compared with the service's clock.
    InviteStatus {
        /// Not used, not revoked, and its expiry is in the future.
        Active = "active",
        /// Accepted by the person.
        Used = "used",
        /// Revoked before it was used.
        Revoked = "revoked",
        /// Neither used nor revoked, and its expiry has passed.
        Expired = "expired",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_string_is_an_error_that_says_so() {
        let error = serde_json::from_str::<Permission>("7").expect_err("a number");
        assert!(error.to_string().contains("expected a string"), "{error}");
    }
}
