//! The public handle. One method an operation, for both of Python's clients.

use std::future::Future;
use std::sync::Arc;

use icepanel_invites::{InviteClient, InviteError, InviteFilter, LandscapePermissions};
use pyo3::exceptions::PyTypeError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::answer::Answer;
use crate::builder::{Account, OnEvent, Options, changes};
use crate::call::{Call, Work};
use crate::data;
use crate::event::{Listener, Teller};
use crate::handle::Handle;
use crate::model::NewInvite;
use crate::model::invite::Pages;
use crate::streamed::Streamed;

/// The common part of `InviteClient` and `AsyncInviteClient`: everything except the waiting.
#[pyclass(subclass, frozen, weakref, module = "icepanel_invites._native")]
pub(crate) struct Client {
    handle: Handle,
    on_event: OnEvent,
}

impl Client {
    /// A call that is still to be run.
    pub(crate) fn telling<A, F>(
        &self,
        py: Python<'_>,
        on_progress: Option<Py<PyAny>>,
        work: impl FnOnce(InviteClient, Arc<Teller>) -> F + Send + 'static,
    ) -> PyResult<Call>
    where
        A: Into<Answer>,
        F: Future<Output = Result<A, InviteError>> + Send + 'static,
    {
        let client = self.handle.client(py)?;
        let on_event = self.on_event.as_ref().map(|hook| hook.clone_ref(py));
        let listener = Listener::new(py, on_event)?.with_progress(on_progress);
        let begin = move |teller: Arc<Teller>| -> Work {
            let work = work(teller.hear(client), teller);
            Box::pin(async move { work.await.map(Into::into) })
        };
        Ok(Call::new(Box::new(begin), listener))
    }

    /// A call without progress reports.
    pub(crate) fn call<A, F>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(InviteClient) -> F + Send + 'static,
    ) -> PyResult<Call>
    where
        A: Into<Answer>,
        F: Future<Output = Result<A, InviteError>> + Send + 'static,
    {
        self.telling(py, None, |client, _| work(client))
    }

    /// The keywords that make an object of a Python class on this handle.
    fn on(py: Python<'_>, handle: Handle, on_event: OnEvent) -> PyResult<Bound<'_, PyDict>> {
        let keywords = PyDict::new(py);
        keywords.set_item("_handle", Bound::new(py, handle)?)?;
        keywords.set_item("on_event", on_event)?;
        Ok(keywords)
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(
        signature = (api_key = None, organization_id = None, **options),
        text_signature = "(api_key, organization_id, **options)"
    )]
    fn new(
        api_key: Option<String>,
        organization_id: Option<String>,
        options: Option<&Bound<'_, PyDict>>,
        py: Python<'_>,
    ) -> PyResult<Self> {
        let mut on_event = None;
        let given = match options {
            Some(options) => options.get_item("_handle")?,
            None => None,
        };
        if let Some(given) = given {
            options.map_or(Ok(()), |options| options.del_item("_handle"))?;
            Options::read(options, &mut on_event)?;
            let handle = given.cast_into::<Handle>()?.get().clone();
            return Ok(Self { handle, on_event });
        }
        let options = Options::read(options, &mut on_event)?;
        let (Some(api_key), Some(organization_id)) = (api_key, organization_id) else {
            return Err(PyTypeError::new_err(
                "api_key and organization_id are needed; from_env() reads them from the environment",
            ));
        };
        let account = Account::Of {
            api_key: api_key.into(),
            organization_id,
        };
        let handle = Handle::make(py, account, options)?;
        Ok(Self { handle, on_event })
    }

    /// A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and
    /// `ICEPANEL_BASE_URL` if it is set. The keywords are those of the constructor.
    #[classmethod]
    #[pyo3(
        signature = (**options),
        text_signature = "($cls, **options)"
    )]
    fn from_env<'py>(
        cls: &Bound<'py, PyType>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let mut on_event = None;
        let options = Options::read(options, &mut on_event)?;
        let handle = Handle::make(cls.py(), Account::FromEnv, options)?;
        cls.call((), Some(&Self::on(cls.py(), handle, on_event)?))
    }

    /// The same client with another time-out, retry policy or listener, for one call or many:
    /// `client.with_options(timeout=5).members()`. None is the default; options that are not named remain unchanged. It
    /// shares connections and limits with this one; if one of them is closed, both are.
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
            let later = changes(options, &mut on_event)?;
            handle.changes = handle.changes.then(later);
            // Invalid options are rejected here, not at the first call.
            if !handle.shared.is_closed() {
                handle.client(slf.py())?;
            }
        }
        // A subclass may have an `__init__` with other arguments, so its attributes are copied instead.
        let py = slf.py();
        let keywords = Self::on(py, handle, on_event)?;
        let class = py.get_type::<Self>();
        let made = class.call_method("__new__", (slf.get_type(),), Some(&keywords))?;
        if let (Ok(made), Ok(own)) = (made.getattr("__dict__"), slf.getattr("__dict__")) {
            made.call_method1("update", (own,))?;
        }
        Ok(made)
    }

    /// Ends all calls of this client and of those that share its state, and closes the connections.
    fn _close(&self) {
        self.handle.shared.close();
    }

    /// Whether the client was closed.
    #[getter]
    fn is_closed(&self) -> bool {
        self.handle.shared.is_closed()
    }

    /// The organization's id.
    #[getter]
    fn organization_id(&self) -> &str {
        &self.handle.shared.organization_id
    }

    #[pyo3(signature = (**filter))]
    fn _list(&self, py: Python<'_>, filter: Option<&Bound<'_, PyDict>>) -> PyResult<Call> {
        let filter = filter_of(filter)?;
        self.call(py, move |client| async move {
            client.list_into(&filter, Pages::default).await
        })
    }

    /// `tell` gets the invites as they arrive, in lists.
    #[pyo3(signature = (tell, **filter))]
    fn _iter(
        &self,
        py: Python<'_>,
        tell: Option<Py<PyAny>>,
        filter: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<Call> {
        let filter = filter_of(filter)?;
        self.telling(py, tell, |client, teller| async move {
            let sent = Arc::default();
            let sink = || Streamed::new(Arc::clone(&teller), Arc::clone(&sent));
            client.list_into(&filter, sink).await.map(Streamed::end)
        })
    }

    fn _find_active(&self, py: Python<'_>, email: String) -> PyResult<Call> {
        self.call(
            py,
            move |client| async move { client.find_active(&email).await },
        )
    }

    fn _create(&self, py: Python<'_>, invite: &Bound<'_, NewInvite>) -> PyResult<Call> {
        let invite = invite.get().0.clone();
        self.call(
            py,
            move |client| async move { client.create(&invite).await },
        )
    }

    fn _ensure(&self, py: Python<'_>, invite: &Bound<'_, NewInvite>) -> PyResult<Call> {
        let invite = invite.get().0.clone();
        self.call(
            py,
            move |client| async move { client.ensure(&invite).await },
        )
    }

    fn _revoke(&self, py: Python<'_>, invite_id: String) -> PyResult<Call> {
        self.call(
            py,
            move |client| async move { client.revoke(&invite_id).await },
        )
    }

    fn _revoke_active(&self, py: Python<'_>, email: String) -> PyResult<Call> {
        self.call(py, move |client| async move {
            client.revoke_active(&email).await.map(Pages::from)
        })
    }

    fn _members(&self, py: Python<'_>) -> PyResult<Call> {
        self.call(py, move |client| async move { client.members().await })
    }

    #[pyo3(signature = (member, permission, landscape_permissions))]
    fn _update_member(
        &self,
        py: Python<'_>,
        member: String,
        permission: String,
        landscape_permissions: Option<LandscapePermissions>,
    ) -> PyResult<Call> {
        self.call(py, move |client| async move {
            client
                .update_member(&member, permission.as_str(), landscape_permissions)
                .await
        })
    }

    fn _remove_member(&self, py: Python<'_>, member: String) -> PyResult<Call> {
        self.call(py, move |client| async move {
            client.remove_member(&member).await
        })
    }

    fn _seats(&self, py: Python<'_>) -> PyResult<Call> {
        self.call(py, move |client| async move { client.seats().await })
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

fn filter_of(keywords: Option<&Bound<'_, PyDict>>) -> PyResult<InviteFilter> {
    keywords.map_or(Ok(InviteFilter::default()), |keywords| {
        data::read(keywords, InviteFilter::read)
    })
}
