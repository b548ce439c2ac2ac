//! Rust to Python: the extension module `icepanel_invites._native`.
//!
//! A call works in the same way for both of Python's clients. A method of `client::Client` converts its arguments and
//! makes a `call::Call`: the core's future, not yet begun. The blocking client then runs it with `wait`
//! (`blocking.rs`), the asyncio client with `future` (`asyncio.rs`). The result is an `answer::Answer`, converted into
//! Python objects on the caller's thread.
//!
//! The threads of the runtime (`runtime.rs`) never touch Python. They put events and answers into a queue, and the
//! caller, who waits for them anyway, takes them out. So no request waits for the GIL, a slow hook delays only its own
//! caller, and an interpreter can end safely during requests.
//!
//! The files have the names of the core's files that they wrap.

mod answer;
mod asyncio;
mod blocking;
mod builder;
mod call;
mod client;
mod command;
mod data;
mod error;
mod event;
mod from_json;
#[cfg(unix)]
mod greenlets;
mod handle;
mod json;
mod model;
mod outbox;
mod roster;
mod runtime;
mod sandbox;
mod streamed;
mod time;

/// The native part of `icepanel_invites`; its Python files add the public names.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use pyo3::exceptions::PyImportError;
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::call::{Call, Stream};
    #[pymodule_export]
    use crate::client::Client;
    #[pymodule_export]
    use crate::command::run_command;
    #[pymodule_export]
    use crate::error::{cancelled, invalid_input};
    #[pymodule_export]
    use crate::model::{
        Event, Invite, Member, NewInvite, Seats, ensured_differs_from, is_paid, known,
    };
    #[pymodule_export]
    use crate::roster::{
        Stop, apply, check_plan, check_roster, dump, plan, plan_text, read_plan, read_roster,
        renew, report_text, write_roster,
    };
    #[pymodule_export]
    use crate::sandbox::Sandbox;

    /// Python 3.12 and later reject modules that do not declare themselves safe for subinterpreters. Earlier versions
    /// would use the classes and exceptions of another interpreter, which `except` does not catch.
    ///
    /// A frozen program has only the modules that its Python files import. Without this one it makes no
    /// subinterpreters.
    #[pymodule_init]
    fn only_in_the_main_interpreter(module: &Bound<'_, PyModule>) -> PyResult<()> {
        let py = module.py();
        if py.version_info() < (3, 12)
            && let Ok(interpreters) = py.import("_xxsubinterpreters")
        {
            let [current, main] =
                ["get_current", "get_main"].map(|it| interpreters.call_method0(it));
            if current?.ne(main?)? {
                return Err(PyImportError::new_err(
                    "icepanel_invites does not support loading in subinterpreters",
                ));
            }
        }
        Ok(())
    }

    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "the name that Python knows")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
