import Foundation

extension Date {
    /// An instant from the library. Every instant is made here: another order of the additions gives another last bit,
    /// so that equal dates would differ.
    init(_ parts: TimestampParts) {
        self.init(secondsSince1970: parts.seconds, nanoseconds: parts.nanoseconds)
    }

    init(secondsSince1970 seconds: Int64, nanoseconds: Int32) {
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
    /// Rounded towards zero; a duration that is too long for the type becomes the longest one.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        let (sum, more) = whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000)
        return overflow || more ? (seconds < 0 ? .min : .max) : sum
    }
}
