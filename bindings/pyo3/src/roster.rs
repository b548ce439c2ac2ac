//! Rosters and plans. Python passes and receives JSON, and dicts of options, which the core reads and writes;
//! `icepanel_invites/_roster.py` makes Python objects of it.

use icepanel_invites::{
    ApplyOptions, InviteError, Outcome, Plan, PlanOptions, Progress, Report, ReportLine, Roster,
};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde_json::Value;

use crate::call::Call;
use crate::client::Client;
use crate::{data, error, json, time};

/// Stops a run: running steps are finished, further steps do not begin, and the report is returned.
///
/// May be called from any thread.
#[pyclass(frozen, module = "icepanel_invites")]
#[derive(Default)]
pub(crate) struct Stop(icepanel_invites::Stop);

#[pymethods]
impl Stop {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// Stops the run. A second time has no effect.
    fn stop(&self) {
        self.0.stop();
    }

    /// Whether it was stopped.
    #[getter]
    fn is_stopped(&self) -> bool {
        self.0.is_stopped()
    }

    fn __repr__(&self) -> &'static str {
        match self.0.is_stopped() {
            true => "<Stop, stopped>",
            false => "<Stop>",
        }
    }
}

/// Rejects invalid entries and reports all of them together.
#[pyfunction]
pub(crate) fn check_roster(py: Python<'_>, entries: &str) -> PyResult<()> {
    read(py, Roster::from_json(entries)).map(drop)
}

/// The roster in this JSON, as the core writes it. All problems with its entries are reported together.
#[pyfunction]
pub(crate) fn read_roster(py: Python<'_>, roster: &str) -> PyResult<Py<PyAny>> {
    json::to_python(py, &read(py, Roster::from_json(roster))?)
}

/// The roster of a list of entries, as the core writes it. The entries are not checked: they may come from the service.
#[pyfunction]
pub(crate) fn write_roster(py: Python<'_>, entries: &str) -> PyResult<Py<PyAny>> {
    let entries = serde_json::from_str(entries)
        .map_err(|why| error::invalid(py, format!("the roster cannot be written: {why}")))?;
    json::to_python(py, &Roster::unchecked(entries))
}

/// The plan for a roster, as a call to be run.
#[pyfunction]
pub(crate) fn plan(
    client: &Bound<'_, Client>,
    roster: &str,
    options: &Bound<'_, PyDict>,
) -> PyResult<Call> {
    let py = client.py();
    let roster = read(py, Roster::from_json(roster))?;
    let options = data::read(options, PlanOptions::read)?;
    client.get().call(py, move |client| async move {
        json_of(&client.plan(&roster, &options).await?)
    })
}

/// A stored plan, as the core writes it. Anything else is rejected.
#[pyfunction]
pub(crate) fn read_plan(py: Python<'_>, plan: &str) -> PyResult<Py<PyAny>> {
    json::to_python(py, &read(py, Plan::from_json(plan))?)
}

/// The text of a plan.
#[pyfunction]
pub(crate) fn plan_text(py: Python<'_>, plan: &str) -> PyResult<String> {
    Ok(read(py, Plan::from_json(plan))?.to_string())
}

/// The text of the lines of a report: an outcome, an address and a note each. With `stopped` the text of the whole
/// report.
#[pyfunction]
#[pyo3(signature = (lines, stopped = None))]
#[allow(
    clippy::needless_pass_by_value,
    reason = "PyO3 hands a list over by value"
)]
pub(crate) fn report_text(lines: Vec<(String, String, String)>, stopped: Option<bool>) -> String {
    let lines = lines.iter().filter_map(|(outcome, email, note)| {
        let known = Outcome::ALL.iter().find(|known| known.as_str() == outcome);
        Some((*known?, &**email, &**note))
    });
    match stopped {
        Some(stopped) => Report::text(lines, stopped),
        None => {
            let lines = lines.map(|(outcome, email, note)| ReportLine::text(outcome, email, note));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

/// Rejects a plan that `apply` would reject with these options, by the figures in the plan.
#[pyfunction]
pub(crate) fn check_plan(py: Python<'_>, plan: &str, options: &Bound<'_, PyDict>) -> PyResult<()> {
    let plan = read(py, Plan::from_json(plan))?;
    let options = data::read(options, ApplyOptions::read)?;
    read(py, plan.check(&options))
}

/// Applies a plan, as a call to be run. `on_progress` is called with a dict for each step.
#[pyfunction]
pub(crate) fn apply(
    client: &Bound<'_, Client>,
    plan: &str,
    options: &Bound<'_, PyDict>,
    stop: Option<&Bound<'_, Stop>>,
    on_progress: Option<Py<PyAny>>,
) -> PyResult<Call> {
    let py = client.py();
    let plan = read(py, Plan::from_json(plan))?;
    let mut options = data::read(options, ApplyOptions::read)?;
    if let Some(stop) = stop {
        options = options.stop(&stop.get().0);
    }
    client
        .get()
        .telling(py, on_progress, move |client, teller| async move {
            let on_progress = |progress: &Progress<'_>| teller.progress(progress);
            json_of(&client.apply(&plan, &options, on_progress).await?)
        })
}

/// The organization as a roster, as a call to be run.
#[pyfunction]
pub(crate) fn dump(
    client: &Bound<'_, Client>,
    members_expire: Option<&Bound<'_, PyAny>>,
) -> PyResult<Call> {
    let members = members_expire.map(time::expiry).transpose()?;
    client.get().call(client.py(), move |client| async move {
        json_of(&client.dump(members).await?)
    })
}

/// Replaces an invite by one that expires later, as a call to be run.
#[pyfunction]
pub(crate) fn renew(
    client: &Bound<'_, Client>,
    target: String,
    expires: &Bound<'_, PyAny>,
) -> PyResult<Call> {
    let expiry = time::expiry(expires)?;
    client.get().call(client.py(), move |client| async move {
        json_of(&client.renew(&target, expiry).await?)
    })
}

fn read<T>(py: Python<'_>, read: Result<T, InviteError>) -> PyResult<T> {
    read.map_err(|why| error::to_python(py, &why))
}

fn json_of(value: &impl Serialize) -> Result<Value, InviteError> {
    serde_json::to_value(value)
        .map_err(|why| InviteError::invalid_input(format!("it cannot be written as JSON: {why}")))
}
