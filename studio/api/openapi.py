"""The API as an OpenAPI 3.1 document, made from `contract`."""

from __future__ import annotations

from typing import Any, get_args

from django.conf import settings

from generator.protocol.errors import ErrorCode
from studio.api import contract, idempotency
from studio.api.errors import ApiError
from studio.songs import engine
from studio.songs.forms import AUDIO_INPUTS
from studio.songs.models import Status

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "uri"}
NUMBER: Schema = {"type": "integer", "minimum": 0}
VERSION: Schema = {"type": "integer", "minimum": 1}
PERCENT: Schema = {"type": "integer", "minimum": 0, "maximum": 100}
NO_TEXT = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"
"""Control characters other than tab and line ends, as a part of regular expressions."""
ANY_TEXT = f"^[^{NO_TEXT}]*$"
SOME_TEXT = f"^[^{NO_TEXT}]*[^\\s{NO_TEXT}][^{NO_TEXT}]*$"
RATE_HEADERS = {
    "RateLimit-Limit": "Requests, or songs, a minute.",
    "RateLimit-Remaining": "How many are left just now.",
    "RateLimit-Reset": "Seconds until all of them are there again.",
}
WRITING = (400, 401, 402, 405, 409, 413, 415, 422, 429, 503)
READING = (401, 404, 405, 429, 503)


def document() -> Schema:
    """The whole document, JSON-ready, with this server's address and limits."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{settings.SITE_NAME} song API",
            "version": "6",
            "description": "Makes two versions of a song from a prompt, as the v6 song protocol has it. "
            f"Explained with samples at {settings.PUBLIC_URL}/developers/.",
        },
        "servers": [{"url": settings.PUBLIC_URL}],
        "security": [{"key": []}],
        "paths": {
            "/v6/generate/song": {"post": _making("makeSong", "Make a song, told event by event", _events())},
            "/v6/generate/song/sync": {"post": _making("makeSongSync", "Make a song and wait for it", _whole())},
            "/status/generation/{message_id}": {"get": _status("getGeneration", _in_path())},
            "/status/generations/{message_id}": {"get": _status("getGenerations", _in_path())},
            "/v5/status": {"get": _status("getStatus", _in_query(), (*READING, 422))},
        },
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key."}},
            "schemas": {
                "Request": _request(),
                "Event": _event(),
                "Section": _section(),
                "Song": _song(),
                "Failure": _failure(),
                "Generation": _generation(),
                "Refusal": _refusal(),
                "Detail": _object({"detail": TEXT, "error_code": _error_code()}, required=["detail"]),
            },
        },
    }


def _making(name: str, summary: str, content: Schema) -> Schema:
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [_idempotency_key()],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref("Request")}}},
        "responses": {"200": _answer("The song", content), **_refusals(WRITING)},
    }


def _status(name: str, parameter: Schema, refusals: tuple[int, ...] = READING) -> Schema:
    content = {"application/json": {"schema": _ref("Generation")}}
    return {
        "operationId": name,
        "summary": "A song as it stands now",
        "parameters": [parameter],
        "responses": {"200": _answer("The song as it stands now", content), **_refusals(refusals)},
    }


def _events() -> Schema:
    example = "".join(stage.line for stage in contract.stages())
    data = {**TEXT, "contentMediaType": "application/json", "contentSchema": _ref("Event")}
    says = (
        "One event: a line with an Event in JSON as its data, and an empty line. Lines that begin with : say nothing."
    )
    return {"text/event-stream": {"schema": {**_object({"data": data}), "description": says}, "example": example}}


def _whole() -> Schema:
    return {"application/json": {"schema": {"anyOf": [_ref("Song"), _ref("Failure")]}}}


def _answer(says: str, content: Schema) -> Schema:
    headers = {name: {"description": text, "schema": NUMBER} for name, text in RATE_HEADERS.items()}
    return {"description": says, "headers": headers, "content": content}


def _refusals(statuses: tuple[int, ...]) -> Schema:
    found: dict[int, list[contract.Problem]] = {status: [] for status in statuses}
    for problem in contract.problems():
        if problem.error.status in found:
            found[problem.error.status].append(problem)
    return {str(status): _refused(problems) for status, problems in found.items()}


def _refused(problems: list[contract.Problem]) -> Schema:
    kinds = [_ref("Detail" if "detail" in problem.error.body else "Refusal") for problem in problems]
    unique = [kind for index, kind in enumerate(kinds) if kind not in kinds[:index]]
    examples = {f"case{index}": {"value": problem.error.body} for index, problem in enumerate(problems, start=1)}
    answer: Schema = {
        "description": " ".join(problem.says for problem in problems),
        "content": {
            "application/json": {"schema": unique[0] if len(unique) == 1 else {"anyOf": unique}, "examples": examples}
        },
    }
    headers = _own_headers(problems[0].error)
    return {**answer, "headers": headers} if headers else answer


def _own_headers(error: ApiError) -> Schema:
    kinds = {"Retry-After": ("Seconds to wait.", NUMBER), "Allow": ("The methods that are meant.", TEXT)}
    kinds["WWW-Authenticate"] = ("Always Bearer.", TEXT)
    return {
        name: {"description": says, "schema": kind} for name, (says, kind) in kinds.items() if name in error.headers
    }


def _request() -> Schema:
    """Null and the empty string mean that a field is absent, save for the prompt, which must be there."""
    taken = engine.current().inputs
    properties: Schema = {}
    for parameter in contract.parameters():
        kind: Schema = {"type": ["string", "null"], "maxLength": parameter.most}
        if parameter.required:
            kind = {**kind, "type": "string", "minLength": 1, "pattern": SOME_TEXT}
        elif parameter.name not in taken:
            kind = {"enum": [None, ""]}
        elif parameter.name in AUDIO_INPUTS:
            kind = {**kind, "format": "uri", "pattern": "^https?://"}
        else:
            kind = {**kind, "pattern": ANY_TEXT}
        properties[parameter.name] = {**kind, "description": parameter.says}
    return {"type": "object", "properties": properties, "required": ["prompt"]}


def _event() -> Schema:
    properties = {
        "isComplete": {"type": "boolean", "description": "True on the last event of the last version only."},
        "status": {
            "enum": [
                "initializing",
                "validated",
                "streaming",
                "processing",
                "running",
                "completed",
                "uploading",
                "failed",
            ]
        },
        "chunkIndex": {**NUMBER, "description": "Counts the events from 0, without holes."},
        "message_id": TEXT,
        "album_art": ADDRESS,
        "song_name": TEXT,
        "progress": PERCENT,
        "stream_url": ADDRESS,
        "version": VERSION,
        "streaming_ready": {"const": True},
        "audio_url": ADDRESS,
        "lyrics_sections": {"type": "array", "items": _ref("Section")},
        "error": TEXT,
        "error_code": _error_code(),
    }
    return _object(properties, required=["isComplete", "status", "chunkIndex"])


def _section() -> Schema:
    timed = {"start": {**NUMBER, "description": "Milliseconds."}, "end": NUMBER}
    word = _object({**timed, "text": TEXT})
    line = _object({**timed, "text": TEXT, "words": {"type": "array", "items": word}})
    return _object({"section_type": TEXT, **timed, "lines": {"type": "array", "items": line}})


def _song() -> Schema:
    audio = _object({"audio_url": ADDRESS, "song_name": TEXT})
    properties = {
        "message_id": TEXT,
        "audio_data": {"type": "array", "items": audio, "description": "One element for each version that came."},
        "album_art": ADDRESS,
        "song_name": TEXT,
        "error": {**TEXT, "description": "Why a version is missing."},
        "error_code": _error_code(),
        "credits_charged": _credits(),
    }
    return _object(properties, required=["message_id", "audio_data", "album_art", "song_name"])


def _failure() -> Schema:
    properties = {
        "success": {"const": False},
        "message": TEXT,
        "error": TEXT,
        "error_code": _error_code(),
        "message_id": TEXT,
        "credits_charged": _credits(),
    }
    return _object(properties, required=["success", "message", "error", "error_code", "message_id"])


def _generation() -> Schema:
    status = {"enum": [str(value) for value in Status.values]}
    version = {
        "version": VERSION,
        "status": status,
        "audio_url": ADDRESS,
        "lyrics_sections": {"type": "array", "items": _ref("Section")},
    }
    song = _song()
    properties = {
        **song["properties"],
        "status": status,
        "progress": PERCENT,
        "isComplete": {"type": "boolean", "description": "Nothing more will happen."},
        "versions": {"type": "array", "items": _object(version, required=["version", "status"])},
    }
    more = ["status", "progress", "isComplete", "versions", "credits_charged"]
    return _object(properties, required=[*song["required"], *more])


def _refusal() -> Schema:
    return _object({"success": {"const": False}, "message": TEXT, "error": TEXT}, required=["success", "message"])


def _error_code() -> Schema:
    return {"enum": list(get_args(ErrorCode))}


def _credits() -> Schema:
    says = "Credits used on this song: none before it was accepted, and none once they were given back."
    return {**NUMBER, "description": says}


def _idempotency_key() -> Schema:
    says = "The same key within 24 hours is the same song, however often the request is sent."
    schema = {**TEXT, "maxLength": idempotency.LONGEST}
    return {"name": "Idempotency-Key", "in": "header", "required": False, "description": says, "schema": schema}


def _in_path() -> Schema:
    return {"name": "message_id", "in": "path", "required": True, "schema": {**TEXT, "format": "uuid"}}


def _in_query() -> Schema:
    return {"name": "message_id", "in": "query", "required": True, "schema": {**TEXT, "format": "uuid"}}


def _object(properties: Schema, required: list[str] | None = None) -> Schema:
    """An object with these properties, all of them required unless `required` says which."""
    return {"type": "object", "properties": properties, "required": list(properties) if required is None else required}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
