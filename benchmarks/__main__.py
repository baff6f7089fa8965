"""Run what is measured here, or what is named: `python -m benchmarks callbacks taps --sqlite`.

`--sqlite` leaves PostgreSQL out; `--long` adds what takes minutes by itself.
"""

import importlib
import sys

from benchmarks.report import missed

USUAL = (
    "books",
    "methods",
    "callbacks",
    "terminals",
    "mixture",
    "memory",
    "taps",
    "waiting",
    "notices",
    "start",
    "papers",
    "bank_files",
    "statements",
    "autopays",
    "takings",
    "finding",
    "grouping",
)
LONG = ("growth", "billing")
OPTIONS = {"--sqlite", "--long"}


def main(arguments: list[str]) -> None:
    wanted = [each for each in arguments if not each.startswith("--")]
    unknown = set(arguments) - {*USUAL, *LONG, *OPTIONS}
    if unknown:
        sys.exit(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(USUAL + LONG)}")
    for name in wanted or (USUAL + LONG if "--long" in arguments else USUAL):
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n== {name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        module.run()
    for name in missed():
        print(f"missed: {name.strip()}")


if __name__ == "__main__":
    main(sys.argv[1:])
