export namespace UNITS {
    let weeks: number;
    let days: number;
    let hours: number;
    let minutes: number;
    let seconds: number;
    let milliseconds: number;
}
/**
 * @param {string} name
 * @param {unknown} expires
 * @returns {import('./native.d.ts').Expiry}
 */
export function checkedExpiry(name: string, expires: unknown): import("./native.d.ts").Expiry;
/**
 * @param {string} name
 * @param {unknown} value
 * @returns {string}
 */
export function checkedText(name: string, value: unknown): string;
/**
 * The error of an argument that cannot be passed to Rust.
 *
 * @param {string} message
 */
export function invalid(message: string): import("./errors.js").InviteError;
/**
 * JSON for Rust. A value without a form in JSON is an error that names it, and does not become null.
 *
 * @param {string} what
 * @param {unknown} value
 * @returns {string}
 */
export function json(what: string, value: unknown): string;
/**
 * What a value is, for a message. The value itself may be a secret in the wrong place.
 *
 * @param {unknown} value
 */
export function nameOf(value: unknown): string;
