//! The seven operations, as documented.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod common;

use common::*;
use icepanel_sandbox::{API_KEY, Sandbox, State};
use serde_json::json;

#[test]
fn an_invite_is_made_listed_and_revoked_once() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let expires_at = "2999-01-15T09:30:00.123456+01:00";
    let body = json!({
        "email": "Ada@Example.com", "permission": "write", "expiresAt": expires_at,
        "landscapePermissions": {"l1": true, "l2": false},
    });
    let answer = client.post(INVITES, &body);
    assert_eq!(answer.status, 200);
    let made = answer.json()["organizationUserInvite"].clone();
    let id = made["id"].as_str().unwrap().to_owned();
    assert!(id.len() == 20 && id.bytes().all(|b| b.is_ascii_alphanumeric()));
    assert_eq!(made["organizationId"], "sandbox");
    assert_eq!(made["email"], "Ada@Example.com");
    assert_eq!(made["permission"], "write");
    assert_eq!(made["expiresAt"], "2999-01-15T08:30:00.123Z");
    assert_eq!(made["createdBy"], "api-key");
    assert_eq!(made["createdById"], "sandbox");
    assert_eq!(
        made["landscapePermissions"],
        json!({"l1": true, "l2": false})
    );
    assert!(made.get("revokedAt").is_none() && made.get("usedAt").is_none());
    assert_eq!(client.list(), std::slice::from_ref(&made));

    let revoked = client
        .try_send("POST", &format!("{INVITES}/{id}"), b"")
        .unwrap()
        .json();
    let again = client
        .try_send("POST", &format!("{INVITES}/{id}"), b"")
        .unwrap()
        .json();
    assert_eq!(revoked, again);
    let revoked = &revoked["organizationUserInvite"];
    assert!(revoked["revokedAt"].is_string());
    assert_eq!(revoked["revokedBy"], "api-key");
    assert_eq!(revoked["revokedById"], "sandbox");
    assert_eq!(client.list(), std::slice::from_ref(revoked));

    let report = sandbox.report();
    assert_eq!(
        (
            report.requests.create,
            report.requests.list,
            report.requests.revoke
        ),
        (1, 2, 2)
    );
    assert_eq!(report.answers[&200], 5);
    assert_eq!(report.invites_made["ada@example.com"], 1);
    assert_eq!(
        (report.invites_made_total, report.active_invites_total),
        (1, 0)
    );
    assert_eq!(
        (report.abandoned, report.in_flight, report.connections),
        (0, 0, 1)
    );
    let entry = &report.log[0];
    assert_eq!(
        (entry.method.as_str(), entry.path.as_str(), entry.status),
        ("POST", INVITES, Some(200))
    );
    assert_eq!(entry.body, body);
    assert_eq!(entry.answer["organizationUserInvite"], made);
    assert!(
        API_KEY
            .split_once(':')
            .is_some_and(|(_, secret)| secret.len() == 64)
    );
}

#[test]
fn three_headers_carry_the_key_and_no_other_key_passes() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let bearer = format!("Bearer {API_KEY}");
    let api_key = format!("apikey {API_KEY}");
    let basic = format!("Basic {API_KEY}");
    for (name, value, status) in [
        ("X-API-Key", API_KEY, 200),
        ("x-api-key", API_KEY, 200),
        ("Authorization", &bearer, 200),
        ("Authorization", &api_key, 200),
        ("Authorization", &basic, 401),
        ("Authorization", API_KEY, 401),
        ("X-API-Key", "sandbox:0", 401),
        ("X-API-Key", "", 401),
        ("Accept", "*/*", 401),
    ] {
        let mut client = Client::new(&sandbox)
            .without_headers()
            .with_header(name, value);
        let answer = client.get(INVITES);
        assert_eq!(answer.status, status, "{name}: {value}");
        if status == 401 {
            assert_eq!(answer.json(), json!({"message": "Unauthorized"}));
        }
    }
    assert_eq!(sandbox.report().requests.list, 9);
}

#[test]
fn what_is_not_there_is_not_found() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    for (method, path) in [
        ("GET", "/v1/organizations/other/users/invites"),
        ("GET", "/v1/organizations/other"),
        ("POST", "/v1/organizations/sandbox/users/invites/unknown"),
        ("POST", "/v1/organizations/sandbox/users/invites/a/b"),
        ("DELETE", "/v1/landscapes"),
        ("GET", "/v1"),
        ("GET", "/v1/landscapes?x=1"),
    ] {
        let answer = client.try_send(method, path, b"").unwrap();
        assert_eq!(
            (answer.status, answer.json()),
            (404, json!({"message": "Not Found"})),
            "{method} {path}"
        );
    }
    let report = sandbox.report();
    assert_eq!(
        (
            report.requests.list,
            report.requests.revoke,
            report.requests.other
        ),
        (1, 1, 4)
    );
    assert_eq!(report.log[6].path, "/v1/landscapes?x=1");
    assert!(!report.key_sent_elsewhere);
}

#[test]
fn a_method_that_the_contract_does_not_have_is_not_allowed_and_all_others_are_served() {
    let contract = include_str!("../../../tests/contract/icepanel-invites.openapi.json");
    let contract: serde_json::Value = serde_json::from_str(contract).unwrap();
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let mut refused = 0;
    for (template, operations) in contract["paths"].as_object().unwrap() {
        let path = template.replace("{organizationId}", "sandbox");
        let path = format!("/v1{}", path.replace(['{', '}'], ""));
        let operations = operations.as_object().unwrap();
        let mut known: Vec<_> = operations.keys().map(|m| m.to_uppercase()).collect();
        known.sort();
        for method in [
            "GET", "PUT", "POST", "DELETE", "OPTIONS", "PATCH", "TRACE", "QUERY", "HEAD",
        ] {
            client.send(method, &path, b"").unwrap();
            // An answer to HEAD has no body.
            let answer = match method {
                "HEAD" => client.receive_head().unwrap().0,
                _ => client.receive().unwrap(),
            };
            if known.iter().any(|known| known == method) {
                assert_ne!(answer.status, 405, "{method} {path}");
                assert_ne!(answer.status, 501, "{method} {path}");
                continue;
            }
            refused += 1;
            assert_eq!(answer.status, 405, "{method} {path}");
            let mut allowed: Vec<_> = answer.header("allow").unwrap().split(", ").collect();
            allowed.sort_unstable();
            assert_eq!(allowed, known, "{method} {path}");
            if method != "HEAD" {
                assert_eq!(answer.json(), json!({"message": "Method Not Allowed"}));
            }
        }
    }
    let report = sandbox.report();
    assert_eq!(report.answers[&405], refused);
    assert_eq!(report.requests.other, refused);
    client
        .send("GET", "/v1/organizations/sandbox/users/invites/", b"")
        .unwrap();
    assert_eq!(client.receive().unwrap().status, 404, "no id, so no invite");
}

/// What a member is changed to, and when it is refused.
#[test]
fn a_member_is_updated_and_removed() {
    let state = json!({
        "seats": 2,
        "refuseLastAdmin": true,
        "members": [
            {"userId": "u1", "email": "ada@example.com", "permission": "admin"},
            {"userId": "u2", "email": "bob@example.com", "permission": "read",
             "landscapePermissions": {"l1": true}},
            {"userId": "u3", "email": "eve@example.com", "permission": "read"},
        ],
    });
    let sandbox = Sandbox::start(serde_json::from_value(state).unwrap()).unwrap();
    let mut client = Client::new(&sandbox);
    let mut ask = |method: &str, user: &str, body: serde_json::Value| {
        let path = format!("/v1/organizations/sandbox/users/{user}");
        let body = match body.is_null() {
            true => Vec::new(),
            false => body.to_string().into_bytes(),
        };
        client.send(method, &path, &body).unwrap();
        let answer = client.receive().unwrap();
        (answer.status, answer.json())
    };
    // What is left out stays; what is there replaces.
    let (status, answer) = ask("PATCH", "u2", json!({"permission": "write"}));
    assert_eq!(status, 200);
    assert_eq!(
        answer,
        json!({"organizationUser": {"permission": "write", "landscapePermissions": {"l1": true}}})
    );
    // Both seats are taken.
    let (status, answer) = ask("PATCH", "u3", json!({"permission": "admin"}));
    assert_eq!(
        (status, &answer["message"]),
        (409, &json!("All organization seats have been assigned"))
    );
    // To keep a seat needs none.
    assert_eq!(
        ask(
            "PATCH",
            "u2",
            json!({"permission": "write", "landscapePermissions": {}})
        )
        .0,
        200
    );
    for (method, body) in [
        ("PATCH", json!({"permission": "read"})),
        ("DELETE", json!(null)),
    ] {
        assert_eq!(ask(method, "u1", body).0, 422, "{method}");
    }
    assert_eq!(ask("PATCH", "u2", json!({"permission": "owner"})).0, 422);
    assert_eq!(ask("DELETE", "u2", json!(null)), (200, json!({})));
    assert_eq!(ask("DELETE", "u2", json!(null)).0, 404);
    assert_eq!(ask("PATCH", "u2", json!({"permission": "read"})).0, 404);
    // The seat is free again.
    assert_eq!(ask("PATCH", "u3", json!({"permission": "admin"})).0, 200);
    let report = sandbox.report();
    assert_eq!(
        (report.requests.update_member, report.requests.remove_member),
        (7, 3)
    );
    let members = report.members.iter();
    let members: Vec<_> = members
        .map(|member| (member.user_id.as_deref(), &*member.permission))
        .collect();
    assert_eq!(members, [(Some("u1"), "admin"), (Some("u3"), "admin")]);
    assert_eq!(report.fewest_admins, 1, "at the start");
}

#[test]
fn a_key_that_leaves_the_api_is_noticed() {
    for (path, elsewhere) in [
        ("/elsewhere".to_owned(), true),
        ("/v1/elsewhere".to_owned(), false),
    ] {
        let sandbox = Sandbox::start(State::default()).unwrap();
        Client::new(&sandbox).get(&path);
        assert_eq!(sandbox.report().key_sent_elsewhere, elsewhere, "{path}");
        Client::new(&sandbox)
            .without_headers()
            .get(&format!("/elsewhere?key={API_KEY}"));
        assert!(sandbox.report().key_sent_elsewhere);
    }
    let sandbox = Sandbox::start(State::default()).unwrap();
    Client::new(&sandbox).without_headers().get("/elsewhere");
    assert!(!sandbox.report().key_sent_elsewhere);
}

#[test]
fn headers_that_the_api_does_not_need_are_reported() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox)
        .with_header("User-Agent", "test")
        .with_header("Cookie", "a=b");
    client.get(INVITES);
    client.get(INVITES);
    assert_eq!(sandbox.report().unexpected_headers, ["cookie"]);
}

#[test]
fn a_create_that_is_not_valid_is_refused_with_reasons() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let valid = new_invite("ada@example.com");
    for (field, value, reason) in [
        ("email", json!(null), "email: must be an e-mail address"),
        ("email", json!("ada"), "email: must be an e-mail address"),
        (
            "email",
            json!("@example.com"),
            "email: must be an e-mail address",
        ),
        (
            "permission",
            json!("owner"),
            "permission: must be read, write, admin or billing",
        ),
        (
            "permission",
            json!(1),
            "permission: must be read, write, admin or billing",
        ),
        (
            "expiresAt",
            json!("tomorrow"),
            "expiresAt: must be an RFC 3339 time in the future",
        ),
        (
            "expiresAt",
            json!("2999-01-15 09:30:00Z"),
            "expiresAt: must be an RFC 3339 time in the future",
        ),
        (
            "expiresAt",
            json!(in_days(-1)),
            "expiresAt: must be an RFC 3339 time in the future",
        ),
        (
            "landscapePermissions",
            json!({"a": 1}),
            "landscapePermissions: must be an object of booleans",
        ),
    ] {
        let mut body = valid.clone();
        body[field] = value;
        let answer = client.post(INVITES, &body);
        assert_eq!(
            (answer.status, &answer.json()["errors"]),
            (422, &json!([reason])),
            "{body}"
        );
    }
    let all = client.post(INVITES, &json!({})).json();
    assert_eq!(
        all["errors"],
        json!([
            "email: is required",
            "permission: is required",
            "expiresAt: is required"
        ])
    );
    assert_eq!(client.post(INVITES, &json!([])).status, 422);
    for body in [&b"{"[..], b"", b"\xff", &vec![b'['; 2 * 1024 * 1024]] {
        // An over-long body may be answered and the connection closed before it has all been sent.
        let mut client = Client::new(&sandbox);
        let answer = client.try_send("POST", INVITES, body);
        assert!(
            answer.is_err() && body.len() > 9 || answer.is_ok_and(|answer| answer.status == 400)
        );
    }
    assert_eq!(sandbox.report().invites_made_total, 0);
    assert_eq!(client.invite("ada@example.com").status, 200);
}

#[test]
fn paid_permissions_take_seats_until_they_end() {
    let sandbox = sandbox(json!({
        "seats": 4,
        "members": [
            {"email": "a@example.com", "permission": "admin"},
            {"email": "r@example.com", "permission": "read"},
        ],
        "invites": [
            {"email": "b@example.com", "permission": "write", "id": "b"},
            {"email": "c@example.com", "permission": "write", "expiresAt": "-1s"},
            {"email": "d@example.com", "permission": "write", "revokedAt": "-1h"},
            {"email": "e@example.com", "permission": "write", "usedAt": "-1h"},
            {"email": "f@example.com", "permission": "admin", "expiresAt": "+1h"},
        ],
    }));
    let mut client = Client::new(&sandbox);
    let mut paid = |email: &str| {
        let mut body = new_invite(email);
        body["permission"] = json!("write");
        let answer = client.post(INVITES, &body);
        (
            answer.status,
            answer.json()["message"].as_str().map(str::to_owned),
        )
    };
    let full = (
        409,
        Some("All organization seats have been assigned".to_owned()),
    );
    assert_eq!(paid("g@example.com"), (200, None));
    assert_eq!(paid("h@example.com"), full);
    let mut other = Client::new(&sandbox);
    assert_eq!(other.invite("free@example.com").status, 200);
    assert_eq!(
        other
            .try_send("POST", &format!("{INVITES}/b"), b"")
            .unwrap()
            .status,
        200
    );
    assert_eq!(paid("h@example.com"), (200, None));
    assert_eq!(paid("i@example.com"), full);
    other.advance("1h");
    assert_eq!(paid("i@example.com"), (200, None));
    // A used invite gives its seat to the member.
    sandbox.mark_used("g@example.com").unwrap();
    assert_eq!(paid("j@example.com"), full);
}

#[test]
fn an_organization_may_refuse_a_second_invite_and_members() {
    let sandbox = sandbox(json!({
        "refuseSecondActive": true,
        "refuseMembers": true,
        "members": [{"email": "Member@example.com", "permission": "read"}],
        "invites": [
            {"email": "Active@example.com", "permission": "read"},
            {"email": "old@example.com", "permission": "read", "expiresAt": "-1d"},
        ],
    }));
    let mut client = Client::new(&sandbox);
    let member = client.invite("member@EXAMPLE.com");
    assert_eq!(
        (member.status, member.json()["message"].as_str()),
        (409, Some("User is already a member"))
    );
    let second = client.invite("active@example.com");
    assert_eq!(second.status, 409);
    assert_eq!(
        second.json()["message"],
        "An active invite exists for this email"
    );
    assert_eq!(client.invite("old@example.com").status, 200);
    assert_eq!(client.invite("old@example.com").status, 409);
}

#[test]
fn by_default_a_second_invite_is_made_and_reported() {
    let sandbox = Sandbox::start(State::default()).unwrap();
    let mut client = Client::new(&sandbox);
    let first = client.invite("ada@example.com").json();
    let second = client.invite("ADA@example.com").json();
    let created = |v: &serde_json::Value| {
        v["organizationUserInvite"]["createdAt"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(created(&first) <= created(&second));
    let report = sandbox.report();
    assert_eq!(report.addresses_invited_twice, ["ada@example.com"]);
    assert_eq!(
        (
            report.invites_made["ada@example.com"],
            report.active_invites["ada@example.com"]
        ),
        (2, 2)
    );
}

#[test]
fn organization_and_members_have_the_documented_fields() {
    let sandbox = sandbox(json!({"name": "A \"B\" c", "seats": 7, "members": [
        {"email": "a@example.com", "permission": "admin", "userId": "u1", "name": "Ada", "jobRole": "Countess",
         "lastActiveAt": "2024-01-15T09:30:00Z", "landscapePermissions": {"l": false}},
        {"email": "b@example.com", "permission": "galactic"},
    ]}));
    let mut client = Client::new(&sandbox);
    let members = client.get(MEMBERS).json();
    assert_eq!(
        members["organizationUsers"]["u1"],
        json!({"email": "a@example.com", "permission": "admin", "name": "Ada", "jobRole": "Countess",
            "lastActiveAt": "2024-01-15T09:30:00.000Z", "landscapePermissions": {"l": false}})
    );
    let organization = client.get(ORGANIZATION).json();
    let organization = &organization["organization"];
    assert_eq!(
        (&organization["name"], &organization["seats"]),
        (&json!("A \"B\" c"), &json!(7))
    );
    assert_eq!(
        organization["users"]["u1"],
        json!({"permission": "admin", "landscapePermissions": {"l": false}})
    );
    assert_eq!(organization["users"].as_object().unwrap().len(), 2);
    assert_eq!(organization["userIds"].as_array().unwrap().len(), 2);
    for field in [
        "name",
        "autoInviteDomains",
        "billingPaymentMethod",
        "createdAt",
        "createdBy",
        "createdById",
        "id",
        "lineShapeDefault",
        "oauthLandscapeWriteEnabled",
        "plan",
        "seats",
        "shareLinkAuthDomains",
        "shareLinksEnabled",
        "status",
        "updatedAt",
        "updatedBy",
        "updatedById",
        "userIds",
        "users",
    ] {
        assert!(organization.get(field).is_some(), "{field}");
    }
}
