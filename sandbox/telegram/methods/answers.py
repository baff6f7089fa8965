"""Answers to presses and to pre-checkouts."""

from __future__ import annotations

from sandbox.telegram.errors import bad_request
from sandbox.telegram.fields import Fields
from sandbox.telegram.methods.registry import method
from sandbox.telegram.world import World


@method("answerCallbackQuery")
def answer_callback_query(world: World, fields: Fields) -> bool:
    text = fields.text("text")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {"text": text, "show_alert": fields.flag("show_alert"), "url": fields.text("url")}
    world.queries.answer(fields.required("callback_query_id"), answer)
    return True


@method("answerPreCheckoutQuery")
def answer_pre_checkout_query(world: World, fields: Fields) -> bool:
    ok, error = fields.flag("ok"), fields.text("error_message")
    if not ok and not error:
        raise bad_request("ERROR_MESSAGE_EMPTY")
    world.payments.answer(fields.required("pre_checkout_query_id"), ok=ok, error=error)
    return True
