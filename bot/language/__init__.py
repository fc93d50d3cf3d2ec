"""Text in, values out, no I/O: sentences, summaries, topics, names, similarity."""
