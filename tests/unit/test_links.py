"""Outside addresses, against a server here that answers well, moves, refuses, fails, sleeps, hangs up and has a bad certificate."""

import asyncio
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import trustme
import yaml
from conftest import DAY
from handbook.ship import links


class Faults(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []
    under_way = most = 0
    lock = threading.Lock()

    def do_GET(self):
        with Faults.lock:
            Faults.under_way += 1
            Faults.most = max(Faults.most, Faults.under_way)
        try:
            self._answer()
        finally:
            with Faults.lock:
                Faults.under_way -= 1

    def _answer(self):
        type(self).asked.append((self.command, self.path))
        kind = self.path.strip("/")
        if kind == "reset":
            self.connection.close()
            return
        if kind == "slow":
            threading.Event().wait(1.5)
        if kind == "no-head" and self.command == "HEAD":
            return self._say(405)
        if kind == "moved":
            self.send_response(301)
            self.send_header("Location", "/200")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._say(int(kind) if kind.isdigit() else 200)

    do_HEAD = do_GET

    def _say(self, code):
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    Faults.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faults)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def ask(addresses, **options):
    async def run():
        async with httpx.AsyncClient(timeout=0.5, follow_redirects=True) as client:
            return await links.ask_all(addresses, client, pause=0.01, **options)

    # in a thread of its own: the browser tests may have left a running loop in this one
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, run()).result()


@pytest.mark.parametrize(
    "path,status,detail",
    [
        ("200", "ok", "200"),
        ("moved", "moved", "200"),
        ("403", "refused", "403"),
        ("404", "gone", "404"),
        ("500", "broken", "500"),
        ("no-head", "ok", "200"),
        ("slow", "unreachable", "no answer in time"),
    ],
)
def test_each_answer_is_put_into_words(server, path, status, detail):
    answer = ask([server + path])[0]
    assert (answer.status, answer.detail) == (status, detail)


def test_a_connection_that_is_reset_is_tried_again_and_then_reported(server):
    answer = ask([server + "reset"])[0]
    assert answer.status == "unreachable"
    assert len([a for a in Faults.asked if a[1] == "/reset"]) == links.TRIES * 2


def test_a_move_says_where_to(server):
    assert ask([server + "moved"])[0].leads_to == server + "200"


def test_get_follows_only_where_head_is_not_answered(server):
    ask([server + "200", server + "no-head"])
    assert ("GET", "/200") not in Faults.asked and ("GET", "/no-head") in Faults.asked


def test_a_bad_certificate_is_named(tmp_path):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faults)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("other.example").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    answer = ask([f"https://127.0.0.1:{server.server_port}/200"])[0]
    server.shutdown()
    assert (answer.status, answer.detail) == ("unreachable", "bad certificate")


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


def test_requests_to_one_host_never_overlap(server):
    Faults.most = 0
    seen = ask([server + str(code) for code in (200, 201, 202, 203, 404)])
    assert [a.status for a in seen] == ["ok", "ok", "ok", "ok", "gone"]
    assert Faults.most == 1
