"""Scripts and styles are published as one file each, which does what the separate files do."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from studio import bundles

STATIC = Path(__file__).resolve().parent.parent / "static"


def reading(files: dict[str, str]) -> bundles.Read:
    return files.__getitem__


def test_modules_come_in_the_order_of_need_and_each_once() -> None:
    files = {
        "app.js": 'import { b } from "./b.js";\nimport { c } from "./c.js";\n\nb(c);\n',
        "b.js": '/* What b is. */\nimport { c } from "./c.js";\nexport function b() {\n  return c;\n}\n',
        "c.js": "export const c = 1;\nconst own = 2;\n",
    }
    assert bundles.script("app.js", reading(files)) == (
        "const _c = (() => {\nconst c = 1;\nconst own = 2;\nreturn { c };\n})();\n"
        "const _b = (() => {\nconst { c } = _c;\nfunction b() {\n  return c;\n}\nreturn { b };\n})();\n"
        "const _app = (() => {\nconst { b } = _b;\nconst { c } = _c;\n\nb(c);\nreturn {  };\n})();"
    )


@pytest.mark.parametrize(
    "text",
    [
        "export default 5;",
        "export let a = 1;",
        'import a from "./a.js";',
        'import "./a.js";',
        'const a = await import("./a.js");',
        "const here = import.meta.url;",
        "const a = 1;\nexport { a };",
    ],
)
def test_what_it_does_not_understand_stops_the_building(text: str) -> None:
    with pytest.raises(bundles.NotUnderstoodError):
        bundles.script("app.js", reading({"app.js": text, "a.js": "export const a = 1;"}))


def test_scripts_that_import_each_other_stop_the_building() -> None:
    files = {"a.js": 'import { b } from "./b.js";', "b.js": 'import { a } from "./a.js";'}
    with pytest.raises(bundles.NotUnderstoodError, match="circle"):
        bundles.script("a.js", reading(files))


def test_sheets_stand_in_the_place_of_their_imports() -> None:
    files = {
        "all.css": '/* All. */\n@import "./a.css";\n@import "./b.css";\n',
        "a.css": "a {}\n",
        "b.css": "/* x */\nb {}\n",
    }
    assert bundles.styles("all.css", reading(files)) == "/* All. */\na {}\n\nb {}\n\n"


def test_every_sheet_of_the_site_is_published() -> None:
    kept = {path.name for path in (STATIC / "css").glob("*.css")} - {"all.css", "embed.css"}
    assert set(bundles.STYLES.findall((STATIC / "css" / "all.css").read_text())) == kept


def test_our_own_scripts_stay_small() -> None:
    script = bundles.script("app.js", lambda name: (STATIC / "js" / name).read_text("utf-8"))
    assert len(gzip.compress(script.encode())) <= 30 * 1024
