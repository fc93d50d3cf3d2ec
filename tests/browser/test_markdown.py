"""Discord's markdown, as the page reads and draws it; asked of the module itself in a browser."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Open
from tests.fakes.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")

CASES = [
    ("bold", "**a**", "<p><strong>a</strong></p>"),
    ("italic with a star", "*a*", "<p><em>a</em></p>"),
    ("italic with a line", "_a_", "<p><em>a</em></p>"),
    ("bold italic", "***a***", "<p><strong><em>a</em></strong></p>"),
    ("underline", "__a__", "<p><u>a</u></p>"),
    ("strike", "~~a~~", "<p><s>a</s></p>"),
    ("nested", "**a *b* c**", "<p><strong>a <em>b</em> c</strong></p>"),
    ("code keeps its stars", "`**a**`", "<p><code>**a**</code></p>"),
    ("double ticks", "``a`b``", "<p><code>a`b</code></p>"),
    ("lines inside words", "snake_case_name", "<p>snake_case_name</p>"),
    ("stars with room", "2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ("escapes", r"\*a\* \# \<b\>", "<p>*a* # &lt;b&gt;</p>"),
    ("a lone star", "a * b", "<p>a * b</p>"),
    ("unclosed", "**a", "<p>**a</p>"),
    ("two lines", "a\nb", "<p>a<br>b</p>"),
    ("an empty line stays", "a\n\nb", "<p>a<br><br>b</p>"),
    ("heading", "# a", '<h3 class="prose-h1">a</h3>'),
    ("heading three", "### a **b**", '<h5 class="prose-h3">a <strong>b</strong></h5>'),
    ("four is none", "#### a", "<p>#### a</p>"),
    ("a tag is no heading", "#a", "<p>#a</p>"),
    ("subtext", "-# a", '<p class="subtext">a</p>'),
    ("quote", "> a\n> b\nc", "<blockquote><p>a<br>b</p></blockquote><p>c</p>"),
    ("long quote", ">>> a\nb", "<blockquote><p>a<br>b</p></blockquote>"),
    ("no quote without a space", ">a", "<p>&gt;a</p>"),
    ("list", "- a\n- b", "<ul><li><span>a</span></li><li><span>b</span></li></ul>"),
    ("stars make lists", "* a", "<ul><li><span>a</span></li></ul>"),
    ("plus makes none", "+ a", "<p>+ a</p>"),
    ("numbers go on", "3. a\n4. b", '<ol start="3"><li><span>a</span></li><li><span>b</span></li></ol>'),
    ("nested list", "- a\n  - b", "<ul><li><span>a</span><ul><li><span>b</span></li></ul></li></ul>"),
    ("subtext ends a list", "1. a\n-# b", '<ol start="1"><li><span>a</span></li></ol><p class="subtext">b</p>'),
    ("code block", "```\na **b**\n```", '<pre class="code-block" tabindex="0"><code>a **b**</code></pre>'),
    ("and with a language", "```py\na\n```b", '<pre class="code-block" tabindex="0"><code>a</code></pre><p>b</p>'),
    ("no markup", "<b>a</b> &amp;", "<p>&lt;b&gt;a&lt;/b&gt; &amp;amp;</p>"),
    ("custom emoji", "<:dateline:123>", '<p><span class="emoji">:dateline:</span></p>'),
    ("unknown channel", "<#5>", '<p><span class="mention">#No access</span></p>'),
    ("unknown person", "<@5>", '<p><span class="mention">@unknown-user</span></p>'),
    ("everyone", "@everyone", '<p><span class="mention">@everyone</span></p>'),
    ("a broken @", "@\u200beveryone", "<p>@\u200beveryone</p>"),
    ("command", "</newsdesk setup:5>", '<p><button class="mention" type="button">/newsdesk setup</button></p>'),
    ("no timestamp", "<t:abc:R>", "<p>&lt;t:abc:R&gt;</p>"),
    ("an impossible time", "<t:9999999999999:F>", "<p><span>Invalid date</span></p>"),
]
ELSEWHERE = 'target="_blank" rel="noopener noreferrer"'


def link(url: str, words: str = "") -> str:
    """Write a link as it is drawn; a masked one shows its address as a title."""
    title = f' title="{url}"' if words else ""
    return f'<a href="{url}" {ELSEWHERE}{title}>{words or url}</a>'


LINKS = [
    ("masked", "[a](https://b.example/c)", link("https://b.example/c", "a")),
    ("masked, quiet", "[a](<https://b.example/c>)", link("https://b.example/c", "a")),
    ("bold inside", "[**a**](https://b.example)", link("https://b.example", "<strong>a</strong>")),
    ("quiet", "<https://b.example/c>", link("https://b.example/c")),
    ("bare, before a full stop", "https://b.example/c.", f"{link('https://b.example/c')}."),
    ("brackets in the address", "[a](https://b.example/c_(d))", link("https://b.example/c_(d)", "a")),
    ("other schemes are words", "[a](javascript:b)", "[a](javascript:b)"),
]
STAMPS = [
    ("t", "1:00 AM"),
    ("T", "1:00:00 AM"),
    ("d", "12/1/25"),
    ("D", "December 1, 2025"),
    ("f", "December 1, 2025 at 1:00 AM"),
    ("F", "Monday, December 1, 2025 at 1:00 AM"),
    ("s", "12/1/25, 1:00 AM"),
    ("S", "12/1/25, 1:00:00 AM"),
]
DISTANCES = [
    (0, "in 0 seconds"),
    (-59, "59 seconds ago"),
    (3_599, "in 59 minutes"),
    (-7_200, "2 hours ago"),
    (2 * 86_400, "in 2 days"),
    (-364 * 86_400, "11 months ago"),
    (-366 * 86_400, "1 year ago"),
]
DRAW_TEXT = 'async (text) => (await import("./prose.js")).prose(text).textContent.replaceAll("\\u202f", " ")'
DRAW = 'async (text) => (await import("./prose.js")).prose(text).innerHTML.replaceAll("\\u202f", " ")'


async def _differences(page: Page, table: list[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """Give what is drawn otherwise than the table says: name → drawn, expected."""
    drawn = {name: (str(await page.evaluate(DRAW, text)), html) for name, text, html in table}
    return {name: pair for name, pair in drawn.items() if pair[0] != pair[1]}


async def test_texts_are_drawn_as_discord_draws_them(visit: Open, stage: Stage) -> None:
    assert await _differences(await visit(), CASES) == {}


async def test_links_are_masked_as_discord_masks_them(visit: Open, stage: Stage) -> None:
    assert await _differences(await visit(), [(name, text, f"<p>{html}</p>") for name, text, html in LINKS]) == {}


async def test_an_address_never_masks_another(visit: Open, stage: Stage) -> None:
    page = await visit()
    assert "title=" not in await page.evaluate(DRAW, "[https://x.example](https://b.example)")


async def test_timestamps_are_written_in_every_style_and_in_the_viewers_zone(visit: Open, stage: Stage) -> None:
    page = await visit()
    drawn = {}
    for style, _ in STAMPS:
        drawn[style] = await page.evaluate(DRAW_TEXT, f"<t:1764547200:{style}>")
    assert drawn == dict(STAMPS)


async def test_a_distance_is_told_in_the_largest_unit_that_fits(visit: Open, stage: Stage) -> None:
    page = await visit()
    tell = 'async (seconds) => (await import("./times.js")).relative(seconds * 1000, "en", 0)'
    assert [await page.evaluate(tell, seconds) for seconds, _ in DISTANCES] == [told for _, told in DISTANCES]


async def test_a_relative_timestamp_counts_from_the_simulated_now(visit: Open, stage: Stage) -> None:
    page = await visit()
    then = int(stage.loopback.world.time.now().timestamp()) - 7_200
    assert await page.evaluate(DRAW_TEXT, f"<t:{then}:R>") == "2 hours ago"


async def test_a_spoiler_opens_when_it_is_pressed(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    await stage.act("invoke", command="echo", options={"text": "It was ||the butler||"})
    cover = page.get_by_role("button", name="Spoiler, hidden")
    await cover.press("Enter")
    await expect(cover).to_have_count(0)
    await expect(page.locator("#stream").get_by_text("the butler")).to_be_visible()


async def test_mentions_name_what_they_stand_for(visit: Open, stage: Stage) -> None:
    page = await visit("?channel=general")
    news, admin = stage.channel("news"), stage.user("admin")
    text = f"<#{news.id}> <@{admin.id}> <@{stage.loopback.world.bot.id}>"
    await stage.act("invoke", command="echo", options={"text": text})
    await expect(page.locator(".message .prose")).to_have_text("#news @Admin @Dateline")
    await page.get_by_role("button", name="#news", exact=True).click()
    await expect(page.get_by_role("heading", name="news", exact=True)).to_be_visible()


async def test_endless_marks_are_read_in_time(visit: Open, stage: Stage) -> None:
    page = await visit()
    for text in ("**" * 2000, "||" * 2000, "_*" * 2000, "[" * 4000, "> " * 2000, "- " * 2000, "`" * 3999, "<" * 4000):
        took = await page.evaluate(
            "async (text) => { const m = await import('./marks.js'); const t = performance.now(); m.parse(text); "
            "return performance.now() - t }",
            text,
        )
        assert took < 1000, text[:4]
