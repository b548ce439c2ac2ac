//! `status`.

use icepanel_invites::{InviteClient, Seats};
use serde::Serialize;

use crate::errors::Failure;
use crate::format::Format;
use crate::interrupt::until_interrupted;
use crate::output::Output;
use crate::settings::{Key, Settings};
use crate::table::{Cell, Row};

/// A setting, and where it comes from.
#[derive(Serialize)]
struct Setting {
    setting: &'static str,
    value: String,
    from: String,
}

impl Row for Setting {
    const HEADINGS: &'static [&'static str] = &["setting", "value", "from"];
    const FIELDS: &'static [&'static str] = Self::HEADINGS;

    fn cells(&self) -> Vec<Cell> {
        [self.setting, &self.value, &self.from]
            .map(Cell::plain)
            .into()
    }
}

/// The whole status, without the key.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    settings: Vec<Setting>,
    key_works: bool,
    seats: Option<Seats>,
}

/// Shows the settings, where each comes from, whether the key works, and the seats.
pub(crate) async fn status(
    client: &InviteClient,
    settings: &Settings,
    output: &Output,
) -> Result<(), Failure> {
    let seats = until_interrupted("seats", None, client.seats()).await;
    let key = match &settings.key.0 {
        Key::Variable => String::new(),
        Key::File(path) => path.display().to_string(),
    };
    let works = match seats {
        Ok(_) => "works",
        Err(_) => "was not confirmed",
    };
    let key = match key.as_str() {
        "" => works.to_owned(),
        path => format!("{works} ({path})"),
    };
    let setting = |setting, value: &str, from: &dyn ToString| Setting {
        setting,
        value: value.to_owned(),
        from: from.to_string(),
    };
    let status = Status {
        settings: vec![
            setting(
                "organization",
                &settings.organization.0,
                &settings.organization.1,
            ),
            setting("base URL", &settings.base_url.0, &settings.base_url.1),
            setting("key", &key, &settings.key.1),
        ],
        key_works: seats.is_ok(),
        seats: seats.as_ref().ok().copied(),
    };
    output.rows(&status, &status.settings, "")?;
    let seats = seats?;
    if matches!(output.format, Format::Table | Format::Markdown) {
        output.write(|out| {
            writeln!(
                out,
                "\nPaid seats: {} bought, {} taken by members, {} promised to active invites, {} free",
                seats.paid, seats.taken, seats.promised, seats.free
            )
        })?;
    }
    Ok(())
}
