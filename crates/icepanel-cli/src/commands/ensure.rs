//! `ensure`.

use chrono::{DateTime, Utc};
use icepanel_invites::{
    Action, ApplyOptions, Difference, Ensured, Expiry, Invite, InviteClient, Member, NewInvite,
    Outcome,
};
use serde_json::{Map, Value, json};

use super::people;
use crate::args::EnsureArgs;
use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::text::printable;
use crate::{csv, exit, markdown, table, time};

/// The columns of the CSV.
const FIELDS: &[&str] = &[
    "outcome",
    "matches",
    "differs",
    "email",
    "permission",
    "status",
    "expiresAt",
    "createdAt",
    "createdBy",
    "createdById",
    "id",
    "userId",
    "landscapePermissions",
];

/// The result for a person.
struct Ended {
    ensured: Ensured,
    /// The differences between the person's invite or membership and the request: fields of an invite.
    differs: Vec<Difference>,
    /// The outcome, as text.
    why: String,
    /// Whether the invite replaced one that differed.
    replaced: bool,
}

impl Ended {
    fn outcome(&self) -> &'static str {
        match self.replaced {
            true => "replaced",
            false => self.ensured.outcome(),
        }
    }

    /// Whether `--replace` would make a difference.
    fn is_replaceable(&self) -> bool {
        !self.differs.is_empty() && matches!(self.ensured, Ensured::Existing(_))
    }

    fn json(&self) -> Result<Value, Failure> {
        let mut value = serde_json::to_value(&self.ensured).map_err(|error| {
            Failure::other(
                format!("the result cannot be written: {error}"),
                "This is a bug; please report it.",
            )
        })?;
        value["outcome"] = json!(self.outcome());
        value["matches"] = json!(self.differs.is_empty());
        value["differs"] = json!(self.differs);
        Ok(value)
    }

    /// One flat line: the fields of the invite or the member beside the others.
    fn line(&self) -> Result<Value, Failure> {
        let mut line = Map::new();
        if let Value::Object(fields) = self.json()? {
            for (name, value) in fields {
                match value {
                    Value::Object(inner) => line.extend(inner),
                    value => drop(line.insert(name, value)),
                }
            }
        }
        let differs: Vec<&str> = self.differs.iter().map(|field| field.as_str()).collect();
        line.insert("differs".to_owned(), json!(differs.join(" ")));
        Ok(Value::Object(line))
    }

    /// The sentence for a person, after the outcome.
    fn sentence(&self, new: &NewInvite) -> String {
        let email = printable(&new.email);
        let more = match self.why.as_str() {
            "" => String::new(),
            why => format!(", but {}", printable(why)),
        };
        match &self.ensured {
            _ if self.replaced => format!("{email} has a new invite{more}; the old one is revoked"),
            Ensured::Created(_) => format!("{email} is invited"),
            Ensured::Existing(_) if !self.differs.is_empty() => format!(
                "{email} has an active invite already{more}; nothing was sent. To replace it: --replace"
            ),
            Ensured::Existing(_) => {
                format!("{email} has an active invite already; nothing was sent")
            }
            Ensured::Member(member) => {
                let other = match member.email.to_lowercase() == new.email.to_lowercase() {
                    true => String::new(),
                    false => format!(" as {}", printable(&member.email)),
                };
                format!(
                    "{email} is in the organization already{other}, with {}; nothing was sent",
                    printable(member.permission.as_str())
                )
            }
        }
    }
}

/// Makes sure that each person is a member or has exactly one active invite, and reports the results.
pub(crate) async fn ensure(
    client: &InviteClient,
    args: EnsureArgs,
    output: &Output,
) -> Result<(), Failure> {
    let EnsureArgs { new: args, replace } = args;
    let dry_run = args.dry_run;
    let alone = people::is_one(&args.emails);
    let people = people::invites(args)?;
    if dry_run {
        people::show_plan(client, &people, output).await?;
        output.say(match replace {
            true => "Nothing was sent.",
            false => {
                "Nothing was sent. Without --replace, an invite that differs remains unchanged."
            }
        });
        return Ok(());
    }
    let call = async |new: &_| client.ensure(new).await;
    let mut made = people::each("ensure", &people, |new| &new.email, call, output).await?;
    let results = std::mem::take(&mut made.done);
    let mut ended = compare(&people, results);
    let mut unreplaced = None;
    if replace && ended.iter().any(|(_, ended)| ended.is_replaceable()) {
        unreplaced = self::replace(client, &people, &mut ended, output).await?;
    }
    write(&people, &ended, alone, output)?;
    made.end()?;
    match unreplaced {
        Some(failure) => Err(failure),
        None if ended.iter().any(|(_, ended)| ended.is_replaceable()) => {
            Err(Failure::Incomplete(exit::DIFFERS))
        }
        None => Ok(()),
    }
}

/// Compares the existing invites with the request, as a plan does.
fn compare(people: &[NewInvite], results: Vec<(usize, Ensured)>) -> Vec<(usize, Ended)> {
    let now = Utc::now();
    let ended = results.into_iter().map(|(index, ensured)| {
        let asked = &people[index];
        let differs = ensured.differs_from(asked, now);
        let why = match &ensured {
            Ensured::Existing(invite) => differs
                .iter()
                .map(|d| why(*d, invite, asked, now))
                .collect(),
            _ => Vec::new(),
        };
        let ended = Ended {
            ensured,
            differs,
            why: why.join(" and "),
            replaced: false,
        };
        (index, ended)
    });
    ended.collect()
}

/// A difference in words, after "but".
fn why(difference: Difference, invite: &Invite, asked: &NewInvite, now: DateTime<Utc>) -> String {
    match difference {
        Difference::Permission => {
            format!("with {} and not {}", invite.permission, asked.permission)
        }
        Difference::Expiry => {
            let until = match asked.expiry {
                Expiry::At(time) => Some(time),
                Expiry::In(duration) => now.checked_add_signed(duration),
            };
            let until = until.map(time::short).unwrap_or_default();
            format!("until {} and not {until}", time::short(invite.expires_at))
        }
        Difference::Landscapes => "with other landscapes".to_owned(),
        #[allow(
            unreachable_patterns,
            reason = "the core with the feature `bindings`, as the workspace is built, has no further difference"
        )]
        other => format!("with another {other}"),
    }
}

/// Replaces the invites that differ. Returns the first failure.
async fn replace(
    client: &InviteClient,
    people: &[NewInvite],
    ended: &mut [(usize, Ended)],
    output: &Output,
) -> Result<Option<Failure>, Failure> {
    let differing = ended.iter().filter(|(_, ended)| ended.is_replaceable());
    let wanted: Vec<NewInvite> = differing.map(|(index, _)| people[*index].clone()).collect();
    let mut plan = people::plan(client, &wanted).await?;
    plan.steps.retain(|step| step.action == Action::Replace);
    let options = ApplyOptions::default();
    let run = client.apply(&plan, &options, |_| {});
    let report = until_interrupted("ensure", None, run).await?;
    let mut failed = None;
    for line in report.lines {
        let of_line = |(index, _): &&mut (usize, Ended)| people[*index].email == line.email;
        let Some((_, ended)) = ended.iter_mut().find(of_line) else {
            continue;
        };
        match (line.outcome, line.invite) {
            (Outcome::Done, Some(invite)) => {
                ended.ensured = Ensured::Created(invite);
                ended.differs.clear();
                ended.replaced = true;
            }
            _ => {
                output.warn(&format!("{}: {}", line.email, line.note));
                failed.get_or_insert(match line.error {
                    Some(error) => Failure::invite(error, Some(&line.email)),
                    None => Failure::Incomplete(exit::DIFFERS),
                });
            }
        }
    }
    Ok(failed)
}

fn write(
    people: &[NewInvite],
    ended: &[(usize, Ended)],
    alone: bool,
    output: &Output,
) -> Result<(), Failure> {
    let rows = || ended.iter().map(|(_, ended)| ended);
    match output.format {
        _ if ended.is_empty() => Ok(()),
        Format::Json => {
            let mut values: Vec<Value> = rows().map(Ended::json).collect::<Result<_, _>>()?;
            match values.pop() {
                Some(value) if alone => output.json(&value),
                last => {
                    values.extend(last);
                    output.json(&values)
                }
            }
        }
        Format::Csv => {
            let lines: Vec<Value> = rows().map(Ended::line).collect::<Result<_, _>>()?;
            output.write(|out| csv::write(out, FIELDS, &lines))
        }
        Format::Table | Format::Markdown => {
            let invites: Vec<Invite> = rows()
                .filter_map(|ended| ended.ensured.invite().cloned())
                .collect();
            let members: Vec<Member> = rows()
                .filter_map(|ended| match &ended.ensured {
                    Ensured::Member(member) => Some(member.clone()),
                    _ => None,
                })
                .collect();
            let mut tables = Vec::new();
            if output.format == Format::Markdown {
                tables.extend((!invites.is_empty()).then(|| markdown::table(&invites)));
                tables.extend((!members.is_empty()).then(|| markdown::table(&members)));
            } else {
                tables.extend((!invites.is_empty()).then(|| table::lines(&invites, output.look)));
                tables.extend((!members.is_empty()).then(|| table::lines(&members, output.look)));
            }
            output.write(|out| {
                for (index, ended) in ended {
                    let sentence = ended.sentence(&people[*index]);
                    let text = format!("{}: {sentence}", ended.outcome());
                    match output.format {
                        Format::Markdown => writeln!(out, "- {}", markdown::escaped(&text))?,
                        _ => writeln!(out, "{text}")?,
                    }
                }
                let gap = match output.format {
                    Format::Markdown => "\n",
                    _ => "",
                };
                writeln!(out, "{gap}{}", tables.join("\n\n"))
            })
        }
    }
}
