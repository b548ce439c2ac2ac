/**
 * An invite from the core's JSON. Every invite has the same fields in the same order, so that code that reads many of
 * them is fast; a field that the service does not return is undefined.
 *
 * @param {any} received
 * @returns {Invite}
 */
export function inviteOf(received: any): Invite;
/**
 * @param {any} received
 * @returns {Member}
 */
export function memberOf(received: any): Member;
/**
 * @param {any} received
 * @returns {Ensured}
 */
export function ensuredOf(received: any): Ensured;
/**
 * An array of the invites in these columns, which creates an invite (and the 255 that share its text) when it is first
 * read. In every other way it is an array; a change to it creates all of them first.
 *
 * @param {InviteColumns} columns
 * @returns {Invite[]}
 */
export function listOf(columns: InviteColumns): Invite[];
import type { Invite } from './types';
import type { Member } from './types';
import type { Ensured } from './types';
import type { InviteColumns } from './native.d.ts';
