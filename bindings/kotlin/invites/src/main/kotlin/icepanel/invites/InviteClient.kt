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
import kotlinx.coroutines.withContext
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
 *         is Ensured.AlreadyMember -> println("a member already, with ${ensured.member.permission}")
 *     }
 * }
 * ```
 *
 * Make one and share it: its calls share connections, the view of the service's limits, and the memory of invites made
 * a moment ago. All its functions may be called from any thread, the main thread of an app too. From Java, see [futures].
 *
 * Every call throws an [InviteException] for what went wrong. Cancelling the coroutine of a call stops its request; of a
 * create that was stopped, [inviteMayExist][InviteException.inviteMayExist] says so, see [CancellationException.invite].
 */
public class InviteClient private constructor(private val native: Client) :
    InviteOperations,
    AutoCloseable {
    private val released = AtomicBoolean()

    /** Checks the options and makes a client. Nothing is sent. The key is `<id>:<hex secret>`. */
    @JvmOverloads
    public constructor(apiKey: String, organizationId: String, options: ClientOptions = ClientOptions()) : this(
        crossing {
            Client(apiKey, organizationId, options.toNative(), options.proxy, options.clientCertificatePem, options.listener())
        },
    )

    /** The organization's id. */
    override val organizationId: String = native.organizationId()

    /** The same client with another limit for its whole calls. It shares everything, [close] too. */
    public fun withTimeout(limit: Duration): InviteClient =
        InviteClient(open { withOptions(NativeClientChanges(timeoutMs = limit.toMillis())) })

    /** The same client with another limit for its whole calls; for Java. */
    public fun withTimeout(limit: java.time.Duration): InviteClient = withTimeout(limit.toKotlinDuration())

    /** The same client with another retry policy. It shares everything, [close] too. */
    public fun withRetry(policy: RetryPolicy): InviteClient = InviteClient(open { withOptions(policy.toNative()) })

    /**
     * The invites that a filter lets through, in the service's order.
     *
     * The service has no paging: its answer has every invite there ever was. It is decoded while it comes, and only what
     * the filter lets through is kept.
     */
    override suspend fun list(filter: InviteFilter): List<Invite> = call("list") { list(filter.toNative()) }

    /**
     * The active invite of an address, letter case ignored, or null. If there are several, the one that was made first:
     * the one that [ensure] would return.
     */
    override suspend fun findActive(email: String): Invite? = call("find_active") { findActive(email) }

    /**
     * Sends one invite, once. The service e-mails the person.
     *
     * Where the answer is lost, the client reads the list to find out whether the invite was made, and sends it again
     * only if it was not. It does not look whether the person is invited or a member already: [ensure] does.
     */
    override suspend fun create(invite: NewInvite): Invite = call("create") { create(invite) }

    /**
     * Sees to it that the person is invited, by one invite and no more.
     *
     * A member is told as such and a person with an active invite gets that one back. Else one is made. If several
     * workers, on one machine or many, do this at once, all return the same invite and the others are revoked.
     */
    override suspend fun ensure(invite: NewInvite): Ensured = Ensured.of(call("ensure") { ensure(invite) })

    /** Revokes an invite. One that is revoked already comes back as it is. */
    override suspend fun revoke(inviteId: String): Invite = call("revoke") { revoke(inviteId) }

    /** Revokes every active invite of an address, and returns them as revoked. None is no error. */
    override suspend fun revokeActive(email: String): List<Invite> = call("revoke_active") { revokeActive(email) }

    /** Who is in the organization, by user id. */
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
     * What would have to change for a roster to be true. Reads members, invites and seats, and changes nothing.
     *
     * Throws [InviteException.InvalidInput], with a line for each, for people whose end has passed.
     */
    override suspend fun plan(roster: Roster, options: PlanOptions): Plan =
        call("plan") { Plan(plan(roster.entries, options.toNative(), null)) }

    /**
     * Carries out a plan, and says of every person what became of it.
     *
     * Everything is read again first, and what has changed since the plan was made is reported, not trampled on. A run that
     * was stopped, in whatever way, goes on when the same plan or a new one of the same roster is applied: the service's
     * list is the truth. [ApplyOptions.stop] ends it with a report; cancelling its coroutine ends it at once, without one.
     *
     * Throws, before anything is sent, [InviteException.InvalidInput] for a plan of another organization or one that prunes
     * more than the guard allows, and [InviteException.SeatsExhausted] where the seats do not suffice and partial work was
     * not asked for. Later troubles stand in the report.
     *
     * @param onProgress sees each step when it has ended, in order, on a thread of the run's own; the report follows the last
     *   one. A function that is slow does not hold the run up, only its report
     */
    override suspend fun apply(plan: Plan, options: ApplyOptions, onProgress: ((Progress) -> Unit)?): Report = call("apply") {
        Report(apply(plan.toJson(), options.toNative(), options.stop?.native, onProgress?.let(::ProgressFunction), null))
    }

    /**
     * As [apply], as a flow: each step when it has ended, then the report. Collecting starts the run, once for each
     * collector, and leaving the collection ends it at once. A slow collector does not hold it up.
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
     * The organization as a roster: everybody with an active invite, the earliest first, and before them the members if
     * they are given an end, which would count if a member had to be invited again.
     */
    override suspend fun dump(membersExpire: Expiry?): Roster = call("dump") { Roster.told(dump(membersExpire, null)) }

    /**
     * Replaces the active invite of a person by one that lives longer, with the same permission and landscapes. The new one
     * is made first, so that the person is never without one. An invite that ends late enough already stays. An address
     * whose active invites differ in permission or landscapes is a conflict that names their ids.
     *
     * @param target the invite's id, or an address
     */
    override suspend fun renew(target: String, expiry: Expiry): Renewed = call("renew") { renew(target, expiry, null) }

    /** As the other, with an instant. */
    public suspend fun renew(target: String, expiresAt: Instant): Renewed = renew(target, Expiry.At(expiresAt))

    /** As the other, with a span from now, by the service's clock. */
    public suspend fun renew(target: String, expiresIn: Duration): Renewed = renew(target, Expiry.In(expiresIn))

    /**
     * The same client for Java: each call returns a [java.util.concurrent.CompletableFuture].
     *
     * @param executor completes the futures, so that what depends on them (`thenApply`) runs there. Without one these are
     *   threads of this package, of which there are enough for callbacks that wait for other calls
     */
    @JvmOverloads
    public fun futures(executor: Executor? = null): InviteFutures =
        InviteFutures(this, executor?.asCoroutineDispatcher() ?: CallThreads)

    /** Whether the client was closed, or one that it shares its state with. */
    public val isClosed: Boolean
        get() = released.get() || try {
            native.isClosed()
        } catch (_: IllegalStateException) {
            true
        }

    /**
     * Closes this client, all that were made from it ([withTimeout], [withRetry]) and the one it was made from. Calls under
     * way end at once and throw [InviteException.Closed]; of one that creates,
     * [inviteMayExist][InviteException.inviteMayExist] says so. Later calls throw the same, and nothing is sent. Closing
     * again does nothing.
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

    /** What a use of [native] threw, as this package throws it: once it is released, it throws an [IllegalStateException]. */
    private fun thrown(failure: Exception): Exception =
        if (failure is IllegalStateException && released.get()) closed() else told(failure)

    private suspend fun <T> call(operation: String, run: suspend Client.() -> T): T {
        // Of a call that has not begun there is nothing to tell.
        currentCoroutineContext().ensureActive()
        return try {
            withContext(CallThreads) { native.run() }
        } catch (timeout: TimeoutCancellationException) {
            // `withTimeoutOrNull` looks for the very one that it made.
            throw timeout.noting(cancelled(operation))
        } catch (cancellation: CancellationException) {
            // Still what coroutines know how to handle, with what it means for invites as its cause.
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
         * is set and the options do not say it.
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
