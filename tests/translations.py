"""The translators' tool: `python -m tests.translations` brings every .po up to date and compiles it.

Sentences are read from the syntax tree, since Babel's own reader misses those inside f-strings before Python 3.12.
"""

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from bot.i18n import DOMAIN, LANGUAGES

TRANSLATED: tuple[str, ...] = LANGUAGES[1:]
ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "cogs")
SAID = {"say", "mark"}  # say("…"), mark("…"); say.many("…", "…", count)
HEADER = r"""# The texts of Dateline. `./dev texts` renews and compiles this file.

msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\n"
"Language: {locale}\n"
"Plural-Forms: {plural}\n"

"""
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)


def sentences() -> Iterator[str | tuple[str, str]]:
    """Give every sentence of the interface: a text, or its singular and plural."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _of_call(node)


def _of_call(node: ast.Call) -> Iterator[str | tuple[str, str]]:
    words = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if isinstance(node.func, ast.Name) and node.func.id in SAID and words:
        yield words[0]
    if isinstance(node.func, ast.Attribute) and node.func.attr == "many" and len(words) == 2:
        yield words[0], words[1]


def template() -> Catalog:
    """Gather the sentences into a catalogue without translations."""
    catalogue = Catalog(charset="utf-8")
    for sentence in sorted(set(sentences()), key=str):
        catalogue.add(sentence)
    return catalogue


def folder(locale: str) -> Path:
    """Give the folder of a language's files."""
    return ROOT / "bot" / "data" / "locales" / locale / "LC_MESSAGES"


def read(locale: str) -> Catalog:
    """Read a language's .po."""
    path = folder(locale) / f"{DOMAIN}.po"
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=locale)


def compiled(catalogue: Catalog) -> bytes:
    """Compile a catalogue, the same bytes every time: its header holds no dates and no people."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    catalogue.last_translator = catalogue.language_team = "Dateline"
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def renew(locale: str) -> Catalog:
    """Bring a language up to date: new sentences come in empty, unused ones go."""
    known = {message.id: message.string for message in read(locale) if message.id}
    new = Catalog(locale=locale, charset="utf-8")
    for message in template():
        if message.id:
            new.add(message.id, known.get(message.id))
    return new


def write(locale: str, catalogue: Catalog) -> None:
    """Write a language's .po, and the .mo compiled from it."""
    folder(locale).mkdir(parents=True, exist_ok=True)
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=True)
    header = HEADER.format(locale=locale, plural=catalogue.plural_forms)
    (folder(locale) / f"{DOMAIN}.po").write_bytes(header.encode() + out.getvalue())
    (folder(locale) / f"{DOMAIN}.mo").write_bytes(compiled(read(locale)))


def main() -> None:
    """Renew and compile every language, and say how much is missing."""
    for locale in TRANSLATED:
        catalogue = renew(locale)
        write(locale, catalogue)
        missing = [message.id for message in catalogue if message.id and not _is_whole(message.string)]
        print(f"{locale}: {len(missing)} to translate")  # noqa: T201 - a command prints


def _is_whole(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    main()
