package icepanel.invites

import com.sun.jna.CallbackThreadInitializer
import com.sun.jna.Native
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.channelFlow
import java.time.Instant
import java.util.concurrent.CancellationException
import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.time.Duration
import kotlin.time.toKotlinDuration

/**
 * A handle on the invites of one organization.
 *
 * ```
 * InviteClient.fromEnv().use { client ->
 *     when (val ensured = client.ensure(NewInvite("ada@example.com", Permission.Read, 14.days))) {
 *         is Ensured.Created -> println("invited until ${ensured.invite.expiresAt}")
 *         is Ensured.Existing -> println("invited already, until ${ensured.invite.expiresAt}")
 *         is Ensured.AlreadyMember -> println("already a member, with ${ensured.member.permission}")
 *     }
 * }
 * ```
 *
 * Create one and share it: its calls share connections, the state of the rate limits, and the list of recently made
 * invites. All its functions may be called from any thread, including the main thread of an app. From Java, see
 * [futures].
 *
 * Every call throws an [InviteException] for an error. Cancelling the coroutine of a call stops its request. After a
 * cancelled create an invite may exist: see [CancellationException.invite] and
 * [inviteMayExist][InviteException.inviteMayExist].
 */
public class InviteClient private constructor(private val native: Client) :
    InviteOperations,
    AutoCloseable {
    private val released = AtomicBoolean()

    /** Checks the options and creates a client. Nothing is sent. The key is `<id>:<hex secret>`. */
    @JvmOverloads
    public constructor(apiKey: String, organizationId: String, options: ClientOptions = ClientOptions()) : this(
        crossing {
            Client(apiKey, organizationId, options.toNative(), options.proxy, options.clientCertificatePem, options.listener())
        },
    )

    /** The organization's id. */
    override val organizationId: String = native.organizationId()

    /** The same client with another time limit for its calls. It shares everything, including [close]. */
    public fun withTimeout(limit: Duration): InviteClient =
        InviteClient(open { withOptions(NativeClientChanges(timeoutMs = limit.toMillis())) })

    /** The same client with another time limit for its calls; for Java. */
    public fun withTimeout(limit: java.time.Duration): InviteClient = withTimeout(limit.toKotlinDuration())

    /** The same client with another retry policy. It shares everything, including [close]. */
    public fun withRetry(policy: RetryPolicy): InviteClient = InviteClient(open { withOptions(policy.toNative()) })

    /**
     * The invites that match a filter, in the service's order.
     *
     * The service has no paging: its response has every invite that ever existed. It is decoded while it downloads, and
     * only what matches the filter is stored.
     */
    override suspend fun list(filter: InviteFilter): List<Invite> = call("list") { list(filter.toNative()) }

    /**
     * The active invite of an address, letter case ignored, or null. If there are several, the oldest: the one that
     * [ensure] would return.
     */
    override suspend fun findActive(email: String): Invite? = call("find_active") { findActive(email) }

    /**
     * Sends one invite, once. The service e-mails the person.
     *
     * If the response is lost, the client reads the list to find out whether the invite was made, and sends the create
     * again only if it was not. `create` does not check whether the person is already invited or a member: [ensure]
     * does.
     */
    override suspend fun create(invite: NewInvite): Invite = call("create") { create(invite) }

    /**
     * Makes sure that the person is a member or has exactly one active invite.
     *
     * A member is returned as a member, and a person with an active invite gets that invite, regardless of its
     * permission or expiry. Otherwise an invite is created. If several workers, on one machine or many, do this at the
     * same time, all return the same invite and the others are revoked.
     */
    override suspend fun ensure(invite: NewInvite): Ensured = Ensured.of(call("ensure") { ensure(invite) })

    /** Revokes an invite. One that is already revoked is returned unchanged. */
    override suspend fun revoke(inviteId: String): Invite = call("revoke") { revoke(inviteId) }

    /** Revokes every active invite of an address, and returns them as revoked. It is not an error if there is none. */
    override suspend fun revokeActive(email: String): List<Invite> = call("revoke_active") { revokeActive(email) }

    /** The members of the organization, by user id. */
    override suspend fun members(): List<Member> = call("members") { members() }

    /**
     * Changes the permission of a member, and the landscapes if they are given.
     *
     * The client reads the list of members and sends the permission and the landscapes: those that are given, otherwise those
     * that the member has. If the member has all this already, nothing is sent. The change is effective at once. `write` and
     * `admin` need a paid seat; `read` and `billing` make it free again.
     *
     * The call may be made twice without harm. After a lost response the list of members shows whether the change was made.
     *
     * Throws [InviteException.NotFound] if there is no such member, [InviteException.SeatsExhausted] if no paid seat is free,
     * and, before anything is sent, [InviteException.Conflict] if several members have the address or if the member is the only
     * admin of the organization, who cannot get another permission.
     *
     * @param member a user id, or the member's own address, letter case ignored
     */
    override suspend fun updateMember(
        member: String,
        permission: Permission,
        landscapePermissions: Map<String, Boolean>?,
    ): Member = call("update_member") { updateMember(member, permission, landscapePermissions) }

    /**
     * Removes a member from the organization, and returns this member; null if there is no such member.
     *
     * The person loses access at once, and the paid seat is free again. There is no undo: the person needs a new invite. An
     * active invite of the person is not revoked: [revokeActive] does that.
     *
     * The call may be made twice without harm. After a lost response the list of members shows whether the member is gone.
     *
     * Throws [InviteException.Conflict], before anything is sent, if several members have the address or if the member is the
     * only admin of the organization, who cannot be removed.
     *
     * @param member a user id, or the member's own address, letter case ignored
     */
    override suspend fun removeMember(member: String): Member? = call("remove_member") { removeMember(member) }

    /** Paid seats: bought, taken by members, promised to active invites, free. */
    override suspend fun seats(): Seats = call("seats") { seats() }

    /**
     * Compares the organization with a roster, and returns what `apply` would change (a dry run). Reads members,
     * invites and seats, and changes nothing.
     *
     * Throws [InviteException.InvalidInput], with a line for each, for people whose expiry has passed.
     */
    override suspend fun plan(roster: Roster, options: PlanOptions): Plan =
        call("plan") { Plan(plan(roster.entries, options.toNative(), null)) }

    /**
     * Applies a plan, and reports the result for every person.
     *
     * The client reads everything again first. What has changed since the plan was made is reported and not
     * overwritten. A run that was stopped, in any way, continues when the same plan or a new one of the same roster is
     * applied: the client reads its progress from the service's list. [ApplyOptions.stop] ends it with a report;
     * cancelling its coroutine ends it immediately, without one.
     *
     * Throws, before anything is sent, [InviteException.InvalidInput] for a plan of another organization or one that
     * prunes more than the guard allows, and [InviteException.SeatsExhausted] if there are too few seats and `partial`
     * is not set. Later errors are in the report.
     *
     * @param onProgress receives each step when it has ended, in order, on a thread of the run; the report follows the
     *   last one. A slow function delays only the report, not the run
     */
    override suspend fun apply(plan: Plan, options: ApplyOptions, onProgress: ((Progress) -> Unit)?): Report = call("apply") {
        Report(apply(plan.toJson(), options.toNative(), options.stop?.native, onProgress?.let(::ProgressFunction), null))
    }

    /**
     * As [apply], as a flow: each step when it has ended, then the report. Collecting starts the run, once for each
     * collector, and leaving the collection ends it immediately. A slow collector does not delay it.
     *
     * ```
     * client.applying(plan).collect {
     *     when (it) {
     *         is Applying.Step -> println("${it.progress.done} of ${it.progress.total}: ${it.progress.line}")
     *         is Applying.Ended -> println("complete: ${it.report.isComplete}")
     *     }
     * }
     * ```
     */
    override fun applying(plan: Plan, options: ApplyOptions): Flow<Applying> = channelFlow {
        val report = apply(plan, options) { trySend(Applying.Step(it)) }
        send(Applying.Ended(report))
    }.buffer(Channel.UNLIMITED)

    /**
     * The organization as a roster: everybody with an active invite, the oldest first, and before them the members if
     * `membersExpire` is given. It would apply if a member had to be invited again.
     */
    override suspend fun dump(membersExpire: Expiry?): Roster = call("dump") { Roster.received(dump(membersExpire, null)) }

    /**
     * Replaces the active invite of a person by one that expires later, with the same permission and landscapes. The
     * new one is made first, so that the person always has one. An invite that already expires late enough remains
     * active. An address whose active invites differ in permission or landscapes is a conflict that names their ids.
     *
     * @param target the invite's id, or an address
     */
    override suspend fun renew(target: String, expiry: Expiry): Renewed = call("renew") { renew(target, expiry, null) }

    /** As the other, with an instant. */
    public suspend fun renew(target: String, expiresAt: Instant): Renewed = renew(target, Expiry.At(expiresAt))

    /** As the other, with a duration from now, by the service's clock. */
    public suspend fun renew(target: String, expiresIn: Duration): Renewed = renew(target, Expiry.In(expiresIn))

    /**
     * The same client for Java: each call returns a [java.util.concurrent.CompletableFuture].
     *
     * @param executor completes the futures, so that dependent stages (`thenApply`) run there. Without one these are
     *   threads of this package, of which there are enough for callbacks that wait for other calls
     */
    @JvmOverloads
    public fun futures(executor: Executor? = null): InviteFutures =
        InviteFutures(this, executor?.asCoroutineDispatcher() ?: CallThreads)

    /** Whether this client, or one that shares its state, was closed. */
    public val isClosed: Boolean
        get() = released.get() || try {
            native.isClosed()
        } catch (_: IllegalStateException) {
            true
        }

    /**
     * Closes this client, all that were made from it ([withTimeout], [withRetry]) and the one it was made from. Running
     * calls end immediately and throw [InviteException.Closed]; after a call that creates, an invite may exist
     * ([inviteMayExist][InviteException.inviteMayExist]). Later calls throw the same, and nothing is sent. Closing
     * again has no effect.
     */
    override fun close() {
        if (released.compareAndSet(false, true)) {
            native.closeAll()
            native.close()
        }
    }

    private inline fun <T> open(use: Client.() -> T): T = try {
        native.use()
    } catch (failure: Exception) {
        throw thrown(failure)
    }

    /**
     * An exception of [native], as an exception of this package: once it is released, it throws an
     * [IllegalStateException].
     */
    private fun thrown(failure: Exception): Exception =
        if (failure is IllegalStateException && released.get()) closed() else publicError(failure)

    private suspend fun <T> call(operation: String, run: suspend Client.() -> T): T {
        // A call that has not begun needs no note.
        currentCoroutineContext().ensureActive()
        return try {
            onCallThreads { native.run() }
        } catch (timeout: TimeoutCancellationException) {
            // `withTimeoutOrNull` looks for the same exception that it made.
            throw timeout.noting(cancelled(operation))
        } catch (cancellation: CancellationException) {
            // A `CancellationException`, which coroutines can handle, with the invite exception as its cause.
            val cause = cancelled(operation)
            cause.addSuppressed(cancellation)
            throw CancellationException(cause.message).initCause(cause)
        } catch (failure: Exception) {
            throw thrown(failure)
        }
    }

    public companion object {
        init {
            // Otherwise each end of a call and each event would attach a thread of the library to the JVM and detach it again.
            val calls = CallbackThreadInitializer(true, false, "icepanel-invites")
            Native.setCallbackThreadInitializer(uniffiRustFutureContinuationCallbackImpl, calls)
            val events = CallbackThreadInitializer(true, false, "icepanel-invites-events")
            Native.setCallbackThreadInitializer(uniffiCallbackInterfaceEventListener.onEvent, events)
            Native.setCallbackThreadInitializer(uniffiCallbackInterfaceProgressListener.onProgress, events)
            val log = CallbackThreadInitializer(true, false, "icepanel-invites-log")
            Native.setCallbackThreadInitializer(uniffiCallbackInterfaceLogListener.onEntry, log)
        }

        /** A client with options set in place: `InviteClient(key, organization) { timeout = 30.seconds }`. */
        @JvmSynthetic
        public inline operator fun invoke(
            apiKey: String,
            organizationId: String,
            configure: ClientOptions.() -> Unit,
        ): InviteClient = InviteClient(apiKey, organizationId, ClientOptions().apply(configure))

        /**
         * A client from the environment: `ICEPANEL_API_KEY`, `ICEPANEL_ORGANIZATION_ID`, and `ICEPANEL_BASE_URL` if it
         * is set and the options have no base URL.
         */
        @JvmStatic
        @JvmOverloads
        public fun fromEnv(options: ClientOptions = ClientOptions()): InviteClient = InviteClient(
            crossing {
                Client.fromEnv(options.toNative(), options.proxy, options.clientCertificatePem, options.listener())
            },
        )
    }
}
