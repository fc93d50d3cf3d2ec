"""The Discord client: intents, cogs, command sync, error translation, reconnect, shutdown."""
