"""The forms of our replies, for the OpenAPI document and for the tests that hold every reply against it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from dalang.store import GroupBy
from dalang.task import Kind, Shots, TaskStatus
from dalang.validate.report import Charge, Problem

UUID = Annotated[str, Meta(extra_json_schema={"format": "uuid"})]

Time = Annotated[
    str,
    Meta(
        pattern=r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$",
        description="UTC+8, without a mark of the zone",
        examples=["2025-09-25 11:07:28.590"],
    ),
]

Milliseconds = Annotated[int, Meta(description="Since the epoch", examples=[1745568428109])]

Fraction = Annotated[float, Meta(ge=0, le=1, description="Of this attempt")]


class Error(Struct, kw_only=True):
    """Every refusal: flat, with a code for programs and a sentence for people."""

    code: str
    message: str
    request_id: UUID


# A task, by the state it is in


class About(Struct, kw_only=True):
    """What is ours, and the cloud does not tell."""

    engine: str
    checkpoint: Annotated[str, Meta(description="Of an engine that has weights")] | UnsetType = UNSET
    profile: Annotated[str, Meta(description="How these are run")] | UnsetType = UNSET
    seed: Annotated[int, Meta(description="The seed sent, or the one drawn")]
    warnings: Annotated[list[str], Meta(description="What was asked and not done, a sentence each")]


class Tried(About, kw_only=True):
    attempt: Annotated[int, Meta(description="Tries so far")]


class Waiting(Tried, kw_only=True):
    progress: Fraction
    queue_position: Annotated[int, Meta(description="Tasks that go first, counted up to 100")]


class Drawn(Tried, kw_only=True):
    progress: Fraction
    eta: Annotated[float | None, Meta(description="Seconds to go; null while too little is done to say")]


class Done(Tried, kw_only=True):
    progress: Fraction


class Pending(Struct, kw_only=True, tag_field="task_status", tag="PENDING"):
    task_id: UUID
    submit_time: Time
    dalang: Waiting


class Running(Struct, kw_only=True, tag_field="task_status", tag="RUNNING"):
    task_id: UUID
    submit_time: Time
    scheduled_time: Time
    dalang: Drawn


class Succeeded(Struct, kw_only=True, tag_field="task_status", tag="SUCCEEDED"):
    task_id: UUID
    submit_time: Time
    scheduled_time: Time
    end_time: Time
    orig_prompt: str | UnsetType = UNSET
    actual_prompt: Annotated[str, Meta(description="As extended; never for wan2.6")] | UnsetType = UNSET
    video_url: Annotated[str, Meta(description="Signed; needs no key", extra_json_schema={"format": "uri"})]
    dalang: Done


class Failed(Struct, kw_only=True, tag_field="task_status", tag="FAILED"):
    task_id: UUID
    submit_time: Time
    scheduled_time: Time | UnsetType = UNSET
    end_time: Time
    code: str
    message: str
    dalang: Tried


class Canceled(Struct, kw_only=True, tag_field="task_status", tag="CANCELED"):
    task_id: UUID
    submit_time: Time
    end_time: Time
    dalang: Tried


class Unknown(Struct, kw_only=True, tag_field="task_status", tag="UNKNOWN"):
    """Never was, is no more, or is another account's."""

    task_id: str


class Usage(Struct, kw_only=True):
    """Of a task that SUCCEEDED; which fields there are depends on the model's family."""

    duration: Annotated[int, Meta(description="Seconds")] | UnsetType = UNSET
    size: Annotated[str, Meta(examples=["1280*720"])] | UnsetType = UNSET
    input_video_duration: int | UnsetType = UNSET
    output_video_duration: int | UnsetType = UNSET
    video_duration: int | UnsetType = UNSET
    video_ratio: Annotated[str, Meta(examples=["standard", "832*480"])] | UnsetType = UNSET
    video_count: int
    SR: Annotated[int, Meta(description="Tier", examples=[480, 720, 1080])] | UnsetType = UNSET
    audio: bool | UnsetType = UNSET


class QueryReply(Struct, kw_only=True):
    request_id: UUID
    output: Pending | Running | Succeeded | Failed | Canceled | Unknown
    usage: Usage | UnsetType = UNSET


class Created(Struct, kw_only=True):
    task_status: TaskStatus
    task_id: UUID
    dalang: About


class CreateReply(Struct, kw_only=True):
    output: Created
    request_id: UUID


# A dry run


class Understood(Struct, kw_only=True):
    """The request with every default settled; what is absent is not asked for."""

    model: str
    kind: Kind
    prompt: Annotated[str, Meta(description="Cut to the model's limit")]
    seed: Annotated[int, Meta(description="Absent where create would draw one")] | UnsetType = UNSET
    duration: Annotated[int, Meta(description="Seconds")]
    fps: int
    sound: bool
    tier: str
    size: Annotated[tuple[int, int], Meta(description="Absent where it follows a picture or clip")] | UnsetType = UNSET
    image: Annotated[str, Meta(description="The first frame; like every address cut")] | UnsetType = UNSET
    last_image: str | UnsetType = UNSET
    clip: str | UnsetType = UNSET
    audio: str | UnsetType = UNSET
    negative_prompt: str | UnsetType = UNSET
    prompt_extend: bool | UnsetType = UNSET
    shots: Shots | UnsetType = UNSET
    watermark: bool | UnsetType = UNSET
    inspect_input: bool | UnsetType = UNSET
    inspect_output: bool | UnsetType = UNSET


class Findings(Struct, kw_only=True):
    is_valid: Annotated[bool, Meta(description="Whether create would take it")]
    problems: Annotated[list[Problem], Meta(description="All; the first is what create would answer")]
    warnings: Annotated[list[str], Meta(description="What create would ignore, a sentence each")]
    engine: Annotated[str, Meta(description="What would draw it")] | UnsetType = UNSET
    checkpoint: str | UnsetType = UNSET
    profile: str | UnsetType = UNSET
    request: Understood | UnsetType = UNSET
    charge: Charge | UnsetType = UNSET


class Looked(Struct, kw_only=True):
    dalang: Findings


class DryRunReply(Struct, kw_only=True):
    output: Looked
    request_id: UUID


class Empty(Struct, kw_only=True):
    request_id: UUID


# Lists


class Row(Struct, kw_only=True):
    """A task of the list; times are absent until they happen."""

    api_key_id: str
    caller_parent_id: str
    caller_uid: str
    gmt_create: Milliseconds
    start_time: Milliseconds | UnsetType = UNSET
    end_time: Milliseconds | UnsetType = UNSET
    model_name: str
    region: str
    request_id: UUID
    status: TaskStatus
    task_id: UUID
    user_api_unique_key: str


class ClientRow(Struct, kw_only=True):
    """A task of the list with its times as text; they are absent until they happen."""

    task_id: UUID
    task_status: TaskStatus
    model_name: str
    region: str
    request_id: UUID
    submit_time: Time
    scheduled_time: Time | UnsetType = UNSET
    end_time: Time | UnsetType = UNSET


class ListReply(Struct, kw_only=True):
    request_id: UUID
    data: list[Row]
    tasks: Annotated[list[ClientRow], Meta(description="The same tasks, as the client object of SDK 2.x reads them")]
    total: int
    total_page: int
    page_no: int
    page_size: int


class Spent(Struct, kw_only=True):
    video_count: int
    duration: Annotated[int, Meta(description="Seconds")]
    price: Annotated[str, Meta(description="A decimal", examples=["1.50"])]
    cost: Annotated[str, Meta(description="What other servers take for them; a decimal", examples=["0.00"])]
    currency: Annotated[str, Meta(examples=["CNY"])]


class Group(Spent, kw_only=True):
    group: Annotated[str, Meta(description="What `by` names: the key's id, the model and so on")]


class UsageReply(Struct, kw_only=True):
    request_id: UUID
    month: Annotated[str, Meta(examples=["2026-11"])]
    by: GroupBy
    data: list[Group]
    total: Spent


# Uploads


class Policy(Struct, kw_only=True):
    """Leave to upload, for the fields of the form."""

    policy: str
    signature: str
    upload_dir: Annotated[str, Meta(description="The form's `key` is this, a slash and a file name")]
    upload_host: Annotated[str, Meta(description="Where to POST the form")]
    expire_in_seconds: int
    max_file_size_mb: int
    capacity_limit_mb: int
    oss_access_key_id: str
    x_oss_object_acl: str
    x_oss_forbid_overwrite: str


class PolicyReply(Struct, kw_only=True):
    request_id: UUID
    data: Policy


# The catalogue


class Rule(Struct, kw_only=True):
    """What one field may hold. Pairs are least and most."""

    type: Literal["string", "image", "sound", "clip", "array", "integer", "boolean"]
    required: bool | UnsetType = UNSET
    max_length: Annotated[int, Meta(description="Characters")] | UnsetType = UNSET
    over: Annotated[str, Meta(description="What becomes of more: `cut`")] | UnsetType = UNSET
    schemes: list[str] | UnsetType = UNSET
    formats: list[str] | UnsetType = UNSET
    max_bytes: int | UnsetType = UNSET
    sides: Annotated[tuple[int, int], Meta(description="Pixels")] | UnsetType = UNSET
    max_ratio: int | UnsetType | None = UNSET
    seconds: tuple[int, int] | UnsetType = UNSET
    items: dict[str, Rule] | UnsetType = UNSET
    sets: Annotated[list[list[str]], Meta(description="Those that may come together")] | UnsetType = UNSET
    enum: list[str | int] | UnsetType = UNSET
    default: str | int | bool | UnsetType | None = UNSET
    minimum: int | UnsetType = UNSET
    maximum: int | UnsetType = UNSET
    acts_with: dict[str, Any] | UnsetType = UNSET


Prices = Annotated[
    dict[str, dict[str, int]], Meta(description="Region, tier: millionths of a yuan (CNY) for a second of output")
]

Limit = Annotated[int | None, Meta(description="null: none")]


class Model(Struct, kw_only=True):
    """Names under `input` and `parameters` are those of the create call."""

    name: str
    kind: Kind
    family: str
    path: str
    input: dict[str, Rule]
    parameters: dict[str, Rule]
    sound: str
    fps: int
    regions: list[str]
    prices: Prices
    silent_prices: Prices
    submit_rate: Limit
    concurrency: Limit
    engines: Annotated[list[str], Meta(description="What X-Dalang-Engine may be; the first where nothing is asked")]
    profiles: Annotated[list[str], Meta(description="What X-Dalang-Profile may be, for engines with weights")]


class ModelReply(Struct, kw_only=True):
    request_id: UUID
    model: Model


class ModelsReply(Struct, kw_only=True):
    request_id: UUID
    models: list[Model]
