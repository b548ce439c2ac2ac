//! What a plan does, in numbers.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::roster::plan::Step;
use crate::roster::plan_check::domain_of;
use crate::roster::plan_figures::{PlanDomain, PlanExpiring, PlanSummary};

/// The e-mails and the admins of these steps. Of steps that are deferred nothing counts.
pub(crate) fn summary<'a>(steps: impl IntoIterator<Item = &'a Step>, admins: u64) -> PlanSummary {
    let mut summary = PlanSummary {
        admins,
        ..PlanSummary::default()
    };
    let mut domains: BTreeMap<String, u64> = BTreeMap::new();
    let mut taken = 0;
    for step in steps {
        if step.is_deferred() {
            continue;
        }
        if step.creates() {
            summary.invites += 1;
            *domains.entry(domain_of(&step.email)).or_default() += 1;
        }
        summary.admins_invited += u64::from(step.invites_admin());
        summary.admins_made += u64::from(step.makes_admin());
        taken += u64::from(step.takes_admin());
    }
    summary.admins_after = (admins + summary.admins_made).saturating_sub(taken);
    summary.domains = domains
        .into_iter()
        .map(|(domain, invites)| PlanDomain { domain, invites })
        .collect();
    // A stable sort: domains with as many remain in the order of their names.
    let most_first = |domain: &PlanDomain| std::cmp::Reverse(domain.invites);
    summary.domains.sort_by_key(most_first);
    summary
}

/// Who is in or invited, and whose access ends within so long; the soonest first.
pub(crate) fn expiring(steps: &[Step], within: TimeDelta, now: DateTime<Utc>) -> Vec<PlanExpiring> {
    let last = now
        .checked_add_signed(within)
        .unwrap_or(DateTime::<Utc>::MAX_UTC);
    let mut expiring: Vec<PlanExpiring> = steps
        .iter()
        .filter(|step| step.held.is_some())
        .filter_map(|step| {
            let until = step.wanted.as_ref()?.until?;
            (now < until && until <= last).then(|| PlanExpiring {
                email: step.email.clone(),
                until,
            })
        })
        .collect();
    expiring.sort_by_key(|person| person.until);
    expiring
}
