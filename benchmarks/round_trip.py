"""What an application does with the official SDK, timed; `benchmarks/testing.py` runs it in an environment that has it.

Pointed at a server by the SDK's own variables: each line on stdin is a prompt; for each, once its video is downloaded,
a line of JSON tells the seconds that create, wait and download took.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise

import requests
from dashscope import VideoSynthesis


def main(model: str, size: str, duration: int) -> None:
    with requests.Session() as session:
        for prompt in sys.stdin:
            times = [time.perf_counter()]
            task = VideoSynthesis.async_call(model=model, prompt=prompt.strip(), size=size, duration=duration)
            times.append(time.perf_counter())
            done = VideoSynthesis.wait(task)
            times.append(time.perf_counter())
            if session.get(done.output.video_url).content[4:8] != b"ftyp":
                raise RuntimeError(f"no video: {done}")
            times.append(time.perf_counter())
            print(json.dumps([end - start for start, end in pairwise(times)]), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
