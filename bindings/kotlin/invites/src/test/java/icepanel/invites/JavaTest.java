package icepanel.invites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import icepanel.invites.testing.Sandbox;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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
            assertEquals(9, futures.seats().thenApply(seats -> seats.getFree() - 1).join());
            assertEquals(1, futures.revokeActive("ada@example.com").join().size());
            assertTrue(seen.size() >= 4, seen.toString());
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
                assertTrue(System.nanoTime() - began < 100_000_000, "the request goes on");
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    @Test
    void aRosterIsMadeTrue() {
        List<Progress> seen = Collections.synchronizedList(new ArrayList<>());
        try (var sandbox = new Sandbox(); var client = clientOf(sandbox, new ClientOptions().pacing(Pacing.none()))) {
            var futures = client.futures();
            var plan = futures.plan(new Roster(guest), new PlanOptions(Duration.ofHours(1), true)).join();
            assertEquals(Action.Invite, plan.getSteps().get(0).getAction());
            assertTrue(plan.getEstimateMillis() > 0);
            var report = futures.apply(Plan.fromJson(plan.toJson()), new ApplyOptions(true), seen::add).join();
            assertTrue(report.isComplete());
            assertEquals(1, report.count(Outcome.Done));
            assertEquals(0, seen.get(seen.size() - 1).getLeftMillis());
            var soon = new InviteFilter().expiringWithin(Duration.ofDays(8));
            assertEquals(1, futures.list(soon).join().size());
            var renewed = futures.renew("ada@example.com", Duration.ofDays(30)).join();
            assertEquals(1, renewed.getReplaced().size());
            assertEquals(1, futures.dump(Expiry.of(Duration.ofDays(30))).join().getEntries().size());
        }
    }
}
