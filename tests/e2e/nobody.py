"""Addresses where nobody is."""

from __future__ import annotations

from bot.sandbox.municipality import DOMAIN

NOBODY = f"findes.ikke@{DOMAIN}"
