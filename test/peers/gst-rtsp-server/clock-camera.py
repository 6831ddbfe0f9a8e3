#!/usr/bin/python3
"""An RTSP camera whose picture is a clock that a program can read; it knows nothing of the gateway.

Each picture is drawn at the moment of its capture and shows that moment: 42 bits of Unix milliseconds as black
and white squares, 16 pixels each, in two rows from the top left, lowest bit first. The rest moves, so that the
encoder has work to do.

Reads one line of JSON: {"width": 640, "height": 360, "fps": 25, "gop": 25, "kbit": 1500}; prints
{"event": "ready", "port": n} once it listens and ends with its standard input. Needs:
  apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good
  gstreamer1.0-plugins-ugly
"""

import json
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

BITS = 42
PER_ROW = 21
SQUARE = 16
PERIOD = 64


class ClockCamera(GstRtspServer.RTSPMediaFactory):
    def __init__(self, config):
        super().__init__()
        self.width, self.height = config.get("width", 640), config.get("height", 360)
        self.fps = config.get("fps", 25)
        gop, kbit = config.get("gop", self.fps), config.get("kbit", 1500)
        caps = f"video/x-raw,format=I420,width={self.width},height={self.height},framerate={self.fps}/1"
        self.set_launch(
            f'( appsrc name=src is-live=true format=time do-timestamp=true block=false max-buffers=2 '
            f'leaky-type=downstream caps="{caps}" '
            f"! x264enc tune=zerolatency speed-preset=ultrafast key-int-max={gop} bitrate={kbit} threads=1 "
            f"! video/x-h264,profile=constrained-baseline ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
        )
        self.set_shared(True)
        self.connect("media-configure", self.configured)
        self.slope = bytes((x % PERIOD) * 2 + 64 for x in range(self.width + PERIOD))
        self.grey = bytes([128]) * (self.width * self.height // 2)

    def configured(self, _factory, media):
        source = media.get_element().get_by_name("src")
        running = threading.Event()
        running.set()
        media.connect("unprepared", lambda _media: running.clear())
        threading.Thread(target=self.run, args=(source, running), daemon=True).start()

    def picture(self, count, now_ms):
        shades = [bytes([235 if now_ms >> bit & 1 else 16]) * SQUARE for bit in range(BITS)]
        clocks = [b"".join(shades[at:at + PER_ROW]) for at in range(0, BITS, PER_ROW)]
        rows = []
        for y in range(self.height):
            at = (y + count * 3) % PERIOD
            row = self.slope[at:at + self.width]
            rows.append(clocks[y // SQUARE] + row[PER_ROW * SQUARE:] if y // SQUARE < len(clocks) else row)
        return b"".join(rows) + self.grey

    def run(self, source, running):
        start, count = time.monotonic(), 0
        while running.is_set():
            count += 1
            wait = start + count / self.fps - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            bytes_ = self.picture(count, time.time_ns() // 1_000_000)
            if source.emit("push-buffer", Gst.Buffer.new_wrapped(bytes_)) != Gst.FlowReturn.OK:
                return


def main():
    config = json.loads(sys.stdin.readline())
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service("0")
    server.get_mount_points().add_factory("/clock", ClockCamera(config))
    server.attach(None)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(json.dumps({"event": "ready", "port": server.get_bound_port()}), flush=True)
    loop.run()


main()
