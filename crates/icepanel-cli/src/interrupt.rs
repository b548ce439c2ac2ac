//! Ctrl-C, and the system's signals to end: SIGTERM, or on Windows the end of the console or of the machine.

use std::future::Future;
use std::io;

use icepanel_invites::InviteError;

use crate::errors::Failure;

/// Listens for Ctrl-C and for the system's signals. From its creation on, these signals do not end the process.
pub(crate) struct Interrupt(Signals);

impl Interrupt {
    pub(crate) fn new() -> Result<Self, Failure> {
        Signals::new().map(Self).map_err(|error| {
            Failure::other(
                format!("the command cannot listen for Ctrl-C: {error}"),
                "Check whether the machine is out of file descriptors.",
            )
        })
    }

    /// Returns at each of these signals.
    pub(crate) async fn heard(&mut self) {
        self.0.heard().await;
    }
}

#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals {
    c: tokio::signal::windows::CtrlC,
    r#break: tokio::signal::windows::CtrlBreak,
    close: tokio::signal::windows::CtrlClose,
    shutdown: tokio::signal::windows::CtrlShutdown,
}

#[cfg(windows)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self {
            c: ctrl_c()?,
            r#break: ctrl_break()?,
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
        })
    }

    async fn heard(&mut self) {
        tokio::select! {
            _ = self.c.recv() => {}
            _ = self.r#break.recv() => {}
            _ = self.close.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}

/// Makes a call until it ends or is interrupted, which stops the request. `operation` is the library's name of the
/// call, `email` the address that it is about, if it is about one.
pub(crate) async fn until_interrupted<T>(
    operation: &str,
    email: Option<&str>,
    call: impl Future<Output = Result<T, InviteError>>,
) -> Result<T, Failure> {
    let mut interrupt = Interrupt::new()?;
    let result = tokio::select! {
        // In this order, so that Ctrl-C is noticed before anything is sent.
        biased;
        () = interrupt.heard() => Err(InviteError::cancelled(operation)),
        result = call => result,
    };
    result.map_err(|error| Failure::invite(error, email))
}
