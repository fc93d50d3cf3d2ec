"""Delivery as the desk and the client see it: it only notes what it was told."""


class FakeWatch:
    """Notes the places it was asked to look at."""

    def __init__(self) -> None:
        self.places: list[int] = []
        self.looks = 0
        self.wakes = 0

    def wake(self) -> None:
        self.wakes += 1

    async def check_place(self, place_id: int) -> None:
        self.places.append(place_id)

    async def check_troubled(self) -> None:
        self.looks += 1
