package icepanel.invites;

import java.time.Duration;

/** The example of README.md for Java, in a process of its own. */
class ReadmeExample {
    public static void main(String[] arguments) {
        try (var client = InviteClient.fromEnv()) {
            var guest = new NewInvite("ada@example.com", Permission.of("read"), Duration.ofDays(14));
            Ensured ensured = client.futures().ensure(guest).join();
            System.out.println(ensured);
        }
    }
}
