import icepanel.invites.Ensured;
import icepanel.invites.NewInvite;
import icepanel.invites.Permission;
import icepanel.invites.testing.Sandbox;
import java.time.Duration;

public class Invite {
    public static void main(String[] args) {
        try (var sandbox = new Sandbox("{}"); var client = sandbox.client()) {
            var guest = new NewInvite("ada@example.com", Permission.of("read"), Duration.ofDays(14));
            var ensured = client.futures().ensure(guest).join();
            System.out.println(ensured instanceof Ensured.Created ? "created 1" : ensured);
        }
    }
}
