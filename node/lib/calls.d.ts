export type Call = {
    resolve: (value: any) => void;
    reject: (reason: any) => void;
    /**
     * makes the caller's result from the received value
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
     * referenced here, because Rust drops its calls with it
     */
    caller: Caller;
    /**
     * takes the listener from the signal
     */
    unhook: (() => void) | undefined;
    /**
     * receives a run's steps
     */
    progress: ((received: any) => void) | undefined;
};
/**
 * What `InviteClient` has for its calls.
 */
export type Caller = {
    native: import("./native.d.ts").Client;
    hook: Hook | undefined;
};
/**
 * The caller's function that receives each attempt, and the number of running calls that may have some.
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
 * @param {(client: import('./native.d.ts').Client, call: number, callOptions: string | undefined) => void} start
 * @param {(value: any) => T} read
 * @param {(received: any) => void} [progress] receives a run's steps
 * @returns {Promise<T>}
 */
export function call<T>(caller: Caller, method: Function, options: CallOptions | undefined, start: (client: import("./native.d.ts").Client, call: number, callOptions: string | undefined) => void, read: (value: any) => T, progress?: (received: any) => void): Promise<T>;
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
