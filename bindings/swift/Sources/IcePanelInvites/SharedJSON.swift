import Foundation

/// A type whose JSON the library writes, in the form that all languages share. The coder's strategies do not change that
/// form.
protocol WrittenJSON: Encodable {
    func write() throws -> String
}

/// A type whose JSON the library reads, too.
protocol SharedJSON: WrittenJSON, Codable {
    static func read(_ json: String) throws -> Self
}

extension SharedJSON {
    public init(from decoder: any Decoder) throws {
        let text = try String(decoding: JSONEncoder().encode(Tree(from: decoder)), as: UTF8.self)
        do {
            self = try Self.read(text)
        } catch Failure.Core(let error) {
            let cause = InviteError(error)
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: cause.message, underlyingError: cause))
        }
    }
}

extension WrittenJSON {
    public func encode(to encoder: any Encoder) throws {
        let text: String
        do {
            text = try write()
        } catch Failure.Core(let error) {
            let context = EncodingError.Context(codingPath: encoder.codingPath, debugDescription: error.parts.message)
            // Not the value itself: Foundation ends the process when it describes an invalid date.
            throw EncodingError.invalidValue(error.parts.message, context)
        }
        try JSONDecoder().decode(Tree.self, from: Data(text.utf8)).encode(to: encoder)
    }
}

/// Any JSON.
private enum Tree: Codable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([Tree])
    case object([String: Tree])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let object = try? value.decode([String: Tree].self) {
            self = .object(object)
        } else if let bool = try? value.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else {
            self = .array(try value.decode([Tree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let bool): try value.encode(bool)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .string(let string): try value.encode(string)
        case .array(let array): try value.encode(array)
        case .object(let object): try value.encode(object)
        }
    }
}
