//! What `cargo xtask prove` starts for Python: a driver for each client, and the tests of what hosts do.

use super::{ALONE, Environment, wheels};
use crate::prove::{Driver, HostTests};

pub(crate) fn drivers() -> Result<Vec<Driver>, String> {
    let environment = Environment::for_tests()?;
    environment.install(&wheels::debug(&environment)?)?;
    let driver = |name, arguments: &[&str], hosts| {
        let mut command = environment.python();
        command.arg("tests/driver.py").args(arguments);
        Driver {
            name,
            command,
            hosts,
        }
    };
    let mut tests = environment.python();
    tests.args(["-m", "pytest", "-q", "-rA"]);
    tests.args([ALONE, "tests/test_processes.py"]);
    let hosts = HostTests {
        command: tests,
        runner: "pytest",
        shows: &[
            (
                "a task that is cancelled or times out; a thousand of them",
                &[
                    "test_a_task_that_is_stopped",
                    "test_asyncio_timeout",
                    "test_a_thousand_tasks",
                ],
            ),
            (
                "Ctrl-C in a blocking call, in asyncio and in a run",
                &["test_ctrl_c_stops", "test_ctrl_c_ends"],
            ),
            (
                "fork before and after use, a hundred times",
                &["test_fork", "test_a_hundred_forks"],
            ),
            ("multiprocessing", &["test_multiprocessing"]),
            ("a subinterpreter", &["test_a_subinterpreter"]),
            (
                "an interpreter that ends during a call",
                &["test_an_interpreter_that_ends"],
            ),
            (
                "a loop that is closed with calls under way",
                &["test_a_loop_closed"],
            ),
        ],
    };
    Ok(vec![
        driver("Python", &[], vec![hosts]),
        driver("Python, asyncio", &["--asyncio"], Vec::new()),
    ])
}
