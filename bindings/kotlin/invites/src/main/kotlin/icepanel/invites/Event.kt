package icepanel.invites

import java.util.logging.Level
import java.util.logging.Logger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/**
 * One attempt at a request, reported when it has ended. No part of it contains the API key.
 *
 * @property operation the request: `list_invites`, `create_invite`, `revoke_invite`, `list_members`, `update_member`,
 *   `remove_member`, `read_organization`
 * @property attempt the number of this attempt at this request, from 1
 * @property status the HTTP status, if there was a response
 * @property latency the time from before the request was sent until its response was read or it failed
 * @property error what went wrong, if something did: `server`
 * @property requestId the service's id of the request
 * @property next what the client does now: `done`, `retry`, `look_up` (it was a create or a change of a member without a
 *   clear answer, and a list is read to find out whether it was carried out) or `fail`
 * @property wait for how long it waits before a retry
 */
public data class Event(
    val operation: String,
    val attempt: Int,
    val status: Int?,
    val latency: Duration,
    val error: String?,
    val requestId: String?,
    val next: String,
    val wait: Duration?,
) {
    /** [latency] in milliseconds, for Java. */
    public val latencyMillis: Long get() = latency.inWholeMilliseconds

    /** [wait] in milliseconds, for Java. */
    public val waitMillis: Long? get() = wait?.inWholeMilliseconds

    internal constructor(native: NativeEvent) : this(
        operation = nameOf(native.operation),
        attempt = native.attempt.toULong().toIntOrMax(),
        status = native.status?.toInt(),
        latency = native.latencyMs.milliseconds,
        error = native.error?.name?.lowercase(),
        requestId = native.requestId,
        next = nameOf(native.next),
        wait = (native.next as? NativeNext.Retry)?.waitMs?.milliseconds,
    )
}

private fun nameOf(operation: NativeOperation) = when (operation) {
    NativeOperation.ListInvites -> "list_invites"
    NativeOperation.CreateInvite -> "create_invite"
    NativeOperation.RevokeInvite -> "revoke_invite"
    NativeOperation.ListMembers -> "list_members"
    NativeOperation.UpdateMember -> "update_member"
    NativeOperation.RemoveMember -> "remove_member"
    NativeOperation.ReadOrganization -> "read_organization"
    is NativeOperation.Other -> operation.text
}

private fun nameOf(next: NativeNext) = when (next) {
    NativeNext.Done -> "done"
    is NativeNext.Retry -> "retry"
    NativeNext.LookUp -> "look_up"
    NativeNext.Fail -> "fail"
    is NativeNext.Other -> next.text
}

/** Passes events to a function. Its exceptions are logged, and do not affect the call. */
internal class Listener(private val see: (Event) -> Unit) : EventListener {
    override fun onEvent(event: NativeEvent) {
        try {
            see(Event(event))
        } catch (thrown: Throwable) {
            Logger.getLogger("icepanel.invites").log(Level.WARNING, "onEvent threw", thrown)
        }
    }
}
