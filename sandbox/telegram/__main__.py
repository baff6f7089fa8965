"""The chat alone, for a bot that runs elsewhere: python -m sandbox.telegram [PORT]."""

from __future__ import annotations

import sys

from aiohttp import web

from sandbox.telegram.app import create_app

if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8081
    web.run_app(create_app("42:SANDBOX", "kassir_demo_bot", {}), host="127.0.0.1", port=port)
