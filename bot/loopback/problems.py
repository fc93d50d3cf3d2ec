"""The answers Discord gives instead of doing what was asked, in its own JSON shape."""

from typing import Any

from bot.errors import DatelineError


class Problem(DatelineError):  # noqa: N818 - Discord answers it; nothing is wrong with the stand-in
    """A refusal: HTTP status, Discord's code, its message, and perhaps errors by field."""

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(status, code, message, errors)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> dict[str, Any]:
        """Give the JSON body."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


def unauthorized() -> Problem:
    """The token is wrong."""
    return Problem(401, 0, "401: Unauthorized")


def not_found() -> Problem:
    """No such route."""
    return Problem(404, 0, "404: Not Found")


def unreadable() -> Problem:
    """The body is no JSON."""
    return Problem(400, 50109, "The request body contains invalid JSON.")


def unknown(what: str) -> Problem:
    """Name one of the things Discord can't find: "Channel", "Message" and so on."""
    codes = {
        "Application": 10002,
        "Channel": 10003,
        "Guild": 10004,
        "Member": 10007,
        "Message": 10008,
        "Role": 10011,
        "User": 10013,
        "Webhook": 10015,
        "Interaction": 10062,
        "application command": 10063,
    }
    return Problem(404, codes[what], f"Unknown {what}")


def missing_access() -> Problem:
    """The bot does not see the channel."""
    return Problem(403, 50001, "Missing Access")


def missing_permissions() -> Problem:
    """The bot sees the channel and may not do this there."""
    return Problem(403, 50013, "Missing Permissions")


def closed_dm() -> Problem:
    """The person takes no messages from the bot."""
    return Problem(403, 50007, "Cannot send messages to this user")


def not_the_author() -> Problem:
    """Only one's own messages can be edited."""
    return Problem(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Problem:
    """Nothing to send."""
    return Problem(400, 50006, "Cannot send an empty message")


def wrong_channel_type() -> Problem:
    """The channel can't do that."""
    return Problem(400, 50024, "Cannot execute action on this channel type")


def already_crossposted() -> Problem:
    """A message is published once."""
    return Problem(400, 40033, "This message has already been crossposted")


def archived_thread() -> Problem:
    """The thread sleeps."""
    return Problem(400, 50083, "Thread is archived")


def already_answered() -> Problem:
    """An interaction takes one first answer."""
    return Problem(400, 40060, "Interaction has already been acknowledged.")


def expired_token() -> Problem:
    """The 15 minutes are over."""
    return Problem(401, 50027, "Invalid Webhook Token")


def thread_exists() -> Problem:
    """A message carries one thread."""
    return Problem(400, 160004, "A thread has already been created for this message")
