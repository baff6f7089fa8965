"""A program the runner can mistake for the bot; BEHAVIOUR says what becomes of it."""

import json
import os
import signal
import sys
import time


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if sys.argv[1:2] == ["import"]:
    say("imported")
    sys.exit(int(os.environ.get("IMPORT_EXIT", "0")))
if sys.argv[1:2] == ["books"]:
    say("books are clean")
    sys.exit(0)

behaviour = os.environ.get("BEHAVIOUR", "good")
say(json.dumps({"event": "starting", "seen": sorted(os.environ)}))
if behaviour == "dies at once":
    say("config: SECRET_KEY is too short")
    sys.exit(2)
if behaviour == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
say(json.dumps({"event": "bot.ready"}))
if behaviour == "dies later":
    say("out of memory")
    sys.exit(1)
while True:
    time.sleep(1)
