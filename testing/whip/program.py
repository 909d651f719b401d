"""A program in a call that is no browser: sends a colour and a tone (WHIP), or says what it is shown (WHEP).

program.py send URL TOKEN SECONDS   a picture of one colour, a tone of 1000 Hz
program.py show URL TOKEN SECONDS   prints JSON: pictures that came, the colour in the middle of the last, how loud it was

MADANG_RELAY, an RTCIceServer as JSON: goes by that relay and by no other way.
"""

import array
import asyncio
import fractions
import functools
import json
import math
import os
import sys
import urllib.request

import aioice.ice
import aiortc.rtcicetransport
import av
from aiortc import (
    AudioStreamTrack,
    RTCConfiguration,
    RTCIceServer,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)

COLOUR = (150, 40, 190)
RATE = 48_000
TONE = 1_000


class Colour(VideoStreamTrack):
    async def recv(self):
        time, base = await self.next_timestamp()
        frame = av.VideoFrame(640, 360, "rgb24")
        frame.planes[0].update(bytes(COLOUR) * (frame.planes[0].line_size // 3) * 360)
        picture = frame.reformat(format="yuv420p")
        picture.pts, picture.time_base = time, base
        return picture


class Tone(AudioStreamTrack):
    async def recv(self):
        silence = await super().recv()
        count, rate = silence.samples, silence.sample_rate
        first = silence.pts
        samples = (int(9_000 * math.sin(2 * math.pi * TONE * (first + i) / rate)) for i in range(count))
        frame = av.AudioFrame(format="s16", layout="mono", samples=count)
        frame.planes[0].update(b"".join(it.to_bytes(2, "little", signed=True) for it in samples))
        frame.pts, frame.sample_rate, frame.time_base = first, rate, fractions.Fraction(1, rate)
        return frame


def ask(method, url, token, body=None):
    head = {"Authorization": f"Bearer {token}", "Content-Type": "application/sdp"}
    request = urllib.request.Request(url, method=method, data=body.encode() if body else None, headers=head)
    with urllib.request.urlopen(request) as answer:
        return answer.status, answer.headers, answer.read().decode()


def line():
    relay = os.environ.get("MADANG_RELAY")
    if not relay:
        return RTCPeerConnection()
    only = aioice.ice.TransportPolicy.RELAY
    aiortc.rtcicetransport.Connection = functools.partial(aioice.ice.Connection, transport_policy=only)
    return RTCPeerConnection(RTCConfiguration([RTCIceServer(**json.loads(relay))]))


async def connect(pc, url, token):
    await pc.setLocalDescription(await pc.createOffer())
    status, head, answer = await asyncio.to_thread(ask, "POST", url, token, pc.localDescription.sdp)
    assert status == 201, status
    await pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    return url.split("/api/")[0] + head["Location"]


async def send(url, token, seconds):
    pc = line()
    pc.addTransceiver(Tone(), direction="sendonly")
    pc.addTransceiver(Colour(), direction="sendonly")
    place = await connect(pc, url, token)
    print("sending", flush=True)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(ask, "DELETE", place, token)
    await pc.close()


async def show(url, token, seconds):
    pc = line()
    seen = {"pictures": 0, "colour": None, "loudest": 0}

    async def look(track):
        while True:
            picture = (await track.recv()).reformat(format="rgb24")
            plane = picture.planes[0]
            middle = picture.height // 2 * plane.line_size + picture.width // 2 * 3
            seen["pictures"] += 1
            seen["colour"] = list(bytes(plane)[middle : middle + 3])

    async def listen(track):
        while True:
            sound = array.array("h", bytes((await track.recv()).planes[0]))
            seen["loudest"] = max(seen["loudest"], max(abs(it) for it in sound))

    tasks = []
    pc.on("track", lambda track: tasks.append(asyncio.ensure_future(look(track) if track.kind == "video" else listen(track))))
    pc.addTransceiver("audio", direction="recvonly")
    pc.addTransceiver("video", direction="recvonly")
    place = await connect(pc, url, token)
    await asyncio.sleep(seconds)
    for task in tasks:
        task.cancel()
    await asyncio.to_thread(ask, "DELETE", place, token)
    await pc.close()
    print(json.dumps(seen), flush=True)


def main():
    what, url, token, seconds = sys.argv[1:]
    asyncio.run({"send": send, "show": show}[what](url, token, float(seconds)))


if __name__ == "__main__":
    main()
