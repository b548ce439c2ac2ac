/** @type {typeof CHANGES} */
export const APPLY: typeof CHANGES;
/** @import { CallOptions, ClientChanges, InviteFilter, NewInvite } from './types' */
/** @type {Record<string, 'string' | 'number' | 'boolean' | 'function' | 'pacing' | 'span'>} */
export const CHANGES: Record<string, "string" | "number" | "boolean" | "function" | "pacing" | "span">;
/** @type {typeof CHANGES} */
export const CLIENT: typeof CHANGES;
/** @type {typeof CHANGES} */
export const CONNECTION: typeof CHANGES;
/** @type {typeof CHANGES} */
export const FILTER: typeof CHANGES;
/** @type {typeof CHANGES} */
export const PLAN: typeof CHANGES;
/**
 * A copy with the fields that are there. A name that does not exist is refused: a mistyped `baseURL` must not
 * silently mean the service itself.
 *
 * @template {object} T
 * @param {string} what
 * @param {T | undefined} given
 * @param {typeof CHANGES} fields
 * @returns {{ [K in keyof T]: Exclude<T[K], undefined> } & Record<string, any>} a span `name` stands in it as `nameMs`
 */
export function checked<T extends object>(what: string, given: T | undefined, fields: typeof CHANGES): { [K in keyof T]: Exclude<T[K], undefined>; } & Record<string, any>;
/**
 * @param {CallOptions | undefined} options
 * @returns {CallOptions}
 */
export function checkedCallOptions(options: CallOptions | undefined): CallOptions;
/**
 * An entry of a roster, in the core's JSON.
 *
 * @param {NewInvite} invite
 * @returns {import('./types').RosterEntry}
 */
export function checkedEntry(invite: NewInvite): import("./types").RosterEntry;
/**
 * @param {unknown} expires
 * @returns {import('./native.d.ts').Expiry}
 */
export function checkedExpiry(expires: unknown): import("./native.d.ts").Expiry;
/**
 * @param {NewInvite} invite
 * @returns {Omit<NewInvite, 'expires'> & { expiry: import('./native.d.ts').Expiry }}
 */
export function checkedInvite(invite: NewInvite): Omit<NewInvite, "expires"> & {
    expiry: import("./native.d.ts").Expiry;
};
/**
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function checkedText(name: string, value: unknown): string;
/**
 * The error of an argument that cannot be handed to Rust.
 *
 * @param {string} message
 */
export function invalid(message: string): import("./errors.js").InviteError;
import type { CallOptions } from './types';
import type { NewInvite } from './types';
