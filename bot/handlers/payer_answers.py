"""What has been told of a payer so far, and which question comes next; kept in the dialog's state."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from aiogram.fsm.state import State, StatesGroup

from bot.domain.contacts import demand_email
from bot.domain.payer_details import (
    PayerDetails,
    needs_address,
    needs_tax_number,
    normal_address,
    normal_name,
)
from bot.domain.requisites import PartyKind
from bot.domain.tax_numbers import has_kpp, normal_kpp, normal_tax_number, split_kpp
from bot.handlers.steps import Steps


class PayerForm(StatesGroup):
    kind = State()
    tax_number = State()
    kpp = State()
    name = State()
    address = State()
    email = State()
    summary = State()
    change = State()


QUESTIONS = (
    PayerForm.kind,
    PayerForm.tax_number,
    PayerForm.kpp,
    PayerForm.name,
    PayerForm.address,
    PayerForm.email,
)
"""In the order they are asked; each is called like the answer it waits for."""


@dataclass(slots=True)
class Answers(Steps):
    """None has not been answered yet, "" was left out."""

    country: str = "RU"
    payer: int = 0
    """Whose details these are; 0 for a payer to be made."""
    kind: str | None = None
    tax_number: str | None = None
    kpp: str | None = None
    name: str | None = None
    address: str | None = None
    email: str | None = None
    before: dict[str, Any] | None = None
    """All of it as it stood before one answer was taken back to be changed."""

    @classmethod
    def of(cls, details: PayerDetails, payer_id: int) -> Answers:
        """Those that a payer was saved with; all can be changed from the summary."""
        told = asdict(details)
        return cls(payer=payer_id, **{**told, "kind": details.kind.value})

    @property
    def party_kind(self) -> PartyKind:
        return PartyKind(self.kind or PartyKind.ORGANISATION)

    @property
    def details(self) -> PayerDetails:
        return PayerDetails(
            kind=self.party_kind,
            country=self.country,
            name=self.name or "",
            tax_number=self.tax_number or "",
            kpp=self.kpp or "",
            address=self.address or "",
            email=self.email or "",
        )

    @property
    def next_question(self) -> State | None:
        """The first that is not answered; None when all are."""
        return next((step for step in self.questions if getattr(self, name_of(step)) is None), None)

    @property
    def questions(self) -> list[State]:
        """Those that this payer is asked at all."""
        return [step for step in QUESTIONS if step is not PayerForm.kpp or self._has_kpp]

    @property
    def _has_kpp(self) -> bool:
        return has_kpp(self.country, self.party_kind)

    def may_skip(self, step: State) -> bool:
        """Whether a paper does without that answer."""
        match name_of(step):
            case "tax_number":
                return not needs_tax_number(self.party_kind)
            case "address":
                return not needs_address(self.party_kind)
        return step is PayerForm.email

    def be(self, kind: PartyKind) -> None:
        """Another kind has another number, and it may owe what was left out."""
        if self.kind == kind:
            return
        self.kind, self.tax_number, self.kpp = kind.value, None, None
        if needs_address(kind) and not self.address:
            self.address = None

    def take(self, step: State, text: str) -> None:
        """Keep what was typed in its normal form; a CustomerError says what is wrong with it."""
        match name_of(step):
            case "tax_number":
                self._take_tax_number(text)
            case "kpp":
                self.kpp = normal_kpp(text, self.country, self.party_kind)
            case "name":
                self.name = normal_name(text)
            case "address":
                self.address = normal_address(text)
            case "email":
                self.email = demand_email(text)

    def _take_tax_number(self, text: str) -> None:
        """Many send «7707083893/773601001»: that answers two questions."""
        number, kpp = split_kpp(text) if self._has_kpp else (text, "")
        self.tax_number = normal_tax_number(number, self.country, self.party_kind)
        if kpp:
            self.kpp = normal_kpp(kpp, self.country, self.party_kind)

    def take_back(self, step: State) -> None:
        """Ask for this one again; Back leaves it as it was."""
        self.before = None
        self.before = asdict(self)
        setattr(self, name_of(step), None)

    def forget_from(self, step: str) -> None:
        """The answer alone: those after it were not given yet."""
        setattr(self, step, None)
        if step == "tax_number":
            self.kpp = None


def name_of(step: State) -> str:
    return (step.state or "").partition(":")[2]


def step_called(state: str | None) -> State:
    return next(step for step in PayerForm.__states__ if step.state == state)
