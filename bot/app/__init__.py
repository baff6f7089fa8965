"""The composition root: here alone the parts are built from the settings and joined.

Each module takes what it needs: `books` and its like import neither aiogram nor the services they do not use.
"""
