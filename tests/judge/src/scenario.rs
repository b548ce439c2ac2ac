//! What a file says.

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scenario {
    #[serde(rename = "$schema")]
    _schema: Option<String>,
    pub(crate) title: String,
    #[serde(rename = "promises")]
    _promises: Vec<String>,
    pub(crate) sandbox: Value,
    #[serde(default)]
    pub(crate) client: Map<String, Value>,
    #[serde(default)]
    pub(crate) waits: Waits,
    pub(crate) steps: Vec<Value>,
    pub(crate) counted: Option<Value>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Waits {
    #[default]
    Skip,
    Real,
}

#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Step {
    Parallel(Parallel),
    Call(Call),
    Control {
        control: String,
        body: Value,
    },
    Report {
        report: Value,
    },
    Close {
        #[serde(rename = "close")]
        _close: bool,
    },
    Pause {
        #[serde(rename = "pauseMs")]
        pause_ms: u64,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Call {
    pub(crate) call: String,
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
    pub(crate) client: Option<Map<String, Value>>,
    pub(crate) expect: Option<Value>,
    pub(crate) took_ms: Option<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parallel {
    pub(crate) parallel: usize,
    pub(crate) clients: String,
    pub(crate) call: String,
    #[serde(default)]
    pub(crate) args: Map<String, Value>,
    pub(crate) expect_each: Option<Vec<Value>>,
    pub(crate) expect_count: Option<Value>,
    pub(crate) took_ms: Option<Value>,
}
