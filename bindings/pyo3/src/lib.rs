//! Rust to Python: the extension module `icepanel_invites._native`.
//!
//! A call goes one way for both of Python's clients. A method of `client::Client` converts its
//! arguments and makes a `call::Call`: the core's future, not yet begun. The blocking client then
//! runs it with `wait` (`blocking.rs`), the asyncio client with `future` (`asyncio.rs`). What comes out
//! is an `answer::Answer`, turned into Python's objects on the thread that asked.
//!
//! The threads of the runtime (`runtime.rs`) never touch Python. They put events and answers into a
//! queue, and the caller, who waits for them anyway, takes them out. So no request waits for the GIL,
//! a slow hook holds up nobody but its own caller, and an interpreter that ends with requests in
//! flight has nobody to fear.
//!
//! The files are called as those of the core that they stand for.

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

/// What `icepanel_invites` is made of; its Python files add the names that people import.
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

    /// Python 3.12 and later refuse what has not declared itself safe for subinterpreters. Before, its
    /// classes and exceptions would be those of another interpreter, which `except` does not know.
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
