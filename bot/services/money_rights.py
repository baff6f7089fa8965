"""Who may send money back or move it, who has to agree, and when one person is enough."""

from __future__ import annotations

from bot.domain.desk_terms import DeskTerms
from bot.domain.errors import CustomerError
from bot.domain.money import Money
from bot.domain.states import Role
from bot.services.desk import DeskService


class MoneyRights:
    """An operator proposes up to a limit of his own; a cashier or an owner agrees, from a sum on in pairs."""

    def __init__(self, desk: DeskService, terms: DeskTerms) -> None:
        self._desk = desk
        self._terms = terms

    def demand_proposer(self, who: int, amount: Money) -> None:
        """Refuse whoever may not even propose that much."""
        self._desk.demand(who, Role.OPERATOR)
        if self._desk.role(who) is not Role.OPERATOR:
            return
        limit = self._terms.most.get(Role.OPERATOR, {}).get(amount.currency)
        if limit is None or amount > limit:
            self._desk.demand(who, Role.CASHIER)

    def demand_second(
        self, who: int, amount: Money, proposed_by: int | None, *, alone: bool, gains: int
    ) -> None:
        """Refuse the proposer himself, unless he has nobody else and agrees a second time, in private.

        And who `gains` by it, while a third person may agree.
        """
        self._desk.demand(who, Role.CASHIER)
        if not self.may_decide(who, amount):
            self._desk.demand(who, Role.OWNER)
        if proposed_by == who and not (alone and self.is_alone(who, amount)):
            raise CustomerError("second_person_needed")
        if who == gains and any(other != proposed_by for other in self.who_may(who, amount)):
            raise CustomerError("own_gain")

    def needs_another(self, who: int, amount: Money, *, gains: int) -> bool:
        """Whether the proposer's word is not enough: it never is for who `gains` by it himself."""
        return who == gains or self._terms.needs_second(amount) or not self.may_decide(who, amount)

    def who_may(self, who: int, amount: Money) -> list[int]:
        """Everybody else who may agree."""
        return [other for other in self._desk.others(who, Role.CASHIER) if self.may_decide(other, amount)]

    def is_alone(self, who: int, amount: Money) -> bool:
        """Whether only the proposer himself could agree."""
        return self.may_decide(who, amount) and not self.who_may(who, amount)

    def may_decide(self, who: int, amount: Money) -> bool:
        """Whether his role and its limit let him agree to that much."""
        role = self._desk.role(who)
        return role is not None and role.includes(Role.CASHIER) and self._terms.allows(role, amount)
