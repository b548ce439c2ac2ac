import Foundation

/// Times in JSON, as the API writes them: RFC 3339. The encoder's strategies know either no
/// fractions or exactly three digits; the service may send any number.
enum RFC3339 {
    /// The time in UTC, in milliseconds where that is exact and in microseconds otherwise. From the
    /// year 2255 a Date has no microseconds.
    /// None for what is no time of the years 0 to 9999.
    static func text(_ date: Date) -> String? {
        let since1970 = date.timeIntervalSince1970
        guard since1970 >= -62_167_219_200, since1970 < 253_402_300_799.9995 else { return nil }
        let micros =
            since1970 < 9e9 ? Int64((since1970 * 1e6).rounded()) : Int64((since1970 * 1e3).rounded()) * 1000
        let (seconds, fraction) = micros.flooredDivision(by: 1_000_000)
        let (days, second) = seconds.flooredDivision(by: 86_400)
        let (year, month, day) = civil(fromDays: days)
        var text = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
        text += "T" + pad(second / 3600, 2) + ":" + pad(second / 60 % 60, 2) + ":" + pad(second % 60, 2)
        if fraction % 1000 != 0 {
            text += "." + pad(fraction, 6)
        } else if fraction != 0 {
            text += "." + pad(fraction / 1000, 3)
        }
        return text + "Z"
    }

    /// The time in `text`, with any number of digits and any offset. None for a date that is in no calendar (31
    /// February), a time that is on no clock (24:00, 12:00:60) or an offset of a day or more.
    static func date(_ text: some StringProtocol) -> Date? {
        var rest = Substring(text)
        func number(_ digits: Int) -> Int64? {
            let head = rest.prefix(digits)
            guard head.count == digits, head.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            rest = rest.dropFirst(digits)
            return Int64(head)
        }
        func skip(_ allowed: String) -> Character? {
            guard let next = rest.first, allowed.contains(next) else { return nil }
            rest = rest.dropFirst()
            return next
        }
        guard let year = number(4), skip("-") != nil, let month = number(2), skip("-") != nil,
            let day = number(2), skip("Tt ") != nil, let hour = number(2), skip(":") != nil,
            let minute = number(2), skip(":") != nil, let second = number(2),
            (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year),
            hour < 24, minute < 60, second < 60
        else { return nil }
        var nanoseconds: UInt32 = 0
        if skip(".") != nil {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            // Digits after the ninth are dropped, as in every language.
            let nine = digits.prefix(9) + String(repeating: "0", count: max(0, 9 - digits.count))
            guard !digits.isEmpty, let value = UInt32(nine) else { return nil }
            nanoseconds = value
            rest = rest.dropFirst(digits.count)
        }
        var offset: Int64 = 0
        if let sign = skip("+-") {
            guard let hours = number(2), skip(":") != nil, let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
        } else if skip("Zz") == nil {
            return nil
        }
        guard rest.isEmpty else { return nil }
        let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(secondsSince1970: seconds, nanoseconds: nanoseconds)
    }

    private static func length(ofMonth month: Int64, year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }

    /// Days since 1970-01-01 in the Gregorian calendar, which counts years from March.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = year.flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part + (part < 10 ? 3 : -9)
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Date {
    /// An instant as the library hands it over. Every instant is made here: another order of the additions gives
    /// another last bit, and dates that are equal would not be.
    init(secondsSince1970 seconds: Int64, nanoseconds: UInt32) {
        // Counted from the reference date, which leaves the fraction most digits.
        let (whole, overflow) = seconds.subtractingReportingOverflow(978_307_200)
        self.init(timeIntervalSinceReferenceDate: Double(overflow ? seconds : whole) + Double(nanoseconds) / 1e9)
    }
}

extension Int64 {
    func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Duration {
    /// Rounded towards zero; what is too long for the type is as long as the type allows.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, more) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || more ? (seconds < 0 ? .min : .max) : sum
    }
}

extension KeyedDecodingContainer {
    func decodeTime(forKey key: Key) throws -> Date {
        let text = try decode(String.self, forKey: key)
        guard let date = RFC3339.date(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "\(text) is no time in RFC 3339")
        }
        return date
    }

    func decodeTimeIfPresent(forKey key: Key) throws -> Date? {
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try decodeTime(forKey: key)
    }

    func decodeMillisecondsIfPresent(forKey key: Key) throws -> Duration? {
        try decodeIfPresent(UInt64.self, forKey: key).map { .milliseconds(Int64(clamping: $0)) }
    }
}

extension KeyedEncodingContainer {
    mutating func encodeTime(_ date: Date?, forKey key: Key) throws {
        guard let date else { return }
        guard let text = RFC3339.text(date) else {
            let context = EncodingError.Context(
                codingPath: codingPath + [key], debugDescription: "the date has no form in RFC 3339")
            // Not the date itself: Foundation ends the process where one of them is described.
            throw EncodingError.invalidValue(date.timeIntervalSince1970, context)
        }
        try encode(text, forKey: key)
    }
}
