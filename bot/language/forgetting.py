"""Forgetting: the worker reads the news, so what reading keeps in the bot's own process is let go now and then.

When the worker has no time, the bot reads an item itself, and would hold tables and words for it ever after: 8 MB.
"""

import sys


def forget() -> None:
    """Let go of all words and tables kept by modules of this package; what is needed again is read again."""
    for name, module in list(sys.modules.items()):
        if name.startswith("bot.language."):
            for kept in list(vars(module).values()):
                clear = getattr(kept, "cache_clear", None)
                if clear is not None:
                    clear()
