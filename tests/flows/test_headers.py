"""A site over https, looked at by the rules of MDN's HTTP Observatory (developer.mozilla.org/observatory/docs)."""

from __future__ import annotations

from collections.abc import Iterator
from http.cookies import SimpleCookie

import httpx
import pytest

from tests.server import Server

pytestmark = pytest.mark.either_database

NAME = "songs.example.org"
HALF_A_YEAR = 15_768_000
"""Seconds for which the Observatory wants HSTS at least."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A site whose proxy ends TLS."""
    server = Server(tmp_path_factory.mktemp("tls"), PUBLIC_URL=f"https://{NAME}")
    server.start()
    said = {"Host": NAME, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    try:
        with httpx.Client(base_url=server.url, headers=said, trust_env=False, timeout=30) as client:
            yield client
    finally:
        server.stop()


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    """The content security policy's directives."""
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts if part}


def grade(answer: httpx.Response) -> int:
    """Points as the Observatory counts them: from 100, penalties; extra credit only for 90 and more."""
    headers, score, extra = answer.headers, 100, 0
    csp = policy(answer) if "Content-Security-Policy" in headers else {}
    scripts = csp.get("script-src", csp.get("default-src", []))
    if not csp:
        score -= 25
    elif {"'unsafe-inline'", "'unsafe-eval'", "data:", "*", "https:"} & set(scripts):
        score -= 20
    elif csp.get("default-src") == ["'none'"]:
        extra += 10
    for text in headers.get_list("Set-Cookie"):
        for name, cookie in SimpleCookie(text).items():
            if not cookie["secure"] or ("session" in name and not cookie["httponly"]):
                score -= 20
            elif cookie["samesite"]:
                extra += 5
    ages = [part.strip() for part in headers.get("Strict-Transport-Security", "").split(";")]
    seconds = int(ages[0].removeprefix("max-age=")) if ages[0].startswith("max-age=") else 0
    score -= 20 if seconds < HALF_A_YEAR else 0
    extra += 5 if "preload" in ages else 0
    score -= 5 if headers.get("X-Content-Type-Options") != "nosniff" else 0
    safe = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    extra += 5 if headers.get("Referrer-Policy") in safe else 0
    framed = csp.get("frame-ancestors") == ["'none'"]
    score -= 0 if framed or headers.get("X-Frame-Options") == "DENY" else 20
    extra += 5 if framed else 0
    extra += 10 if headers.get("Cross-Origin-Resource-Policy") in ("same-origin", "same-site", "cross-origin") else 0
    score -= 50 if headers.get("Access-Control-Allow-Origin") == "*" else 0
    return score + (extra if score >= 90 else 0)


@pytest.mark.parametrize("path", ["/account/login/", "/account/signup/", "/developers/", "/nowhere/"])
def test_pages_get_120_points_and_more(site: httpx.Client, path: str) -> None:
    assert grade(site.get(path)) >= 120


def test_the_counting_takes_points_away(site: httpx.Client) -> None:
    answer = site.get("/account/login/")
    whole = grade(answer)
    for name in ("Content-Security-Policy", "Strict-Transport-Security", "X-Content-Type-Options"):
        headers = [(key, value) for key, value in answer.headers.multi_items() if key.lower() != name.lower()]
        assert grade(httpx.Response(200, headers=headers)) < whole, name


@pytest.mark.parametrize("path", ["/account/login/", "/nowhere/", "/v6/openapi.json", "/healthz", "/v5/status"])
def test_every_answer_keeps_to_itself(site: httpx.Client, path: str) -> None:
    headers = site.get(path).headers
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] in ("same-origin", "cross-origin")
    assert headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "server" not in headers
    assert "x-powered-by" not in headers


def test_cookies_belong_to_this_host_alone_and_to_no_script(site: httpx.Client) -> None:
    page = site.get("/account/signup/")
    token = page.text.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    form = {"csrfmiddlewaretoken": token, "email": "carol@example.org", "password1": "tambourine-harbour-42"}
    cookie = page.headers["Set-Cookie"].split(";")[0]
    said = {"Origin": f"https://{NAME}", "Cookie": cookie}
    answer = site.post("/account/signup/", data=form, headers=said)
    assert answer.status_code == 302
    found = {
        name: morsel
        for text in [*page.headers.get_list("Set-Cookie"), *answer.headers.get_list("Set-Cookie")]
        for name, morsel in SimpleCookie(text).items()
        if morsel.value
    }
    assert {"__Host-session", "__Host-csrf"} <= set(found)
    for name, morsel in found.items():
        assert morsel["secure"], name
        assert morsel["httponly"], name
        assert morsel["path"] == "/", name
        assert not morsel["domain"], name
        assert morsel["samesite"] == "Lax", name
    assert int(found["__Host-session"]["max-age"]) <= 14 * 24 * 3600


def test_a_stranger_over_plain_http_is_sent_to_https_and_gets_no_cookie(site: httpx.Client) -> None:
    answer = site.get("/account/login/", headers={"X-Forwarded-Proto": "http"})
    assert (answer.status_code, answer.headers["Location"]) == (301, f"https://{NAME}/account/login/")
    assert "Set-Cookie" not in answer.headers
