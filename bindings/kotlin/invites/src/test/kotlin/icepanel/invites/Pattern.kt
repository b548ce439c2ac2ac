package icepanel.invites

import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.node.MissingNode
import com.fasterxml.jackson.databind.node.NullNode
import java.time.Instant
import java.time.OffsetDateTime
import java.time.temporal.ChronoUnit
import kotlin.time.Duration
import kotlin.time.Duration.Companion.days
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** The first place where a value is not as its pattern says. */
internal class Mismatch(path: String, why: String) : Exception("at ${path.ifEmpty { "the top" }}: $why")

/** The patterns of `tests/scenarios/README.md`. */
internal object Pattern {
    /** Compares a value with a pattern. A missing key counts as null. */
    fun check(pattern: JsonNode, actual: JsonNode, path: String = "") {
        when {
            pattern.isObject && pattern.fieldNames().asSequence().any { it.startsWith("$") } ->
                operate(pattern, actual, path)
            pattern.isObject && actual.isObject ->
                pattern.properties().forEach { (key, value) -> check(value, actual.path(key), "$path.$key") }
            pattern.isArray && actual.isArray -> {
                length(pattern.size(), actual, path)
                pattern.forEachIndexed { i, one -> check(one, actual[i], "$path[$i]") }
            }
            pattern.isNumber && actual.isNumber ->
                require(pattern.doubleValue() == actual.doubleValue(), pattern, actual, path)
            else -> require(pattern == present(actual), pattern, actual, path)
        }
    }

    private fun matches(pattern: JsonNode, actual: JsonNode) = runCatching { check(pattern, actual) }.isSuccess

    private fun operate(pattern: JsonNode, actual: JsonNode, path: String) {
        fun must(holds: Boolean) = require(holds, pattern, actual, path)
        when (val names = pattern.fieldNames().asSequence().toSortedSet().joinToString(" ")) {
            "\$absent" -> must(present(actual).isNull)
            "\$any" -> must(!present(actual).isNull)
            "\$not" -> must(!matches(pattern["\$not"], actual))
            "\$some" -> must(actual.isArray && actual.any { matches(pattern["\$some"], it) })
            "\$length" -> length(pattern["\$length"].intValue(), actual, path)
            "\$unordered" -> {
                length(pattern["\$unordered"].size(), actual, path)
                must(pairUp(pattern["\$unordered"].toList(), actual.toList()))
            }
            "\$contains", "\$notContains" ->
                must(actual.isTextual && actual.textValue().contains(pattern[names].textValue(), true) == (names == "\$contains"))
            "\$max", "\$min", "\$max \$min" -> must(
                actual.isNumber &&
                    (pattern["\$min"]?.let { actual.doubleValue() >= it.doubleValue() } ?: true) &&
                    (pattern["\$max"]?.let { actual.doubleValue() <= it.doubleValue() } ?: true),
            )
            "\$time toleranceMs" -> {
                val found = runCatching { OffsetDateTime.parse(actual.textValue()).toInstant() }.getOrNull()
                val apart = found?.let { ChronoUnit.MILLIS.between(it, time(pattern["\$time"].textValue())) }
                must(apart != null && Math.abs(apart) <= pattern["toleranceMs"].longValue())
            }
            else -> throw Mismatch(path, "the pattern $names is unknown")
        }
    }

    /** Whether each pattern can have a value of its own, whichever that takes. */
    private fun pairUp(patterns: List<JsonNode>, found: List<JsonNode>): Boolean {
        val first = patterns.firstOrNull() ?: return true
        return found.indices.any { i ->
            matches(first, found[i]) && pairUp(patterns.drop(1), found.filterIndexed { at, _ -> at != i })
        }
    }

    private fun length(expected: Int, actual: JsonNode, path: String) {
        if (!actual.isArray || actual.size() != expected) {
            throw Mismatch(path, "expected $expected elements, found $actual")
        }
    }

    private fun require(holds: Boolean, pattern: JsonNode, actual: JsonNode, path: String) {
        if (!holds) throw Mismatch(path, "expected $pattern, found $actual")
    }

    private fun present(value: JsonNode): JsonNode = if (value is MissingNode) NullNode.instance else value

    /** A time in a scenario: RFC 3339, or relative to now, in whole milliseconds. */
    fun time(text: String): Instant {
        val parts = Regex("([+-]\\d+)(ms|s|m|h|d)").matchEntire(text) ?: return OffsetDateTime.parse(text).toInstant()
        val (number, unit) = parts.destructured
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).plus(span(number.toLong(), unit).toJavaDuration())
    }

    private fun span(number: Long, unit: String): Duration = when (unit) {
        "ms" -> number.milliseconds
        "s" -> number.seconds
        "m" -> number.minutes
        "h" -> number.hours
        else -> number.days
    }
}
