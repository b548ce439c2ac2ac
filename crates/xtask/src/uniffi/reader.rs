//! The reader of what UniFFI hands over to Swift. The generated one copies each number and each string out of a `Data`,
//! which takes several times as long: most of a list of 100,000. This one reads them where they are, with the same checks.

const GENERATED: &str = "(data: Data, offset: Data.Index)";
const BEGIN: &str = "fileprivate func createReader(";
const END: &str = "// Reads a float at the current offset.";
const CREATE: &str = "createReader(data: Data(rustBuffer: buf))";

const READER: &str = "\
struct ForeignReader {
    let data: UnsafeRawBufferPointer
    var offset: Int

    mutating func take(_ count: Int) throws -> UnsafeRawBufferPointer {
        guard count >= 0, count <= data.count - offset else { throw UniffiInternalError.bufferOverflow }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: data[offset..<offset + count])
    }
}

fileprivate func createReader(_ buf: RustBuffer) -> ForeignReader {
    ForeignReader(data: UnsafeRawBufferPointer(start: buf.data, count: Int(buf.len)), offset: 0)
}

fileprivate func readInt<T: FixedWidthInteger>(_ reader: inout ForeignReader) throws -> T {
    T(bigEndian: try reader.take(MemoryLayout<T>.size).loadUnaligned(as: T.self))
}

fileprivate func readBytes(_ reader: inout ForeignReader, count: Int) throws -> UnsafeRawBufferPointer {
    try reader.take(count)
}

";

/// The generated Swift with this reader.
///
/// # Errors
/// If the generator writes its reader in another way than it did.
pub(super) fn replace(source: &str) -> Result<String, String> {
    let generated = || {
        let begin = source.find(BEGIN)?;
        let end = begin + source[begin..].find(END)?;
        source.contains(CREATE).then_some((begin, end))
    };
    let (begin, end) =
        generated().ok_or("the generated Swift has no reader as UniFFI 0.32 writes it")?;
    let replaced = [&source[..begin], READER, &source[end..]].concat();
    Ok(replaced
        .replace(CREATE, "createReader(buf)")
        .replace(GENERATED, "ForeignReader"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reader_is_replaced_and_used() {
        let source = format!(
            "before\n{BEGIN}data: Data) {{}}\n{END}\nread(from buf: inout {GENERATED})\nvar reader = {CREATE}\n"
        );
        let replaced = replace(&source).unwrap_or_default();
        assert!(replaced.starts_with("before\nstruct ForeignReader {"));
        assert!(replaced.ends_with(&format!(
            "{END}\nread(from buf: inout ForeignReader)\nvar reader = createReader(buf)\n"
        )));
    }

    #[test]
    fn another_generator_is_an_error() {
        assert!(replace("struct Reader {}").is_err());
    }
}
