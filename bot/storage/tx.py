"""One unit of work on the books: every query a service may use, on one connection."""

from sqlalchemy import Connection


class Tx:
    """What a service sees of the books inside one transaction or one snapshot."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
