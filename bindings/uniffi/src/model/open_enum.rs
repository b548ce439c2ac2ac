//! The values that the API names: known ones as variants, later ones kept as they came.

/// Declares the crossing twin of an open enum of the core.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $name:ident { $( $(#[$variant_doc:meta])* $variant:ident, )+ }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
        pub enum $name {
            $( $(#[$variant_doc])* $variant, )+
            /// A value that did not exist when this was built, as the service spells it.
            Other {
                /// The service's spelling.
                text: String,
            },
        }

        impl From<icepanel_invites::$name> for $name {
            fn from(value: icepanel_invites::$name) -> Self {
                match value {
                    $( icepanel_invites::$name::$variant => Self::$variant, )+
                    other => Self::Other { text: other.as_str().to_owned() },
                }
            }
        }

        impl From<$name> for icepanel_invites::$name {
            fn from(value: $name) -> Self {
                match value {
                    $( $name::$variant => Self::$variant, )+
                    // A language may spell a known value out.
                    $name::Other { text } => Self::from(text.as_str()),
                }
            }
        }
    };
}

open_enum! {
    /// What a person may do in the organization. `write` and `admin` cost a paid seat.
    Permission {
        /// May look. Free.
        Read,
        /// May change landscapes. Costs a seat.
        Write,
        /// May do everything. Costs a seat.
        Admin,
        /// May see and change the billing. Free.
        Billing,
    }
}

open_enum! {
    /// Who did something.
    Actor {
        /// A person.
        User,
        /// An API key.
        ApiKey,
        /// A notification key.
        NotificationKey,
        /// The service itself.
        Service,
    }
}

open_enum! {
    /// Where an invite stands.
    InviteStatus {
        /// Not used, not revoked, and its expiry lies in the future.
        Active,
        /// Accepted by the person.
        Used,
        /// Revoked before it was used.
        Revoked,
        /// Neither used nor revoked, and its expiry has passed.
        Expired,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_value_has_its_namesake_and_others_are_kept() {
        for value in icepanel_invites::Permission::KNOWN {
            assert!(!matches!(value.clone().into(), Permission::Other { .. }));
        }
        for value in icepanel_invites::Actor::KNOWN {
            assert!(!matches!(value.clone().into(), Actor::Other { .. }));
        }
        for value in icepanel_invites::InviteStatus::KNOWN {
            assert!(!matches!(value.clone().into(), InviteStatus::Other { .. }));
        }
        let later = icepanel_invites::Permission::from("observer");
        let text = "observer".to_owned();
        assert_eq!(Permission::from(later), Permission::Other { text });
    }
}
