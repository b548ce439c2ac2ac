'use strict'

// How an invite differs from the one that was asked for. Rust compares.

const native = require('./native.js')
const { errorOf } = require('./errors.js')
const { checkedInvite, invalid, json, nameOf } = require('./input.js')

/** @import { Difference, Ensured, Invite, NewInvite } from './types' */

/**
 * How an invite, or what `ensure` returned, differs from what is asked for at an instant, by the rule by which a plan
 * replaces it: another permission; other landscapes, if any are asked for; an earlier expiry. An expiry in some time from now
 * may be half of that time earlier. Of a member only the permission is compared, and an invite that was just created does not
 * differ.
 *
 * @param {Invite | Ensured} held
 * @param {NewInvite} asked
 * @param {Date} [now] the present instant by default
 * @returns {Difference[]} the fields that differ
 * @throws {InvalidInputError} if one of them is none
 */
function differsFrom(held, asked, now = new Date()) {
  if (Number.isNaN(Number(now))) throw invalid(`now must be a Date; it is ${nameOf(now)}`)
  const found = native.differsFrom(json('the invite', held), json('the invite', checkedInvite(asked)), Number(now))
  if (typeof found === 'string') throw errorOf(JSON.parse(found))
  return /** @type {Difference[]} */ (found)
}

module.exports = { differsFrom }
