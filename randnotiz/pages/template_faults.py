"""What is wrong with the templates of a site's own: told before a page is made, or blamed where one cannot be."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import Environment, TemplateError, TemplateNotFound, TemplateSyntaxError, UndefinedError, meta, nodes

from randnotiz.codes import Code
from randnotiz.diagnostics import Diagnostic, Position, did_you_mean, shortened

Texts = Mapping[str, tuple[Path, str]]  # file and text of each template by its name
_JINJA_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
# What makes a browser ask for a file (HTML, 4.2.4 and 4.8): these attributes of any tag but one that leads somewhere,
# or a link that only names something.
_ADDRESSES = ("src", "srcset", "poster", "data", "href", "xlink:href", "background")
_LEADING = ("a", "area", "base", "form", "blockquote", "q")
_LOADED = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload", "manifest"}
_REMOTE = re.compile(r"\s*((?:https?:)?//\S+)", re.IGNORECASE)
_TO_STATIC = re.compile(r"^(?:\.{0,2}/)*(?:(?:static|assets)/)?|[?#].*$")
_UNDEFINED = re.compile(r"'(\w+)' is undefined")
_UNKNOWN = re.compile(r"No (filter|test) named '(\w+)'")


def find(
    texts: Texts, own: Mapping[str, str], environment: Environment, static: Collection[str] = ()
) -> Iterator[Diagnostic]:
    """What can be said of templates without filling them; `own` are what files of the site's own are called, by the
    names of their templates, `static` are the names of static files.
    """
    trees: dict[str, nodes.Template] = {}
    for name, shown in own.items():
        path, text = texts[name]
        try:
            trees[name] = environment.parse(text, name, str(path))
            environment.compile(trees[name], name, str(path), raw=True)
        except TemplateSyntaxError as error:
            yield _fault(shown, error.lineno, _words(error, environment))
            trees.pop(name, None)
        if name.endswith(".html") and name != "parts/iframe.html":  # which is for pages of others
            yield from _Blocked(shown, text, static).faults
    yield from _unused(texts, own, trees)
    for name, tree in list(trees.items()):
        yield from _unknown_templates(tree, own[name], texts)
        chain = list(_chain(name, trees, texts, environment))
        if chain:
            yield from _shown_nowhere(tree, own[name], [trees[each] for each in chain], chain[0])
        if name in chain:
            line = next(tree.find_all(nodes.Extends)).lineno
            way = f" by way of {', '.join(chain[:-1])}" if chain[:-1] else ""
            hint = f"Write '!{name}' for the packaged one." if f"!{name}" in texts else ""
            yield _fault(own[name], line, f"this template extends itself{way}", hint)


class _Blocked(HTMLParser):
    """What the policy of the pages blocks in them: files of other hosts, scripts and styles in a page itself; and
    static files by a name that they are not published under.
    """

    def __init__(self, shown: str, text: str, static: Collection[str]) -> None:
        super().__init__()
        self.shown, self.static, self.faults, self.within = shown, static, list[Diagnostic](), ""
        self.feed(_JINJA_COMMENT.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        loads = tag not in _LEADING and (tag != "link" or _LOADED & {*(named.get("rel") or "").lower().split()})
        for name, value in attrs:
            if loads and name in _ADDRESSES and (found := _REMOTE.match(value or "")):
                message = f"'{shortened(found[1])}' lies on another host, which pages never ask for anything"
                self._note("image-remote", message, "Put a copy into static/, and name that: {{ asset('…') }}.")
            elif loads and name in _ADDRESSES and (bare := _TO_STATIC.sub("", value or "")) in self.static:
                message = f"'{shortened(value or '')}' is where no page finds a file"
                self._note("template-fault", message, f"Write {{{{ asset('{bare}') }}}}.")
            if name == "style" or re.fullmatch("on[a-z]+", name):
                self._inline("style" if name == "style" else "script")
        data = "src" in named or (named.get("type") or "").endswith("json")
        self.within = tag if tag == "style" or (tag == "script" and not data) else ""

    def handle_data(self, data: str) -> None:
        if self.within and data.strip() and not data.lstrip().startswith("{{"):  # which the program fills and allows
            self._inline(self.within)
        self.within = ""

    def _inline(self, what: str) -> None:
        message = f"the policy of the pages lets no {what} stand in them"
        self._note("template-fault", message, "Put it into a file in static/, and name that: {{ asset('…') }}.")

    def _note(self, code: Code, message: str, hint: str) -> None:
        line, column = self.getpos()
        self.faults.append(Diagnostic(Position(self.shown, line, column + 1), code, message, hint))


def _fault(shown: str, line: int, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(Position(shown, line), "template-fault", message, hint)


def _chain(name: str, trees: dict[str, nodes.Template], texts: Texts, environment: Environment) -> Iterator[str]:
    """The names of the templates that one extends, nearest first, as far as that can be told: up to the first of them
    that is there already, which is itself if it extends itself.
    """
    seen: set[str] = set()
    while name not in seen:
        seen.add(name)
        extends = next(trees[name].find_all(nodes.Extends), None)
        if extends is None or not isinstance(extends.template, nodes.Const) or extends.template.value not in texts:
            return
        name = extends.template.value
        if name not in trees:
            try:
                trees[name] = environment.parse(texts[name][1], name)
            except TemplateSyntaxError:  # one of the site's own, which is told
                return
        yield name


def undefined(
    texts: Texts, own: Mapping[str, str], environment: Environment, known: set[str]
) -> Iterator[Diagnostic]:
    """The names in the site's templates that no packaged one has, nor `known`: also of pages yet to come."""
    for name, (_, text) in texts.items():
        if name.startswith("!") or name not in own:
            known |= meta.find_undeclared_variables(environment.parse(text, name))
    for name, shown in own.items():
        tree = environment.parse(texts[name][1], name)
        asked = {"defined", "undefined", "default", "d"}  # whether there is one
        calls = (each for each in tree.find_all((nodes.Test, nodes.Filter)) if each.name in asked)
        guarded = {each.node.name for each in calls if isinstance(each.node, nodes.Name)}
        for missing in sorted(meta.find_undeclared_variables(tree) - known - guarded - environment.globals.keys()):
            line = next(each.lineno for each in tree.find_all(nodes.Name) if each.name == missing)
            yield _fault(shown, line, f"'{missing}' is undefined{did_you_mean(missing, known)}")


def _references(tree: nodes.Template) -> Iterator[tuple[nodes.Node, list[str]]]:
    """What names other templates, and these; none where they are worked out when a page is made."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        try:
            named: Any = node.template.as_const()  # type: ignore[attr-defined]  # each of the four has one
        except nodes.Impossible:
            named = []
        yield node, [named] if isinstance(named, str) else list(named)


def _unused(texts: Texts, own: Mapping[str, str], trees: Mapping[str, nodes.Template]) -> Iterator[Diagnostic]:
    """The templates of the site's own that have no packaged one of their name, and that none of the others names."""
    references = [names for tree in trees.values() for _, names in _references(tree)]
    if not all(references):
        return
    packaged = {name for name in texts if f"!{name}" in texts}
    for name in own.keys() - packaged - {name for names in references for name in names}:
        message = f"no page is made with a template '{name}'{did_you_mean(name, packaged)}"
        yield Diagnostic(Position(own[name]), "template-unused", message)


def _unknown_templates(tree: nodes.Template, shown: str, texts: Texts) -> Iterator[Diagnostic]:
    for node, names in _references(tree):
        if names and not any(name in texts for name in names) and not getattr(node, "ignore_missing", False):
            message = f"there is no template '{names[0]}'{did_you_mean(names[0], texts)}"
            yield _fault(shown, node.lineno, message)


def _shown_nowhere(
    tree: nodes.Template, shown: str, above: list[nodes.Template], parent: str
) -> Iterator[Diagnostic]:
    """The blocks and the words of a template that none of those which it extends has a place for."""
    known = {block.name for each in above for block in each.find_all(nodes.Block)}
    nested = {id(inner) for block in tree.find_all(nodes.Block) for inner in block.find_all(nodes.Block)}
    for block in tree.find_all(nodes.Block):
        if id(block) not in nested and block.name not in known:
            message = f"'{parent}' has no block '{block.name}'{did_you_mean(block.name, known)}"
            yield _fault(
                shown,
                block.lineno,
                message,
                f"Its blocks are {', '.join(sorted(known))}."
                if known
                else "It has none: leave out 'extends', and copy it.",
            )
    for output in tree.body:
        words = [part for part in getattr(output, "nodes", ()) if isinstance(part, nodes.TemplateData)]
        if lost := next((part for part in words if part.data.strip()), None):
            before = len(lost.data) - len(lost.data.lstrip())
            line = lost.lineno + lost.data.count("\n", 0, before)
            message = f"'{shortened(lost.data, 40)}' stands outside of every block, and is shown nowhere"
            yield _fault(shown, line, message, "Put it into one: {% block footer %}{{ super() }} … {% endblock %}.")


def blamed(
    error: Exception, own: Mapping[str, str], paths: Mapping[str, str], make: Callable[[str], object]
) -> Diagnostic | None:
    """The fault in a template of the site's own that an error comes from, None where it comes from none: from the
    line of one on the way to it, or else from one without which there is none. `own` are what their files are called,
    by the names of the templates, `paths` the same by the paths of the files; `make` makes the same again with the
    packaged template of a name instead.
    """
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        template = frame.f_globals.get("__jinja_template__")
        path = template.filename if template else frame.f_code.co_filename
        if path in paths:
            at = template.get_corresponding_lineno(line) if template else line
            known = () if template else frame.f_locals
            return _fault(paths[path], at, _words(error, known), _hint(error))
    for name, shown in own.items():
        try:
            make(name)
        except Exception:  # noqa: S112 - the same error, or that of another template
            continue
        return _fault(shown, 1, f"no page can be made with this template: {_words(error, ())}")
    return None


def _words(error: Exception, known: Any) -> str:
    """What an error of Jinja's, or of what a template calls, says."""
    if isinstance(error, TemplateNotFound):
        return f"there is no template '{error.name}'"
    if isinstance(error, RecursionError):
        return "this template includes itself without end"
    words = str(error.message if isinstance(error, TemplateError) else f"{type(error).__name__}: {error}")
    words = words.partition("\n")[0]  # a library's own trace may follow
    if isinstance(error, UndefinedError) and (name := _UNDEFINED.fullmatch(words)):
        return words + did_you_mean(name[1], known)
    if isinstance(known, Environment) and (name := _UNKNOWN.match(words)):
        return words.rstrip(".") + did_you_mean(name[2], known.filters if name[1] == "filter" else known.tests)
    return words


def _hint(error: Exception) -> str:
    return "'!' before a name is the packaged template." if isinstance(error, RecursionError) else ""
