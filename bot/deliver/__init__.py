"""Briefings arrive once: what is due, the outbox, senders, pace, supervisor."""
