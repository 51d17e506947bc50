"""Files attached to documents, contacts and accounts: raw bytes in, raw bytes out (xero-api reference 6.6)."""

from __future__ import annotations

import mimetypes
import re
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from xero_sandbox import messages
from xero_sandbox.accounting.call import Call, Reply
from xero_sandbox.accounting.holders import Filed, FiledPath
from xero_sandbox.accounting.replies import single_refusal, success
from xero_sandbox.problems import not_found
from xero_sandbox.records.attached import Attachment
from xero_sandbox.wire.fields import looks_like_guid, read_guid

PLURAL = "Attachments"
FILES_MAX = 10  # for each object (reference 4); their size is limited where bodies are read
NAME_MAX = 255
_FORBIDDEN = re.compile(r'[<>:"/\\|?*+\x00-\x1f\x7f]')  # reference 6.6 [MAN], and other control characters
_MIME = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
VAGUE = frozenset({"", "application/octet-stream", "application/json", "application/x-www-form-urlencoded"})


def list_attachments(call: Call, path: FiledPath) -> Reply:
    filed = _found(call, path)
    return success(call, PLURAL, [_json(call, path, one) for one in filed.attachments])


def show_attachment(call: Call, path: FiledPath) -> Reply:
    """Return the file itself, whose id or name is in the path."""
    one = _named(_found(call, path), call.parts["name"])
    if one is None:
        raise not_found()
    return Reply(200, one.content, one.mime_type)


def put_attachment(call: Call, path: FiledPath) -> Reply:
    """Add a file, beside one of the same name if there is one (that it does so is assumed)."""
    return _save(call, path, overwrite=False)


def post_attachment(call: Call, path: FiledPath) -> Reply:
    """Write over the file of the same name, or add one."""
    return _save(call, path, overwrite=True)


def _save(call: Call, path: FiledPath, *, overwrite: bool) -> Reply:
    filed, name = _found(call, path), call.parts["name"]
    before = _named(filed, name) if overwrite else None
    problems = _problems(filed, name, call.body, adding=before is None)
    if problems:
        return single_refusal(problems[0])
    online = call.query.flag("IncludeOnline")
    new = Attachment(
        before.attachment_id if before else str(uuid4()),
        before.file_name if before else name,
        _mime_type(call.content_type, name),
        call.body,
        include_online=online,
    )
    if before is None:
        filed.attachments.append(new)
    else:
        filed.attachments[filed.attachments.index(before)] = new
    return success(call, PLURAL, [_json(call, path, new)])


def _problems(filed: Filed, name: str, content: bytes, *, adding: bool) -> list[str]:
    if _FORBIDDEN.search(name) or len(name) > NAME_MAX:
        return [messages.FILE_NAME_FORM]
    if not content:
        return [messages.FILE_EMPTY]
    return [messages.FILES_TEN] if adding and len(filed.attachments) >= FILES_MAX else []


def _mime_type(content_type: str, name: str) -> str:
    """Return what the client says the file is; where it says nothing of use, what its name says (assumed)."""
    said = content_type.partition(";")[0].strip().lower()
    if said in VAGUE or not _MIME.fullmatch(said):
        return mimetypes.guess_type(name)[0] or "application/octet-stream"
    return said


def _json(call: Call, path: FiledPath, one: Attachment) -> dict[str, Any]:
    holder = f"{call.address}/api.xro/2.0/{path.plural}/{read_guid(call.parts['id'])}"
    shown: dict[str, Any] = {
        "AttachmentID": one.attachment_id,
        "FileName": one.file_name,
        "Url": f"{holder}/Attachments/{quote(one.file_name)}",
        "MimeType": one.mime_type,
        "ContentLength": len(one.content),
    }
    return {**shown, "IncludeOnline": True} if one.include_online else shown


def _named(filed: Filed, asked: str) -> Attachment | None:
    if looks_like_guid(asked):
        wanted = read_guid(asked)
        return next((one for one in filed.attachments if one.attachment_id == wanted), None)
    return next((one for one in filed.attachments if one.file_name.casefold() == asked.casefold()), None)


def _found(call: Call, path: FiledPath) -> Filed:
    filed = path.find(call, read_guid(call.parts["id"]))
    if filed is None:
        raise not_found()
    return filed
