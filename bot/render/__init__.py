"""Editions, stories, lists, panels and errors as Discord values; pure."""
