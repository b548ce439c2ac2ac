export type Call = {
    resolve: (value: any) => void;
    reject: (reason: any) => void;
    /**
     * makes of what came what the caller shall get
     */
    read: (value: any) => any;
    /**
     * the name of the method
     */
    operation: string;
    /**
     * where the call was made
     */
    place: {
        stack?: string;
    };
    /**
     * kept alive: Rust drops its calls with it
     */
    caller: Caller;
    /**
     * takes the listener from the signal
     */
    unhook: (() => void) | undefined;
    /**
     * hears of a run's steps
     */
    progress: ((told: any) => void) | undefined;
};
/**
 * What `InviteClient` has for its calls.
 */
export type Caller = {
    native: import("./native.d.ts").Client;
    hook: Hook | undefined;
};
/**
 * The caller's function that sees each attempt, and how many calls are under way that may have some.
 */
export type Hook = {
    number: number;
    see: (event: InviteEvent) => void;
    calls: number;
};
/**
 * Makes a call.
 *
 * @template T
 * @param {Caller} caller
 * @param {Function} method the method that the user called
 * @param {CallOptions | undefined} options
 * @param {(client: import('./native.d.ts').Client, call: number, told: string | undefined) => void} start
 * @param {(value: any) => T} read
 * @param {(told: any) => void} [progress] hears of a run's steps
 * @returns {Promise<T>}
 */
export function call<T>(caller: Caller, method: Function, options: CallOptions | undefined, start: (client: import("./native.d.ts").Client, call: number, told: string | undefined) => void, read: (value: any) => T, progress?: (told: any) => void): Promise<T>;
export const mailbox: native.Mailbox;
/** A number that no call has now. */
export function newNumber(): number;
/**
 * Ends a call: its request is dropped, its promise rejects now.
 *
 * @param {number} number
 * @param {any} why
 */
export function stop(number: number, why: any): void;
import type { InviteEvent } from './types';
import type { CallOptions } from './types';
import native = require("./native.js");
