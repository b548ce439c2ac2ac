//! The key in nothing that is printed, logged, raised or dumped: every path of an error, at the most verbose
//! settings, and then a search.

use std::sync::Arc;
use std::time::Duration;

use icepanel_sandbox::{API_KEY, ORGANIZATION_ID, Sandbox, State};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::driver::{Answer, Driver};
use crate::faults::Nature;
use crate::launch::{Language, Surroundings};
use crate::table::{Part, Table, Tried, grouped};
use crate::{faults, guest, network};

const PART: Part = Part::Secrets;

/// The password of the proxies of `network`.
const PASSWORD: &str = "correct-horse";

/// How the private key of a client certificate begins: the gateways of `network` want one, each another.
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY";

/// What a verbose run prints at the least, answers not counted: a search of nothing finds nothing.
const LEAST: u64 = 200_000;

pub(crate) async fn run(language: &Language, table: &mut Table) -> Result<(), String> {
    let surroundings = Surroundings {
        verbose: true,
        ..Surroundings::default()
    };
    let driver = Driver::start(language, &surroundings).await?;
    // What comes out is judged elsewhere.
    let mut elsewhere = Table::default();
    let (networks, walked, refused) = tokio::join!(
        network::on(&driver, &mut elsewhere),
        walks(&driver),
        refused(&driver),
    );
    networks?;
    let ended = driver.end().await;
    let printed = driver.printed();
    let tried = Tried::new(
        PART,
        "4",
        "all faults, networks and refused options, with the most verbose logging; then a search of all that was printed",
        "no key, no half of it, no password, no private key, in no encoding",
    );
    let found = found(&printed);
    let shown = driver.shown();
    let verdict = walked
        .and(refused)
        .and(ended)
        .and_then(|()| match found.as_slice() {
            _ if shown < LEAST => Err(format!(
                "the driver is not verbose: it printed {shown} bytes on stderr"
            )),
            [] => Ok(()),
            found => Err(found.join("; ")),
        });
    table.add(&tried, &language.name, verdict);
    table.figure(
        &tried,
        &language.name,
        format!(
            "{} KiB searched, {} of them beside the answers",
            grouped((printed.len() / 1024) as u64),
            grouped(shown / 1024)
        ),
    );
    Ok(())
}

fn options(sandbox: &Sandbox) -> Value {
    json!({
        "apiKey": API_KEY, "organizationId": ORGANIZATION_ID, "baseUrl": sandbox.base_url(), "pacing": "none",
        "skipWaits": true, "timeoutMs": 20_000,
    })
}

/// Every call against a sandbox with this fault, from a client of its own.
async fn walk(driver: &Driver, number: usize, fault: Value, answered: bool) -> Result<(), String> {
    let state: State = serde_json::from_value(json!({
        "rateLimit": null, "faults": [fault],
        "invites": [{"id": "old-invite-0000000001", "email": "old@example.com", "permission": "read"}],
        "members": [{"email": "bob@example.com", "permission": "read"}],
    }))
    .map_err(|why| why.to_string())?;
    let sandbox = Sandbox::start(state).map_err(|why| why.to_string())?;
    let name = format!("verbose-{number}");
    let mut options = options(&sandbox);
    if !answered {
        options["readTimeoutMs"] = 150.into();
    }
    driver.client(&name, &options).await;
    let guest = guest("new@example.com");
    for (call, args) in [
        ("list", json!({})),
        ("seats", json!({})),
        ("create", guest.clone()),
        ("ensure", guest.clone()),
        ("revoke", json!({"id": "old-invite-0000000001"})),
        ("apply", json!({"people": [guest]})),
        (
            "update_member",
            json!({"member": "bob@example.com", "permission": "write"}),
        ),
        ("remove_member", json!({"member": "bob@example.com"})),
    ] {
        driver
            .call(&name, call, &args, Duration::from_secs(60))
            .await;
    }
    let request = json!({"client": name, "call": "list", "args": {}, "cancelAfterMs": 2});
    driver.request(request, Duration::from_secs(60)).await;
    driver.close(&name).await;
    match sandbox.report().log.is_empty() {
        true => Err("no request was sent".to_owned()),
        false => Ok(()),
    }
}

/// Walks with each of many faults.
async fn walks(driver: &Arc<Driver>) -> Result<(), String> {
    let permits = Arc::new(tokio::sync::Semaphore::new(24));
    let mut running = JoinSet::new();
    let own = faults::all().into_iter().map(|case| {
        let silent = matches!(case.nature, Nature::Silent { .. });
        (case.fault, !silent)
    });
    let echoes = echoes().into_iter().map(|fault| (fault, true));
    for (number, (mut fault, answered)) in own.chain(echoes).enumerate() {
        fault["times"] = Value::Null;
        let (driver, permits) = (driver.clone(), permits.clone());
        running.spawn(async move {
            let _permit = permits.acquire_owned().await;
            walk(&driver, number, fault, answered).await
        });
    }
    running.join_all().await.into_iter().collect()
}

/// A service that says the key back, wherever an answer has room for it.
fn echoes() -> Vec<Value> {
    let secret = API_KEY.rsplit(':').next().unwrap_or_default();
    let mut echoes = Vec::new();
    for said in [API_KEY, secret] {
        let words = json!({"message": format!("no such key: {said}"), "code": said, "errors": [said, format!("{said}!")]});
        for status in [200, 400, 401, 403, 404, 409, 422, 429, 500, 503, 504] {
            echoes.push(json!({"fault": "status", "status": status, "body": words}));
        }
        echoes.push(json!({"fault": "status", "status": 200, "body": format!("<p>{said}</p>")}));
        echoes.push(json!({"fault": "status", "status": 200, "body": {said: said, "organizationUserInvites": said}}));
        echoes.push(json!({"fault": "status", "status": 401, "headers": {"x-request-id": said, "retry-after": said}}));
        echoes.push(json!({"fault": "redirect", "location": format!("/elsewhere?key={said}")}));
    }
    echoes
}

/// Invalid options, with the key or a password in them.
async fn refused(driver: &Arc<Driver>) -> Result<(), String> {
    let sandbox = Sandbox::start(State::default()).map_err(|why| why.to_string())?;
    let good = options(&sandbox);
    let with = |name: &str, value: String| {
        let mut options = good.clone();
        options[name] = value.into();
        options
    };
    for options in [
        with("apiKey", format!("{API_KEY}\nx")),
        with("apiKey", format!("\"{API_KEY}\"")),
        with("apiKey", format!("{API_KEY}é")),
        with("apiKey", API_KEY.replace(':', "")),
        with("baseUrl", format!("http://{API_KEY}@127.0.0.1:1/v1")),
        with("proxy", format!("ftp://ada:{PASSWORD}@127.0.0.1:1")),
        with("proxy", format!("http://ada:{PASSWORD}@[")),
        with("proxy", format!("http://ada:{PASSWORD}@example.com:3128")),
        with(
            "caCertificatePem",
            format!("-----BEGIN CERTIFICATE-----\n{API_KEY}\n-----END CERTIFICATE-----\n"),
        ),
        with(
            "clientCertificatePem",
            format!("{PRIVATE_KEY}-----\n{API_KEY}\n-----END PRIVATE KEY-----\n"),
        ),
    ] {
        match driver.client("refused", &options).await {
            Answer::Error(error) if error["kind"] == "invalid_input" => {}
            // A key without a colon may be a key of some day.
            Answer::Result(_) if options["apiKey"] == API_KEY.replace(':', "") => {}
            other => {
                return Err(format!("an invalid option: {}", hidden(&other.to_string())));
            }
        }
    }
    Ok(())
}

/// A text that goes into the table.
fn hidden(text: &str) -> String {
    text.replace(API_KEY, "…KEY…")
        .replace(PASSWORD, "…PASSWORD…")
}

/// Every place with a secret in the output, with its surroundings.
fn found(printed: &str) -> Vec<String> {
    let lower = printed.to_lowercase();
    let squeezed: String = printed.split_whitespace().collect();
    let mut found = Vec::new();
    for (name, secret) in [
        ("the key", API_KEY),
        (
            "the secret half",
            API_KEY.rsplit(':').next().unwrap_or_default(),
        ),
        ("the password", PASSWORD),
        ("a private key", PRIVATE_KEY),
    ] {
        for (encoding, form) in forms(secret) {
            for text in [printed, &lower, &squeezed] {
                if let Some(at) = text.find(&form) {
                    let before: String = text[..at].chars().rev().take(300).collect();
                    let before: String = before.chars().rev().collect();
                    found.push(format!("{name}, {encoding}, after {:?}", hidden(&before)));
                    break;
                }
            }
        }
    }
    found
}

/// A secret in every form in which something may print it.
fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let bytes = secret.as_bytes();
    let decimal = |bytes: &[u8]| {
        bytes
            .iter()
            .map(u8::to_string)
            .collect::<Vec<_>>()
            .join(",")
    };
    let mut forms = vec![
        ("as it is", secret.to_owned()),
        ("percent-encoded", secret.replace(':', "%3a")),
        (
            "in hexadecimal",
            bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        ),
        ("as numbers", decimal(&bytes[..bytes.len().min(12)])),
        ("backwards", secret.chars().rev().collect()),
    ];
    // Half of a password may be a word.
    if secret.len() >= 40 {
        forms.push(("half of it", secret[..secret.len() / 2].to_owned()));
    }
    for shift in 0..3 {
        // Without the digits at both ends, which have bits of the surroundings.
        let shifted = [&vec![b' '; shift], bytes].concat();
        let digits = base64(&shifted);
        forms.push(("in base64", digits[4..digits.len() - 4].to_owned()));
    }
    forms
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks_exact(3) {
        let number = u32::from(three[0]) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]);
        for place in [18, 12, 6, 0] {
            text.push(char::from(DIGITS[(number >> place) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_in_every_form() {
        let secret = API_KEY.rsplit(':').next().expect("a half");
        let decimals: Vec<String> = API_KEY.bytes().map(|byte| byte.to_string()).collect();
        for text in [
            format!("Invite(key={API_KEY})"),
            format!("{:?}", API_KEY.as_bytes()),
            format!("{:#?}", API_KEY.as_bytes()),
            format!("x-api-key: {}", API_KEY.to_uppercase()),
            format!("%22sandbox%3A{secret}%22"),
            format!("Basic {}", base64(format!("ada:{PASSWORD}!!").as_bytes())),
            format!("Basic {}", base64(format!("x{API_KEY}!!").as_bytes())),
            decimals.join(", "),
            format!("client_certificate='{PRIVATE_KEY}-----\\nMC4CAQ…'"),
        ] {
            assert!(!found(&text).is_empty(), "{text}");
        }
        assert_eq!(
            found("no key at all, and sandbox alone is none"),
            Vec::<String>::new()
        );
    }
}
