//! What must be true.

use stateright::{Model, Property};

use crate::model::Action;
use crate::setting::Setting;
use crate::state::{State, Step};

pub(crate) const ONE: &str = "one remains";
pub(crate) const ONE_MORE: &str = "one more for each that ended early";
pub(crate) const NEVER_NONE: &str = "never none";
pub(crate) const FIRST: &str = "the first is never revoked";
pub(crate) const OTHERS: &str = "others' are not revoked";
pub(crate) const GOES_ON: &str = "no state is a dead end";
pub(crate) const RESULT: &str = "all return the one that remains";

pub(crate) fn all() -> Vec<Property<Setting>> {
    vec![
        Property::always(ONE, |_, state: &State| {
            let by_finished = state
                .active()
                .filter(|invite| matches!(state.workers[invite.owner].step, Step::Done { .. }));
            !state.is_over() || by_finished.count() <= 1
        }),
        Property::always(ONE_MORE, |_, state: &State| {
            let ended = state
                .workers
                .iter()
                .filter(|worker| worker.step == Step::Ended);
            !state.is_over() || state.active().count() <= 1 + ended.count()
        }),
        Property::always(NEVER_NONE, |_, state: &State| {
            state.active().count() > 0 || !state.invites.iter().any(|invite| invite.revoked)
        }),
        Property::always(FIRST, |_, state: &State| !state.revoked_first),
        Property::always(OTHERS, |_, state: &State| !state.revoked_others),
        Property::always(GOES_ON, |setting: &Setting, state: &State| {
            let mut actions = Vec::new();
            setting.actions(state, &mut actions);
            let mut next = actions.into_iter();
            state.is_over()
                || next.any(|action| {
                    action != Action::Tick
                        || setting.next_state(state, action).as_ref() != Some(state)
                })
        }),
        Property::always(RESULT, |_, state: &State| {
            let mut results = state.workers.iter().filter_map(|worker| match worker.step {
                Step::Done { invite } => Some(invite),
                _ => None,
            });
            let Some(first) = results.next() else {
                return true;
            };
            !state.is_over()
                || results.all(|invite| invite == first)
                    && !state.invites[usize::from(first)].revoked
        }),
    ]
}
