//! Several people on one command line.

use std::io::{self, BufRead};

use futures_util::stream::{FuturesUnordered, StreamExt};
use icepanel_invites::{
    InviteClient, InviteError, LandscapePermissions, NewInvite, Plan, PlanOptions, Roster,
    RosterProblem,
};

use crate::args::NewArgs;
use crate::changes;
use crate::errors::Failure;
use crate::interrupt::{Interrupt, until_interrupted};
use crate::output::Output;
use crate::roster::address;

/// How many calls are under way at once.
const AT_ONCE: usize = 8;

/// Whether a command line names one person, and not the lines of the input.
pub(super) fn is_one(given: &[String]) -> bool {
    matches!(given, [one] if one != "-")
}

/// The words of a command line; `-` is the lines of the input, without empty ones and those that begin with `#`.
pub(super) fn words(given: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut words = Vec::new();
    for word in given {
        if word != "-" {
            words.push(word);
            continue;
        }
        for line in io::stdin().lock().lines() {
            let line = line.map_err(|error| {
                Failure::usage(
                    format!("the input cannot be read: {error}"),
                    "Write one address per line, in UTF-8.",
                )
            })?;
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                words.push(line.to_owned());
            }
        }
    }
    if words.is_empty() {
        return Err(Failure::usage(
            "the input is empty",
            "Write one address per line.",
        ));
    }
    Ok(words)
}

/// The landscapes that the arguments name, each once.
pub(super) fn landscapes(given: Vec<(String, bool)>) -> Result<LandscapePermissions, Failure> {
    let mut landscapes = LandscapePermissions::new();
    for (id, allowed) in given {
        let before = landscapes.insert(id.clone(), allowed);
        if before.is_some_and(|before| before != allowed) {
            return Err(Failure::usage(
                format!("the landscape {id} is both true and false"),
                "Pass --landscape once for each landscape.",
            ));
        }
    }
    Ok(landscapes)
}

/// The invites that the arguments ask for. All errors of several people are reported together.
pub(super) fn invites(args: NewArgs) -> Result<Vec<NewInvite>, Failure> {
    let landscapes = landscapes(args.landscapes)?;
    let emails = words(args.emails)?;
    let people: Vec<NewInvite> = emails
        .into_iter()
        .map(|email| {
            let new = NewInvite::new(email, args.permission.clone(), args.expires);
            landscapes.iter().fold(new, |new, (id, allowed)| {
                new.landscape_permission(id.clone(), *allowed)
            })
        })
        .collect();
    // As in a file: `Ada L <ada@example.com>` gets the same advice.
    let advised = |problem: &RosterProblem| address::advice(&people[problem.index].email);
    let problems = Roster::problems(&people);
    if let [problem] = &problems[..]
        && people.len() == 1
        && let Some(text) = advised(problem)
    {
        return Err(Failure::usage(
            format!("{text}; nothing was sent"),
            "Correct the address.",
        ));
    }
    if people.len() > 1 {
        let problems: Vec<String> = problems
            .into_iter()
            .map(|problem| match problem.same_as {
                Some(_) => problem.message,
                None => advised(&problem).unwrap_or_else(|| {
                    format!("{}: {}", people[problem.index].email, problem.message)
                }),
            })
            .collect();
        if !problems.is_empty() {
            return Err(Failure::Problems(
                "the people cannot be invited; nothing was sent".to_owned(),
                problems,
                "Correct the addresses, and list each person once.",
            ));
        }
    }
    Ok(people)
}

/// The plan for inviting these people.
pub(super) async fn plan(client: &InviteClient, people: &[NewInvite]) -> Result<Plan, Failure> {
    let email = match people {
        [person] => Some(person.email.as_str()),
        _ => None,
    };
    let roster = Roster::new(people.to_vec()).map_err(|error| Failure::invite(error, email))?;
    until_interrupted("plan", email, client.plan(&roster, &PlanOptions::default())).await
}

/// Shows that: the dry run of a command that invites.
pub(super) async fn show_plan(
    client: &InviteClient,
    people: &[NewInvite],
    output: &Output,
) -> Result<(), Failure> {
    changes::show(&plan(client, people).await?, true, output)
}

/// The results of calls for several items.
pub(super) struct Each<R> {
    /// The results, each with the number of its item.
    pub(super) done: Vec<(usize, R)>,
    /// The first failure.
    failed: Option<Failure>,
}

impl<R> Each<R> {
    /// Succeeds if every call did.
    pub(super) fn end(self) -> Result<(), Failure> {
        self.failed.map_or(Ok(()), Err)
    }
}

/// Makes a call for each, some at once. After a failure no other call begins, and a warning names the items without a call.
pub(super) async fn each<T, R>(
    operation: &str,
    items: &[T],
    name: impl Fn(&T) -> &str,
    call: impl AsyncFn(&T) -> Result<R, InviteError>,
    output: &Output,
) -> Result<Each<R>, Failure> {
    let mut interrupt = Interrupt::new()?;
    let mut queue = items.iter().enumerate().peekable();
    let mut under_way = FuturesUnordered::new();
    let (mut done, mut failed) = (Vec::new(), None);
    loop {
        while failed.is_none()
            && under_way.len() < AT_ONCE
            && let Some((index, item)) = queue.next()
        {
            let call = &call;
            under_way.push(async move { (index, call(item).await) });
        }
        tokio::select! {
            // In this order, so that Ctrl-C is noticed before anything is sent.
            biased;
            () = interrupt.heard() => {
                let email = match items {
                    [item] => Some(name(item)),
                    _ => None,
                };
                let error = InviteError::cancelled(operation);
                failed.get_or_insert(Failure::invite(error, email));
                break;
            }
            ended = under_way.next() => match ended {
                None => break,
                Some((index, Ok(result))) => done.push((index, result)),
                Some((index, Err(error))) => {
                    let email = name(&items[index]);
                    if items.len() > 1 {
                        output.warn(&format!("{email}: {}", error.message()));
                    }
                    failed.get_or_insert(match operation {
                        "update_member" | "remove_member" => Failure::member(error),
                        _ => Failure::invite(error, Some(email)),
                    });
                }
            },
        }
    }
    let left: Vec<&str> = queue.map(|(_, item)| name(item)).collect();
    if !left.is_empty() {
        output.warn(&format!("not attempted: {}", left.join(", ")));
    }
    done.sort_by_key(|(index, _)| *index);
    Ok(Each { done, failed })
}
