"""What a static host is told about the files: `_headers` and `_redirects`, which Netlify and Cloudflare Pages read.

Hosts join headers of the same name when several patterns match an address, so each stands under one pattern only, but
for policies, which hold all at once. That of a page stands in the page itself, and a second one here would forbid
what single.html allows by its hashes; only what a page cannot say of itself is said here. Hosts revalidate by
themselves what no pattern names.

No page may be shown in a frame but those that are made for it. A rule for all could not be taken back for these, for
policies hold all at once; so rules name every address at which another page stands, by its depth.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from randnotiz.model import Settings
from randnotiz.sidecars import SIDECARS, SITE_FOLDERS, Sidecar

# A picture opened on its own is a document, and one that somebody sent in may hold what pictures never need.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
UNFRAMED = (
    *("/", "/:page", "/:slug/", "/:slug/:file"),
    *("/:slug/:folder/", "/:slug/:folder/:file", "/:slug/:folder/:id/"),  # where there is none, 404.html is sent
    *("/:slug/claims/:id/index.html", "/:slug/claims/:id/index"),
    *(f"/{folder}/*" for folder in SITE_FOLDERS if folder != "assets"),
)
YEAR = 31_536_000  # seconds


def _for_programs(sidecar: Sidecar) -> Iterator[tuple[str, str]]:
    if sidecar.media_type != "application/json":  # which every host knows by the ending
        yield "Content-Type", sidecar.media_type + sidecar.parameters
    yield "Access-Control-Allow-Origin", "*"


# An address pattern below the site, and the headers for what it matches.
RULES = (
    (
        "/*",
        (
            ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "strict-origin-when-cross-origin"),
            ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ),
    ),
    *((pattern, (("Content-Security-Policy", "frame-ancestors 'none'"),)) for pattern in UNFRAMED),
    # Names there carry a hash of the content.
    ("/assets/*", (("Cache-Control", f"public, max-age={YEAR}, immutable"),)),
    ("/*.svg", (("Content-Security-Policy", PICTURE_POLICY),)),
    ("/feed*.xml", (("Content-Type", "application/atom+xml; charset=utf-8"),)),
)


def headers(settings: Settings) -> str:
    """The `_headers` file; its patterns begin where the site does, which may be a folder of the host."""
    folder = urlsplit(settings.url).path.rstrip("/")
    left_out = settings.left_out
    # What other programs come for, from wherever they run.
    programs = [one for one in SIDECARS if one.open and not one.is_left_out(left_out)]
    rules = (*RULES, *((f"/:slug/{one.path}", tuple(_for_programs(one))) for one in programs))
    return "".join(
        f"{folder}{pattern}\n" + "".join(f"  {name}: {value}\n" for name, value in named) for pattern, named in rules
    )


def redirects(settings: Settings) -> str:
    """The `_redirects` file: what leads on from below a moved address; other hosts have pages for that."""
    folder = urlsplit(settings.url).path.rstrip("/")
    return "".join(f"{folder}/{old}/* {folder}/{new}/:splat 301\n" for old, new in settings.redirects.items())
