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
export function differsFrom(held: Invite | Ensured, asked: NewInvite, now?: Date): Difference[];
import type { Invite } from './types';
import type { Ensured } from './types';
import type { NewInvite } from './types';
import type { Difference } from './types';
