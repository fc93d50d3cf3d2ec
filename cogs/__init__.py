"""One file per command family: a command parses, asks the desk once, renders once, responds."""
