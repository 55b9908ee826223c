"""The regions, by their id on the wire."""

from __future__ import annotations

BEIJING, SINGAPORE, VIRGINIA, FRANKFURT = "cn-beijing", "ap-southeast-1", "us-east-1", "eu-central-1"

REGIONS = ("local", BEIJING, SINGAPORE, VIRGINIA, FRANKFURT)
"""`local` is ours: it offers every model and therefore appears in no row of the catalogue."""
