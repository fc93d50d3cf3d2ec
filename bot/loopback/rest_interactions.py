"""Interaction answers over REST: the first callback, then follow-ups and edits through the token's webhook."""

from typing import Any

from bot.loopback import judge, limits, problems
from bot.loopback.interactions import ALLOWED, Callback, Interaction
from bot.loopback.judge import Draft
from bot.loopback.messages import Extra, Message
from bot.loopback.rest import NOTHING, Answer, Call, Route, Routes, Stand
from bot.loopback.rest_messages import post, rewrite

Json = dict[str, Any]


def callback(stand: Stand, call: Call) -> Answer:
    """Take the first answer to an interaction: once, within 3 seconds."""
    interaction = stand.interactions.for_callback(call.params["token"])
    kind = _kind(interaction, call.fields.get("type"))
    data = call.fields.get("data") or {}
    _ANSWERS[kind](stand, interaction, call, data)
    interaction.accept(kind)
    if call.query.get("with_response", "").lower() in ("true", "1"):
        return Answer(_callback_response(interaction, kind))
    return NOTHING


def _kind(interaction: Interaction, value: object) -> Callback:
    if value not in list(Callback):
        raise _wrong_type("Value must be one of {4, 5, 6, 7, 8, 9}.")
    kind = Callback(int(str(value)))
    fits = interaction.sort in ALLOWED[kind]
    if kind in (Callback.UPDATE, Callback.DEFER_UPDATE) and interaction.message is None:
        fits = False
    if not fits:
        raise _wrong_type(f"Callback {int(kind)} is no answer to interaction type {int(interaction.sort)}.")
    return kind


def _wrong_type(sentence: str) -> problems.Problem:
    error = {"code": "BASE_TYPE_CHOICES", "message": sentence}
    return problems.Problem(400, 50035, "Invalid Form Body", {"type": {"_errors": [error]}})


def _say(stand: Stand, interaction: Interaction, call: Call, data: Json) -> None:
    interaction.original = _post(stand, interaction, call, data, known=judge.ANSWER)


def _defer(stand: Stand, interaction: Interaction, _call: Call, data: Json) -> None:
    flags = int(data.get("flags") or 0) & limits.EPHEMERAL_FLAG
    interaction.original = stand.world.messages.create(
        interaction.channel,
        stand.world.bot,
        Draft(flags=flags | limits.LOADING_FLAG),
        Extra(only_for=interaction.user.id if flags else None, about=_about(stand, interaction)),
    )


def _defer_update(_stand: Stand, interaction: Interaction, _call: Call, _data: Json) -> None:
    interaction.original = interaction.message


def _update(stand: Stand, interaction: Interaction, call: Call, data: Json) -> None:
    if interaction.message is not None:
        interaction.original = rewrite(stand, interaction.message, call, known=judge.ANSWER, body=data)


def _choices(_stand: Stand, interaction: Interaction, _call: Call, data: Json) -> None:
    judge.judge_answer(Callback.CHOICES, data)
    interaction.choices = data["choices"]


def _modal(_stand: Stand, interaction: Interaction, _call: Call, data: Json) -> None:
    judge.judge_answer(Callback.MODAL, data)
    interaction.modal = data


_ANSWERS = {
    Callback.MESSAGE: _say,
    Callback.DEFER: _defer,
    Callback.DEFER_UPDATE: _defer_update,
    Callback.UPDATE: _update,
    Callback.CHOICES: _choices,
    Callback.MODAL: _modal,
}


def _callback_response(interaction: Interaction, kind: Callback) -> Json:
    about: Json = {"id": str(interaction.id), "type": int(interaction.sort)}
    resource: Json = {"type": int(kind)}
    message = interaction.original
    if message is not None:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.is_loading
        about["response_message_ephemeral"] = message.only_for is not None
        if kind is not Callback.DEFER_UPDATE:
            resource["message"] = message.json()
    return {"interaction": about, "resource": resource}


def _about(stand: Stand, interaction: Interaction) -> Json:
    return {
        "webhook_id": str(stand.world.bot.id),
        "application_id": str(stand.world.bot.id),
        "type": 20 if interaction.name else 0,
        "interaction_metadata": interaction.metadata(),
    }


def _post(stand: Stand, interaction: Interaction, call: Call, body: Json, *, known: frozenset[str]) -> Message:
    private = int(body.get("flags") or 0) & limits.EPHEMERAL_FLAG
    return post(
        stand,
        interaction.channel,
        call,
        known=known,
        body=body,
        extra=Extra(only_for=interaction.user.id if private else None, about=_about(stand, interaction)),
    )


def follow_up(stand: Stand, call: Call) -> Answer:
    """Send a further message; the first one after a deferral takes its place, private or not as that was."""
    interaction = stand.interactions.for_webhook(call.params["token"])
    original = interaction.original
    if original is not None and original.is_loading:
        flags = int(call.fields.get("flags") or 0) & ~limits.EPHEMERAL_FLAG
        message = rewrite(stand, original, call, known=judge.FOLLOW_UP, body=call.fields | {"flags": flags})
    else:
        if interaction.by_user_install and len(interaction.follow_ups) >= limits.USER_INSTALL_FOLLOWUPS:
            raise problems.Problem(400, 40094, "Maximum number of follow-up messages reached")
        message = _post(stand, interaction, call, call.fields, known=judge.FOLLOW_UP)
        interaction.follow_ups.append(message)
    interaction.completed.set()
    return Answer(message.json())


def fetch(stand: Stand, call: Call) -> Answer:
    """Give the original answer or a follow-up."""
    return Answer(_message(stand, call)[1].json())


def edit(stand: Stand, call: Call) -> Answer:
    """Edit the original answer or a follow-up; a deferred answer is completed by it."""
    interaction, message = _message(stand, call)
    body = call.fields
    rewrite(stand, message, call, known=judge.FOLLOW_UP_EDIT, body=body)
    interaction.completed.set()
    return Answer(message.json())


def delete(stand: Stand, call: Call) -> Answer:
    """Delete the original answer or a follow-up."""
    interaction, message = _message(stand, call)
    stand.world.messages.delete(message)
    interaction.completed.set()
    return NOTHING


def _message(stand: Stand, call: Call) -> tuple[Interaction, Message]:
    interaction = stand.interactions.for_webhook(call.params["token"])
    name = call.params["message"]
    candidates = [*interaction.follow_ups, *([interaction.original] if interaction.original else [])]
    found = next((m for m in candidates if str(m.id) == name), None)
    message = interaction.original if name == "@original" else found
    if message is None or not stand.world.messages.stands(message):
        raise problems.unknown("Message")
    return interaction, message


_HOOK = "/webhooks/{application_id}/{token}"
_HOOKED = "/webhooks/{application_id}/{token}/messages/{message}"
ROUTES: Routes = (
    Route("POST", "/interactions/{interaction_id}/{token}/callback", callback, token=False),
    Route("POST", _HOOK, follow_up, token=False),
    Route("GET", _HOOKED, fetch, token=False),
    Route("PATCH", _HOOKED, edit, token=False),
    Route("DELETE", _HOOKED, delete, token=False),
)
