//! Keys, ids and addresses with every sort of character: each comes to the service as it was given,
//! and to no other place, or is refused before anything is sent.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use chrono::TimeDelta;
use icepanel_invites::{ErrorKind, InviteClient, InviteError, InviteFilter, NewInvite, Permission};
use icepanel_sandbox::{Invite, Member, Sandbox, State};
use proptest::prelude::*;
use support::{open_state, start};
use tokio::runtime::Runtime;

struct World {
    sandbox: Sandbox,
    runtime: Runtime,
}

fn world(state: State) -> World {
    World {
        sandbox: start(state),
        runtime: Runtime::new().unwrap(),
    }
}

impl World {
    fn client(&self, state: &State) -> Result<InviteClient, InviteError> {
        InviteClient::builder(&state.api_key, &state.organization_id)
            .base_url(self.sandbox.base_url())
            .build()
    }

    /// Says whether nothing was sent.
    fn is_untouched(&self) -> bool {
        self.sandbox.report().log.is_empty()
    }
}

/// Whatever can be written, and much of what means something in a URL, a header, JSON or a mail.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,20}",
        any::<String>(),
        r#"[-./\\%?#&=+:;@"'<>\[\]{}\r\n\t\x00 a0éK\u{202e}\u{1f600}]{0,12}"#,
        r"(\.|%2e|%2E|/|\\|%2f){1,4}",
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![
        text(),
        (text(), "[a-z]{1,8}").prop_map(|(name, host)| format!("{name}@{host}.example")),
        r#"[-!#$%&'*+/=?^_`{|}~.a-z0-9"\\é]{1,12}@[a-zé.-]{1,9}\.[a-z]{2,4}"#,
    ]
}

/// Without what the client takes off a key, an id or a URL.
fn bare(text: &str) -> &str {
    text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}')
}

fn guest(email: &str) -> NewInvite {
    NewInvite::new(email, Permission::Read, TimeDelta::days(7))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_address_comes_as_it_was_given_or_nothing_is_sent(address in address()) {
        let state = open_state();
        let world = world(state.clone());
        let client = world.client(&state).unwrap();
        match world.runtime.block_on(client.create(&guest(&address))) {
            Ok(invite) => {
                prop_assert_eq!(&invite.email, &address);
                prop_assert_eq!(&world.sandbox.report().invites_made_total, &1);
                let found = world.runtime.block_on(client.find_active(&address)).unwrap();
                prop_assert_eq!(found.map(|found| found.id), Some(invite.id));
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidInput);
                prop_assert!(!error.invite_may_exist() && world.is_untouched());
            }
        }
    }

    #[test]
    fn an_invite_id_is_one_segment_of_the_path_or_nothing_is_sent(id in text()) {
        let mut state = open_state();
        let [mut one, mut other] = ["ada@example.com", "bob@example.com"].map(|email| Invite::new(email, "read"));
        one.id = Some(bare(&id).to_owned());
        other.id = Some("other".to_owned());
        state.invites = vec![other];
        if bare(&id) != "other" {
            state.invites.push(one);
        }
        let world = world(state.clone());
        let client = world.client(&state).unwrap();
        match world.runtime.block_on(client.revoke(&id)) {
            Ok(invite) => {
                prop_assert_eq!(&invite.id, bare(&id));
                let report = world.sandbox.report();
                prop_assert_eq!((report.log.len(), report.requests.revoke), (1, 1));
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidInput, "{}", error);
                prop_assert!(world.is_untouched());
            }
        }
    }

    #[test]
    fn an_organization_is_one_segment_of_the_path_or_refused(organization_id in text()) {
        // Of the state itself an empty id would be refused.
        prop_assume!(!bare(&organization_id).is_empty());
        let given = State { organization_id: organization_id.clone(), ..open_state() };
        let state = State { organization_id: bare(&organization_id).to_owned(), members: vec![Member::new("ada@example.com", "admin")], ..open_state() };
        let world = world(state);
        let Ok(client) = world.client(&given) else {
            return Ok(());
        };
        let (members, list) = world.runtime.block_on(async {
            (client.members().await, client.list(&InviteFilter::default()).await)
        });
        prop_assert_eq!(members.unwrap().len(), 1);
        prop_assert_eq!(list.unwrap(), []);
        prop_assert_eq!(world.sandbox.report().requests.other, 0);
    }

    #[test]
    fn a_key_goes_into_its_header_or_is_refused_unsaid(key in prop_oneof![text(), "[!-~]{9,40}", "id:[0-9a-f]{16}[\r\n\t\0é ]"]) {
        let world = world(open_state());
        // The sandbox takes only keys that a header can carry.
        let given = State { api_key: key.clone(), ..open_state() };
        let state = State { api_key: bare(&key).to_owned(), ..open_state() };
        match world.client(&given) {
            Ok(client) => {
                world.sandbox.set_state(state).unwrap();
                prop_assert!(world.runtime.block_on(client.members()).is_ok());
                prop_assert!(!world.sandbox.report().key_sent_elsewhere);
            }
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidInput);
                // A text so short is in any other text.
                let said = format!("{error} {error:?}");
                prop_assert!(bare(&key).len() < 9 || !said.contains(bare(&key)));
            }
        }
    }

    #[test]
    fn a_landscape_is_named_as_it_was_given_or_nothing_is_sent(landscape in text()) {
        let state = open_state();
        let world = world(state.clone());
        let client = world.client(&state).unwrap();
        let guest = guest("ada@example.com").landscape_permission(&landscape, true);
        match world.runtime.block_on(client.create(&guest)) {
            Ok(invite) => prop_assert_eq!(invite.landscape_permissions, guest.landscape_permissions),
            Err(error) => {
                prop_assert_eq!(error.kind(), ErrorKind::InvalidInput);
                prop_assert!(landscape.trim().is_empty() && world.is_untouched());
            }
        }
    }

    /// Whatever is written as a base URL: no key leaves this machine over a plain connection.
    #[test]
    fn a_base_url_is_https_or_loopback_or_refused(
        scheme in prop_oneof![Just("http"), Just("HTTP"), Just("https"), Just("ftp"), Just("file")],
        host in prop_oneof![
            Just("localhost"), Just("127.0.0.1"), Just("127.1"), Just("[::1]"), Just("localhost."), Just("localhost.example.com"),
            Just("127.0.0.1.example.com"), Just("example.com"), Just("0.0.0.0"), Just("0x7f000001"), Just("[::ffff:127.0.0.1]"),
            Just("localhost@example.com"), Just("example.com\\@localhost"), Just("ⓛocalhost"), Just("example.com#localhost"),
        ],
        path in text(),
    ) {
        let url = format!("{scheme}://{host}/{path}");
        let client = InviteClient::builder("id:0123456789abcdef", "o").base_url(&url).build();
        if let Ok(client) = client {
            let shown = format!("{client:?}");
            let url = shown.split('"').nth(1).unwrap();
            prop_assert!(url.starts_with("https://") || is_loopback(url), "{}", url);
        }
    }
}

fn is_loopback(url: &str) -> bool {
    let host = url
        .strip_prefix("http://")
        .and_then(|rest| rest.split('/').next());
    let host = host.unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}
