'use strict'

// The patterns of tests/scenarios/README.md, and the times in them.

/** Where a value is not as its pattern says, in a sentence; undefined if it is. */
function mismatch(pattern, actual, path = '') {
  if (isObject(pattern)) {
    if (Object.keys(pattern).some((key) => key.startsWith('$'))) return operate(pattern, actual, path)
    if (isObject(actual)) {
      return first(Object.keys(pattern), (key) => mismatch(pattern[key], actual[key] ?? null, `${path}.${key}`))
    }
  } else if (Array.isArray(pattern) && Array.isArray(actual)) {
    return (
      wrongLength(pattern.length, actual, path) ??
      first([...pattern.keys()], (index) => mismatch(pattern[index], actual[index], `${path}[${index}]`))
    )
  }
  return require(pattern === (actual ?? null), path, actual, pattern)
}

function operate(operator, actual, path) {
  const must = (holds) => require(holds, path, actual, operator)
  const names = Object.keys(operator).sort().join(' ')
  switch (names) {
    case '$absent':
      return must(actual === null || actual === undefined)
    case '$any':
      return must(actual !== null && actual !== undefined)
    case '$not':
      return must(mismatch(operator.$not, actual) !== undefined)
    case '$some':
      return must(Array.isArray(actual) && actual.some((one) => mismatch(operator.$some, one) === undefined))
    case '$length':
      return wrongLength(operator.$length, actual, path)
    case '$unordered':
      return wrongLength(operator.$unordered.length, actual, path) ?? must(pairUp(operator.$unordered, actual))
    case '$contains':
      return must(typeof actual === 'string' && has(actual, operator.$contains))
    case '$notContains':
      return must(typeof actual === 'string' && !has(actual, operator.$notContains))
    case '$max':
    case '$min':
    case '$max $min': {
      const { $min = -Infinity, $max = Infinity } = operator
      return must(typeof actual === 'number' && actual >= $min && actual <= $max)
    }
    case '$time toleranceMs': {
      const far = typeof actual === 'string' ? Math.abs(time(operator.$time).getTime() - Date.parse(actual)) : NaN
      return must(far <= operator.toleranceMs)
    }
    default:
      return `${path}: the pattern ${names} is unknown`
  }
}

function has(text, part) {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** Whether each pattern can have a value of its own, whichever that takes. */
function pairUp([pattern, ...rest], values) {
  if (pattern === undefined) return true
  return values.some(
    (value, index) => mismatch(pattern, value) === undefined && pairUp(rest, values.toSpliced?.(index, 1) ?? without(values, index)),
  )
}

function without(values, index) {
  return values.filter((_, other) => other !== index)
}

function wrongLength(length, actual, path) {
  return require(Array.isArray(actual) && actual.length === length, path, actual, `${length} elements`)
}

function require(holds, path, actual, expected) {
  if (holds) return undefined
  return `at ${path || 'the top'}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`
}

function first(keys, check) {
  for (const key of keys) {
    const found = check(key)
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value) {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A time in a scenario: RFC 3339, or relative to now as in `+7d`. */
function time(text) {
  const relative = /^([+-]\d+)(ms|s|m|h|d)$/.exec(text)
  return relative ? new Date(Date.now() + Number(relative[1]) * UNITS[relative[2]]) : new Date(text)
}

module.exports = { mismatch, time }
