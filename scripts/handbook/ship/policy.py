"""What a page may do in the browser: only what comes from the site itself.

The same policy stands in every page (so that it holds on any host, and from a folder) and in the
headers of a host that can send them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape

INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.S | re.I)
STYLE = re.compile(r"<style[^>]*>|\s(?:style|on[a-z]+)=[\"']")
MARK = '<meta name="handbook" content="1">'  # what a stranger's answer lacks: see worker.js
NO_SCRIPT = ("application/json", "application/ld+json", "text/plain")

PERMISSIONS = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()"
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": PERMISSIONS,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOREVER = "public, max-age=31536000, immutable"
KEPT_FOR_EVER = (  # their names hold a hash
    *("assets/stylesheets/joined", "assets/javascripts/joined", "offline/"),
    *("assets/search/zh.", "assets/search/en."),
)
ASK_AGAIN = "no-cache"  # kept, but asked for again each time; an unchanged page is then a few bytes


def inline_scripts(html: str) -> list[str]:
    """The code of every script that stands in the page itself."""
    return [
        m["code"]
        for m in INLINE.finditer(html)
        if " src=" not in m["attributes"] and not any(t in m["attributes"] for t in NO_SCRIPT)
    ]


def named(holders: dict[str, str]) -> dict[str, str]:
    """The only scripts that may stand in a page, and who holds each. holders: ``{name: HTML}``."""
    return {_words(code): name for name, html in holders.items() for code in inline_scripts(html)}


def _words(code: str) -> str:
    """A script whatever its indentation."""
    return " ".join(code.split())


def digest(code: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def policy(codes: list[str]) -> str:
    """The policy for a page with these scripts in it. No form may be sent anywhere."""
    scripts = " ".join(["'self'", *(f"'{digest(code)}'" for code in dict.fromkeys(codes))])
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "worker-src 'self'",
            "media-src 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def stamp(html: str, known: dict[str, str]) -> str:
    """A page with its policy as the first thing in its head; one that is there already is replaced.

    known: see `named`; the policy allows no other script, whatever stands in the page.
    """
    html = re.sub(r'\s*<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    rules = escape(policy([code for code in inline_scripts(html) if _words(code) in known])).replace("&#x27;", "'")
    head = f'<meta http-equiv="Content-Security-Policy" content="{rules}">\n      {MARK}'
    return re.sub(r'(<meta charset="utf-8">)', lambda m: f"{m[1]}\n      {head}", html, count=1)


def breaks(html: str, known: dict[str, str]) -> list[str]:
    """What in a page the policy would stop: styles and handlers written into the markup, scripts that nobody holds."""
    strange = [f"<script>{_words(code)[:40]}" for code in inline_scripts(html) if _words(code) not in known]
    return [m[0].strip() for m in STYLE.finditer(INLINE.sub("", html))] + strange


def header_file(codes: list[str], languages: dict[str, str]) -> str:
    """``_headers`` for hosts of static files that read one. languages: {folder: language of its pages}."""
    lines = [
        "/*",
        *(f"  {k}: {v}" for k, v in HEADERS.items()),
        f"  Content-Security-Policy: {policy(codes)}; frame-ancestors 'none'",
        f"  Cache-Control: {ASK_AGAIN}",
    ]
    for names in KEPT_FOR_EVER:
        lines += [f"/{names}*", "  ! Cache-Control", f"  Cache-Control: {FOREVER}"]
    for folder, language in languages.items():
        lines += [f"/{folder}*", "  ! Content-Language", f"  Content-Language: {language}"]
    return "\n".join(lines) + "\n"
