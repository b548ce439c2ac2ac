'use strict'

// Invites from Rust's data: one from JSON, many from columns.

/** @import { Invite, Member, Ensured } from './types' */
/** @import { InviteColumns } from './native.d.ts' */

/** How many numbers an invite has in `marks` and in `times`. */
const MARKS = 11
const TIMES = 4

/**
 * An invite from the core's JSON. Every invite has the same fields in the same order, so that code that reads many of
 * them is fast; a field that the service does not return is undefined.
 *
 * @param {any} received
 * @returns {Invite}
 */
function inviteOf(received) {
  return {
    id: received.id,
    organizationId: received.organizationId,
    email: received.email,
    permission: received.permission,
    landscapePermissions: received.landscapePermissions,
    status: received.status,
    expiresAt: new Date(received.expiresAt),
    createdAt: new Date(received.createdAt),
    createdBy: received.createdBy,
    createdById: received.createdById,
    revokedAt: dateOf(received.revokedAt),
    revokedBy: received.revokedBy,
    revokedById: received.revokedById,
    usedAt: dateOf(received.usedAt),
    usedByUserId: received.usedByUserId,
  }
}

/**
 * @param {any} received
 * @returns {Member}
 */
function memberOf(received) {
  return {
    userId: received.userId,
    email: received.email,
    permission: received.permission,
    name: received.name ?? undefined,
    jobRole: received.jobRole ?? undefined,
    lastActiveAt: dateOf(received.lastActiveAt),
    landscapePermissions: received.landscapePermissions ?? undefined,
  }
}

/**
 * @param {any} received
 * @returns {Ensured}
 */
function ensuredOf(received) {
  return received.outcome === 'member'
    ? { outcome: 'member', member: memberOf(received.member) }
    : { outcome: received.outcome, invite: inviteOf(received.invite) }
}

/** @param {string | null | undefined} text */
function dateOf(text) {
  return text === undefined || text === null ? undefined : new Date(text)
}

/**
 * The invites of one page of columns.
 *
 * @param {InviteColumns} columns
 * @param {number} page
 * @param {Invite[]} into
 */
function readPage({ texts, words, marks, times, length, page: size }, page, into) {
  const text = /** @type {string} */ (texts[page])
  let at = 0
  /** @param {number} mark */
  const cut = (mark) => {
    const length = /** @type {number} */ (marks[mark])
    if (length === 0) return undefined
    const start = at
    at += length - 1
    return text.slice(start, at)
  }
  /** @param {number} mark */
  const word = (mark) => {
    const place = /** @type {number} */ (marks[mark])
    return place === 0 ? undefined : words[place - 1]
  }
  /** @param {number} time */
  const date = (time) => {
    const ms = /** @type {number} */ (times[time])
    return ms === ms ? new Date(ms) : undefined
  }
  for (let i = page * size, end = Math.min(length, i + size); i < end; i++) {
    const mark = i * MARKS
    const time = i * TIMES
    const id = cut(mark)
    const email = cut(mark + 1)
    const createdById = cut(mark + 2)
    const revokedById = cut(mark + 3)
    const usedByUserId = cut(mark + 4)
    const landscapes = cut(mark + 5)
    into[i] = /** @type {Invite} */ ({
      id,
      organizationId: word(mark + 6),
      email,
      permission: word(mark + 7),
      landscapePermissions: landscapes === undefined ? undefined : JSON.parse(landscapes),
      status: word(mark + 8),
      expiresAt: date(time),
      createdAt: date(time + 1),
      createdBy: word(mark + 9),
      createdById,
      revokedAt: date(time + 2),
      revokedBy: word(mark + 10),
      revokedById,
      usedAt: date(time + 3),
      usedByUserId,
    })
  }
}

/**
 * An array of the invites in these columns, which creates an invite (and the 255 that share its text) when it is first
 * read. In every other way it is an array; a change to it creates all of them first.
 *
 * @param {InviteColumns} columns
 * @returns {Invite[]}
 */
function listOf(columns) {
  const { length, page: size } = columns
  /** @type {Invite[]} */
  const made = new Array(length)
  let missing = Math.ceil(length / size)
  /** @type {InviteColumns | undefined} */
  let rest = columns

  /** @param {number} index */
  const make = (index) => {
    if (rest === undefined || index >= length || made[index] !== undefined) return
    const page = Math.floor(index / size)
    readPage(rest, page, made)
    // The text is no longer needed, except for the strings cut out of it.
    rest.texts[page] = ''
    if (--missing === 0) rest = undefined
  }
  const makeAll = () => {
    for (let index = 0; rest !== undefined && index < length; index += size) make(index)
  }
  function* iterate() {
    for (let index = 0; index < made.length; index++) {
      if (rest !== undefined) make(index)
      yield made[index]
    }
  }

  // util.inspect (console.log) looks behind a proxy.
  Object.defineProperty(made, Symbol.for('nodejs.util.inspect.custom'), {
    value() {
      makeAll()
      return made.slice()
    },
  })

  return new Proxy(made, {
    get(target, key) {
      if (typeof key === 'string') {
        if (rest !== undefined) make(indexOf(key))
      } else if (key === Symbol.iterator) {
        return iterate
      }
      return Reflect.get(target, key)
    },
    has(target, key) {
      if (rest !== undefined) make(indexOf(key))
      return Reflect.has(target, key)
    },
    getOwnPropertyDescriptor(target, key) {
      if (rest !== undefined) make(indexOf(key))
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
    ownKeys(target) {
      makeAll()
      return Reflect.ownKeys(target)
    },
    set(target, key, value) {
      makeAll()
      return Reflect.set(target, key, value)
    },
    defineProperty(target, key, descriptor) {
      makeAll()
      return Reflect.defineProperty(target, key, descriptor)
    },
    deleteProperty(target, key) {
      makeAll()
      return Reflect.deleteProperty(target, key)
    },
    preventExtensions(target) {
      makeAll()
      return Reflect.preventExtensions(target)
    },
  })
}

/**
 * The index that a key is, or Infinity if it is not an index.
 *
 * @param {string | symbol} key
 */
function indexOf(key) {
  if (typeof key !== 'string') return Infinity
  const first = key.charCodeAt(0)
  if (!(first >= 48 && first <= 57)) return Infinity
  const index = Number(key)
  return Number.isInteger(index) ? index : Infinity
}

module.exports = { inviteOf, memberOf, ensuredOf, listOf }
