"""The vocabulary: frozen values that every room speaks; imports nothing of ours."""
