"""Who lives in the demo: the customers, and the operators' group with somebody for every role."""

from __future__ import annotations

from sandbox.telegram.model import Group, Person

ANNA, BOB, AIGUL, ALES = 1001, 1002, 1003, 1004
OWNER, CASHIER, STRANGER, OPERATOR, VIEWER, HIDDEN = 2001, 2002, 2003, 2004, 2005, 2006
DEMO_CUSTOMERS = (
    Person(ANNA, "Анна", "ru", phone="79991234567"),
    Person(BOB, "Bob", "en", phone="79997654321"),
    Person(AIGUL, "Айгүл", "ky", username="aigul_kg", phone="996555123456"),
    Person(ALES, "Алесь", "be", phone="375291234567"),
)
DEMO_GROUP = Group(
    -1001234567890,
    "Операторы",
    (
        Person(OWNER, "Ольга", desk="owner"),
        Person(CASHIER, "Карим", desk="cashier"),
        Person(OPERATOR, "Нина", desk="operator"),
        Person(VIEWER, "Илья", desk="viewer"),
        Person(STRANGER, "Guest", "en"),
        Person(HIDDEN, "Вера", hidden=True),
    ),
)


def desk_settings(group: Group = DEMO_GROUP) -> dict[str, str]:
    """What the bot is told of the group: its id, and who has which role."""
    roles: dict[str, list[int]] = {}
    for person in group.operators:
        if person.desk:
            roles.setdefault(f"OPERATORS__{person.desk.upper()}", []).append(person.id)
    return {"OPERATORS_CHAT_ID": str(group.id)} | {name: str(ids) for name, ids in roles.items()}
