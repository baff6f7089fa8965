"""What `python -m bot check` says when something is not in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.domain.autopay_terms import AutopayTerms
from bot.domain.catalogue_file import read_catalogue
from bot.domain.errors import ProviderUnavailable
from bot.domain.money import Limits, Money
from bot.gateways.base import Method
from bot.gateways.botapi import BotApi, TelegramRefused
from bot.gateways.mail import SmtpMail
from bot.gateways.mail_settings import MailServer, Sender
from bot.services import checkup
from bot.services.checkup import Finding, Verdict
from bot.storage.database import Database
from tests.gateways.post_office import post_office

GROUP = -1001
ADMINISTRATOR = {"status": "administrator", "can_pin_messages": True, "can_manage_topics": True}


class Telegram(BotApi):
    """Answers from a table; an exception in it is raised."""

    def __init__(self, **answers: Any) -> None:
        super().__init__("42:TEST", "http://127.0.0.1:9")
        self._answers = {"getMe": {"id": 42, "username": "shop_bot"}} | answers

    async def call(self, method: str, **parameters: Any) -> Any:
        answer = self._answers[method]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def findings(api: BotApi, chat_id: int | None = GROUP, *, has_operators: bool = True) -> list[Finding]:
    looked = checkup.look_at_telegram(api, chat_id, has_operators=has_operators)
    return [finding async for finding in looked]


async def group(member: Mapping[str, Any], *, is_forum: bool = True) -> Finding:
    chat = {"title": "Касса", "is_forum": is_forum}
    return (await findings(Telegram(getChat=chat, getChatMember=member)))[1]


async def test_administrator_with_all_rights_is_well() -> None:
    assert (
        str(await group(ADMINISTRATOR))
        == 'ok     group: in "Касса" the bot can read, post, pin and use topics'
    )
    assert (await group({"status": "creator"})).verdict is Verdict.WELL


async def test_group_without_topics_asks_for_no_right_to_them() -> None:
    found = await group(ADMINISTRATOR | {"can_manage_topics": False}, is_forum=False)
    assert found.verdict is Verdict.WELL


@pytest.mark.parametrize(
    ("member", "lacking"),
    [
        (ADMINISTRATOR | {"can_pin_messages": False}, "cannot pin: make it an administrator"),
        (ADMINISTRATOR | {"can_manage_topics": False}, "cannot use topics: "),
        ({"status": "member"}, "cannot read, pin, use topics: "),
        ({"status": "restricted", "can_send_messages": False}, "cannot read, post, pin, use topics: "),
        ({"status": "left"}, "cannot read, post, pin, use topics: "),
    ],
)
async def test_missing_right_is_named_with_its_mend(member: Mapping[str, Any], lacking: str) -> None:
    found = await group(member)
    assert found.verdict is Verdict.WRONG
    assert lacking in str(found)


async def test_mail_is_reached_before_a_letter_is_written() -> None:
    async with post_office() as office:
        sender = Sender("Shop", "pay@example.org")
        server = MailServer.at(f"smtp://127.0.0.1:{office.port}?starttls=off")
        found = await checkup.look_at_mail(SmtpMail(server, sender, lambda *_: None))
        locked = MailServer.at(f"smtp://127.0.0.1:{office.port}")
        refused = await checkup.look_at_mail(SmtpMail(locked, sender, lambda *_: None))
    assert str(found) == f"ok     mail: 127.0.0.1:{office.port} answers, unlocked, without a login"
    assert refused.verdict is Verdict.WRONG
    assert "offers no STARTTLS" in str(refused)
    assert str(refused).endswith("look at SMTP__URL")


async def test_group_that_moved_is_told_by_its_new_number() -> None:
    moved = TelegramRefused(400, "group chat was upgraded to a supergroup chat", -1002)
    found = (await findings(Telegram(getChat=moved)))[1]
    assert found.mend == "set OPERATORS_CHAT_ID=-1002"


async def test_without_a_group_or_operators_there_is_a_note() -> None:
    assert [each.verdict for each in await findings(Telegram(), None)] == [Verdict.WELL, Verdict.NOTE]
    well = Telegram(getChat={"title": "Касса"}, getChatMember=ADMINISTRATOR)
    assert (await findings(well, has_operators=False))[-1].mend.startswith("set OPERATORS__OWNER")


@pytest.mark.parametrize(
    ("trouble", "mend"),
    [
        (TelegramRefused(401, "Unauthorized", None), "copy BOT_TOKEN from @BotFather"),
        (ProviderUnavailable("getMe: TimeoutError"), "look at the network"),
    ],
)
async def test_useless_token_ends_the_look_at_telegram(trouble: Exception, mend: str) -> None:
    (found,) = await findings(Telegram(getMe=trouble))
    assert found.verdict is Verdict.WRONG
    assert mend in found.mend


def test_currency_without_a_provider_is_noted() -> None:
    catalogue = read_catalogue(Path(__file__).parents[2] / "catalog.example.toml")
    card = Method(name="yookassa", provider="yookassa", currencies=("RUB",))
    said = [str(each) for each in checkup.look_at_catalogue(catalogue, {"yookassa": card})]
    assert "nobody can pay in BYN, KGS, XTR yet" in said[1]
    assert "there is no button for [methods.yookassa_card]" in said[2]


def test_autopay_is_told_with_who_may_charge_and_what_is_outside_its_limits() -> None:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    card = Method(name="yookassa", provider="yookassa", currencies=("RUB",))
    (off,) = checkup.look_at_autopay(catalogue, {"yookassa": card})
    assert "off, no provider may keep cards" in str(off)
    keeps = replace(card, saves_cards=True)
    assert "yookassa may keep cards" in str(next(iter(checkup.look_at_autopay(catalogue, {"y": keeps}))))
    small = replace(catalogue, autopay=AutopayTerms({"RUB": Limits(Money(1, "RUB"), Money(100, "RUB"))}))
    told = [str(each) for each in checkup.look_at_autopay(small, {"y": keeps})]
    assert "whatsapp for 1 months (990.00 RUB)" in told[1]


def test_invoices_are_told_with_accounts_and_vat() -> None:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    (finding,) = checkup.look_at_invoices(catalogue, mail_is_on=True)
    assert str(finding) == (
        "ok     invoices: RUB to …0001 (ПАО Сбербанк), BYN to …AB00 (Национальный банк Республики Беларусь); "
        "no VAT; valid for 5 days"
    )


def test_what_invoices_lack_is_noted_with_the_mend() -> None:
    catalogue = read_catalogue(Path("catalog.example.toml"))
    assert catalogue.invoicing is not None
    bare = replace(catalogue.invoicing, vat_ground=None, offer_url="", statements=None)
    told = list(checkup.look_at_invoices(replace(catalogue, invoicing=bare), mail_is_on=False))
    assert [finding.verdict for finding in told] == [Verdict.WELL, *[Verdict.NOTE] * 4]
    assert [finding.mend for finding in told[1:]] == [
        "add vat_ground to [invoice]",
        "add offer_url to [invoice]",
        "add statements to [invoice]",
        "set SMTP__URL and SMTP__FROM",
    ]
    with_vat = replace(catalogue, invoicing=replace(catalogue.invoicing, vat="22"))
    assert "VAT 22 %" in str(*checkup.look_at_invoices(with_vat, mail_is_on=True))
    (off,) = checkup.look_at_invoices(replace(catalogue, invoicing=None), mail_is_on=True)
    assert "what is metered is never billed" in off.says


async def test_books_are_reached_or_said_to_be_missing(sqlite_url: str, tmp_path: Path) -> None:
    found = await checkup.look_at_books(Database.connect(sqlite_url, read_only=True))
    assert found.verdict is Verdict.WELL
    missing = await checkup.look_at_books(Database.connect(f"sqlite:///{tmp_path}/none.db", read_only=True))
    assert missing.verdict is Verdict.NOTE
    (tmp_path / "letter.db").write_text("Dear Anna, " * 100)
    broken = await checkup.look_at_books(Database.connect(f"sqlite:///{tmp_path}/letter.db", read_only=True))
    assert broken.verdict is Verdict.WRONG


async def test_public_address_is_asked_whether_it_leads_here() -> None:
    statuses = iter((200, 404, 502))

    async def alive(_: web.Request) -> web.Response:
        return web.Response(status=next(statuses))

    app = web.Application()
    app.router.add_get("/health/live", alive)
    async with TestServer(app) as server:
        url = str(server.make_url("")).rstrip("/")
        verdicts = [(await checkup.look_at_public_url(url)).verdict for _ in range(3)]
    assert verdicts == [Verdict.WELL, Verdict.WRONG, Verdict.NOTE]
    assert (await checkup.look_at_public_url(url)).verdict is Verdict.NOTE
    assert (await checkup.look_at_public_url("")).verdict is Verdict.NOTE


async def test_bot_api_keeps_its_token_to_itself() -> None:
    api = BotApi("42:HUSH", "http://127.0.0.1:9")
    with pytest.raises(ProviderUnavailable) as trouble:
        await api.call("getMe")
    await api.close()
    assert "HUSH" not in str(trouble.value)
    assert trouble.value.__cause__ is None


async def test_page_that_is_no_bot_api_is_unavailable() -> None:
    async def page(_: web.Request) -> web.Response:
        return web.Response(text="<html>welcome</html>")

    app = web.Application()
    app.router.add_post("/{path:.*}", page)
    async with TestServer(app) as server:
        api = BotApi("42:TEST", str(server.make_url("")))
        with pytest.raises(ProviderUnavailable):
            await api.call("getMe")
        await api.close()


def test_clock_that_is_told_from_outside_is_warned_of() -> None:
    assert list(checkup.look_at_clock(None)) == []
    (found,) = checkup.look_at_clock("http://127.0.0.1:8080/clock")
    assert str(found).startswith(
        "note   clock: THE TIME IS TAKEN FROM http://127.0.0.1:8080/clock: take CLOCK_URL out"
    )
