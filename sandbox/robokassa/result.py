"""ResultURL: told again and again until the shop answers OK and the number, and nothing else."""

import aiohttp

from sandbox.clock import Clock, stamp
from sandbox.faults import Faults
from sandbox.robokassa.settings import ShopSettings
from sandbox.robokassa.shop import Operation
from sandbox.robokassa.signatures import told
from sandbox.yookassa.money import Json, decimal
from sandbox.yookassa.notifications import Notification, Notifier

EVENT = "ResultURL"


class ResultSender(Notifier):
    """Delivers as the sandbox's other notifications are delivered, mishaps and all; only the words differ."""

    def __init__(self, settings: ShopSettings, clock: Clock, faults: Faults) -> None:
        super().__init__(settings.result_url, clock, faults)
        self.method = settings.result_method

    async def _post(self, notification: Notification) -> bool:
        assert self._session is not None
        fields = notification.object["fields"]
        carried: Json = {"params": fields} if self.method == "GET" else {"data": fields}
        outcome: Json = {"at": stamp(self._clock.now())}
        notification.answers.append(outcome)
        try:
            sent = self._session.request(self.method, self.url, allow_redirects=False, **carried)
            async with sent as answer:
                outcome["status"], outcome["said"] = answer.status, (await answer.text())[:40]
        except (aiohttp.ClientError, TimeoutError) as failure:
            outcome["error"] = str(failure) or type(failure).__name__
        accepted = outcome.get("said") == f"OK{fields['InvId']}" and outcome["status"] == 200
        if accepted:
            notification.state = "accepted"
            notification.accepted.set()
        return accepted


def result_fields(operation: Operation, settings: ShopSettings) -> dict[str, str]:
    """What the shop is told: real sums have six digits, a test's two; what is not signed comes along."""
    password = settings.test_password2 if operation.test else settings.password2
    zeros = "" if operation.test else "0000"
    signed = {"OutSum": decimal(operation.amount) + zeros, "InvId": operation.number, **operation.own}
    signature = told(settings.hash, signed, password)
    return {
        "out_summ": signed["OutSum"],
        "inv_id": operation.number,
        "crc": signature,
        **signed,
        "SignatureValue": signature,
        "Fee": "0.000000",
        "EMail": operation.email,
        "PaymentMethod": "BankCard" if operation.card else "SBP",
        "IncSum": signed["OutSum"],
        "IncCurrLabel": operation.label or ("BankCardPSR" if operation.card else "SBPPSR"),
        **({"IsTest": "1"} if operation.test else {}),
    }


def return_fields(operation: Operation, settings: ShopSettings, *, good: bool) -> dict[str, str]:
    """What the payer's browser brings back; only a success is signed."""
    fields = {"OutSum": decimal(operation.amount), "InvId": operation.number, **operation.own}
    if good:
        password = settings.test_password1 if operation.test else settings.password1
        fields["SignatureValue"] = told(settings.hash, fields, password)
    return fields | {"Culture": operation.culture}
