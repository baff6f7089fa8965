"""What a suspension may be and changes, and who is told; `services/suspensions.py` is the door."""
