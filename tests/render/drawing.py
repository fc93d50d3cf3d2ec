"""What every walk draws with."""

from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from bot.domain.topics import Topic
from bot.render.message import Message
from bot.render.voice import Voice

Draw = Callable[[st.SearchStrategy[Any]], Any]
Walk = Callable[[Draw, Voice], Iterator[Message]]
NUMBER = st.integers(1, 40)
FLAG = st.booleans()
TOPIC = st.none() | st.sampled_from(Topic)
