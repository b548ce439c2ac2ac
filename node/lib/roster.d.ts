/**
 * The connection between a run and its call: `hear` gets each step, `tell` is the caller's listener, `leave` ends the
 * call.
 */
export type Ties = {
    hear: (received: any) => void;
    tell?: ((progress: Progress) => void) | undefined;
    leave?: ((why: Error) => void) | undefined;
};
/**
 * The people who should be in the organization or invited to it, each once.
 *
 * The same person twice, in any letter case, is rejected. `JSON.stringify` writes it as every language and the command
 * do: `{"formatVersion": 1, "people": […]}`.
 */
export class Roster {
    /**
     * The roster from the result of `JSON.parse`: a roster that any language wrote, or the list of the people alone.
     *
     * @param {RosterDocument | readonly RosterEntry[]} document
     * @returns {Roster}
     * @throws {InvalidInputError} with all problems, or for the roster of a newer version
     */
    static fromJSON(document: RosterDocument | readonly RosterEntry[]): Roster;
    /**
     * @param {Iterable<NewInvite>} people
     * @throws {InvalidInputError} with all problems: `errors` has a line for each
     */
    constructor(people: Iterable<NewInvite>);
    /** How many people there are. */
    get length(): number;
    /** @returns {RosterDocument} */
    toJSON(): RosterDocument;
    /**
     * The people, as `create` takes them.
     *
     * @returns {IterableIterator<NewInvite>}
     */
    [Symbol.iterator](): IterableIterator<NewInvite>;
    #private;
}
/**
 * The connection between a run and its call: `hear` gets each step, `tell` is the caller's listener, `leave` ends the
 * call.
 *
 * @typedef {object} Ties
 * @property {(received: any) => void} hear
 * @property {((progress: Progress) => void) | undefined} [tell]
 * @property {((why: Error) => void) | undefined} [leave]
 */
/**
 * A running apply: a promise of its report, and an async iterator of its steps.
 *
 * @implements {PromiseLike<Report>}
 */
export class Run implements PromiseLike<Report> {
    /** @private of the package: `client.apply` makes it @param {any} stop @param {any} start */
    private constructor();
    /** Finishes the running steps, skips the rest, and makes the report. */
    stop(): void;
    /**
     * The report.
     *
     * @template [A = Report]
     * @template [B = never]
     * @param {((report: Report) => A | PromiseLike<A>) | null} [fulfilled]
     * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
     * @returns {Promise<A | B>}
     */
    then<A = Report, B = never>(fulfilled?: ((report: Report) => A | PromiseLike<A>) | null, rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<A | B>;
    /**
     * @template [B = never]
     * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
     * @returns {Promise<Report | B>}
     */
    catch<B = never>(rejected?: ((reason: any) => B | PromiseLike<B>) | null): Promise<Report | B>;
    /**
     * @param {(() => void) | null} [settled]
     * @returns {Promise<Report>}
     */
    finally(settled?: (() => void) | null): Promise<Report>;
    /**
     * Each step when it has ended. The iteration throws what the promise rejects with; leaving it stops the run
     * immediately, without a report. A run can be iterated once, and the iteration must begin before the report is
     * awaited: if a run is only awaited, its steps are not stored.
     *
     * @returns {AsyncIterableIterator<Progress>}
     */
    [Symbol.asyncIterator](): AsyncIterableIterator<Progress>;
    #private;
}
/**
 * A roster for the core, which rejects anything that is not a list of people. @param {Roster | RosterDocument |
 * Iterable<NewInvite>} roster
 */
export function entriesOf(roster: Roster | RosterDocument | Iterable<NewInvite>): any;
/** @param {any} received @returns {Plan} */
export function planOf(received: any): Plan;
/** @param {any} received @returns {Renewed} */
export function renewedOf(received: any): Renewed;
/** @param {any} received @returns {Report} */
export function reportOf(received: any): Report;
/** @import { NewInvite, Plan, Progress, Renewed, Report, ReportLine, RosterDocument, RosterEntry } from './types' */
/** The roster that the core returned. @type {(document: RosterDocument) => Roster} */
export let rosterOf: (document: RosterDocument) => Roster;
/**
 * A run, from its stop handle and its start function. @type {(stop: import('./native.d.ts').Stop, start: (ties: Ties)
 * => Promise<Report>) => Run}
 */
export let runOf: (stop: import("./native.d.ts").Stop, start: (ties: Ties) => Promise<Report>) => Run;
import type { Progress } from './types';
import type { RosterDocument } from './types';
import type { NewInvite } from './types';
import type { RosterEntry } from './types';
import type { Report } from './types';
import type { Plan } from './types';
import type { Renewed } from './types';
