"""Drawings ask nobody: what a chart or an author's SVG file may say in CSS, and that browsers agree."""

import re
from collections.abc import Iterator
from functools import partial
from html import unescape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser

from randnotiz import css, markdown
from randnotiz.charts import svg
from randnotiz.colours import LIGHT

ELSEWHERE = "https://boese.example/x"

# Values that fetch something in some browser, or that are spelt so as to be taken for something else.
FETCHING = (
    *(f"url({ELSEWHERE})", f"URL({ELSEWHERE}#a)", f"uRl( '{ELSEWHERE}' )", 'url("//boese.example/x")', "url(x.png)"),
    *(rf"u\72l({ELSEWHERE})", rf"\55 RL({ELSEWHERE})", rf"ur\6c ({ELSEWHERE})", rf"\000075rl({ELSEWHERE})"),
    *(f"red url({ELSEWHERE})", f"url(#a) url({ELSEWHERE})", f"var(--ink, url({ELSEWHERE}))", "url(#a'", 'url("#a)'),
    *(f"u/**/rl({ELSEWHERE})", f"url/**/({ELSEWHERE})", f"url(/**/{ELSEWHERE})", f"url(\n{ELSEWHERE})"),
    *(f"image-set('{ELSEWHERE}' 1x)", f"-webkit-image-set('{ELSEWHERE}' 1x)", f"image('{ELSEWHERE}')"),
    *(f"src('{ELSEWHERE}')", f"SRC(\t'{ELSEWHERE}')", f"cross-fade('{ELSEWHERE}', red)", "element(#a)", "paint(a)"),
    *("url(data:image/svg+xml,x)", "expression(alert(1))", "attr(href type(<url>))", "fetch(x)"),
)
HARMLESS = (
    *("none", "red", "#1a2b3c", "rgb(1 2 3 / 50%)", "rgba(1,2,3,.5)", "hsl(1,2%,3%)", "var(--ink)", "currentColor"),
    *("color-mix(in srgb, var(--ink) 30%, var(--paper))", "oklch(70% .1 20)", "1.5", "1e-3", "5,2", "bold", ""),
    *("url(#verlauf)", "url( '#a-b' )", 'URL("#a")', "url(#a) none", "'Liberation Sans', Arial", "Fünf, 家"),
    *("translate(1,2) rotate(45)", "matrix(1 0 0 1 0 0)", "M0,0L1,1Z", "drop-shadow(1px 1px red)", "rotate (45)"),
)
SHEETS = (
    f"@import '{ELSEWHERE}';",
    f"/*url(#*/@import/*)*/ '{ELSEWHERE}';",
    f"@IMPORT url({ELSEWHERE});",
    rf"@\69mport '{ELSEWHERE}';",
    f"@font-face {{ font-family: a; src: url({ELSEWHERE}) }}",
    f"@namespace '{ELSEWHERE}';",
    f"@document url-prefix({ELSEWHERE}) {{}}",
    *(f"rect {{ fill: {value} }}" for value in FETCHING),
)
HARMLESS_SHEETS = (
    "@media (min-width: 30em) and (prefers-color-scheme: dark) { .a:not(.b):nth-child(2n) { fill: url(#a) } }",
    "@font-face { font-family: a; src: local('Arial') format('woff2') } @keyframes k { to { opacity: 0 } }",
    *(f"rect {{ fill: {value} }}" for value in HARMLESS),
)


def test_only_colours_shapes_and_parts_of_the_same_document_are_self_contained() -> None:
    assert [words for words in (*FETCHING, *SHEETS) if css.is_self_contained(words)] == []
    assert [words for words in (*HARMLESS, *HARMLESS_SHEETS) if not css.is_self_contained(words)] == []


# ----------------------------------------------------------------------------------------------------
# Authors' pictures
# ----------------------------------------------------------------------------------------------------


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def picture(inside: str = "", before: str = "", root: str = "") -> str:
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    body = f'<defs><g id="a"/></defs>{inside}<rect width="9" height="9"/>'
    return f'{before}<svg {names} width="20" height="20" {root}>{body}</svg>'


XHTML = '<!DOCTYPE svg PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">'
# Pictures that ask for something when they are opened alone: that Chromium does is tested below.
ASKING = {
    "import": picture(f"<style>@import '{ELSEWHERE}';</style>"),
    "import in pieces": picture(f"<style>@im<g>X</g>port '{ELSEWHERE}';</style>"),
    "fill in pieces": picture(f"<style>rect{{fill:u<g>Y</g>rl({ELSEWHERE}#a)}}</style>"),
    "pieces of another vocabulary": picture(f"<style>@im<x xmlns='urn:x'>X</x>port '{ELSEWHERE}';</style>"),
    "import in CDATA": picture(f"<style>@im<![CDATA[port '{ELSEWHERE}']]>;</style>"),
    "import with a comment": picture(f"<style>@im<!-- -->port '{ELSEWHERE}';</style>"),
    "import between marks of comments": picture(f"<style>/*url(#*/@import/*)*/ '{ELSEWHERE}';</style>"),
    "import in references": picture(f"<style>&#64;import '{ELSEWHERE}';</style>"),
    "import in entities of XHTML": picture(f"<style>&commat;import '{ELSEWHERE}';</style>", XHTML),
    "colour in entities of XHTML": picture(f'<rect width="5" height="5" style="mask:url&lpar;{ELSEWHERE})"/>', XHTML),
    "entities of its own": picture(f"<style>&a; '{ELSEWHERE}';</style>", '<!DOCTYPE svg [<!ENTITY a "@import">]>'),
    "style sheet": picture("", f'<?xml-stylesheet href="{ELSEWHERE}"?>'),
    "image": picture(f'<image width="5" height="5" xlink:href="{ELSEWHERE}"/>'),
    "font": picture(f"<style>@font-face{{font-family:a;src:url({ELSEWHERE})}}</style><text font-family='a'>a</text>"),
    "filter image": picture(
        f'<filter id="f"><feImage href="{ELSEWHERE}"/></filter><rect filter="url(#f)" width="5" height="5"/>'
    ),
    "animated image": picture(f'<image width="5" height="5"><set attributeName="href" to="{ELSEWHERE}"/></image>'),
    "XHTML": picture(f'<img xmlns="http://www.w3.org/1999/xhtml" src="{ELSEWHERE}"/>'),
    "foreign object": picture(
        f'<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="{ELSEWHERE}"/></foreignObject>'
    ),
    "script": picture(f"<script>fetch('{ELSEWHERE}')</script>"),
    "background of the drawing": picture("", "", f'style="background:image-set(&apos;{ELSEWHERE}&apos; 1x)"'),
}
# What must not be published, whether or not this browser asks.
HARMFUL = {
    **ASKING,
    "animated link": picture('<a href="#a"><animate attributeName=" xlink:href " values="javascript:alert(1)"/></a>'),
    "animated base": picture('<set attributeName="xml:base" to="https://boese.example/"/>'),
    "ping": picture(f'<a href="#a" ping="{ELSEWHERE}"><rect width="5" height="5"/></a>'),
    **{
        f"{name}: {value}": picture(f'<rect width="5" height="5" {name}="{escaped(value)}"/>')
        for name, value in product(("fill", "FILTER", "mask", "clip-path", "cursor", "marker-end"), FETCHING)
    },
    **{
        f"style of {name}: {value}": picture(f'<{name} style="a:{escaped(value)}"/>')
        for name, value in product(("pattern", "use", "stop", "text"), FETCHING)
    },
    **{
        f"animation by {name}: {value}": picture(f'<set attributeName="fill" {name}="{escaped(value)}"/>')
        for name, value in product(("to", "from", "by", "values"), FETCHING)
    },
    **{sheet: picture(f"<style>{escaped(sheet)}</style>") for sheet in SHEETS},
}
SHOWN = {
    "type of document": picture(
        "<text>A &amp; B &#64;</text>",
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
    ),
    "names": picture('<g id="Haus (2)@1" data-name="Haus (1)" aria-label="Ein Haus (alt) \\"/>'),
    "names of a drawing program": picture('<g xmlns:i="urn:i" i:label="Ebene (1)" i:path="C:\\haus.png"/>'),
    "references": picture('<use href="#a"/><image href="data:image/png;base64,eA=="/>'),
    "animation": picture('<rect><animate attributeName="fill" values="red;rgb(1,2,3);url(#a)"/></rect>'),
    **{value: picture(f'<rect fill="{escaped(value)}" style="a:{escaped(value)}"/>') for value in HARMLESS},
    **{sheet: picture(f"<style>{escaped(sheet)}</style>") for sheet in HARMLESS_SHEETS},
}


def test_a_drawing_that_could_ask_for_something_is_no_picture_and_one_that_keeps_to_itself_is() -> None:
    assert [name for name, text in HARMFUL.items() if markdown.size(text.encode()) is not None] == []
    assert [name for name, text in SHOWN.items() if markdown.size(text.encode()) != (20, 20)] == []


@pytest.mark.parametrize("name", ["UTF-8", "utf-8", "US-ASCII", "ISO-8859-1", None])
def test_a_drawing_is_written_in_what_browsers_and_we_read_alike(name: str | None) -> None:
    declared = f'<?xml version="1.0" encoding="{name}"?>' if name else '<?xml version="1.0"?>'
    assert markdown.size(picture(before=declared).encode()) == (20, 20)


@pytest.mark.parametrize(
    "name",
    [
        *("foo", "x", "a" * 300, "shift_jis", "utf-7", "cp037", "cp1252", "windows-1252", "macroman", "koi8-r"),
        *("utf-16", "utf-32", "ucs-4", "rot13", "hex", "zlib", "idna", "punycode", "unicode_escape", "mbcs"),
    ],
)
def test_a_drawing_in_any_other_encoding_is_none(name: str) -> None:
    declared = f'<?xml version="1.0" encoding="{name}"?>'
    assert markdown.size(picture(before=declared).encode()) is None


# ----------------------------------------------------------------------------------------------------
# Charts
# ----------------------------------------------------------------------------------------------------


def chart(value: str) -> str:
    """The file of a chart in which that value stands at every attribute that a cleaned drawing may keep."""
    names = sorted((svg.NUMBERS | svg.WORDS | {"style", "cursor", "filter", "mask", "href"}) - {"d", "opacity"})
    attributes = " ".join(f'{name}="{escaped(value)}"' for name in names)
    engine = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><rect {attributes}/>'
        f"<text {attributes}>a</text>"
        f'<defs><linearGradient id="a" {attributes}><stop {attributes}/></linearGradient></defs>'
        f'<path d="M0 0h9" {attributes}/></svg>'
    )
    return svg.standalone(svg.read(engine), LIGHT, owner="c", title="Titel", words="Worte")


def test_of_a_chart_the_values_remain_that_are_known_and_no_others() -> None:
    assert [value for value in FETCHING if value in unescape(chart(value))] == []
    assert 'fill="rgb(1, 2, 3)"' in chart("rgb(1, 2, 3)")
    assert 'clip-path="url(#c-0)"' in chart("url(#a)")


# ----------------------------------------------------------------------------------------------------
# Opened alone
# ----------------------------------------------------------------------------------------------------


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("way", ["http", "file"])
def test_browsers_ask_for_what_is_refused_and_for_nothing_of_what_is_not(
    browser: Browser, served: str, tmp_path: Path, way: str
) -> None:
    fine = {**SHOWN, **{f"chart {value}": chart(value) for value in FETCHING}}
    addresses = {}
    for number, (name, text) in enumerate({**ASKING, **fine}.items()):
        (tmp_path / f"{number}.svg").write_text(text, encoding="utf-8")
        addresses[f"{served if way == 'http' else tmp_path.as_uri()}/{number}.svg"] = name
    # A drawing in a frame is a document of its own, as one is that a reader opens.
    frames = "".join(f'<iframe src="{address}"></iframe>' for address in addresses)
    (tmp_path / "index.html").write_text(frames, encoding="utf-8")
    asking: set[str] = set()
    tab = browser.new_page()
    tab.route(lambda url: "boese.example" in url, lambda route: route.abort())
    tab.on("request", lambda one: asking.add(addresses.get(one.frame.url, "")) if is_foreign(one.url) else None)
    tab.goto(next(iter(addresses)).replace("/0.svg", "/index.html"), wait_until="networkidle")
    tab.close()
    assert asking == set(ASKING)


def is_foreign(url: str) -> bool:
    return not url.startswith("data:") and not re.search(r"/(?:\d+\.svg|index\.html|favicon\.ico)$", url)
