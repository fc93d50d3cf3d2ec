"""The killable process: feed parsing, article text, slow language work."""
