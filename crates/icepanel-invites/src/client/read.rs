//! Options as data: how a language spells their names, and how a JSON value is read as one of them.
//!
//! An invalid option gives the same error text in every language. The text has the name of the option, as the language
//! spells it, and never the value: that may be a secret in the wrong place.

use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::InviteError;

/// How a language writes the names and the durations of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spelling {
    /// `timeoutMs`, `marginMs`: milliseconds. What the command and files of JSON have.
    Json,
    /// As [`Json`](Self::Json), but a duration that users write in days is an object: `margin: { days: 1 }`.
    JavaScript,
    /// `base_url`, `timeout`: seconds.
    Python,
    /// `baseUrl`, `timeout`: the language has a type for durations. For Kotlin and Swift.
    Typed,
}

/// What an option is.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Texts,
    Flag,
    Count,
    Share,
    /// A limit on time, or a wait.
    Wait,
    /// A duration that users write in days.
    Span,
}

impl Spelling {
    /// The name of an option, of its camelCase name without a unit.
    fn name(self, name: &str, kind: Kind) -> String {
        match (self, kind) {
            (Self::Json, Kind::Wait | Kind::Span) | (Self::JavaScript, Kind::Wait) => {
                format!("{name}Ms")
            }
            (Self::Python, _) => snake(name),
            _ => name.to_owned(),
        }
    }

    /// The name of an option that is not a duration.
    pub(crate) fn plain(self, name: &str) -> String {
        self.name(name, Kind::Text)
    }

    /// What an option of this kind has to be.
    fn rule(self, kind: Kind) -> &'static str {
        match (kind, self) {
            (Kind::Text, _) => "text",
            (Kind::Texts, _) => "a list of texts",
            (Kind::Flag, Self::Python) => "True or False",
            (Kind::Flag, _) => "true or false",
            (Kind::Count, _) => "a whole number that is not negative",
            (Kind::Share, _) => "a number from 0 to 1",
            (Kind::Wait | Kind::Span, Self::Python) => {
                "a finite number of seconds or a timedelta, and not negative"
            }
            (Kind::Span, Self::JavaScript) => {
                "a duration that is finite and not negative, such as { days: 7 }"
            }
            (Kind::Wait | Kind::Span, Self::Typed) => "a duration that is not negative",
            (Kind::Wait | Kind::Span, _) => {
                "a number of milliseconds that is finite and not negative"
            }
        }
    }

    /// Rejects every option in JSON: for a call whose options, named here, a language passes separately.
    ///
    /// # Errors
    /// Invalid input that names the option.
    pub fn no_options(self, text: &str, apart: &[&str]) -> Result<(), InviteError> {
        let mut fields = Fields::parse(text, self)?;
        fields.apart(apart);
        fields.end()
    }

    fn refused(self, path: &str, name: &str, kind: Kind) -> InviteError {
        let name = self.name(name, kind);
        InviteError::invalid_input(format!("{path}{name} must be {}", self.rule(kind)))
    }

    /// A duration that users write in days, from whole milliseconds.
    pub(crate) fn span(self, name: &str, milliseconds: i64) -> Result<Duration, InviteError> {
        u64::try_from(milliseconds)
            .map(Duration::from_millis)
            .map_err(|_| self.refused("", name, Kind::Span))
    }

    /// A number from 0 to 1.
    pub(crate) fn share(self, name: &str, share: f64) -> Result<f64, InviteError> {
        match (0.0..=1.0).contains(&share) {
            true => Ok(share),
            false => Err(self.refused("", name, Kind::Share)),
        }
    }

    /// A duration out of whole milliseconds.
    pub(crate) fn duration(
        self,
        path: &str,
        name: &str,
        milliseconds: i64,
    ) -> Result<Duration, InviteError> {
        u64::try_from(milliseconds)
            .map(Duration::from_millis)
            .map_err(|_| self.refused(path, name, Kind::Wait))
    }

    /// A number of things.
    pub(crate) fn count(self, path: &str, name: &str, number: i64) -> Result<u64, InviteError> {
        u64::try_from(number).map_err(|_| self.refused(path, name, Kind::Count))
    }

    /// A number of things. More than fit in 32 bits is the same as no limit.
    pub(crate) fn small_count(
        self,
        path: &str,
        name: &str,
        number: i64,
    ) -> Result<u32, InviteError> {
        let count = self.count(path, name, number)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The common form of two spellings of one name.
fn folded(name: &str) -> String {
    let name = name.replace(['_', '-'], "").to_ascii_lowercase();
    name.strip_suffix("ms").map(str::to_owned).unwrap_or(name)
}

/// An object of options that is being read: each option is taken out by its name; what remains is unknown.
pub(crate) struct Fields {
    pub(crate) spelling: Spelling,
    /// What is before a name in an error: `pacing.writes.`
    pub(crate) path: String,
    values: Map<String, Value>,
    known: Vec<String>,
}

impl Fields {
    /// The options in a text of JSON.
    pub(crate) fn parse(text: &str, spelling: Spelling) -> Result<Self, InviteError> {
        match serde_json::from_str(text) {
            Ok(Value::Object(values)) => Ok(Self::of(values, spelling)),
            // Not the error of the parser, because it shows what it read.
            _ => Err(InviteError::invalid_input(
                "the options must be an object of names and values",
            )),
        }
    }

    /// These options.
    pub(crate) fn of(values: Map<String, Value>, spelling: Spelling) -> Self {
        Self {
            spelling,
            path: String::new(),
            values,
            known: Vec::new(),
        }
    }

    /// Names that a language passes in another way, so that a misspelled one is recognized.
    pub(crate) fn apart(&mut self, names: &[&str]) {
        let names = names
            .iter()
            .map(|name| self.spelling.name(name, Kind::Text));
        self.known.extend(names);
    }

    /// Whether an option is given as null, which is its default.
    pub(crate) fn is_null(&self, name: &str) -> bool {
        let null = |kind| self.values.get(&self.spelling.name(name, kind)) == Some(&Value::Null);
        null(Kind::Wait) || null(Kind::Count)
    }

    fn take(&mut self, name: &str, kind: Kind) -> Option<Value> {
        let name = self.spelling.name(name, kind);
        let value = self.values.remove(&name);
        self.known.push(name);
        value.filter(|value| !value.is_null())
    }

    fn refused(&self, name: &str, kind: Kind) -> InviteError {
        self.spelling.refused(&self.path, name, kind)
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Option<String>, InviteError> {
        match self.take(name, Kind::Text) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.refused(name, Kind::Text)),
        }
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>, InviteError> {
        let Some(value) = self.take(name, Kind::Texts) else {
            return Ok(None);
        };
        let Value::Array(values) = value else {
            return Err(self.refused(name, Kind::Texts));
        };
        let texts = values.into_iter().map(|value| match value {
            Value::String(text) => Ok(text),
            _ => Err(self.refused(name, Kind::Texts)),
        });
        texts.collect::<Result<Vec<_>, _>>().map(Some)
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Option<bool>, InviteError> {
        match self.take(name, Kind::Flag) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(self.refused(name, Kind::Flag)),
        }
    }

    /// A whole number, also a negative one: the caller checks that.
    pub(crate) fn count(&mut self, name: &str) -> Result<Option<i64>, InviteError> {
        let Some(value) = self.take(name, Kind::Count) else {
            return Ok(None);
        };
        let number = value.as_f64().filter(|number| number.fract() == 0.0);
        match number {
            Some(number) => Ok(Some(value.as_i64().unwrap_or_else(|| whole(number)))),
            None => Err(self.refused(name, Kind::Count)),
        }
    }

    /// A number, also outside 0 to 1: the caller checks that.
    pub(crate) fn share(&mut self, name: &str) -> Result<Option<f64>, InviteError> {
        let Some(value) = self.take(name, Kind::Share) else {
            return Ok(None);
        };
        let share = value.as_f64();
        share
            .map(Some)
            .ok_or_else(|| self.refused(name, Kind::Share))
    }

    /// A limit on time, in whole milliseconds; negative ones too.
    pub(crate) fn wait(&mut self, name: &str) -> Result<Option<i64>, InviteError> {
        self.milliseconds(name, Kind::Wait)
    }

    /// A duration that users write in days, in whole milliseconds; also a negative one.
    pub(crate) fn span(&mut self, name: &str) -> Result<Option<i64>, InviteError> {
        match self.spelling {
            Spelling::JavaScript => self.units(name),
            _ => self.milliseconds(name, Kind::Span),
        }
    }

    fn milliseconds(&mut self, name: &str, kind: Kind) -> Result<Option<i64>, InviteError> {
        let Some(value) = self.take(name, kind) else {
            return Ok(None);
        };
        let unit = match self.spelling {
            Spelling::Python => 1e3,
            _ => 1.0,
        };
        let milliseconds = value.as_f64().map(|number| number * unit);
        let milliseconds = milliseconds.ok_or_else(|| self.refused(name, kind))?;
        Ok(Some(whole(milliseconds)))
    }

    /// The sum of `{ days: 1, hours: 12 }`.
    fn units(&mut self, name: &str) -> Result<Option<i64>, InviteError> {
        let Some(value) = self.take(name, Kind::Span) else {
            return Ok(None);
        };
        let Value::Object(values) = value else {
            return Err(self.refused(name, Kind::Span));
        };
        let mut given = self.inside(name, values);
        if given.take("years", Kind::Count).is_some() || given.take("months", Kind::Count).is_some()
        {
            return Err(InviteError::invalid_input(format!(
                "{}{name} has years or months, which have no fixed length; give days",
                self.path
            )));
        }
        let mut sum = None;
        for (unit, milliseconds) in UNITS {
            if let Some(value) = given.take(unit, Kind::Span) {
                let number = value.as_f64().ok_or_else(|| {
                    let path = &given.path;
                    InviteError::invalid_input(format!("{path}{unit} must be a finite number"))
                })?;
                sum = Some(sum.unwrap_or_default() + number * milliseconds);
            }
        }
        given.end()?;
        match sum {
            // For halves and thirds of days only the nearest whole millisecond is meant.
            Some(sum) => Ok(Some(whole(round(sum)))),
            None => Err(self.refused(name, Kind::Span)),
        }
    }

    /// An option that is not of one kind, as it was given.
    pub(crate) fn any(&mut self, name: &str) -> Option<Value> {
        self.take(name, Kind::Text)
    }

    /// The options inside one of these.
    pub(crate) fn inside(&self, name: &str, values: Map<String, Value>) -> Self {
        Self {
            spelling: self.spelling,
            path: format!("{}{}.", self.path, self.spelling.name(name, Kind::Text)),
            values,
            known: Vec::new(),
        }
    }

    /// Rejects what is not an option.
    pub(crate) fn end(self) -> Result<(), InviteError> {
        let Some(name) = self.values.keys().next() else {
            return Ok(());
        };
        let near = self
            .known
            .iter()
            .find(|known| folded(known) == folded(name));
        let path = &self.path;
        Err(InviteError::invalid_input(match near {
            Some(near) if near == name => {
                format!(
                    "\"{path}{name}\" is not one of the options; pass it as a separate argument"
                )
            }
            Some(near) => {
                format!("there is no option \"{path}{name}\"; it is written \"{path}{near}\"")
            }
            None => format!("there is no option \"{path}{name}\""),
        }))
    }
}

const UNITS: [(&str, f64); 6] = [
    ("weeks", 604_800_000.0),
    ("days", 86_400_000.0),
    ("hours", 3_600_000.0),
    ("minutes", 60_000.0),
    ("seconds", 1000.0),
    ("milliseconds", 1.0),
];

/// A whole number of milliseconds. A fraction is rounded away from zero: a short duration does not become zero, and a
/// negative one remains negative.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a cast from a float stops at the ends of the range"
)]
fn whole(number: f64) -> i64 {
    // A decimal fraction of seconds has no exact float: 0.3 s are 300 ms, not 301.
    let near = number.round();
    if near != 0.0 && (number - near).abs() <= near.abs() * f64::EPSILON * 4.0 {
        return near as i64;
    }
    match number < 0.0 {
        true => number.floor() as i64,
        false => number.ceil() as i64,
    }
}

fn round(number: f64) -> f64 {
    match number.round() {
        0.0 => number,
        near => near,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(
        spelling: Spelling,
        text: &str,
        take: impl FnOnce(&mut Fields) -> Result<T, InviteError>,
    ) -> Result<T, String> {
        let mut fields = Fields::parse(text, spelling).map_err(|why| why.message().to_owned())?;
        let value = take(&mut fields).map_err(|why| why.message().to_owned())?;
        fields.end().map_err(|why| why.message().to_owned())?;
        Ok(value)
    }

    #[test]
    fn a_fraction_of_a_millisecond_is_rounded_away_from_zero() {
        for (number, expected) in [
            (0.0, 0),
            (0.3 * 1e3, 300),
            (1.1 * 1e3, 1100),
            (32.767 * 1e3, 32_767),
            (1.4, 2),
            (-1.4, -2),
            (0.0001, 1),
            (-0.0001, -1),
            (1.5, 2),
            (1e300, i64::MAX),
            (-1e300, i64::MIN),
        ] {
            assert_eq!(whole(number), expected, "{number}");
        }
    }

    #[test]
    fn each_language_has_its_names_and_units() {
        use Spelling::{JavaScript, Json, Python};
        let day = Ok(Some(86_400_000));
        for (spelling, text) in [
            (Json, r#"{"someSpanMs": 86400000}"#),
            (JavaScript, r#"{"someSpan": {"hours": 12, "days": 0.5}}"#),
            (Python, r#"{"some_span": 86400}"#),
        ] {
            let span = read(spelling, text, |fields| fields.span("someSpan"));
            assert_eq!(span, day, "{text}");
        }
        for (spelling, text) in [
            (Json, r#"{"someWaitMs": 250}"#),
            (JavaScript, r#"{"someWaitMs": 250}"#),
            (Python, r#"{"some_wait": 0.25}"#),
        ] {
            let wait = read(spelling, text, |fields| fields.wait("someWait"));
            assert_eq!(wait, Ok(Some(250)), "{text}");
        }
    }

    #[test]
    fn an_invalid_option_is_named_as_the_language_spells_it_and_never_shown() {
        let secret = "c0ffee";
        for (spelling, name, value, message) in [
            (
                Spelling::JavaScript,
                "timeout",
                "5",
                "there is no option \"timeout\"; it is written \"timeoutMs\"",
            ),
            (
                Spelling::JavaScript,
                "timeoutms",
                "5",
                "there is no option \"timeoutms\"; it is written \"timeoutMs\"",
            ),
            (
                Spelling::Python,
                "timeoutMs",
                "5",
                "there is no option \"timeoutMs\"; it is written \"timeout\"",
            ),
            (
                Spelling::Python,
                "colour",
                "5",
                "there is no option \"colour\"",
            ),
            (
                Spelling::JavaScript,
                "timeoutMs",
                "\"c0ffee\"",
                "timeoutMs must be a number of milliseconds that is finite and not negative",
            ),
            (
                Spelling::Python,
                "timeout",
                "[\"c0ffee\"]",
                "timeout must be a finite number of seconds or a timedelta, and not negative",
            ),
        ] {
            let text = format!("{{\"{name}\": {value}}}");
            let refused = read(spelling, &text, |fields| fields.wait("timeout"));
            let refused = refused.expect_err(&text);
            assert_eq!(refused, message, "{text}");
            assert!(!refused.contains(secret));
        }
        for text in ["7", "[\"c0ffee\"]", "{\"c0ffee\"", "\"c0ffee\""] {
            let refused = read(Spelling::Json, text, |_| Ok(())).expect_err(text);
            assert!(!refused.contains(secret), "{refused}");
        }
    }

    #[test]
    fn a_span_of_javascript_has_units_and_no_others() {
        for (text, message) in [
            ("{\"span\": 7}", "span must be a duration"),
            ("{\"span\": {}}", "span must be a duration"),
            (
                "{\"span\": {\"days\": []}}",
                "span.days must be a finite number",
            ),
            (
                "{\"span\": {\"day\": 1}}",
                "there is no option \"span.day\"",
            ),
            (
                "{\"span\": {\"months\": 1}}",
                "span has years or months, which have no fixed length; give days",
            ),
        ] {
            let refused = read(Spelling::JavaScript, text, |fields| fields.span("span"));
            let refused = refused.expect_err(text);
            assert!(refused.starts_with(message), "{text}: {refused}");
        }
    }
}
