//! What options of a plan are refused, before anything is sent.

use std::collections::HashSet;

use crate::error::InviteError;
use crate::model::NewInvite;
use crate::model::email::check_address;
use crate::roster::people::{Roster, RosterProblem, refusal};
use crate::roster::plan::PlanOptions;

impl PlanOptions {
    /// The entries whose addresses are in none of the domains of [`allow_domains`](Self::allow_domains).
    pub fn problems(&self, entries: &[NewInvite]) -> Vec<RosterProblem> {
        let Some(domains) = &self.allow_domains else {
            return Vec::new();
        };
        let allowed: HashSet<String> = domains.iter().map(|domain| bare(domain)).collect();
        let entries = entries.iter().enumerate();
        entries
            .filter(|(_, entry)| !allowed.contains(&domain_of(&entry.email)))
            .map(|(index, entry)| RosterProblem {
                index,
                same_as: None,
                message: format!(
                    "{} is in none of the domains of allow_domains (--allow-domain)",
                    entry.email
                ),
            })
            .collect()
    }

    /// Rejects invalid options, and a roster that does not fit them.
    pub(crate) fn check(&self, roster: &Roster) -> Result<(), InviteError> {
        let refused = |why: &str| Err(InviteError::invalid_input(why));
        if self.max_invites == Some(0) {
            return refused("max_invites (--max-invites) is 0; it is a number from 1");
        }
        if self.min_admins == Some(0) {
            return refused(
                "min_admins (--min-admins) is 0; it is a number from 1, since an organization without an admin cannot be repaired",
            );
        }
        if self.prune_members && self.protect.is_empty() {
            return refused(
                "prune_members (--prune-members) needs protect (--protect): name the members who are never removed, at least the owner of the API key",
            );
        }
        for address in &self.protect {
            check_address(address).map_err(|error| {
                InviteError::invalid_input(format!("protect (--protect): {}", error.message()))
            })?;
        }
        self.check_domains()?;
        if roster.entries().is_empty() && !self.allow_empty {
            if self.prune {
                return refused(
                    "the roster is empty, so prune (--prune) would revoke every active invite; check the roster, or set allow_empty (--allow-empty) if that is what you want",
                );
            }
            if self.prune_members {
                return refused(
                    "the roster is empty, so prune_members (--prune-members) would remove every member who is not protected; check the roster, or set allow_empty (--allow-empty) if that is what you want",
                );
            }
        }
        let problems = self.problems(roster.entries());
        if problems.is_empty() {
            return Ok(());
        }
        let lines = problems
            .into_iter()
            .map(|problem| format!("entry {}: {}", problem.index + 1, problem.message))
            .collect();
        Err(refusal(
            "the roster has addresses that are not allowed",
            lines,
        ))
    }

    fn check_domains(&self) -> Result<(), InviteError> {
        let Some(domains) = &self.allow_domains else {
            return Ok(());
        };
        if domains.is_empty() {
            return Err(InviteError::invalid_input(
                "allow_domains (--allow-domain) is empty, so nobody could be invited; leave it out to allow every domain",
            ));
        }
        // What is no domain would match no address, and the error would be that of each entry.
        for domain in domains {
            if check_address(&format!("a@{}", bare(domain))).is_err() {
                return Err(InviteError::invalid_input(format!(
                    "allow_domains (--allow-domain): {domain:?} is no domain; write example.com"
                )));
            }
        }
        Ok(())
    }
}

/// A domain in small letters, without the `@` that some write before it.
fn bare(domain: &str) -> String {
    let domain = domain.trim();
    domain.strip_prefix('@').unwrap_or(domain).to_lowercase()
}

/// What is behind the `@`, in small letters.
pub(crate) fn domain_of(address: &str) -> String {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    domain.to_lowercase()
}

/// How many admins remain at least: an option, and one in any case.
pub(crate) fn least_admins(option: Option<u64>) -> u64 {
    option.unwrap_or(1).max(1)
}

/// Why a step is deferred.
pub(crate) fn too_few_admins(least: u64) -> String {
    let admins = match least {
        1 => "without an admin".to_owned(),
        _ => format!("with fewer than {least} admins"),
    };
    format!(
        "deferred, because it would leave the organization {admins}; a later run does it once there is another admin"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deferred_step_says_how_many_admins_there_must_be() {
        assert!(too_few_admins(1).contains("without an admin"));
        assert!(too_few_admins(2).contains("with fewer than 2 admins"));
    }
}
