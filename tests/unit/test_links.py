"""Outside addresses, against a server here that answers well, moves, refuses, fails, sleeps, hangs up and has a bad certificate."""

import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme
import yaml
from conftest import DAY
from handbook import links

QUICK = ["--timeout", "1", "--max-retries", "0", "--host-concurrency", "1"]


class Faults(BaseHTTPRequestHandler):
    def do_GET(self):
        kind = self.path.strip("/")
        if kind == "reset":
            return self.connection.close()
        if kind == "slow":
            time.sleep(2)
        self.send_response(301 if kind == "moved" else int(kind) if kind.isdigit() else 200)
        if kind == "moved":
            self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def served(context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faults)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="module")
def answers():
    """Every kind of answer, by the last part of its address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("other.example").configure_cert(context)
    plain, secure = served(), served(context)
    base = f"http://127.0.0.1:{plain.server_port}/"
    asked = [base + kind for kind in ("200", "moved", "403", "404", "500", "slow", "reset")]
    asked += [base, f"https://127.0.0.1:{secure.server_port}/certificate"]
    got = links.ask(asked, QUICK)
    plain.shutdown()
    secure.shutdown()
    assert [a.address for a in got] == asked, "the same order out as in"
    return {a.address.removeprefix(base).rpartition("/")[2]: a for a in got}


@pytest.mark.parametrize(
    ("kind", "status", "detail"),
    [
        ("200", "ok", "200"),
        ("", "ok", "200"),
        ("moved", "moved", "200"),
        ("403", "refused", "403"),
        ("404", "gone", "404"),
        ("500", "broken", "500"),
        ("slow", "unreachable", "timed out"),
        ("reset", "unreachable", "closed"),
        ("certificate", "unreachable", "certificate"),
    ],
)
def test_each_answer_is_put_into_words(answers, kind, status, detail):
    assert answers[kind].status == status and detail in answers[kind].detail


def test_a_move_says_where_to(answers):
    assert answers["moved"].leads_to.endswith("/200") and not answers["200"].leads_to


def test_the_register_keeps_the_last_good_day_and_touches_no_check_date(tmp_path, book):
    file = tmp_path / "links.yml"
    answers = [
        links.Answer("https://a.example/", "gone", "404"),
        links.Answer("https://b.example/", "moved", "200", "https://c.example/"),
    ]
    links.write(file, answers, {"https://a.example/": {"answered_on": "2026-01-02"}}, DAY)
    rows = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert [str(r["answered_on"]) for r in rows] == ["2026-01-02", "2026-11-22"]
    assert rows[1]["leads_to"] == "https://c.example/" and rows[0]["status"] == "gone (404)"
    assert links.addresses(book) == sorted(set(links.addresses(book)))
