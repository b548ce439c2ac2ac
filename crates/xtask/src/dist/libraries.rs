//! The libraries under Kotlin alone, of the platforms that one machine compiles for: another machine puts them into the
//! jars. A Mac makes Apple's, and no other machine can.

use super::Dist;
use super::kotlin::{MODULES, artefact};
use super::table::Row;
use super::targets;
use crate::files::copy;

pub(super) const NAME: &str = "libraries";

pub(super) fn make(dist: &Dist) -> Result<Vec<Row>, String> {
    let out = dist.fresh(NAME)?;
    let mut rows = Vec::new();
    for (module, library) in MODULES {
        for target in targets::chosen(dist).filter(|it| !it.jna.is_empty()) {
            let built = targets::compile(dist, target, artefact(*library))?;
            // As in the jar, where JNA looks for it.
            let name = target.library(library.name());
            let file = out.join(module).join(target.jna).join(name);
            copy(&built, &file)?;
            rows.push(Row {
                file,
                platform: target.name.to_owned(),
                state: "built".to_owned(),
            });
        }
    }
    Ok(rows)
}
