"""The reference page and the OpenAPI document: whole, true to this server's settings, open to everybody."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from studio.api import contract
from tests.flows.scripted import Scripted
from tests.studio.api.program import SONG, Program

pytestmark = pytest.mark.django_db(transaction=True)


def page(client: Client) -> str:
    response = client.get("/developers/")
    assert response.status_code == 200
    return response.content.decode()


def test_everybody_can_read_it_and_nothing_in_it_runs(client: Client) -> None:
    text = page(client)
    assert "<style" not in text
    assert not re.search(r"<script(?![^>]*\b(?:src=|type=\"application/json\"))", text)
    assert not re.search(r"\s(?:style|on\w+)=", text)


def test_the_six_samples_carry_this_servers_address(client: Client) -> None:
    samples = re.findall(r"<code data-sample>(.*?)</code>", page(client), re.DOTALL)
    assert len(samples) == 6
    for sample in map(html.unescape, samples):
        assert "http://localhost:8000/v6/generate/song" in sample
        assert "your_api_key_here" in sample
        assert "$" not in sample


def test_it_names_every_endpoint_parameter_stage_and_refusal(client: Client) -> None:
    text = html.unescape(page(client))
    for address in ("/v6/generate/song", "/v6/generate/song/sync", "/status/generation/", "/v5/status?message_id="):
        assert address in text
    for parameter in contract.parameters():
        assert f"<code>{parameter.name}</code>" in text
    for stage in contract.stages():
        assert stage.line.strip() in text
    for problem in contract.problems():
        assert str(problem.error.body.get("message") or problem.error.body["detail"]) in text


def test_it_tells_the_limits_as_they_are_set(client: Client, settings: Any) -> None:
    settings.LIMIT_CREATIONS_PER_MINUTE, settings.LIMIT_REQUESTS_PER_MINUTE = 7, 0
    text = page(client)
    assert re.search(r"Songs a minute, for each account</td><td>7<", text)
    assert re.search(r"Requests a minute, for each key</td><td>no limit<", text)


def test_it_says_which_parameters_the_engine_does_not_take(client: Client, upstream: Scripted) -> None:
    assert page(client).count(contract.NOT_TAKEN) == 4
    upstream.inputs = frozenset({"prompt", "lyrics", "melody_url"})
    assert page(client).count(contract.NOT_TAKEN) == 3


def test_the_openapi_document_is_open_to_every_origin_and_knows_every_address(client: Client) -> None:
    response = client.get("/v6/openapi.json")
    document = response.json()
    assert response["Access-Control-Allow-Origin"] == "*"
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": "http://localhost:8000"}]
    for address in document["paths"]:
        resolve(address.replace("{message_id}", "x"))
    told = set(re.findall(r'"#/components/schemas/(\w+)"', response.content.decode()))
    assert told == set(document["components"]["schemas"])


def test_every_refusal_that_happens_is_documented(client: Client, alice_program: Program, settings: Any) -> None:
    settings.LIMIT_REQUESTS_PER_MINUTE = 5
    responses = client.get("/v6/openapi.json").json()["paths"]["/v6/generate/song"]["post"]["responses"]
    answers = [
        Program("").post(),
        alice_program.post({}),
        alice_program.post({**SONG, "prompt": 5}),
        alice_program.post(b"{", content_type="text/plain"),
        *(alice_program.post({}) for _ in range(3)),
    ]
    assert [answer.status_code for answer in answers] == [401, 400, 422, 415, 400, 400, 429]
    assert {str(answer.status_code) for answer in answers} <= set(responses)
    for answer in answers:
        schemas = str(responses[str(answer.status_code)]["content"]["application/json"]["schema"])
        assert ("Detail" if "detail" in answer.json() else "Refusal") in schemas
