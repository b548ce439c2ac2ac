//! The handle that people hold. One method an operation, for both of Python's clients.

use std::future::Future;

use icepanel_invites::{InviteClient, InviteError};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::answer::Answer;
use crate::builder::{Account, OnEvent, Options, unexpected};
use crate::call::Call;
use crate::error;
use crate::event::Listener;
use crate::filter::filter;
use crate::handle::Handle;
use crate::model::NewInvite;
use crate::model::invite::Pages;
use crate::time;

/// What `InviteClient` and `AsyncInviteClient` have in common: everything but the waiting.
#[pyclass(subclass, frozen, weakref, module = "icepanel_invites._native")]
pub(crate) struct Client {
    handle: Handle,
    on_event: OnEvent,
}

impl Client {
    /// A call that is still to be run. Closing the client stops it.
    pub(crate) fn telling<A, F>(
        &self,
        py: Python<'_>,
        operation: &'static str,
        on_progress: Option<Py<PyAny>>,
        work: impl FnOnce(InviteClient) -> F,
    ) -> PyResult<Call>
    where
        A: Into<Answer>,
        F: Future<Output = Result<A, InviteError>> + Send + 'static,
    {
        let live = self.handle.shared.live(py)?;
        let client = self.handle.client(&live);
        let work = work(client.map_err(|why| error::to_python(py, &why))?);
        let mut closing = live.closing.subscribe();
        let work = async move {
            tokio::select! {
                biased;
                outcome = work => outcome.map(Into::into),
                _ = closing.wait_for(|closing| *closing) => Err(InviteError::cancelled(operation)),
            }
        };
        let on_event = self.on_event.as_ref().map(|hook| hook.clone_ref(py));
        let listener = Listener::new(py, on_event)?.with_progress(on_progress);
        Ok(Call::new(Box::pin(work), listener))
    }

    /// A call that tells nobody of its progress.
    pub(crate) fn call<A, F>(
        &self,
        py: Python<'_>,
        operation: &'static str,
        work: impl FnOnce(InviteClient) -> F,
    ) -> PyResult<Call>
    where
        A: Into<Answer>,
        F: Future<Output = Result<A, InviteError>> + Send + 'static,
    {
        self.telling(py, operation, None, work)
    }

    /// An object of a Python class on this handle.
    fn on<'py>(
        class: &Bound<'py, PyType>,
        handle: Handle,
        on_event: OnEvent,
    ) -> PyResult<Bound<'py, PyAny>> {
        let keywords = PyDict::new(class.py());
        keywords.set_item("_handle", Bound::new(class.py(), handle)?)?;
        keywords.set_item("on_event", on_event)?;
        class.call((), Some(&keywords))
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(
        signature = (api_key = None, organization_id = None, **options),
        text_signature = "(api_key, organization_id, *, base_url=None, connect_timeout=None, \
            read_timeout=None, timeout=None, max_attempts=None, base_delay=None, max_delay=None, \
            pacing='documented', proxy=None, ca_certificate=None, user_agent_suffix=None, \
            max_body_bytes=None, on_event=None)"
    )]
    fn new(
        api_key: Option<String>,
        organization_id: Option<String>,
        options: Option<&Bound<'_, PyDict>>,
        py: Python<'_>,
    ) -> PyResult<Self> {
        let (mut set, mut on_event) = (Options::default(), None);
        let mut handle = None;
        if let Some(options) = options {
            let given = options.get_item("_handle")?;
            if let Some(given) = given {
                handle = Some(given.cast_into::<Handle>()?.get().clone());
                options.del_item("_handle")?;
            }
            set.set(options, &mut on_event)?;
        }
        let handle = match (handle, api_key, organization_id) {
            (Some(handle), ..) => handle,
            (None, Some(api_key), Some(organization_id)) => Handle::make(
                py,
                Account::Of {
                    api_key,
                    organization_id,
                },
                set,
            )?,
            _ => {
                return Err(PyTypeError::new_err(
                    "api_key and organization_id are needed; from_env() reads them from the environment",
                ));
            }
        };
        Ok(Self { handle, on_event })
    }

    /// A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
    /// `ICEPANEL_BASE_URL` if it is set. The keywords are those of the constructor.
    #[classmethod]
    #[pyo3(
        signature = (**options),
        text_signature = "($cls, *, base_url=None, connect_timeout=None, read_timeout=None, \
            timeout=None, max_attempts=None, base_delay=None, max_delay=None, \
            pacing='documented', \
            proxy=None, ca_certificate=None, user_agent_suffix=None, max_body_bytes=None, \
            on_event=None)"
    )]
    fn from_env<'py>(
        cls: &Bound<'py, PyType>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (mut set, mut on_event) = (Options::default(), None);
        if let Some(options) = options {
            set.set(options, &mut on_event)?;
        }
        let handle = Handle::make(cls.py(), Account::FromEnv, set)?;
        Self::on(cls, handle, on_event)
    }

    /// The same client with another time-out, retry policy or listener, for one call or many:
    /// `client.with_options(timeout=5).members()`. It shares connections and limits with this one,
    /// and is closed with it.
    #[pyo3(
        signature = (**options),
        text_signature = "($self, *, timeout=None, max_attempts=None, base_delay=None, \
            max_delay=None, on_event=None)"
    )]
    fn with_options<'py>(
        slf: &Bound<'py, Self>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let this = slf.get();
        let mut handle = this.handle.clone();
        let mut on_event = this.on_event.as_ref().map(|hook| hook.clone_ref(slf.py()));
        if let Some(options) = options {
            for name in options.keys() {
                let name: String = name.extract()?;
                if ![
                    "timeout",
                    "max_attempts",
                    "base_delay",
                    "max_delay",
                    "on_event",
                ]
                .contains(&name.as_str())
                {
                    return Err(unexpected(&name));
                }
            }
            let mut set = handle.shared.options.clone();
            (set.timeout, set.retry) = (handle.timeout, handle.retry);
            set.set(options, &mut on_event)?;
            (handle.timeout, handle.retry) = (set.timeout, set.retry);
        }
        Self::on(&slf.get_type(), handle, on_event)
    }

    /// Ends all calls of this client and of those made from it, and closes the connections.
    fn _close(&self) {
        self.handle.shared.close();
    }

    /// The organization's id.
    #[getter]
    fn organization_id(&self) -> &str {
        &self.handle.shared.organization_id
    }

    #[pyo3(signature = (
        *, status = None, email = None, permission = None, created_by = None, expiring_within = None
    ))]
    fn _list(
        &self,
        py: Python<'_>,
        status: Option<&str>,
        email: Option<String>,
        permission: Option<&str>,
        created_by: Option<&str>,
        expiring_within: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Call> {
        let within = expiring_within.map(|span| time::duration("expiring_within", span));
        let filter = filter(status, email, permission, created_by, within.transpose()?);
        self.call(py, "list", |client| async move {
            client.list_into(&filter, Pages::default).await
        })
    }

    fn _find_active(&self, py: Python<'_>, email: String) -> PyResult<Call> {
        self.call(py, "find_active", |client| async move {
            client.find_active(&email).await
        })
    }

    fn _create(&self, py: Python<'_>, invite: &Bound<'_, NewInvite>) -> PyResult<Call> {
        let invite = invite.get().0.clone();
        self.call(py, "create", |client| async move {
            client.create(&invite).await
        })
    }

    fn _ensure(&self, py: Python<'_>, invite: &Bound<'_, NewInvite>) -> PyResult<Call> {
        let invite = invite.get().0.clone();
        self.call(py, "ensure", |client| async move {
            client.ensure(&invite).await
        })
    }

    fn _revoke(&self, py: Python<'_>, invite_id: String) -> PyResult<Call> {
        self.call(py, "revoke", |client| async move {
            client.revoke(&invite_id).await
        })
    }

    fn _revoke_active(&self, py: Python<'_>, email: String) -> PyResult<Call> {
        self.call(py, "revoke_active", |client| async move {
            client.revoke_active(&email).await.map(Pages::from)
        })
    }

    fn _members(&self, py: Python<'_>) -> PyResult<Call> {
        self.call(
            py,
            "members",
            |client| async move { client.members().await },
        )
    }

    fn _seats(&self, py: Python<'_>) -> PyResult<Call> {
        self.call(py, "seats", |client| async move { client.seats().await })
    }

    /// Without the key.
    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        let organization = slf.get().organization_id();
        Ok(format!("<{class} of organization {organization:?}>"))
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(PyTypeError::new_err(
            "a client cannot be pickled, for it has the API key in it; make one in each process",
        ))
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.on_event)
    }
}
