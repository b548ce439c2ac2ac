package icepanel.invites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import icepanel.invites.testing.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Everything as Java calls it. */
class JavaTest {
    private final NewInvite guest = new NewInvite("ada@example.com", Permission.of("read"), Duration.ofDays(7));

    private static InviteClient clientOf(Sandbox sandbox, ClientOptions options) {
        return new InviteClient(Sandbox.API_KEY, Sandbox.ORGANIZATION_ID, options.baseUrl(sandbox.getBaseUrl()));
    }

    @Test
    void aPersonIsInvited() {
        List<Event> seen = Collections.synchronizedList(new ArrayList<>());
        var options = new ClientOptions().timeout(Duration.ofSeconds(30)).onEvent(seen::add);
        try (var sandbox = new Sandbox(); var client = clientOf(sandbox, options)) {
            var futures = client.futures();
            var made = assertInstanceOf(Ensured.Created.class, futures.ensure(guest).join());
            assertEquals(InviteStatus.of("active"), made.getInvite().getStatus());
            assertEquals(List.of(made.getInvite()), futures.list().join());
            var other = new NewInvite("ada@example.com", Permission.of("write"), Duration.ofDays(7));
            assertEquals(List.of(), made.differsFrom(other, Instant.now()));
            assertEquals(List.of(), InviteKt.differsFrom(made.getInvite(), guest));
            assertEquals(List.of(Difference.PERMISSION), InviteKt.differsFrom(made.getInvite(), other));
            assertEquals(9, futures.seats().thenApply(seats -> seats.getFree() - 1).join());
            assertEquals(1, futures.revokeActive("ada@example.com").join().size());
            var notFound = futures.updateMember("ada@example.com", Permission.of("write")).handle((member, error) -> error).join();
            assertInstanceOf(InviteException.NotFound.class, notFound instanceof CompletionException ? notFound.getCause() : notFound);
            assertNull(futures.removeMember("ada@example.com").join());
            assertTrue(seen.size() >= 6, seen.toString());
        }
    }

    @Test
    void anErrorIsAnInviteException() {
        try (var sandbox = new Sandbox(); var client = clientOf(sandbox, new ClientOptions())) {
            var thrown = assertThrows(CompletionException.class, () -> client.futures().revoke("nobody").join());
            var error = assertInstanceOf(InviteException.NotFound.class, thrown.getCause());
            assertEquals(404, error.getStatus());
        }
    }

    /** It is unchecked, or this would not compile. */
    @Test
    void anErrorIsCaughtWhereItIsThrown() {
        try {
            new InviteClient("no key", "acme").close();
            fail("a key has two parts");
        } catch (InviteException.InvalidInput error) {
            assertEquals("invalid_input", error.getKind());
        }
        try {
            new Roster(guest, guest);
            fail("nobody is invited twice");
        } catch (InviteException error) {
            assertEquals(1, error.getErrors().size());
        }
    }

    @Test
    void delaysAreSet() {
        var policy = new RetryPolicy(2, Duration.ofMillis(20), null);
        assertEquals(20L, policy.getBaseDelayMillis());
        assertNull(policy.getMaxDelayMillis());
        assertEquals(60_000L, new RateLimit(60, Duration.ofMinutes(1)).getWindowMillis());
        var negative = new ClientOptions().retry(new RetryPolicy(null, Duration.ofMillis(-1), null));
        assertThrows(InviteException.InvalidInput.class, () -> new InviteClient(Sandbox.API_KEY, "acme", negative));
    }

    /** More callbacks than there are cores, and each waits until all have begun, and then for a call of its own. */
    @Test
    void callbacksMayWaitForOtherCalls() throws Exception {
        int many = 4 + 2 * Runtime.getRuntime().availableProcessors();
        var begun = new CountDownLatch(many);
        var callers = Executors.newCachedThreadPool();
        try (var sandbox = new Sandbox(); var client = clientOf(sandbox, new ClientOptions())) {
            var futures = client.futures();
            // Each from a thread of its own: the callback of a call that has ended already runs where it is attached.
            var all = Stream.generate(() -> CompletableFuture.supplyAsync(() -> futures.seats().thenApply(seats -> {
                begun.countDown();
                try {
                    begun.await();
                } catch (InterruptedException interrupted) {
                    throw new IllegalStateException(interrupted);
                }
                return futures.findActive("ada@example.com").join();
            }).join(), callers)).limit(many).toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(all).get(60, TimeUnit.SECONDS);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void callbacksRunOnTheExecutor() {
        var executor = Executors.newSingleThreadExecutor(task -> new Thread(task, "mine"));
        var attached = new CompletableFuture<Void>();
        // The call does not begin before the callback is attached, which would run here if the call had ended.
        executor.execute(attached::join);
        try (var sandbox = new Sandbox(); var client = clientOf(sandbox, new ClientOptions())) {
            var name = client.futures(executor).list().thenApply(invites -> Thread.currentThread().getName());
            attached.complete(null);
            assertTrue(name.join().startsWith("mine"));
        } finally {
            executor.shutdown();
        }
    }

    @Test
    void aCancelledFutureStopsItsRequest() throws Exception {
        try (var sandbox = new Sandbox("{\"faults\": [{\"fault\": \"hang\"}]}");
                var client = clientOf(sandbox, new ClientOptions())) {
            var list = client.futures().list();
            while (!sandbox.report().contains("\"inFlight\":1")) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            list.cancel(true);
            assertThrows(CancellationException.class, list::join);
            long began = System.nanoTime();
            while (!sandbox.report().contains("\"abandoned\":1")) {
                // Less than the 30 seconds after which the client itself gives up waiting for an answer.
                assertTrue(System.nanoTime() - began < TimeUnit.SECONDS.toNanos(20), "the request goes on");
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    @Test
    void aSandboxMakesClients() {
        try (var sandbox = new Sandbox("{\"faults\": [{\"fault\": \"status\", \"status\": 429, \"headers\": {\"retry-after\": \"60\"}}]}");
                var client = sandbox.client(options -> options.timeout(Duration.ofMinutes(5)))) {
            assertEquals(List.of(), client.futures().list().join());
        }
    }

    @Test
    void aRosterIsMadeTrue() {
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        try (var sandbox = new Sandbox(); var client = sandbox.client(options -> options.pacing(Pacing.NONE))) {
            var futures = client.futures();
            var plan = futures.plan(new Roster(guest), new PlanOptions(Duration.ofHours(1), true)).join();
            assertEquals(Action.Invite, plan.getSteps().get(0).getAction());
            assertTrue(plan.getEstimateMillis() > 0);
            var report = futures.apply(Plan.fromJson(plan.toJson()), new ApplyOptions(true), seen::add).join();
            assertTrue(report.isComplete());
            assertEquals(1, report.count(Outcome.Done));
            // The run still pauses before its last look at the list.
            assertEquals(1000, seen.get(seen.size() - 1).getLeftMillis());
            var soon = new InviteFilter().expiringWithin(Duration.ofDays(8));
            assertEquals(1, futures.list(soon).join().size());
            var renewed = futures.renew("ada@example.com", Duration.ofDays(30)).join();
            assertEquals(1, renewed.getReplaced().size());
            assertEquals(1, futures.dump(Expiry.of(Duration.ofDays(30))).join().getEntries().size());
        }
    }
}
