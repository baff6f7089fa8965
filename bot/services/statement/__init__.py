"""Lines of bank statements: matched, shown, decided; `services/statements.py` loads the files."""
