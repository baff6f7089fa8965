"""Payers whose requisites could be true: an organisation, two entrepreneurs, a person."""

from __future__ import annotations

from bot.domain.payer_details import PayerDetails
from bot.domain.requisites import PartyKind

ROMASHKA = PayerDetails(
    kind=PartyKind.ORGANISATION,
    country="RU",
    name='ООО «Ромашка» | "Север"',
    tax_number="7707083893",
    kpp="773601001",
    address="101000, Москва, ул. Мясницкая, д. 1",
    email="buh@example.com",
)
IVANOV = PayerDetails(PartyKind.ENTREPRENEUR, "RU", "ИП Иванов Иван Иванович", "500100732259")
LYUTIK = PayerDetails(PartyKind.ENTREPRENEUR, "RU", "ИП Лютик", "500100732259")
ANNA_HERSELF = PayerDetails(PartyKind.PERSON, "RU", "Иванова Анна Ивановна")
