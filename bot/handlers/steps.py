"""The way back through a dialog's questions: those that were really asked, one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from aiogram.fsm.state import State

GIVEN_ONCE = ("consent", "contact")
"""Answers that the books keep: going back does not ask for them again."""


@dataclass(slots=True)
class Steps(ABC):
    """`asked` are the steps that were shown; a step with one possible answer is not among them."""

    asked: list[str] = field(default_factory=list)

    def shown(self, state: State) -> None:
        step = (state.state or "").partition(":")[2]
        if step not in self.asked:
            self.asked.append(step)

    def step_back(self) -> bool:
        """Undo the last answer that was really given; False when there was none."""
        if self.asked:
            self.asked.pop()
        return self.forget_last()

    def forget_last(self) -> bool:
        """The same from a screen that is no step itself."""
        while self.asked and self.asked[-1] in GIVEN_ONCE:
            self.asked.pop()
        if not self.asked:
            return False
        self.forget_from(self.asked[-1])
        return True

    def take_back(self, state: State) -> None:
        """This step turned out not to have been reached."""
        step = (state.state or "").partition(":")[2]
        self.asked = [each for each in self.asked if each != step]

    @abstractmethod
    def forget_from(self, step: str) -> None:
        """Forget this step's answer and all that followed from it."""
