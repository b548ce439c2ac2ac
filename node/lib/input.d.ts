/** @import { CallOptions, ClientChanges, InviteFilter, NewInvite } from './types' */
/** @type {Record<string, 'string' | 'number' | 'function' | 'pacing'>} */
export const CHANGES: Record<string, "string" | "number" | "function" | "pacing">;
/** @type {typeof CHANGES} */
export const CLIENT: typeof CHANGES;
/** @type {typeof CHANGES} */
export const CONNECTION: typeof CHANGES;
/** @type {typeof CHANGES} */
export const FILTER: typeof CHANGES;
/**
 * A copy with the fields that are there. A name that does not exist is refused: a mistyped `baseURL` must not
 * silently mean the service itself.
 *
 * @template {object} T
 * @param {string} what
 * @param {T | undefined} given
 * @param {typeof CHANGES} fields
 * @returns {{ [K in keyof T]: Exclude<T[K], undefined> }}
 */
export function checked<T extends object>(what: string, given: T | undefined, fields: typeof CHANGES): { [K in keyof T]: Exclude<T[K], undefined>; };
/**
 * @param {CallOptions | undefined} options
 * @returns {CallOptions}
 */
export function checkedCallOptions(options: CallOptions | undefined): CallOptions;
/**
 * @param {NewInvite} invite
 * @returns {import('./native.d.ts').NewInvite}
 */
export function checkedInvite(invite: NewInvite): import("./native.d.ts").NewInvite;
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
