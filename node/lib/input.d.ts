/** @type {typeof CHANGES} */
export const APPLY: typeof CHANGES;
/** @import { CallOptions, NewInvite } from './types' */
/**
 * What an option is: a type of JavaScript's, or
 * `count`: a whole number; `span`: a duration, handed to Rust as milliseconds under the option's name with `Ms`;
 * `expiry`: an instant or a duration.
 *
 * @type {Record<string, 'string' | 'number' | 'count' | 'boolean' | 'function' | 'pacing' | 'rate' | 'signal' | 'span' |
 *   'expiry'>}
 */
export const CHANGES: Record<string, "string" | "number" | "count" | "boolean" | "function" | "pacing" | "rate" | "signal" | "span" | "expiry">;
/** @type {typeof CHANGES} */
export const CLIENT: typeof CHANGES;
/** @type {typeof CHANGES} */
export const CONNECTION: typeof CHANGES;
/** @type {typeof CHANGES} */
export const FILTER: typeof CHANGES;
/** @type {typeof CHANGES} */
export const PLAN: typeof CHANGES;
/** @type {typeof CHANGES} */
export const SANDBOX: typeof CHANGES;
/**
 * A copy with the fields that are there. A name that does not exist is refused: a mistyped `baseURL` must not
 * silently mean the service itself.
 *
 * @template {object} T
 * @param {string} what
 * @param {T | undefined} given
 * @param {typeof CHANGES} fields
 * @param {string} [prefix] what the name of a field has before it in an error
 * @returns {{ [K in keyof T]: Exclude<T[K], undefined> } & Record<string, any>} a span `name` stands in it as `nameMs`
 */
export function checked<T extends object>(what: string, given: T | undefined, fields: typeof CHANGES, prefix?: string): { [K in keyof T]: Exclude<T[K], undefined>; } & Record<string, any>;
/**
 * @param {CallOptions | undefined} options
 * @returns {{ signal?: AbortSignal, timeoutMs?: number }}
 */
export function checkedCallOptions(options: CallOptions | undefined): {
    signal?: AbortSignal;
    timeoutMs?: number;
};
/**
 * @param {import('./types').DumpOptions | undefined} options
 * @returns {import('./native.d.ts').Expiry | undefined} the expiry of the members
 */
export function checkedDump(options: import("./types").DumpOptions | undefined): import("./native.d.ts").Expiry | undefined;
/**
 * An entry of a roster, in the core's JSON.
 *
 * @param {NewInvite} invite
 * @returns {import('./types').RosterEntry}
 */
export function checkedEntry(invite: NewInvite): import("./types").RosterEntry;
import { checkedExpiry } from "./values.js";
/**
 * @param {NewInvite} invite
 * @returns {Omit<NewInvite, 'expires'> & { expiry: import('./native.d.ts').Expiry }}
 */
export function checkedInvite(invite: NewInvite): Omit<NewInvite, "expires"> & {
    expiry: import("./native.d.ts").Expiry;
};
import { checkedText } from "./values.js";
import { invalid } from "./values.js";
import { json } from "./values.js";
import type { CallOptions } from './types';
import type { NewInvite } from './types';
export { checkedExpiry, checkedText, invalid, json };
