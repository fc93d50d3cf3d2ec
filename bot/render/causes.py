"""Causes: why a feed or a file could not be read, in the reader's language.

Whoever finds the cause states it in English, as one plain clause that is also stored and logged; here each clause has
its translation. A test holds this list against the clauses in the code.
"""

import re

from bot.i18n import mark
from bot.render.markdown import fit
from bot.render.voice import Voice

_NUMBER = re.compile(r"\d+")

_CLAUSES = {
    mark("Discord did not hand it out"),
    mark("fetching is turned off here"),
    mark("it answered {number}"),
    mark("it could not be reached"),
    mark("it gave no answer"),
    mark("it holds a tag that is far too long"),
    mark("it is JSON, but not a JSON Feed"),
    mark("it is a web page, not a feed"),
    mark("it is larger than {number} MB"),
    mark("it is not a feed"),
    mark("it is not an OPML file"),
    mark("it is packed in a way I did not ask for"),
    mark("it is too broken to read at its size"),
    mark("it is too broken to read"),
    mark("it looks like JSON but is broken"),
    mark("it names no feed"),
    mark("it redirects from https to http"),
    mark("it redirects more than {number} times"),
    mark("it redirects to nowhere"),
    mark("it redirects to something that is no address"),
    mark("it takes too much time or memory to read"),
    mark("it took too long to answer"),
    mark("its answer broke off"),
    mark("its certificate is not valid"),
    mark("its packing is damaged"),
    mark("port {number} is not one I open"),
    mark("the address holds a user name or password"),
    mark("the address is not a web address"),
    mark("the address is private or local"),
    mark("the answer is empty"),
    mark("too much is going on, try again soon"),
}


def cause(clause: str, say: Voice, room: int = 100) -> str:
    """Say a cause in the reader's language; one that is not known stays as it was stated."""
    number = _NUMBER.search(clause)
    known = _NUMBER.sub("{number}", clause, count=1)
    if known not in _CLAUSES:
        return fit(clause, room)
    return say(known, number=number.group()) if number else say(known)


def is_known(clause: str) -> bool:
    """Say whether a clause, its number written as {number}, is translated."""
    return clause in _CLAUSES
