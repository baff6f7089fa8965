"""The way of an autopay, from agreeing to its end; what taps ask for is `services/autopays.py`."""
