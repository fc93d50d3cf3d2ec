"""Reading quality: pinned scores on material the project carries, and tables on larger sets (`./dev quality`)."""
