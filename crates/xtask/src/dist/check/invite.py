from datetime import timedelta

from icepanel_invites.testing import Sandbox

with Sandbox() as sandbox, sandbox.client() as client:
    ensured = client.ensure("ada@example.com", "read", timedelta(days=14))
    print(ensured.outcome, sandbox.report()["invitesMade"]["ada@example.com"])
