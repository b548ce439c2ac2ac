"""What `apply` would change."""

from __future__ import annotations

from datetime import datetime, timedelta

from . import _json
from ._native import NewInvite, check_plan, plan_text, read_plan
from ._core_value import CoreValue, time
from ._values import Permission
from ._words import ActionWord, ReasonWord

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, final

    from typing_extensions import Self
else:
    from ._names import Any, final


@final
class Held(CoreValue):
    """What a person has already: a membership, or an active invite. Immutable."""

    __slots__ = ()
    _shown = ("permission", "invite_id", "expires_at", "user_id")

    @property
    def permission(self) -> Permission:
        """The person's permission, or the permission of the invite."""
        return Permission(self._fields["permission"])

    @property
    def invite_id(self) -> str | None:
        """The active invite. If there are several: the one that remains active."""
        return self._fields.get("inviteId")

    @property
    def expires_at(self) -> datetime | None:
        """When it expires."""
        return time(self._fields.get("expiresAt"))

    @property
    def user_id(self) -> str | None:
        """The member."""
        return self._fields.get("userId")

    @property
    def landscape_permissions(self) -> dict[str, bool] | None:
        """Which landscapes the person may see, if that is limited."""
        return self._fields.get("landscapePermissions")


@final
class Step(CoreValue):
    """The planned action for one person, and the reason. Immutable."""

    __slots__ = ()
    _shown = ("email", "action", "reason")
    __match_args__ = ("email", "action", "reason")

    @property
    def email(self) -> str:
        """The person's address."""
        return str(self._fields["email"])

    @property
    def action(self) -> ActionWord:
        """`invite`, `keep`, `replace`, `member`, `revoke`, `skip`, `update` or `remove`."""
        return str(self._fields["action"])

    @property
    def reason(self) -> str:
        """The reason, as text."""
        return str(self._fields["reason"])

    @property
    def wanted(self) -> NewInvite | None:
        """The entry in the roster; None for somebody who is not on it."""
        value = self._fields.get("wanted")
        return None if value is None else NewInvite.from_dict(value)

    @property
    def held(self) -> Held | None:
        """What the person has already."""
        value = self._fields.get("held")
        return None if value is None else Held(value)

    @property
    def revoke(self) -> tuple[str, ...]:
        """The ids of the active invites to revoke."""
        return tuple(self._fields.get("revoke", ()))

    @property
    def reason_code(self) -> ReasonWord | None:
        """The reason, for programs: `not_invited`, for example. None in a plan of a version that wrote none."""
        return self._fields.get("reasonCode")


@final
class PlanSeats(CoreValue):
    """Paid seats, and what the plan does to them. Immutable."""

    __slots__ = ()
    _shown = ("paid", "free", "needed", "released", "missing")

    @property
    def paid(self) -> int:
        """Seats paid for."""
        return int(self._fields["paid"])

    @property
    def taken(self) -> int:
        """Members with `write` or `admin`."""
        return int(self._fields["taken"])

    @property
    def promised(self) -> int:
        """Active invites with `write` or `admin`."""
        return int(self._fields["promised"])

    @property
    def free(self) -> int:
        """Free seats now."""
        return int(self._fields["free"])

    @property
    def needed(self) -> int:
        """Seats that the plan needs for people who have none yet."""
        return int(self._fields["needed"])

    @property
    def released(self) -> int:
        """Seats that the plan frees."""
        return int(self._fields["released"])

    @property
    def missing(self) -> int:
        """Seats that are missing. Above zero `apply` rejects the plan, unless `partial=True`."""
        return int(self._fields["missing"])


@final
class PlanPruning(CoreValue):
    """How many people lose their invites by a plan, and how many may. Immutable."""

    __slots__ = ()
    _shown = ("people", "invited", "allowed")

    @property
    def people(self) -> int:
        """How many people lose their active invites by the plan."""
        return int(self._fields["people"])

    @property
    def invited(self) -> int:
        """How many people have an active invite, on the roster or not."""
        return int(self._fields["invited"])

    @property
    def allowed(self) -> int:
        """How many `apply` allows by default: at most ten, at most a quarter of `invited`, at least one.
        """
        return int(self._fields["allowed"])


@final
class PlanRemoval(CoreValue):
    """How many members a plan removes, and how many may be. Immutable."""

    __slots__ = ()
    _shown = ("people", "members", "allowed")

    @property
    def people(self) -> int:
        """How many members the plan removes."""
        return int(self._fields["people"])

    @property
    def members(self) -> int:
        """How many members there are."""
        return int(self._fields["members"])

    @property
    def allowed(self) -> int:
        """How many `apply` removes unless it is given a guard: ten, a quarter of `members`, at least one."""
        return int(self._fields["allowed"])


@final
class PlanDomain(CoreValue):
    """How many invites go to a domain. Immutable."""

    __slots__ = ()
    _shown = ("domain", "invites")

    @property
    def domain(self) -> str:
        """The domain, in lower case."""
        return str(self._fields["domain"])

    @property
    def invites(self) -> int:
        """How many invites."""
        return int(self._fields["invites"])


@final
class PlanSummary(CoreValue):
    """What a plan does, in numbers: the e-mails and where they go, and the admins. Immutable."""

    __slots__ = ()
    _shown = ("invites", "admins", "admins_after")

    @property
    def invites(self) -> int:
        """How many invites the plan makes. The service sends an e-mail for each."""
        return int(self._fields["invites"])

    @property
    def domains(self) -> tuple[PlanDomain, ...]:
        """The domains that they go to, those with the most first."""
        return tuple(PlanDomain(value) for value in self._fields["domains"])

    @property
    def admins_invited(self) -> int:
        """How many of them are for an admin."""
        return int(self._fields["adminsInvited"])

    @property
    def admins_made(self) -> int:
        """How many members the plan makes admins."""
        return int(self._fields["adminsMade"])

    @property
    def admins(self) -> int:
        """How many members are admins now."""
        return int(self._fields["admins"])

    @property
    def admins_after(self) -> int:
        """How many are when the plan has been applied, before anybody accepts an invite."""
        return int(self._fields["adminsAfter"])


@final
class PlanExpiring(CoreValue):
    """Somebody whose access ends soon. Immutable."""

    __slots__ = ()
    _shown = ("email", "until")

    @property
    def email(self) -> str:
        """The person's address."""
        return str(self._fields["email"])

    @property
    def until(self) -> datetime:
        """When the access ends."""
        until = time(self._fields["until"])
        assert until is not None
        return until


@final
class Plan(CoreValue):
    """What `apply` would change. Immutable.

    It can be inspected, stored with `to_dict` and `json`, and applied later.
    """

    __slots__ = ()
    _shown = ("organization_id", "planned_at", "writes", "estimate")

    @property
    def organization_id(self) -> str:
        """The organization that it is for."""
        return str(self._fields["organizationId"])

    @property
    def planned_at(self) -> datetime:
        """When it was made, by the service's clock."""
        planned_at = time(self._fields["plannedAt"])
        assert planned_at is not None
        return planned_at

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Self:
        """The plan from a dict that `to_dict` made. Anything else is an `InvalidInputError`."""
        return cls(read_plan(_json.dumps("the plan", fields)))

    @property
    def steps(self) -> tuple[Step, ...]:
        """One for each person: first those of the roster in its order, then those to be pruned."""
        return tuple(Step(value) for value in self._fields["steps"])

    @property
    def seats(self) -> PlanSeats:
        """Paid seats needed, held, free."""
        return PlanSeats(self._fields["seats"])

    @property
    def pruning(self) -> PlanPruning | None:
        """Who loses the invites, and what `apply` allows unless it is given a guard; None if the plan revokes none."""
        value = self._fields.get("pruning")
        return None if value is None else PlanPruning(value)

    @property
    def skip_revoked(self) -> bool:
        """Whether it excludes people whose last invite was revoked."""
        return bool(self._fields.get("skipRevoked", False))

    @property
    def max_invites(self) -> int | None:
        """How often a person may be invited at most."""
        return self._fields.get("maxInvites")

    @property
    def manage_members(self) -> bool:
        """Whether it gives members the permission and the landscapes of the roster."""
        return bool(self._fields.get("manageMembers", False))

    @property
    def prune_members(self) -> bool:
        """Whether it removes members."""
        return bool(self._fields.get("pruneMembers", False))

    @property
    def protect(self) -> tuple[str, ...]:
        """The addresses of members who are neither removed nor demoted."""
        return tuple(self._fields.get("protect", ()))

    @property
    def min_admins(self) -> int | None:
        """How many admins the organization has at least; None: 1."""
        return self._fields.get("minAdmins")

    @property
    def removal(self) -> PlanRemoval | None:
        """Who is removed, and what `apply` allows unless it is given a guard; None without `prune_members`."""
        value = self._fields.get("removal")
        return None if value is None else PlanRemoval(value)

    @property
    def summary(self) -> PlanSummary | None:
        """How many e-mails go where, and how many admins there will be. None in the plan of a version that wrote none."""
        value = self._fields.get("summary")
        return None if value is None else PlanSummary(value)

    @property
    def expiring(self) -> tuple[PlanExpiring, ...]:
        """Whose access ends soon, with `expiring_within`; the soonest first."""
        return tuple(PlanExpiring(value) for value in self._fields.get("expiring", ()))

    @property
    def no_invites(self) -> bool:
        """Whether it makes no invite."""
        return bool(self._fields.get("noInvites", False))

    @property
    def writes(self) -> int:
        """How many write requests it takes."""
        return int(self._fields["writes"])

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to change."""
        return self.writes > 0

    @property
    def estimate(self) -> timedelta:
        """How long applying it takes under the rate limits."""
        return timedelta(milliseconds=self._fields["estimateMs"])

    def check(
        self,
        *,
        partial: bool = False,
        prune_at_most: int | None = None,
        prune_share: float | None = None,
        remove_at_most: int | None = None,
        remove_share: float | None = None,
        invite_at_most: int | None = None,
        admins_at_most: int | None = None,
    ) -> None:
        """Raises what `apply` would raise with these keywords, by the figures in the plan.

        An `InvalidInputError` if more people are pruned, removed, invited or made admins than the keywords
        allow, a `SeatsExhaustedError` if seats are missing. To be called before somebody is asked to agree;
        `apply` counts again.
        """
        options = {
            "partial": partial,
            "prune_at_most": prune_at_most,
            "prune_share": prune_share,
            "remove_at_most": remove_at_most,
            "remove_share": remove_share,
            "invite_at_most": invite_at_most,
            "admins_at_most": admins_at_most,
        }
        check_plan(_json.dumps("the plan", self._fields), options)

    def __str__(self) -> str:
        return plan_text(_json.dumps("the plan", self._fields))

    def count(self, action: ActionWord) -> int:
        """The number of people with an action: `plan.count("invite")`."""
        return sum(value["action"] == action for value in self._fields["steps"])


if not TYPE_CHECKING:
    Self = Plan
