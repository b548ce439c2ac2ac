export type SandboxBehaviour = import("./lib/sandbox-types").SandboxBehaviour;
export type SandboxClientOptions = import("./lib/sandbox-types").SandboxClientOptions;
export type SandboxFault = import("./lib/sandbox-types").SandboxFault;
export type SandboxInvite = import("./lib/sandbox-types").SandboxInvite;
export type SandboxMember = import("./lib/sandbox-types").SandboxMember;
export type SandboxReport = import("./lib/sandbox-types").SandboxReport;
export type SandboxState = import("./lib/sandbox-types").SandboxState;
/**
 * A server on loopback that responds as the documented API does, from memory, and fails on request: for tests of your
 * own code without a network. It runs on its own threads and ends with the process at the latest.
 */
export class Sandbox {
    /**
     * Starts a sandbox with this state, or with an empty organization of ten seats.
     *
     * @param {SandboxState} [state]
     * @returns {Promise<Sandbox>}
     * @throws {InvalidInputError} if the state is invalid
     */
    static start(state?: SandboxState): Promise<Sandbox>;
    /**
     * @private
     * @param {import('./lib/native.d.ts').SandboxServer} server
     * @param {SandboxState} state
     */
    private constructor();
    /**
     * The base URL of the API.
     *
     * @type {string}
     * @readonly
     */
    readonly baseUrl: string;
    /** Its API key. */
    get apiKey(): string;
    /** Its organization. */
    get organizationId(): string;
    /**
     * A client of this sandbox. Unless `pacing` is given it has no rate limit of its own; `{}` is the documented one.
     * Waits between attempts take no time, its clock jumps instead, unless `skipWaits` is false.
     *
     * @param {SandboxClientOptions} [options]
     * @returns {InviteClient}
     */
    client(options?: SandboxClientOptions): InviteClient;
    /**
     * Deletes its data and starts from this state.
     *
     * @param {SandboxState} state
     */
    setState(state: SandboxState): void;
    /**
     * Adds faults for the next requests, after the existing ones.
     *
     * @param {...SandboxFault} faults
     */
    addFaults(...faults: SandboxFault[]): void;
    /**
     * Marks the newest active invite with this address or id as used, and makes the person a member.
     *
     * @param {string} emailOrId
     */
    markUsed(emailOrId: string): void;
    /**
     * What happened since the state was set: which requests came, which invites exist.
     *
     * @returns {SandboxReport}
     */
    report(): SandboxReport;
    /** Ends the server and closes its connections. */
    close(): Promise<void>;
    /** `await using sandbox = await Sandbox.start()`: ends the server at the end of the block. */
    [Symbol.asyncDispose](): Promise<void>;
    #private;
}
import { InviteClient } from "./lib/client.js";
