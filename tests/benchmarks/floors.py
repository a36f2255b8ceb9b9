"""The least that a build of the same content needs, as a program of its own: `imports`, `plain` or `bytes`.

What it measures of itself it prints as JSON.
"""

import json
import os
import sys
import time
from pathlib import Path

import jinja2
import yaml
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
TEMPLATE = """\
<!doctype html><html lang="de"><meta charset="utf-8"><title>{{ front.title }}</title>
<main><h1>{{ front.title }}</h1><p>{{ front.summary }}</p>{{ body|safe }}
{% for note in citations %}<li id="n-{{ note.id }}"><q>{{ note.quote }}</q>{{ note.html|safe }}
{% for use in note.sources %}<p>{{ use.id or use }} {{ use.locator }} {{ use.passage }}
{{ use.verbatim }}</p>{% endfor %}
{% endfor %}
{% for note in counterclaims %}<li id="n-{{ note.id }}"><q>{{ note.quote }}</q><p>{{ note.claim }}
{{ note.claimed_by }} {{ note.claimed_on }} {{ note.stance }} {{ note.verdict }}
{{ note.by.name }}</p>{{ note.html|safe }}
{% for use in note.sources %}<p>{{ use }}</p>{% endfor %}{{ note.reply }}
{% endfor %}
{% for name, note in figures.items() %}<li id="n-{{ name }}"><q>{{ note.quote }}</q><p>{{ note.label }}
{{ note.formula }} {{ note.unit }} {{ note.stated }}</p>{{ note.html|safe }}
{% endfor %}
{% for name, one in quantities.items() %}<tr><td>{{ one.label }}<td>{{ one.value }} {{ one.low }}
{{ one.high }} {{ one.unit }}{% endfor %}
{% for chart in charts %}<figure id="{{ chart.id }}">{{ chart.svg|safe }}<figcaption>{{ chart.title }}
{{ chart.note }}</figcaption><table>
{% for row in chart.data.rows %}<tr>{% for cell in row.values() %}<td>{{ cell }}{% endfor %}
{% endfor %}</table></figure>{% endfor %}
{% for one in sources %}<li id="{{ one.id }}">{% for by in one.author %}{{ by.family }}, {{ by.given }}{% endfor %}
<a href="{{ one.URL }}">{{ one.title }}</a> {{ one.publisher }} {{ one.issued }} {{ one.custom.evidence }}
{% endfor %}</main></html>
"""


def plain(content: Path) -> None:
    """Every article parsed, rendered and filled in, and nothing else: no check, no quote, no number, no chart."""
    markdown = MarkdownIt("commonmark", {"typographer": True, "quotes": "„“‚‘"})
    markdown.enable(["table", "smartquotes"]).use(footnote_plugin)
    template = jinja2.Environment(autoescape=True).from_string(TEMPLATE)
    svg = "<svg>" + "<path d='M0,0L1,1'/>" * 400 + "</svg>"  # as if somebody had drawn them already
    folders = sorted(path for path in content.iterdir() if path.is_dir())
    wall, cpu = time.perf_counter(), time.process_time()
    for folder in folders:
        _, front, body = (folder / "article.md").read_text(encoding="utf-8").split("---\n", 2)
        files = {
            name: yaml.load((folder / f"{name}.yaml").read_bytes(), LOADER)
            for name in ("sources", "counterclaims", "figures", "charts")
        }
        notes = [
            *files["sources"]["citations"],
            *files["counterclaims"]["counterclaims"],
            *files["figures"]["figures"].values(),
        ]
        for note in notes:
            note["html"] = markdown.render(note.get("note") or note["counter"])
        for chart in files["charts"]["charts"]:
            chart["svg"] = svg
        template.render(
            front=yaml.load(front, LOADER),
            body=markdown.render(body),
            citations=files["sources"]["citations"],
            sources=files["sources"]["sources"],
            counterclaims=files["counterclaims"]["counterclaims"],
            quantities=files["figures"]["quantities"],
            figures=files["figures"]["figures"],
            charts=files["charts"]["charts"],
        )
    _say(wall, cpu)


def written(site: Path) -> None:
    """All bytes of a site written once more beside it."""
    files = [(path.relative_to(site), path.read_bytes()) for path in sorted(site.rglob("*")) if path.is_file()]
    copy = site.with_name(f"{site.name}-copy-{os.getpid()}")
    wall, cpu = time.perf_counter(), time.process_time()
    for path, content in files:
        target = copy / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    _say(wall, cpu)


def stat(content: Path) -> None:
    """Size and time of every file of the content looked up once."""
    wall, cpu = time.perf_counter(), time.process_time()
    folders = [str(content)]
    for folder in folders:
        with os.scandir(folder) as entries:
            for entry in entries:
                entry.stat()
                if entry.is_dir():
                    folders.append(entry.path)
    _say(wall, cpu)


def imports(_: Path) -> None:
    """Nothing but what stands at the top of this file, with the library that reads an article's fields."""
    from pydantic import BaseModel  # the module alone loads next to nothing before a name of it is used

    assert BaseModel.model_fields == {}
    _say(time.perf_counter(), time.process_time())


def _say(wall: float, cpu: float) -> None:
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    {"imports": imports, "plain": plain, "bytes": written, "stat": stat}[sys.argv[1]](Path(sys.argv[2]))
