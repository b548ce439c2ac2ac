//! What is deliberately otherwise than in Rust, and why.

/// How something of the client's is called in a language.
#[derive(Clone, Copy)]
pub(crate) enum Otherwise {
    /// As in Rust, in the language's spelling.
    Same,
    /// By these names; each must be there.
    As(&'static [&'static str]),
    /// Not at all, for this reason.
    Not(&'static str),
}

use Otherwise::{As, Not, Same};

/// `(language, type, member, how)`; `*` is every language, and no member is the type itself.
type Row = (&'static str, &'static str, &'static str, Otherwise);

const PLAIN: &str = "a plain object: what its fields say is not said by methods as well";
const FUNCTION: &str =
    "a plain object: the function `differsFrom`, which each scenario of ensure calls";
const DATES: &str = "who keeps an invite for long compares its dates";
const JSON: &str = "values go to JSON and come from it as the language does that";
const WORDS: &str = "the word is the value itself";
const DATA: &str = "what a binding hands over: a language has the options of `InviteClientBuilder` and of the calls";
const VERBOSE: &str =
    "for the command's -v and -vv; an event has the operation, which says as much";
const MADE: &str = "made by a constructor";

const TABLE: &[Row] = &[
    // What is there for Rust alone.
    ("*", "InviteClient", "builder", Not(MADE)),
    (
        "*",
        "InviteClient",
        "builder_from_env",
        Not("from_env takes the options"),
    ),
    ("*", "InviteClient", "list_into", Not("for the bindings")),
    ("*", "InviteSink", "", Not("for the bindings")),
    (
        "*",
        "InviteClient",
        "builder_from_variables",
        Not("for the bindings"),
    ),
    ("*", "InviteClient", "with_options", Not(DATA)),
    ("*", "InviteClientBuilder", "options", Not(DATA)),
    ("*", "ClientOptions", "", Not(DATA)),
    ("*", "ClientChanges", "", Not(DATA)),
    ("*", "PacingOptions", "", Not(DATA)),
    ("*", "RateLimitOption", "", Not(DATA)),
    ("*", "Roster", "unchecked", Not("for the bindings")),
    ("*", "Report", "text", Not("for the bindings")),
    ("*", "Report", "serialize_lines", Not("for the bindings")),
    ("*", "ReportLine", "text", Not("for the bindings")),
    ("*", "InviteFilter", "read", Not(DATA)),
    ("*", "InviteFilter", "of", Not(DATA)),
    ("*", "InviteFilterData", "", Not(DATA)),
    ("*", "PlanOptions", "read", Not(DATA)),
    ("*", "PlanOptions", "of", Not(DATA)),
    ("*", "PlanOptionsData", "", Not(DATA)),
    ("*", "ApplyOptions", "read", Not(DATA)),
    ("*", "ApplyOptions", "of", Not(DATA)),
    ("*", "ApplyOptionsData", "", Not(DATA)),
    ("*", "Spelling", "", Not("for the bindings")),
    (
        "*",
        "Secret",
        "",
        Not("an argument of its own, which no value of the package holds"),
    ),
    ("*", "RateLimit", "new", Not(MADE)),
    (
        "*",
        "init_android",
        "",
        Not("the library of apps calls it when Android loads it"),
    ),
    (
        "*",
        "UnknownValue",
        "",
        Not("a word that is not known is a plain text, or the case that holds it"),
    ),
    (
        "*",
        "InviteClient",
        "with_on_event",
        Not("for the bindings: a language has its own way to other options for one call"),
    ),
    ("*", "InviteClientBuilder", "build", Not(MADE)),
    (
        "*",
        "InviteClientBuilder",
        "ca_variable",
        Not("each package names the variable that its host's users know"),
    ),
    (
        "*",
        "CaVariable",
        "",
        Not("each package names the variable that its host's users know"),
    ),
    (
        "*",
        "InviteFilter",
        "matches",
        Not("for those who read lists by a sink"),
    ),
    ("*", "InviteError", "cancelled", Not("for the bindings")),
    ("*", "InviteError", "closed", Not("for the bindings")),
    (
        "*",
        "InviteClient",
        "is_closed",
        Not("for the bindings: each call of a closed client says so"),
    ),
    ("*", "InviteError", "invalid_input", Not("for the bindings")),
    ("*", "InviteError", "no_thread", Not("for the bindings")),
    (
        "*",
        "LandscapePermissions",
        "",
        Not("each language's own map"),
    ),
    ("*", "NewInvite", "new", Not(MADE)),
    (
        "*",
        "NewInvite",
        "landscape_permission",
        Not("the map is given whole"),
    ),
    ("*", "Roster", "new", Not(MADE)),
    (
        "*",
        "Roster",
        "problems",
        Not("the error has them in `errors`"),
    ),
    (
        "*",
        "RosterProblem",
        "",
        Not("the error has them in `errors`"),
    ),
    ("*", "Stop", "new", Not(MADE)),
    (
        "*",
        "Step",
        "creates",
        Not("for the command; its action says it"),
    ),
    ("*", "Invite", "status_at", Not(DATES)),
    ("*", "Event", "method", Not(VERBOSE)),
    ("*", "Event", "url", Not(VERBOSE)),
    ("*", "Event", "headers", Not(VERBOSE)),
    ("*", "EventHeader", "", Not(VERBOSE)),
    ("*", "Difference", "as_str", Not(WORDS)),
    ("*", "ErrorKind", "as_str", Not(WORDS)),
    ("*", "Action", "as_str", Not(WORDS)),
    ("*", "Outcome", "as_str", Not(WORDS)),
    ("*", "StepReason", "as_str", Not(WORDS)),
    ("*", "Operation", "as_str", Not(WORDS)),
    ("*", "Next", "as_str", Not(WORDS)),
    ("*", "ApplyOptions", "from_json", Not(JSON)),
    ("*", "PlanOptions", "from_json", Not(JSON)),
    // Python: keywords in the place of objects of options, `to_dict` and `from_dict` for JSON.
    ("Python", "InviteClientBuilder", "", As(&["ClientOptions"])),
    (
        "Python",
        "InviteClientBuilder",
        "ca_certificate_pem",
        As(&["ca_certificate"]),
    ),
    (
        "Python",
        "InviteClientBuilder",
        "client_certificate_pem",
        As(&["client_certificate"]),
    ),
    (
        "Python",
        "InviteClientBuilder",
        "clock",
        Not("`_skip_waits`, which the sandbox's clients have"),
    ),
    (
        "Python",
        "InviteClientBuilder",
        "retry",
        As(&["max_attempts", "base_delay", "max_delay"]),
    ),
    (
        "Python",
        "Clock",
        "",
        Not("`_skip_waits`, which the sandbox's clients have"),
    ),
    (
        "Python",
        "InviteClient",
        "",
        As(&["InviteClient", "AsyncInviteClient", "Client"]),
    ),
    (
        "Python",
        "InviteClient",
        "with_timeout",
        As(&["with_options"]),
    ),
    (
        "Python",
        "InviteClient",
        "with_retry",
        As(&["with_options"]),
    ),
    ("Python", "RetryPolicy", "", As(&["ClientOptions"])),
    ("Python", "RetryPolicy", "never", Not("max_attempts=1")),
    ("Python", "Pacing", "", As(&["ClientOptions"])),
    ("Python", "Pacing", "none", As(&["None"])),
    (
        "Python",
        "RateLimit",
        "",
        Not("a tuple: (60, timedelta(minutes=1))"),
    ),
    ("Python", "InviteFilter", "", As(&["InviteClient"])),
    ("Python", "PlanOptions", "", As(&["InviteClient"])),
    ("Python", "ApplyOptions", "", As(&["InviteClient"])),
    (
        "Python",
        "ApplyOptions",
        "prune_guard",
        As(&["prune_at_most", "prune_share"]),
    ),
    ("Python", "PruneGuard", "", As(&["InviteClient"])),
    (
        "Python",
        "PruneGuard",
        "Default",
        Not("neither of the other two"),
    ),
    ("Python", "PruneGuard", "AtMost", As(&["prune_at_most"])),
    ("Python", "PruneGuard", "Share", As(&["prune_share"])),
    ("Python", "Expiry", "", Not("a datetime or a timedelta")),
    ("Python", "NewInvite", "expiry", As(&["expires"])),
    ("Python", "ErrorKind", "", As(KINDS_OF_PYTHON)),
    (
        "Python",
        "Ensured",
        "",
        As(&["Created", "Existing", "AlreadyMember", "_Ensured"]),
    ),
    ("Python", "Ensured", "Created", As(&["Created"])),
    ("Python", "Ensured", "Existing", As(&["Existing"])),
    ("Python", "Ensured", "Member", As(&["AlreadyMember"])),
    ("Python", "Difference", "", Not(WORDS)),
    ("Python", "Action", "", Not(WORDS)),
    ("Python", "Outcome", "", Not(WORDS)),
    ("Python", "StepReason", "", Not(WORDS)),
    ("Python", "Operation", "", Not(WORDS)),
    ("Python", "Next", "", Not(WORDS)),
    ("Python", "Plan", "from_json", Not(JSON)),
    ("Python", "Plan", "margin", Not("in `to_dict`")),
    ("Python", "Roster", "from_json", As(&["from_dict"])),
    ("Python", "Report", "count", As(&["counts"])),
    ("Python", "Report", "is_complete", As(&["complete"])),
    // Node: values are plain objects, times of a length are milliseconds.
    (
        "Node",
        "InviteClientBuilder",
        "",
        As(&["ClientOptions", "ConnectionOptions", "ClientChanges"]),
    ),
    (
        "Node",
        "InviteClientBuilder",
        "retry",
        As(&["maxAttempts", "baseDelayMs", "maxDelayMs"]),
    ),
    (
        "Node",
        "InviteClientBuilder",
        "ca_certificate_pem",
        As(&["caCertificate"]),
    ),
    (
        "Node",
        "InviteClientBuilder",
        "client_certificate_pem",
        As(&["clientCertificate"]),
    ),
    (
        "Node",
        "InviteClientBuilder",
        "clock",
        Not("a symbol, which the sandbox's clients have"),
    ),
    (
        "Node",
        "Clock",
        "",
        Not("a symbol, which the sandbox's clients have"),
    ),
    ("Node", "InviteClient", "with_timeout", As(&["withOptions"])),
    ("Node", "InviteClient", "with_retry", As(&["withOptions"])),
    ("Node", "RetryPolicy", "", As(&["ClientChanges"])),
    ("Node", "RetryPolicy", "base_delay", As(&["baseDelayMs"])),
    ("Node", "RetryPolicy", "max_delay", As(&["maxDelayMs"])),
    ("Node", "RetryPolicy", "never", Not("maxAttempts: 1")),
    ("Node", "Pacing", "", As(&["ConnectionOptions", "Pace"])),
    ("Node", "Pacing", "none", As(&["none"])),
    ("Node", "RateLimit", "window", As(&["windowMs"])),
    ("Node", "Event", "", As(&["InviteEvent"])),
    ("Node", "Event", "latency", As(&["latencyMs"])),
    ("Node", "Operation", "", As(&["InviteEvent"])),
    ("Node", "Next", "", As(&["InviteEvent"])),
    ("Node", "InviteError", "retry_after", As(&["retryAfterMs"])),
    ("Node", "Expiry", "", Not("a Date, a text or a Duration")),
    ("Node", "NewInvite", "expiry", As(&["expires"])),
    ("Node", "Invite", "is_active", Not(PLAIN)),
    ("Node", "Permission", "is_paid", Not(PLAIN)),
    ("Node", "Invite", "differs_from", Not(FUNCTION)),
    ("Node", "Ensured", "differs_from", Not(FUNCTION)),
    (
        "Node",
        "Difference",
        "Landscapes",
        As(&["landscapePermissions"]),
    ),
    ("Node", "Difference", "Expiry", As(&["expiresAt"])),
    (
        "Node",
        "ApplyOptions",
        "prune_guard",
        As(&["pruneAtMost", "pruneShare"]),
    ),
    ("Node", "ApplyOptions", "stop", Not("`stop()` of the Run")),
    ("Node", "PruneGuard", "", As(&["ApplyOptions"])),
    ("Node", "PruneGuard", "Default", Not("neither of the two")),
    ("Node", "PruneGuard", "AtMost", As(&["pruneAtMost"])),
    ("Node", "PruneGuard", "Share", As(&["pruneShare"])),
    ("Node", "Stop", "", As(&["Run"])),
    ("Node", "Stop", "is_stopped", Not("`stopped` of the report")),
    ("Node", "Plan", "from_json", Not(PLAIN)),
    ("Node", "Plan", "check", Not(PLAIN)),
    ("Node", "Plan", "count", Not(PLAIN)),
    ("Node", "Plan", "changes_anything", Not(PLAIN)),
    ("Node", "Plan", "margin", As(&["marginMs"])),
    ("Node", "Plan", "estimate", As(&["estimateMs"])),
    ("Node", "PlanSeats", "", As(&["PlanSeats", "Seats"])),
    ("Node", "Progress", "left", As(&["leftMs"])),
    ("Node", "Report", "count", As(&["counts"])),
    ("Node", "Report", "is_complete", As(&["complete"])),
    ("Node", "Roster", "from_json", As(&["fromJSON"])),
    (
        "Node",
        "Roster",
        "entries",
        Not("a roster is iterated, and has `people` in JSON"),
    ),
    // Kotlin: errors are exceptions, a class a kind.
    ("Kotlin", "InviteClientBuilder", "", As(&["ClientOptions"])),
    ("Kotlin", "InviteClientBuilder", "clock", As(&["skipWaits"])),
    ("Kotlin", "Clock", "", Not("`skipWaits`")),
    ("Kotlin", "RetryPolicy", "never", Not("maxAttempts = 1")),
    ("Kotlin", "Pacing", "none", As(&["NONE"])),
    ("Kotlin", "PruneGuard", "Default", Not("null")),
    ("Kotlin", "InviteError", "", As(&["InviteException"])),
    ("Kotlin", "InviteError", "message", As(&["reason"])),
    ("Kotlin", "InviteError", "retryable", As(&["isRetryable"])),
    ("Kotlin", "ErrorKind", "", As(&["InviteException"])),
    ("Kotlin", "Ensured", "outcome", Not("its class says it")),
    ("Kotlin", "Ensured", "Member", As(&["AlreadyMember"])),
    ("Kotlin", "Operation", "", Not(WORDS)),
    ("Kotlin", "Next", "", Not(WORDS)),
    ("Kotlin", "Report", "stopped", As(&["isStopped"])),
    // Swift: names of types stand within that to which they belong.
    ("Swift", "InviteClientBuilder", "", As(&["Options"])),
    ("Swift", "InviteClientBuilder", "base_url", As(&["baseURL"])),
    (
        "Swift",
        "InviteClientBuilder",
        "ca_certificate_pem",
        As(&["caCertificatePEM"]),
    ),
    (
        "Swift",
        "InviteClientBuilder",
        "client_certificate_pem",
        As(&["clientCertificatePEM"]),
    ),
    ("Swift", "InviteClientBuilder", "clock", As(&["skipWaits"])),
    ("Swift", "Clock", "", Not("`skipWaits`")),
    ("Swift", "Invite", "differs_from", As(&["differs"])),
    ("Swift", "Ensured", "differs_from", As(&["differs"])),
    ("Swift", "ErrorKind", "", As(&["Kind"])),
    ("Swift", "ReportLine", "", As(&["Line"])),
    ("Swift", "PruneGuard", "Default", Not("nil")),
    ("Swift", "Plan", "from_json", Not(JSON)),
    ("Swift", "Roster", "from_json", As(&["json"])),
];

/// A class for each kind.
const KINDS_OF_PYTHON: &[&str] = &[
    "InvalidInputError",
    "UnauthorizedError",
    "ForbiddenError",
    "NotFoundError",
    "SeatsExhaustedError",
    "ConflictError",
    "RejectedError",
    "RateLimitedError",
    "ServerError",
    "InviteTimeoutError",
    "InviteConnectionError",
    "UnexpectedAnswerError",
    "OutcomeUnknownError",
    "InviteCancelledError",
    "ClosedError",
];

pub(crate) fn otherwise(language: &str, owner: &str, member: &str) -> Otherwise {
    let rows = TABLE.iter().filter(|row| row.1 == owner && row.2 == member);
    let own = rows.clone().find(|row| row.0 == language);
    own.or_else(|| rows.clone().find(|row| row.0 == "*"))
        .map_or(Same, |row| row.3)
}

pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.iter().map(|row| (row.0, row.1, row.2))
}
