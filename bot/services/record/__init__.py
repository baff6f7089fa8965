"""Whatever operators look up: found, put together, with its history; `services/records.py` is the door."""
