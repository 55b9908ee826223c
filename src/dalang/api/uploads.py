"""Files that clients leave with us: a policy that allows it, the form POST that does it, and the `oss://` address that
a create call then names it by."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from dalang.api import schema
from dalang.api.body import discard
from dalang.api.edge import Edge, Route, edge_of, json_reply, request_id
from dalang.api.form import MAX_HEAD, Form
from dalang.api.operation import TEXT, Body, Operation, Parameter, Reply
from dalang.api.oss import XML, by_status, done, refusal, refused
from dalang.api.policy import Grant, Signed, new_folder, read, sign, upload_id
from dalang.errors import InvalidParameter, InvalidURL, ProtocolError
from dalang.models import MODELS
from dalang.regions import check_model
from dalang.store import Key, Upload

POLICY_SECONDS = 300

LIFE = 48 * 3_600_000
"""Milliseconds from the upload on."""

PLACE = "/uploads"

ACCESS_KEY_ID = "dalang"
"""Clients must send one back; the signature alone counts."""

START_SECONDS = 30
SLOWEST = 10_000
"""Bytes a second a client must send after `START_SECONDS`, so that none holds a place for ever."""

WAIT_SECONDS = 60
"""For a place."""

NO_RESOLVE = "The media format is not supported or incorrect for the data inspection."

log = logging.getLogger("dalang.api")


# The policy


async def upload_policy(request: Request) -> Response:
    edge = edge_of(request)
    key = edge.authenticate(request)
    if request.query_params.get("action") != "getPolicy":
        raise _missing("action", "It must be getPolicy.")
    model = request.query_params.get("model")
    if not model:
        raise _missing("model", "The file can be used with this model only.")
    if model not in MODELS:
        raise InvalidParameter(f"Model not exist. GET /api/v1/models lists those that do, and {model} is none of them.")
    check_model(key, MODELS[model])
    grant = Grant(
        account=key.account,
        model=model,
        folder=new_folder(key.account, edge.clock),
        expires=edge.clock() + POLICY_SECONDS * 1000,
        max_bytes=edge.config.upload_limit << 20,
    )
    signed = sign(grant, edge.secret)
    data = {
        "policy": signed.policy,
        "signature": signed.signature,
        "upload_dir": grant.folder,
        "upload_host": edge.absolute(request, PLACE),
        "expire_in_seconds": POLICY_SECONDS,
        "max_file_size_mb": edge.config.upload_limit,
        "capacity_limit_mb": 999999999,
        "oss_access_key_id": ACCESS_KEY_ID,
        "x_oss_object_acl": "private",
        "x_oss_forbid_overwrite": "true",
    }
    return json_reply(request, {"data": data})


def _missing(name: str, rule: str) -> InvalidParameter:
    return InvalidParameter(
        f"Required parameter({name}) missing or invalid, please check the request parameters. {rule}"
    )


# The form


async def upload(request: Request) -> Response:
    """OSS's PostObject. Whoever speaks this protocol reads errors as XML, so they are told so here."""
    try:
        form = Form(request.headers.get("content-type"))
        chunks = paced(request)
        fields = await form.read_fields(chunks)
        edge = edge_of(request)
        allowed = _allow(edge, request, fields)
        size = await _store(edge, allowed, form.file(chunks))
        await _note(edge, request, allowed, size)
        return done(fields.get("success_action_status", ""), fields["key"])
    except ProtocolError as error:
        await discard(request)
        log.info(
            "upload refused", extra={"request_id": request_id(request), "code": error.code, "reason": error.message}
        )
        return refused(error, request_id(request))


class Allowed(NamedTuple):
    """A file that may come."""

    id: str
    name: str
    grant: Grant


def _allow(edge: Edge, request: Request, fields: Mapping[str, str]) -> Allowed:
    """All that can be said before the first byte of the file is taken."""
    if not {"policy", "signature"} <= fields.keys():
        raise refusal("AccessDenied", "The fields policy and Signature must stand in the form, before the field file.")
    grant = read(Signed(fields["policy"], fields["signature"]), edge.secret, edge.clock())
    key = fields.get("key", "")
    if not key.startswith(f"{grant.folder}/"):
        raise refusal("AccessDenied", f'Policy Condition failed: ["starts-with", "$key", "{grant.folder}/"]')
    found = upload_id(key)
    if found is None:
        raise refusal("InvalidObjectName", "key must be upload_dir, a slash and a name of at most 255 characters.")
    if edge.store.find_upload(found):
        raise refusal("FileAlreadyExists")
    announced = int(request.headers.get("content-length", 0))
    if announced > grant.max_bytes + MAX_HEAD:
        raise _too_large(grant)
    _check_room(edge, announced)
    return Allowed(found, key.rpartition("/")[2], grant)


async def _store(edge: Edge, allowed: Allowed, pieces: AsyncIterator[bytes]) -> int:
    """The file's bytes, once they are on the disk."""
    size = 0
    async with _place(edge, allowed.grant.account), edge.storage.receive(storage_key(allowed.id)) as file:
        async for piece in pieces:
            size += len(piece)
            if size > allowed.grant.max_bytes:
                raise _too_large(allowed.grant)
            _check_room(edge, len(piece))
            await file.write(piece)
        if not size:
            raise refusal("EntityTooSmall", "The file is empty.")
        try:
            await file.keep()
        except FileExistsError:
            raise refusal("FileAlreadyExists") from None
    return size


async def _note(edge: Edge, request: Request, allowed: Allowed, size: int) -> None:
    now = edge.clock()
    await edge.store.add_upload(
        Upload(
            id=allowed.id,
            account=allowed.grant.account,
            model=allowed.grant.model,
            name=allowed.name,
            size=size,
            created=now,
            expires=now + LIFE,
        )
    )
    log.info("file uploaded", extra={"request_id": request_id(request), "upload": allowed.id, "size": size})


@asynccontextmanager
async def _place(edge: Edge, account: str) -> AsyncIterator[None]:
    """One of the places for files that arrive. Its holder gives it back however it ends."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            await edge.uploads.take(account, 1)
    except TimeoutError:
        raise refusal("ServiceUnavailable", "Too many files arrive at once; retry later.") from None
    try:
        yield
    finally:
        await edge.uploads.give_back(account, 1)


async def paced(request: Request) -> AsyncIterator[bytes]:
    """The body's chunks. Raises ProtocolError when the client stalls or leaves; only waiting for it counts."""
    loop = asyncio.get_running_loop()
    chunks = request.stream()
    received, waited = 0, 0.0
    while True:
        began = loop.time()
        try:
            async with asyncio.timeout(START_SECONDS + received / SLOWEST - waited):
                chunk = await anext(chunks, None)
        except TimeoutError:
            raise refusal("RequestTimeout") from None
        except ClientDisconnect:
            raise refusal("MalformedPOSTRequest", "It ended before its announced length.") from None
        if chunk is None:
            return
        waited += loop.time() - began
        received += len(chunk)
        yield chunk


def _check_room(edge: Edge, size: int) -> None:
    if shortage := edge.shortage(size):
        raise refusal("ServiceUnavailable", shortage)


def _too_large(grant: Grant) -> ProtocolError:
    return refusal("EntityTooLarge", f"A file may have {grant.max_bytes >> 20} MB at most.")


# The address


async def find_upload(edge: Edge, key: Key, model: str, url: str, *, resolves: bool = True) -> Upload:
    """What an `oss://` address of a create call means; `storage_key` says where its bytes lie. `resolves`: the header
    X-DashScope-OssResourceResolve is `enable`, without which only the cloud's habits refuse. Raises InvalidURL, alike
    for what never was, is no more and is another account's; InvalidParameter (InvalidParameter.DataInspection)."""
    if edge.config.like_cloud and not resolves:
        raise InvalidParameter(
            f"{NO_RESOLVE} An oss:// address needs the header X-DashScope-OssResourceResolve: enable.",
            code="InvalidParameter.DataInspection",
        )
    found = upload_id(url[len("oss://") :])
    upload = edge.store.find_upload(found) if found else None
    owner = (upload.account, upload.model) if upload else None
    if upload is None or owner != (key.account, model) or upload.expires <= edge.clock():
        raise InvalidURL(
            "Invalid URL provided in your request. An oss:// address lives 48 hours, and works for the account and the "
            "model that its upload policy was made for: upload the file again."
        )
    return upload


def storage_key(upload_id: str) -> str:
    """Where an upload's bytes lie."""
    return f"{upload_id}/file"


POLICY = Operation(
    "Leave to upload a file",
    (Reply("For the form to send to upload_host", schema.PolicyReply),),
    query=(
        Parameter("action", "getPolicy", {"type": "string", "enum": ["getPolicy"]}, is_required=True),
        Parameter("model", "The one to use the file with", {"type": "string", "enum": list(MODELS)}, is_required=True),
    ),
    refusals={400: ("InvalidParameter",), 403: ("Model.AccessDenied",)},
)

FORM = {
    "type": "object",
    "description": "Other fields are ignored; those after `file` count for nothing.",
    "required": ["policy", "signature", "key", "file"],
    "properties": {
        "policy": TEXT,
        "signature": TEXT,
        "key": {**TEXT, "description": "upload_dir, a slash and a file name; with oss:// before it, its address"},
        "success_action_status": {**TEXT, "enum": ["200", "201", "204"]},
        "file": {**TEXT, "contentMediaType": "application/octet-stream"},
    },
}

UPLOAD = Operation(
    "Upload a file, as to Alibaba OSS",
    (
        Reply("Kept", status=200),
        Reply("Kept", XML, "application/xml", 201),
        Reply("Kept; unless success_action_status says otherwise", status=204),
    ),
    body=Body(FORM, "multipart/form-data"),
    refusals=by_status(),
    is_keyed=False,
    refuses_in=Body(XML, "application/xml"),
)

routes = [
    Route("/api/v1/uploads", upload_policy, about=POLICY),
    Route("/api/v1/uploads/", upload_policy, about=POLICY),
    Route(PLACE, upload, ("POST",), UPLOAD),
]
