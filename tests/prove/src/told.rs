//! The results of the caller compared with the counts of the sandbox.

use icepanel_sandbox::Report;

use crate::driver::Answer;

/// What a caller may conclude about one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// An invite was made.
    Made,
    /// None was made.
    NotMade,
    /// One may have been made.
    Maybe,
}

/// What an answer to a call that creates says of the person.
pub(crate) fn of(call: &str, answer: &Answer) -> Told {
    match answer {
        Answer::Result(result) => match (call, result["outcome"].as_str()) {
            ("ensure", Some("existing" | "member")) => Told::NotMade,
            _ => Told::Made,
        },
        Answer::Error(error) => match error["kind"].as_str() {
            // A language's own way to cancel may not say more.
            Some("outcome_unknown" | "cancelled") => Told::Maybe,
            _ => Told::NotMade,
        },
        Answer::Broken(_) => Told::Maybe,
    }
}

/// What a report of a run says of one of its people.
pub(crate) fn of_line(line: &serde_json::Value) -> Told {
    match (line["action"].as_str(), line["outcome"].as_str()) {
        (Some("invite" | "replace"), Some("done")) => Told::Made,
        (_, Some("unknown")) => Told::Maybe,
        (_, Some("failed")) if line["error"]["inviteMayExist"] == true => Told::Maybe,
        _ => Told::NotMade,
    }
}

/// What an answer to a call that changes a member says of the change: one that may have been made says so.
pub(crate) fn of_change(answer: &Answer) -> Told {
    let notes = ["the change may have been made", "does not show the change"];
    match answer {
        Answer::Result(_) => Told::Made,
        Answer::Error(error) => {
            let message = error["message"].as_str().unwrap_or_default();
            let is_unclear = notes.iter().any(|note| message.contains(note));
            match is_unclear || error["kind"] == "cancelled" {
                true => Told::Maybe,
                false => Told::NotMade,
            }
        }
        Answer::Broken(_) => Told::Maybe,
    }
}

/// What a report of a run says of the change of a member.
pub(crate) fn of_change_line(line: &serde_json::Value) -> Told {
    match line["outcome"].as_str() {
        Some("done" | "kept") => Told::Made,
        Some("unknown") => Told::Maybe,
        _ => Told::NotMade,
    }
}

/// Whether a member is as the caller's results say.
pub(crate) fn is_changed(results: Told, is: bool, what: &str) -> Result<(), String> {
    match (results, is) {
        (Told::Made, false) => Err(format!("{what} is reported as made, and it was not")),
        (Told::NotMade, true) => Err(format!("{what} is reported as not made, and it was")),
        _ => Ok(()),
    }
}

/// Whether the sandbox has made as many invites for the address as the caller's results say.
pub(crate) fn agrees(results: Told, address: &str, report: &Report) -> Result<(), String> {
    let count = |counts: &std::collections::BTreeMap<String, u64>| {
        counts.get(address).copied().unwrap_or_default()
    };
    let made = count(&report.invites_made);
    let active = count(&report.active_invites);
    let right = match results {
        Told::Made => made == 1 && active == 1,
        Told::NotMade => made == 0,
        Told::Maybe => made <= 1,
    };
    match right {
        true => Ok(()),
        false => Err(format!(
            "reported {results:?} for {address}, and {made} were made, {active} active"
        )),
    }
}

/// What must be true whatever was called.
pub(crate) fn always(report: &Report) -> Result<(), String> {
    if report.key_sent_elsewhere {
        return Err("the key was sent elsewhere".to_owned());
    }
    if !report.addresses_invited_twice.is_empty() {
        return Err(format!(
            "invited twice: {:?}",
            report.addresses_invited_twice
        ));
    }
    if !report.unexpected_headers.is_empty() {
        return Err(format!(
            "headers that nobody needs: {:?}",
            report.unexpected_headers
        ));
    }
    Ok(())
}

/// An error must say, of whether an invite may exist, what its kind says.
pub(crate) fn consistent(call: &str, answer: &Answer) -> Result<(), String> {
    let Answer::Error(error) = answer else {
        return Ok(());
    };
    let may = error["inviteMayExist"].as_bool();
    let kind = error["kind"].as_str().unwrap_or_default();
    let expected = match kind {
        "outcome_unknown" => true,
        // In some languages a cancelled call does not have an error of the taxonomy.
        "cancelled" => return Ok(()),
        _ => false,
    };
    match may {
        Some(may)
            if may == expected && !error["message"].as_str().unwrap_or_default().is_empty() =>
        {
            Ok(())
        }
        _ => Err(format!("{call}: {error} does not say what {kind} says")),
    }
}
