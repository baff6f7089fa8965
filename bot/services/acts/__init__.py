"""What operators do to what a record shows: each act is one unit, by a role, with a reason, written down."""
