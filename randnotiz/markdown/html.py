"""Tokens to HTML."""

from collections.abc import Callable, Iterable, Sequence

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# The renderer asks for nothing else; typography has been settled in the tokens.
_OPTIONS = OptionsDict({"xhtmlOut": False, "breaks": False, "langPrefix": "language-", "highlight": None})  # type: ignore[typeddict-item]  # a partial dict is all it reads


Keep = Callable[[str], str]  # escaped words to the same with marks around what stays on one line


def leads_on(html: str) -> bool:
    """Whether there is an address in HTML of ours."""
    return ' href="' in html or ' src="' in html


def led(tokens: Iterable[Token], lead: Callable[[str], str]) -> None:
    """Every address in tokens, of links and pictures, as `lead` says."""
    for token in tokens:
        for name in ("href", "src"):
            if name in token.attrs:
                token.attrs[name] = lead(str(token.attrs[name]))
        led(token.children or (), lead)


class PageRenderer(RendererHTML):
    """markdown-it's renderer with the tokens of our own; each method is the rule for the type it is named after.

    What is printed most, words and elements within a block, is written out in fewer calls than its own.
    """

    def renderInline(self, tokens: Sequence[Token], options: OptionsDict, env: EnvType) -> str:  # noqa: N802 - its name
        """What is in a block."""
        keep: Keep | None = env.get("keep")
        rules, out = self.rules, []
        for at, token in enumerate(tokens):
            kind = token.type
            if kind == "text":
                words = escapeHtml(token.content)
                out.append(keep(words) if keep else words)
            elif kind in rules:
                out.append(rules[kind](tokens, at, options, env))
            elif token.nesting < 0:
                out.append(f"</{token.tag}>")
            else:
                out.append(f"<{token.tag}{self.renderAttrs(token)}>")
        return "".join(out)

    @staticmethod
    def renderAttrs(token: Token) -> str:  # noqa: N802 - its name
        """The attributes of an element; their names are never an author's."""
        return "".join([f' {name}="{escapeHtml(str(value))}"' for name, value in token.attrs.items()])

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        """An image; one whose alt text has been read has no children any more."""
        if tokens[idx].children:
            return super().image(tokens, idx, options, env)
        return self.renderToken(tokens, idx, options, env)

    def anchor(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        """An empty element that bears a former id."""
        return f"<span{self.renderAttrs(tokens[idx])}></span>"

    def comment(self, *_: object) -> str:
        """Nothing: it is a remark among editors."""
        return ""

    def caption(self, tokens: Sequence[Token], idx: int, _options: OptionsDict, _env: EnvType) -> str:
        """The words under a picture, which are not in the reading text and therefore no text token."""
        return escapeHtml(tokens[idx].content)

    def footnote_ref(self, *_: object) -> str:
        """Nothing: the reference to a footnote gets its number with all other notes."""
        return ""


_RENDERER = PageRenderer()


def html(tokens: Sequence[Token], keep: Keep | None = None) -> str:
    """The HTML of a flow of tokens; charts leave nothing in it."""
    return "".join(piece for piece, _ in pieces(tokens, keep))


def pieces(tokens: Sequence[Token], keep: Keep | None = None) -> tuple[tuple[str, str], ...]:
    """The HTML of a flow, cut where charts stand: each piece with the chart behind it, the last with none."""
    cuts = [at for at, token in enumerate(tokens) if token.type == "chart"]
    starts = [0, *(at + 1 for at in cuts)]
    ends = [*cuts, len(tokens)]
    charts = [*(tokens[at].content for at in cuts), ""]
    return tuple(
        (_RENDERER.render(tokens[start:end], _OPTIONS, {"keep": keep}), chart)
        for start, end, chart in zip(starts, ends, charts, strict=True)
    )
