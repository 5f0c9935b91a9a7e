"""Every word that a person reads can be translated: read from templates, Python and scripts as they stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import pytest

from studio.songs import script_words

HOUSE = Path(__file__).resolve().parent.parent
TEMPLATES = sorted([*HOUSE.glob("templates/**/*.html"), *HOUSE.glob("templates/**/*.txt")])
SCRIPTS = sorted(HOUSE.glob("static/js/*.js"))
MODULES = sorted(path for path in HOUSE.glob("studio/**/*.py") if "migrations" not in path.parts)

NAMES = {"MP3", "WAV", "FLAC", "LRC", "WebVTT", "MIDI", "ZIP", "AI", "MB", "openapi.json", "https://"}
"""The same in every language."""
READ = ("alt", "aria-label", "aria-valuetext", "aria-description", "content", "placeholder", "title", "data-busy")
"""Attributes that people read; `content` of a description or a preview."""
NOT_READ = ("code", "pre", "script", "style", "svg")
WORD = re.compile(r"[^\W\d_]{2,}")
TRANSLATED = re.compile(
    r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.S
)
ATTRIBUTES = re.compile(r'(\s*[\w-]+="[^"]*")+\s*')
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)


class Unmarked(HTMLParser):
    """Collects the words of a template that stand outside of translation."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unread = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._unread and tag in NOT_READ:
            self._unread = tag
        told = dict(attrs)
        is_machine = tag == "meta" and (told.get("name"), told.get("property")) != ("description", None)
        for name in READ:
            if not (name == "content" and (is_machine or tag != "meta")):
                self._note(told.get(name) or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unread:
            self._unread = ""

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._note(data)

    def _note(self, text: str) -> None:
        bare = " ".join(part for part in text.split() if part.strip(".,;:()·") not in NAMES)
        if WORD.search(bare):
            self.found.append(" ".join(text.split()))


def unmarked_in_template(source: str) -> list[str]:
    reader = Unmarked()
    bare = TAG.sub("", TRANSLATED.sub("", source))
    reader.feed(f"<i {bare}>" if ATTRIBUTES.fullmatch(bare) else bare)
    reader.close()
    return reader.found


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(HOUSE / "templates")))
def test_it_marks_every_word_of_a_template(path: Path) -> None:
    found = unmarked_in_template(path.read_text("utf-8"))
    assert not found, f"{path.name}: put these into {{% translate %}} or {{% blocktranslate %}}: {found}"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>{% if x %}Hello there{% endif %}</p>", ["Hello there"]),
        ("<p>{% translate 'Hello' %} <b>{{ name }}</b>, MP3</p>", []),
        ('<p title="A word">{% blocktranslate %}Hello{% endblocktranslate %}</p>', ["A word"]),
        ('<img alt="{% translate "Cover" %}" title=""><code>raw</code> · MIDI', []),
        ('<button{% if x > 1 %} aria-label="Play it"{% endif %}>{% include "_icon.html" %}</button>', ["Play it"]),
    ],
)
def test_an_unmarked_word_of_a_template_is_found(source: str, found: list[str]) -> None:
    assert unmarked_in_template(source) == found


# --- Python ---------------------------------------------------------------------------------------------------------
GETTEXT = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
IN_ENGLISH = ("studio/api", "studio/live", "studio/checks.py", "studio/env.py", "studio/songs/audit.py", "management")
"""What programs, logs and terminals read. Sentences of failures are stored with the song, as the protocol has them."""
FORMS_OF_PAGES = "studio/api/pages.py"
SENTENCE = re.compile(r"[A-Z“].*\w.* .*\w.*[.!?:]", re.S)
TOLD_TO_PEOPLE = {"label", "help_text", "message", "description", "short_description", "index_title", "site_header"}
TELLS = {"ValidationError", "add_error", "add_message", "success", "error", "warning", "info"}
CALLS_FOR_MACHINES = {"log", "warnings"}


def is_for_people(path: Path) -> bool:
    place = str(path.relative_to(HOUSE))
    return place == FORMS_OF_PAGES or not any(part in place for part in IN_ENGLISH)


def called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def text_of(node: ast.AST) -> str:
    """The text of a literal, an f-string's with a gap for each value; empty for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "0" for part in node.values)
    return ""


def unmarked_in_python(tree: ast.Module) -> Iterator[str]:
    """Sentences outside of gettext, and whatever is handed to forms and messages there. Docstrings are none."""
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node  # type: ignore[attr-defined]  # the way up, which ast does not keep
    for node in ast.walk(tree):
        text = text_of(node)
        if text and WORD.search(text) and not _is_marked_or_unread(node) and (_is_handed(node) or _is_sentence(text)):
            yield f"line {node.lineno}: {text!r}"  # type: ignore[attr-defined]  # literals have places


def _is_sentence(text: str) -> bool:
    return bool(SENTENCE.fullmatch(text.strip()))


def _is_marked_or_unread(node: ast.AST) -> bool:
    """In gettext, in a docstring, part of an f-string, on its way into the log or into an error for programmers."""
    child, parent = node, getattr(node, "parent", None)
    while parent is not None:
        if isinstance(parent, ast.JoinedStr) or (isinstance(parent, ast.Expr) and parent.value is node):
            return True
        if isinstance(parent, ast.Raise) and not _is_handed(node):
            return True
        if isinstance(parent, ast.Call) and child is not parent.func:
            of = parent.func.value if isinstance(parent.func, ast.Attribute) else None
            if called(parent) in GETTEXT or getattr(of, "id", "") in CALLS_FOR_MACHINES:
                return True
            if called(parent) == "__init__":  # an exception's own text
                return True
        child, parent = parent, getattr(parent, "parent", None)
    return False


def _is_handed(node: ast.AST) -> bool:
    """Given to a form, a message or a choice, where even one word is read by people."""
    parent = getattr(node, "parent", None)
    if isinstance(parent, ast.keyword):
        return parent.arg in TOLD_TO_PEOPLE
    if isinstance(parent, ast.Call):
        of = getattr(parent.func.value, "id", "") if isinstance(parent.func, ast.Attribute) else ""
        tells = called(parent) in TELLS and of not in CALLS_FOR_MACHINES
        return tells and (called(parent) == "ValidationError" or node is not parent.args[0])
    if not isinstance(parent, ast.Tuple) or node is not parent.elts[-1]:
        return False
    assigned = getattr(parent, "parent", None)
    return isinstance(assigned, ast.Assign) and _stands_in_choices(assigned)


def _stands_in_choices(node: ast.AST) -> bool:
    holder = getattr(node, "parent", None)
    return isinstance(holder, ast.ClassDef) and any(getattr(base, "attr", "") == "TextChoices" for base in holder.bases)


@pytest.mark.parametrize("path", [*filter(is_for_people, MODULES)], ids=lambda path: str(path.relative_to(HOUSE)))
def test_it_marks_every_sentence_of_the_code(path: Path) -> None:
    found = list(unmarked_in_python(ast.parse(path.read_text("utf-8"))))
    assert not found, f"{path.relative_to(HOUSE)}: put these into gettext: {found}"


@pytest.mark.parametrize(
    ("source", "is_found"),
    [
        ('messages.success(request, f"{name} is gone")', True),
        ('messages.success(request, _("%(name)s is gone") % {"name": name})', False),
        ('raise ValidationError("Too long")', True),
        ('raise Http404("There is no such song.")', False),
        ('log.error("The engine is gone.")', False),
        ('def f():\n    """Says what happens."""\n    return "What happens is this."', True),
        ('def f():\n    """Says what happens."""\n    return _("What happens is this.")', False),
        ('class S(models.TextChoices):\n    QUEUED = "queued", "Queued"', True),
        ('class S(models.TextChoices):\n    QUEUED = "queued", _("Queued")', False),
        ('name = forms.CharField(label="Name")', True),
        ('told = {"say": f"Take {a} is done. Take {b} comes."}', True),
    ],
)
def test_an_unmarked_sentence_of_the_code_is_found(source: str, is_found: bool) -> None:
    assert bool(list(unmarked_in_python(ast.parse(source)))) is is_found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOUSE)))
def test_it_marks_only_what_a_catalogue_can_list(path: Path) -> None:
    """gettext is given literals: what is put together before cannot be looked up."""
    wrong = []
    for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
        if called(call) in GETTEXT and isinstance(call.func, ast.Name):
            texts = call.args[:2] if called(call).startswith(("n", "p")) else call.args[:1]
            if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                wrong.append(call.lineno)
    assert not wrong, f"{path.relative_to(HOUSE)}, lines {wrong}: only literals, with values filled in afterwards"


# --- Scripts --------------------------------------------------------------------------------------------------------
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.S)
ASKED = re.compile(r"\bwords\(\s*(?:[^()\"'`]*\?\s*)?([\"'`])(.*?)\1(?:\s*:\s*([\"'])(.*?)\3)?")
SHOWN = re.compile(
    r"(?:\.textContent|\.title|\.placeholder|\.ariaLabel|aria-label\"|aria-valuetext\"|title\")[^\n;]*?[=,:]\s*"
    r"[\"'`]([^\"'`\n]*[A-Za-z]{2}[^\"'`\n]*)[\"'`]"
)
SAID = re.compile(r"[\"'`]([A-Z][^\"'`\n]* [^\"'`\n]*[a-z][.!?]?)[\"'`]")


@cache
def script(path: Path) -> str:
    return COMMENT.sub("", path.read_text("utf-8"))


def asked_for(source: str) -> set[str]:
    """Names that a script asks `words` for; what it puts in by itself becomes `*`."""
    names = {name for found in ASKED.finditer(source) for name in (found[2], found[4]) if name}
    return {re.sub(r"\$\{.*?\}", "*", name) for name in names}


def fits(pattern: str, name: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".+"), name) is not None


def unmarked_in_script(source: str) -> list[str]:
    shown = (text for text in SHOWN.findall(source) if WORD.search(re.sub(r"\$\{.*?\}", "", text)))
    return [*shown, *SAID.findall(source)]


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_say_nothing_but_what_the_page_gives_them(path: Path) -> None:
    assert unmarked_in_script(script(path)) == [], "put these into studio/songs/script_words.py"


def test_an_unmarked_word_of_a_script_is_found() -> None:
    assert unmarked_in_script('place.textContent = "Copied";') == ["Copied"]
    assert unmarked_in_script('note("The site does not answer.");') == ["The site does not answer."]
    assert unmarked_in_script("button.title = `Theme: ${name}`;") == ["Theme: ${name}"]
    assert unmarked_in_script('place.textContent = words("copied"); part.title = `${n}:${m}`;') == []


def test_every_word_that_a_script_asks_for_is_on_the_page_and_no_other() -> None:
    there = script_words.said().keys() | script_words.counted().keys()
    asked = set(chain.from_iterable(asked_for(script(path)) for path in SCRIPTS)) | {"sections", "lines"}
    missing = [pattern for pattern in asked if not any(fits(pattern, name) for name in there)]
    assert not missing, f"studio/songs/script_words.py does not have {missing}"
    text = "\n".join(map(script, SCRIPTS))
    idle = [n for n in there if not any(fits(p, n) for p in asked) and not re.search(rf"[\"'`]{n}[\"'`]", text)]
    assert not idle, f"no script says {idle} any more"
