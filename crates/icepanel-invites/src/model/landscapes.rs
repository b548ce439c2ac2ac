//! Which landscapes a person may see.

use std::collections::BTreeMap;

/// Which landscapes a person may see: landscape id to yes or no.
pub type LandscapePermissions = BTreeMap<String, bool>;
