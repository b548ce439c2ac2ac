//! What UniFFI generates is all public. Here everything is made internal to its package but the types that people use.

/// The generated types that are the packages' own: `bindings/uniffi/uniffi.toml`. The others have a name that begins with
/// `Native`, or serve a crossing.
const PUBLIC: &[&str] = &[
    "Action",
    "Difference",
    "Ensured",
    "Held",
    "Invite",
    "LandscapePermissions",
    "LogEntry",
    "LogLevel",
    "Member",
    "Outcome",
    "PlanDomain",
    "PlanExpiring",
    "PlanPruning",
    "PlanRemoval",
    "PlanSeats",
    "PlanSummary",
    "Renewed",
    "Seats",
    "Step",
    "StepReason",
    "Timestamp",
];

/// How a declaration begins in Kotlin.
const KOTLIN: &[&str] = &[
    "abstract class ",
    "annotation class ",
    "class ",
    "data class ",
    "enum class ",
    "fun ",
    "fun<",
    "inline fun ",
    "interface ",
    "object ",
    "open class ",
    "sealed class ",
    "sealed interface ",
    "suspend fun ",
    "typealias ",
];

/// Kotlin with its public types marked as such, as its explicit API mode asks, and all else internal.
pub(crate) fn kotlin(source: &str) -> String {
    let mut in_public = false;
    let mut shown = String::with_capacity(source.len());
    for line in source.lines() {
        // A function follows the end of its comment, and what it throws, on the same line.
        let start = ["*/ fun ", "@Throws(Failure::class) fun "]
            .iter()
            .find_map(|start| Some(line.find(start)? + start.len() - "fun ".len()));
        let (before, line) = line.split_at(start.unwrap_or(0));
        shown += before;
        let declaration = line.strip_prefix("public ").unwrap_or(line);
        if let Some(start) = KOTLIN.iter().find(|start| declaration.starts_with(**start)) {
            in_public = PUBLIC.contains(&name(&declaration[start.len()..]));
            shown += if in_public { "public " } else { "internal " };
            shown += declaration;
        } else if in_public && line.trim() == "companion object" {
            shown += "    public companion object";
        } else {
            shown += line;
        }
        shown.push('\n');
    }
    shown
}

/// Swift with its public types as they are, and all else internal, the module in C too.
pub(crate) fn swift(source: &str) -> String {
    let mut in_public = false;
    let mut shown = String::with_capacity(source.len());
    for line in source.lines() {
        if let Some(declaration) = line.strip_prefix("public ") {
            let name_begins = ["struct ", "enum ", "typealias "]
                .iter()
                .find_map(|start| declaration.strip_prefix(start));
            in_public = name_begins.is_some_and(|rest| PUBLIC.contains(&name(rest)));
        }
        if in_public {
            shown += line;
            in_public = line != "}" && !line.contains("typealias ");
        } else if line.starts_with("import C") {
            shown += "internal ";
            shown += line;
        } else {
            let bare = line.trim_start();
            let indent = &line[..line.len() - bare.len()];
            shown += indent;
            shown += ["public ", "open "]
                .iter()
                .find_map(|word| bare.strip_prefix(word))
                .unwrap_or(bare);
        }
        shown.push('\n');
    }
    shown
}

fn name(text: &str) -> &str {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_kotlin_the_named_types_are_public_and_nothing_else() {
        let source = "\
data class Invite (
    val id: String
)
{
    companion object
}
public object FfiConverterTypeInvite: X {
}
open class NativeInviteClient: Y
{
    companion object
}
public typealias Timestamp = Z
public fun closed() = 1
         */ fun `cancelled`() = 2
    @Throws(Failure::class) fun `check`() = 3
";
        let expected = "\
public data class Invite (
    val id: String
)
{
    public companion object
}
internal object FfiConverterTypeInvite: X {
}
internal open class NativeInviteClient: Y
{
    companion object
}
public typealias Timestamp = Z
internal fun closed() = 1
         */ internal fun `cancelled`() = 2
    @Throws(Failure::class) internal fun `check`() = 3
";
        assert_eq!(kotlin(source), expected);
    }

    #[test]
    fn of_swift_the_named_types_are_public_and_nothing_else() {
        let source = "\
import CIcePanelInvites
public struct Invite: Hashable {
    public let id: String
}
public struct FfiConverterTypeInvite: X {
    public static func read() {}
}
open class NativeInviteClient: Y {
    public func close() {}
}
public typealias Timestamp = Date
public func closed() {}
";
        let expected = "\
internal import CIcePanelInvites
public struct Invite: Hashable {
    public let id: String
}
struct FfiConverterTypeInvite: X {
    static func read() {}
}
class NativeInviteClient: Y {
    func close() {}
}
public typealias Timestamp = Date
func closed() {}
";
        assert_eq!(swift(source), expected);
    }
}
