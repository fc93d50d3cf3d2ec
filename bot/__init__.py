"""Dateline: a self-hosted Discord bot that delivers news briefings."""

__version__ = "0.1.0"
