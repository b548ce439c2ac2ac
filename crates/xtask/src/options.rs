//! The options of a client in the languages whose types are declared: each is declared once, in
//! `bindings/uniffi/src/options.rs`, with what it does. Properties, setters, initializers and what the tests' drivers read
//! are written from there, between two comments of each file.

use std::fs;

use crate::run::root;

const DECLARED: &str = "bindings/uniffi/src/options.rs";

/// Options that have a type of their own in Kotlin and Swift, and are written there by hand.
const BY_HAND: &[&str] = &["max_attempts", "base_delay_ms", "max_delay_ms", "pacing"];

/// What writes a line, or some, for an option.
type Lines = fn(&Declared) -> String;

/// The parts that are written: the file, the part's name, and what is between two options.
const PARTS: &[(&str, &str, &str, Lines)] = &[
    (KOTLIN, "properties", "\n", kotlin_property),
    (KOTLIN, "setters", "\n", kotlin_setter),
    (KOTLIN, "data", "", kotlin_data),
    (KOTLIN_DRIVER, "read", "", kotlin_read),
    (SWIFT, "properties", "", swift_property),
    (SWIFT, "parameters", "", swift_parameter),
    (SWIFT, "assignments", "", swift_assignment),
    (SWIFT, "data", "", swift_data),
    (SWIFT_DRIVER, "read", "", swift_read),
    (PYTHON, "keywords", "", python),
    (NODE, "properties", "", node),
];

const KOTLIN: &str = "bindings/kotlin/invites/src/main/kotlin/icepanel/invites/ClientOptions.kt";
const KOTLIN_DRIVER: &str = "bindings/kotlin/invites/src/test/kotlin/icepanel/invites/Calls.kt";
const SWIFT: &str = "bindings/swift/Sources/IcePanelInvites/Options.swift";
const SWIFT_DRIVER: &str = "bindings/swift/Tests/ScenarioSupport/Clients.swift";
const PYTHON: &str = "python/src/icepanel_invites/_native.pyi";
const NODE: &str = "node/lib/types.d.ts";

/// `cargo xtask options`.
pub(crate) fn write() -> Result<(), String> {
    for (file, text) in written()? {
        fs::write(root().join(file), text).map_err(|why| format!("{file}: {why}"))?;
    }
    Ok(())
}

/// Each file as it should be.
fn written() -> Result<Vec<(&'static str, String)>, String> {
    let options = declared(&read(DECLARED)?)?;
    let mut files: Vec<(&'static str, String)> = Vec::new();
    for (file, part, between, lines) in PARTS {
        let text = options.iter().map(lines).collect::<Vec<_>>().join(between);
        match files.iter_mut().find(|(known, _)| known == file) {
            Some((_, whole)) => *whole = replaced(whole, part, &text, file)?,
            None => files.push((*file, replaced(&read(file)?, part, &text, file)?)),
        }
    }
    Ok(files)
}

fn read(file: &str) -> Result<String, String> {
    fs::read_to_string(root().join(file)).map_err(|why| format!("{file}: {why}"))
}

/// A file with other lines between the two comments of a part, indented as these.
fn replaced(whole: &str, part: &str, text: &str, file: &str) -> Result<String, String> {
    let begins = format!(" Written by `cargo xtask options`: {part}.\n");
    let ends = " Written by `cargo xtask options` to here.\n";
    let find = || {
        let begin = whole.find(&begins)?;
        let line = whole[..begin].rfind('\n').map_or(0, |end| end + 1);
        let inside = begin + begins.len();
        let end = inside + whole[inside..].find(ends)?;
        let last = whole[..end].rfind('\n')? + 1;
        let indent = whole[line..begin].len() - whole[line..begin].trim_start().len();
        Some((
            &whole[..inside],
            &whole[line..line + indent],
            &whole[last..],
        ))
    };
    let (before, indent, after) =
        find().ok_or_else(|| format!("{file} has no two comments about its {part}"))?;
    let lines = text.lines().map(|line| match line {
        "" => "\n".to_owned(),
        line => format!("{indent}{line}\n"),
    });
    Ok([before, &lines.collect::<String>(), after].concat())
}

/// An option as it is declared.
struct Declared {
    /// What it does, in lines.
    docs: Vec<String>,
    /// In the core: `connect_timeout_ms`.
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Flag,
    Number,
    Duration,
}

fn declared(source: &str) -> Result<Vec<Declared>, String> {
    let begin = source
        .find("pub struct ClientOptions {")
        .ok_or("no options")?;
    let mut docs = Vec::new();
    let mut options = Vec::new();
    for line in source[begin..].lines().skip(1).map(str::trim) {
        if line == "}" {
            break;
        }
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc.to_owned());
        }
        let field = line
            .strip_prefix("pub ")
            .and_then(|field| field.split_once(": "));
        let Some((name, kind)) = field else { continue };
        let docs = std::mem::take(&mut docs);
        if BY_HAND.contains(&name) {
            continue;
        }
        let kind = match kind {
            "Option<String>," => Kind::Text,
            "Option<bool>," => Kind::Flag,
            "Option<i64>," if name.ends_with("_ms") => Kind::Duration,
            "Option<i64>," => Kind::Number,
            other => {
                return Err(format!(
                    "{name} is of a type that is not known here: {other}"
                ));
            }
        };
        options.push(Declared {
            docs,
            name: name.to_owned(),
            kind,
        });
    }
    Ok(options)
}

impl Declared {
    /// The name in camelCase, as what is generated has it: `connectTimeoutMs`.
    fn camel(&self) -> String {
        let mut words = self.name.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |name, word| {
            let (initial, rest) = word.split_at(1.min(word.len()));
            name + &initial.to_ascii_uppercase() + rest
        })
    }

    /// The same without a unit: `connectTimeout`.
    fn kotlin(&self) -> String {
        let name = self.camel();
        name.strip_suffix("Ms").map(str::to_owned).unwrap_or(name)
    }

    /// The same with abbreviations as Swift writes them: `baseURL`.
    fn swift(&self) -> String {
        self.kotlin().replace("Url", "URL").replace("Pem", "PEM")
    }

    fn doc(&self, begin: &str) -> String {
        self.docs
            .iter()
            .map(|line| format!("{begin}{line}\n"))
            .collect()
    }

    /// As Kotlin and TypeScript have it.
    fn block_comment(&self) -> String {
        match self.docs.as_slice() {
            [line] => format!("/** {line} */\n"),
            _ => format!("/**\n{} */\n", self.doc(" * ")),
        }
    }
}

fn kotlin_property(option: &Declared) -> String {
    let kind = match option.kind {
        Kind::Text => "String",
        Kind::Flag => "Boolean",
        Kind::Number => "Long",
        Kind::Duration => "Duration",
    };
    format!(
        "{}public var {}: {kind}? = null\n",
        option.block_comment(),
        option.kotlin()
    )
}

fn kotlin_setter(option: &Declared) -> String {
    let name = option.kotlin();
    let (kind, value) = match option.kind {
        Kind::Text => ("String", "value"),
        Kind::Flag => ("Boolean", "value"),
        Kind::Number => ("Long", "value"),
        Kind::Duration => ("java.time.Duration", "value.toKotlinDuration()"),
    };
    format!(
        "/** Sets [{name}]; for Java. */\npublic fun {name}(value: {kind}): ClientOptions = apply {{ {name} = {value} }}\n"
    )
}

fn kotlin_data(option: &Declared) -> String {
    let crossing = match option.kind {
        Kind::Duration => "?.toMillis()",
        _ => "",
    };
    format!("{} = {}{crossing},\n", option.camel(), option.kotlin())
}

fn kotlin_read(option: &Declared) -> String {
    let read = match option.kind {
        Kind::Text => "textValue()",
        Kind::Flag => "booleanValue()",
        Kind::Number => "longValue()",
        Kind::Duration => "longValue().milliseconds",
    };
    format!(
        "options[\"{}\"]?.let {{ {} = it.{read} }}\n",
        option.camel(),
        option.kotlin()
    )
}

fn swift_type(option: &Declared) -> &'static str {
    match option.kind {
        Kind::Text => "String?",
        Kind::Flag => "Bool?",
        Kind::Number => "Int?",
        Kind::Duration => "Duration?",
    }
}

fn swift_property(option: &Declared) -> String {
    format!(
        "{}public var {}: {}\n",
        option.doc("/// "),
        option.swift(),
        swift_type(option)
    )
}

fn swift_parameter(option: &Declared) -> String {
    format!("{}: {} = nil,\n", option.swift(), swift_type(option))
}

fn swift_assignment(option: &Declared) -> String {
    format!("self.{name} = {name}\n", name = option.swift())
}

fn swift_data(option: &Declared) -> String {
    let crossing = match option.kind {
        Kind::Text | Kind::Flag => "",
        Kind::Number => ".map(Int64.init)",
        Kind::Duration => "?.crossing",
    };
    format!("data.{} = {}{crossing}\n", option.camel(), option.swift())
}

fn swift_read(option: &Declared) -> String {
    let name = option.camel();
    let read = match option.kind {
        Kind::Text => format!("given[\"{name}\"].text"),
        Kind::Flag => format!("given[\"{name}\"] == .null ? nil : given[\"{name}\"] == true"),
        Kind::Number => format!("given[\"{name}\"].number.map {{ Int($0) }}"),
        Kind::Duration => format!("given[\"{name}\"].number.map {{ .milliseconds($0) }}"),
    };
    format!("options.{} = {read}\n", option.swift())
}

fn python(option: &Declared) -> String {
    let name = ["_ms", "_pem"]
        .iter()
        .find_map(|unit| option.name.strip_suffix(unit))
        .unwrap_or(&option.name);
    let kind = match option.kind {
        Kind::Text if option.name.ends_with("_pem") => "str | bytes",
        Kind::Text => "str",
        Kind::Flag => "bool",
        Kind::Number => "int",
        Kind::Duration => "_Seconds",
    };
    format!("{name}: {kind} | None\n")
}

fn node(option: &Declared) -> String {
    let name = option.camel();
    let name = name.strip_suffix("Pem").unwrap_or(&name);
    let kind = match option.kind {
        Kind::Text => "string",
        Kind::Flag => "boolean",
        Kind::Number | Kind::Duration => "number",
    };
    format!("{}{name}?: {kind} | undefined\n", option.block_comment())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_the_options_that_are_declared() {
        for (file, text) in written().expect("the options") {
            let there = read(file).expect("a file");
            assert!(
                there == text,
                "{file} is not as {DECLARED} says: run `cargo xtask options`"
            );
        }
    }

    #[test]
    fn a_part_is_replaced_and_the_rest_stays() {
        let file = "a\n  // Written by `cargo xtask options`: x.\n  old\n  # Written by `cargo xtask options` to here.\nb\n";
        let other = file.replace("  old\n", "  one\n\n  two\n");
        assert_eq!(replaced(file, "x", "one\n\ntwo\n", "f"), Ok(other));
        assert!(replaced(file, "y", "", "f").is_err());
    }

    #[test]
    fn an_option_has_the_name_of_each_language() {
        let source = "pub struct ClientOptions {\n    /// One.\n    #[uniffi(default = None)]\n    pub idle_time_ms: Option<i64>,\n    pub pacing: Option<X>,\n    /// Two,\n    /// and three.\n    pub base_url: Option<String>,\n}\n";
        let options = declared(source).expect("options");
        let [idle, url] = options.as_slice() else {
            panic!("two options");
        };
        assert_eq!(
            kotlin_property(idle),
            "/** One. */\npublic var idleTime: Duration? = null\n"
        );
        assert_eq!(kotlin_data(idle), "idleTimeMs = idleTime?.toMillis(),\n");
        assert_eq!(swift_data(url), "data.baseUrl = baseURL\n");
        assert_eq!(python(idle), "idle_time: _Seconds | None\n");
        assert_eq!(
            node(url),
            "/**\n * Two,\n * and three.\n */\nbaseUrl?: string | undefined\n"
        );
        assert!(declared("pub struct ClientOptions {\n pub x: Option<u8>,\n}").is_err());
    }
}
