"""Uploads: files that people attach to a command, read from Discord only once the desk wants them."""

import discord

from bot.domain.uploads import Upload
from bot.errors import Code, UserError


def upload_of(attachment: discord.Attachment) -> Upload:
    """Give an attached file to the desk."""

    async def read() -> bytes:
        try:
            return await attachment.read()
        except discord.DiscordException as error:
            raise UserError(
                Code.FILE_UNREADABLE, name=attachment.filename, reason="Discord did not hand it out"
            ) from error

    return Upload(attachment.filename, attachment.size, read)
