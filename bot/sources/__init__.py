"""Bytes from outside: documents, feeds, pages and the polite, safe way to fetch them."""
