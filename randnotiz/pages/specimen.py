"""The look of a house on one page, in both schemes, with the contrasts of its colours: for whoever designs it."""

import re
from collections.abc import Iterator

from randnotiz import colours, language
from randnotiz.pages import Theme
from randnotiz.pages.assets import IN_STYLE, inlined
from randnotiz.pages.stylesheets import short_style

POLICY = "default-src 'none'; style-src '{style}'; img-src data:; font-src data:"
SCHEMES = ("light", "dark", "print")
# A state cannot be shown where nobody points or types, so each has a class that stands for it.
STATES = {"hover": "is-hovered", "focus-visible": "is-focused", "visited": "is-visited"}
_STATE = re.compile(rf"(?<!\(hover):({'|'.join(STATES)})\b")  # `(hover:hover)` asks the device
SHAPES = """
.specimen { background: var(--paper); color: var(--ink); padding-block: 2rem; }
.swatch { display: inline-block; width: 2.2em; height: 1.1em; border: 1px solid var(--rule); }
.series span { display: inline-block; width: 12%; padding: .6em .3em; margin-inline-end: 1%; }
"""


def specimen(theme: Theme) -> str:
    """The page, whole in one file."""
    lang = language.of(theme.settings.lang)
    whole = _STATE.sub(lambda state: f":is({state[0]},.{STATES[state[1]]})", theme.whole_style.decode())
    style, digest = inlined((whole + short_style("".join(_rules(theme)))).encode(), IN_STYLE)
    schemes = [{"name": scheme, "rows": list(_rows(theme, scheme))} for scheme in SCHEMES]
    steps = [
        {"tone": verdict.tone, "words": verdict.words.get(lang.tag, verdict.key)}
        for verdict in theme.settings.verdicts.values()
    ]
    variables = theme.page(lang, "", "") | {"schemes": schemes, "steps": steps, "style": style}
    variables["states"] = ("", *STATES.values())
    return theme.fill("specimen.html", variables | {"policy": POLICY.format(style=digest)})


def _rules(theme: Theme) -> Iterator[str]:
    yield SHAPES
    for at, scheme in enumerate(SCHEMES):
        variables = "".join(f"--{name}: {colour[at]};" for name, colour in theme.colours.items())
        yield f".{scheme} {{ color-scheme: {'dark' if scheme == 'dark' else 'light'}; {variables} }}\n"
    for name in theme.colours:
        yield f".s-{name} {{ background: var(--{name}); }}\n"
        yield f".series .{name} {{ border-top: 2em solid var(--{name}); }}\n"


def _rows(theme: Theme, scheme: str) -> Iterator[dict[str, str]]:
    """Each colour with its contrast to paper and to what is raised from it."""
    papers = {name: getattr(theme.colours[name], scheme) for name in ("paper", "raised")}
    for name, colour in theme.colours.items():
        value = getattr(colour, scheme)
        ratios = {paper: f"{colours.contrast(value, other):.1f}" for paper, other in papers.items()}
        yield {"name": name, "colour": value, **ratios}
