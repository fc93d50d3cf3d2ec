"""Numbers with their nouns, for the terminal."""


def count(number: int, noun: str) -> str:
    """Give "1 item", "2 items"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
