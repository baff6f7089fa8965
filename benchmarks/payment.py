"""Five statements that book a payment, in plain tables: the measure for everything that stores money."""

ACCOUNTS = 100

TABLES = (
    "create table events (id {serial}, identity text not null unique)",
    "create table payments (id {serial}, state text not null, minor bigint not null)",
    "create table accounts (id {serial}, balance bigint not null)",
    "create table transfers (id {serial}, giver bigint, taker bigint, minor bigint, payment_id bigint)",
    "create table notices (id {serial}, state text not null, body text not null)",
    "create index transfers_payment on transfers (payment_id)",
)
SERIAL = {"sqlite": "integer primary key", "postgresql": "bigserial primary key"}

STATEMENTS = (
    "insert into events (identity) values (:identity) on conflict do nothing returning id",
    "update payments set state = 'succeeded' where id = :payment and state = 'pending' returning minor",
    "insert into transfers (giver, taker, minor, payment_id) values (1, :account, 99000, :payment)",
    "update accounts set balance = balance + 99000 where id = :account",
    "insert into notices (state, body) values ('due', :identity)",
)


def blanks(number: int) -> dict[str, str | int]:
    """What payment `number`, counted from 1, fills in."""
    return {"identity": f"paid-{number}", "payment": number, "account": number % ACCOUNTS + 1}
