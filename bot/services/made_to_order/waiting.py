"""Forms that came to nothing: who left one lying is reminded once, and in the end they are destroyed."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.domain import periods
from bot.domain.catalogue import Catalogue
from bot.domain.order_forms import OrderForm
from bot.domain.states import Lane
from bot.services.made_to_order import review_cards
from bot.services.zones import by_day, zone_of
from bot.storage.database import Database, transaction
from bot.storage.tx import Tx

REMIND_AFTER = timedelta(days=3)
KEPT_FOR = timedelta(days=60)
AT_ONCE = 20


class WaitingForms:
    """Short units, called by the clock until there is nothing left to do."""

    def __init__(self, database: Database, catalogue: Catalogue, zone: ZoneInfo) -> None:
        self.database = database
        self._catalogue = catalogue
        self._zone = zone

    @transaction
    def remind_due(self, tx: Tx) -> int:
        """Tell people once of a form that waits for them; how many were looked at."""
        left = tx.order_forms.to_remind(periods.now() - REMIND_AFTER, AT_ONCE)
        for form in left:
            tx.order_forms.reminded(form.id)
            self._remind(tx, form)
        return len(left)

    @transaction
    def forget_abandoned(self, tx: Tx) -> int:
        """Destroy what was not sent in within two months, or given up before."""
        return tx.order_forms.forget(periods.now() - KEPT_FOR, AT_ONCE)

    @transaction
    def forget_answers(self, tx: Tx) -> int:
        """Of what was rejected or withdrawn, destroy what was written and sent, on its card as well."""
        ended = tx.order_forms.past_use(periods.now() - KEPT_FOR, AT_ONCE)
        for form_id in ended:
            tx.order_forms.forget_answers(form_id)
            card = tx.cards.last_about(review_cards.subject_of_form(form_id), review_cards.KIND)
            if card is not None:
                tx.cards.remember(card.id, {**card.payload, "told": [], "asked": []})
        return len(ended)

    def _remind(self, tx: Tx, form: OrderForm) -> None:
        tariff, customer = self._catalogue.tariff(form.tariff), tx.customers.get(form.customer_id)
        if customer is None or tariff is None or tariff.made_to_order is None:
            return
        zone = zone_of(customer, self._zone)
        tx.outbox.to_customer(
            form.customer_id,
            "form_waits",
            lane=Lane.REMINDERS,
            key=f"form:{form.id}",
            not_before=by_day(zone, f"form:{form.id}"),
            form_id=form.id,
            title=tariff.title.in_language(customer.language),
            until=(form.changed_at + KEPT_FOR).astimezone(zone).date(),
        )
