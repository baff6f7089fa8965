"""The sandbox's bank, driven from tests.

async with Bank("http://127.0.0.1:8089") as bank:
    await bank.pays("1500", "Оплата по счету INV-2026-000123")
    name, content = await bank.statement("1c")
"""

from __future__ import annotations

from datetime import date

from sandbox.driver_session import DriverSession, Json

FORMS = ("1c", "1c-utf8", "1c-dos", "camt053")


class Bank(DriverSession):
    async def pays(
        self,
        amount: str,
        purpose: str,
        *,
        payer: str = "ООО «Ромашка»",
        inn: str = "7707083893",
        currency: str = "RUB",
        **more: str,
    ) -> Json:
        """A transfer to the seller; `more` are other fields of the form: day, account, bic, payer_account."""
        wish = {"sum": amount, "purpose": purpose, "payer": payer, "inn": inn, "currency": currency, **more}
        made: Json = await self.post("/control/pay", wish)
        return made

    async def statement(
        self, form: str = "1c", *, account: str = "", since: date | None = None, until: date | None = None
    ) -> tuple[str, bytes]:
        """The file of some days, today unless said: its name and what is in it."""
        days = {"since": since or until, "until": until}
        wanted = {"account": account, **{name: str(day) for name, day in days.items() if day}}
        async with self.session.get(f"/statements/{form}", params=wanted) as answer:
            assert answer.ok, await answer.text()
            name = answer.content_disposition.filename if answer.content_disposition else None
            return name or "", await answer.read()
