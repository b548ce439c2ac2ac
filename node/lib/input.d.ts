/**
 * @param {CallOptions | undefined} options
 * @returns {{ signal: AbortSignal | undefined, callOptions: string | undefined }} the options for Rust; nothing if there are none
 */
export function checkedCallOptions(options: CallOptions | undefined): {
    signal: AbortSignal | undefined;
    callOptions: string | undefined;
};
/**
 * An entry of a roster, in the core's JSON.
 *
 * @param {NewInvite} invite
 * @returns {import('./types').RosterEntry}
 */
export function checkedEntry(invite: NewInvite): import("./types").RosterEntry;
import { checkedExpiry } from "./values.js";
/**
 * The function under a name, taken out of options.
 *
 * @template {(...args: any[]) => any} F
 * @param {string} name
 * @param {F | undefined} given
 * @returns {F | undefined}
 */
export function checkedFunction<F extends (...args: any[]) => any>(name: string, given: F | undefined): F | undefined;
/**
 * @param {NewInvite} invite
 * @returns {Omit<NewInvite, 'expires' | 'until'> & { expiry: import('./native.d.ts').Expiry, until?: string }}
 */
export function checkedInvite(invite: NewInvite): Omit<NewInvite, "expires" | "until"> & {
    expiry: import("./native.d.ts").Expiry;
    until?: string;
};
import { checkedText } from "./values.js";
/**
 * @param {MemberUpdate} update
 * @returns {MemberUpdate}
 */
export function checkedUpdate(update: MemberUpdate): MemberUpdate;
/** @import { CallOptions, MemberUpdate, NewInvite } from './types' */
/**
 * Options as JSON. A value without a form in JSON becomes an empty list, which is not valid for any option: Rust
 * rejects it with the option's name.
 *
 * @param {unknown} options
 * @returns {string}
 */
export function data(options: unknown): string;
import { invalid } from "./values.js";
import { json } from "./values.js";
import { nameOf } from "./values.js";
import type { CallOptions } from './types';
import type { NewInvite } from './types';
import type { MemberUpdate } from './types';
export { checkedExpiry, checkedText, invalid, json, nameOf };
