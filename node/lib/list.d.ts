/**
 * An invite from the core's JSON. Every invite has the same fields in the same order, so that code which reads
 * many of them stays fast; a field that the service does not tell is undefined.
 *
 * @param {any} told
 * @returns {Invite}
 */
export function inviteOf(told: any): Invite;
/**
 * @param {any} told
 * @returns {Member}
 */
export function memberOf(told: any): Member;
/**
 * @param {any} told
 * @returns {Ensured}
 */
export function ensuredOf(told: any): Ensured;
/**
 * An array of the invites in these columns, which makes an invite (and the 255 that share its text) when it is
 * first read. In every other way it is an array; whatever changes it makes all of them first.
 *
 * @param {InviteColumns} columns
 * @returns {Invite[]}
 */
export function listOf(columns: InviteColumns): Invite[];
import type { Invite } from './types';
import type { Member } from './types';
import type { Ensured } from './types';
import type { InviteColumns } from './native.d.ts';
