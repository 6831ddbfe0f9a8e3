#!/usr/bin/python3
"""An RTSP camera made of GStreamer's own server, for tests; it knows nothing of the gateway.

Every picture carries its number twice: as text in an SEI NAL unit (counting on for as long as the program
runs) and as black and white squares in the picture itself (counting within the clip, which is repeated).

Reads one line of JSON from standard input:
  {"port": 0, "user": "u", "password": "p", "auth": "digest"|"basic", "firstNumber": 0,
   "mounts": [{"path": "/cam1", "codec": "h264"|"h265"|"mjpeg", "audio": null|"alaw"|"ulaw"|"aac", "width": 640,
               "height": 360, "fps": 25, "kbit": 1000, "gop": 50, "bframes": 0, "clipS": 4,
               "transport": "udp"|"tcp", "second": {"width": 320, "height": 240}}],
   "tls": {"certificate": "PEM", "key": "PEM"}}
"second" is a second clip with other parameter sets, sent after the first, both again and again; "transport" is
the only one that the mount takes. Codec "mjpeg" has no numbers.
then lines "stats" (prints {"event": "stats", "sent": {path: next number}}) and "quit".
Prints {"event": "ready", "port": n} once it listens. Needs:
  apt-get install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad ffmpeg
  and for TLS: apt-get install glib-networking
"""

import json
import math
import subprocess
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
gi.require_version("GstRtsp", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

# Without a zero byte, so that the SEI needs no emulation prevention.
MARK = b"PICTURE-NUMBER::"
BITS = 12
SQUARE = 16


def make_clip(mount):
    """Encodes the clip and returns its access units: (bytes before the SEI's place, bytes after it)."""
    fps, gop, kbit = mount.get("fps", 25), mount.get("gop", 50), mount.get("kbit", 1000)
    pictures = int(mount.get("clipS", 4) * fps)
    squares = ",".join(
        f"drawbox=x={bit * SQUARE}:y=0:w={SQUARE}:h={SQUARE}:t=fill:color=white"
        f":enable='mod(floor(n/{2 ** bit}),2)'"
        for bit in range(BITS)
    )
    size = f"{mount.get('width', 640)}x{mount.get('height', 360)}"
    picture = (
        f"testsrc2=size={size}:rate={fps},drawbox=x=0:y=0:w={BITS * SQUARE}:h={SQUARE}:t=fill:color=black,{squares}"
    )
    if mount.get("codec", "h264") == "h264":
        encode = ["-c:v", "libx264", "-preset", "ultrafast", "-profile:v", "main", "-x264-params",
                  f"aud=1:keyint={gop}:min-keyint={gop}:scenecut=0:bframes={mount.get('bframes', 0)}"
                  f":nal-hrd={'cbr' if mount.get('cbr') else 'none'}:force-cfr=1", "-f", "h264"]
    else:
        encode = ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params",
                  f"log-level=none:aud=1:repeat-headers=1:keyint={gop}:min-keyint={gop}:scenecut=0"
                  f":bframes={mount.get('bframes', 0)}", "-f", "hevc"]
    rate = ["-b:v", f"{kbit}k", "-maxrate", f"{kbit}k", "-bufsize", f"{kbit}k"]
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", picture, "-frames:v", str(pictures),
               "-pix_fmt", "yuv420p", *rate, *encode, "-"]
    stream = subprocess.run(command, check=True, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL).stdout
    return split(stream, mount.get("codec", "h264"))


def display_order(units, mount):
    """For each unit in the order of sending: its place in the order of showing, as ffprobe finds it."""
    if not mount.get("bframes"):
        return list(range(len(units)))
    stream = b"".join(before + after for before, after in units)
    # The raw stream has no times, but decoding gives the pictures with the place they had in it.
    probe = ["ffprobe", "-v", "error", "-f", "h264", "-show_entries", "frame=pkt_pos", "-of", "csv=p=0", "-i", "-"]
    found = subprocess.run(probe, check=True, stdout=subprocess.PIPE, input=stream).stdout.decode().split()
    shown = sorted(range(len(found)), key=lambda i: int(found[i].strip(",")))
    assert len(shown) == len(units)
    return shown


def split(stream, codec):
    """Cuts an Annex B stream at its access unit delimiters."""
    starts = []
    at = stream.find(b"\0\0\1")
    while at >= 0:
        starts.append(at - 1 if at > 0 and stream[at - 1] == 0 else at)
        at = stream.find(b"\0\0\1", at + 3)
    nals = [stream[a:b] for a, b in zip(starts, starts[1:] + [len(stream)])]
    units = []
    for nal in nals:
        head = nal[nal.index(b"\1") + 1]
        kind = head & 0x1F if codec == "h264" else (head >> 1) & 0x3F
        if kind == (9 if codec == "h264" else 35):
            units.append([b"", b""])
        is_slice = kind <= 5 if codec == "h264" else kind <= 31
        units[-1][1 if is_slice else 0] += nal
    return units


def sei(number, codec):
    text = MARK + b"%010d" % number
    head = b"\x06" if codec == "h264" else b"\x4e\x01"
    return b"\0\0\0\1" + head + b"\x05" + bytes([len(text)]) + text + b"\x80"


class Mount:
    def __init__(self, config, first):
        self.config = config
        self.codec = config.get("codec", "h264")
        self.fps = config.get("fps", 25)
        self.units = []
        if self.codec != "mjpeg":
            self.units = make_clip(config)
        self.shown = display_order(self.units, config)
        if "second" in config:
            self.units += make_clip({**config, **config["second"]})
            self.shown = list(range(len(self.units)))
        self.number = first
        self.lock = threading.Lock()
        self.running = None

    def pipeline(self):
        if self.codec == "mjpeg":
            size = f"width={self.config.get('width', 640)},height={self.config.get('height', 360)}"
            return (
                f"( videotestsrc is-live=true ! video/x-raw,format=I420,{size},framerate={self.fps}/1"
                " ! jpegenc ! rtpjpegpay name=pay0 pt=26 )"
            )
        caps = f"video/x-{self.codec},stream-format=byte-stream,alignment=au,framerate={self.fps}/1"
        text = (
            f'( appsrc name=src is-live=true format=time do-timestamp=false max-bytes=0 caps="{caps}" '
            f"! {self.codec}parse ! rtp{self.codec}pay name=pay0 pt=96 config-interval=-1"
        )
        audio = self.config.get("audio")
        # audiotestsrc would make the media seekable, which a camera is not.
        rate = 16000 if audio == "aac" else 8000
        tone = (
            " appsrc name=sound is-live=true format=time"
            f' caps="audio/x-raw,format=S16LE,layout=interleaved,rate={rate},channels=1" ! audioconvert'
        )
        if audio == "alaw":
            text += f"{tone} ! alawenc ! rtppcmapay name=pay1 pt=8"
        if audio == "ulaw":
            text += f"{tone} ! mulawenc ! rtppcmupay name=pay1 pt=0"
        if audio == "aac":
            text += f"{tone} ! voaacenc ! rtpmp4gpay name=pay1 pt=97"
        return text + " )"

    def configure(self, _factory, media):
        source = media.get_element().get_by_name("src")
        if source is None:
            return
        stop = threading.Event()
        media.connect("unprepared", lambda _media: stop.set())
        threading.Thread(target=self.push, args=(source, stop), daemon=True).start()
        sound = media.get_element().get_by_name("sound")
        if sound is not None:
            threading.Thread(target=self.push_sound, args=(sound, stop), daemon=True).start()

    def push(self, source, stop):
        clock = None
        while clock is None and not stop.is_set():
            clock = source.get_clock()
            stop.wait(0.01)
        # A picture always begins a clip, so that a new client soon gets a key frame.
        start = time.monotonic()
        base = None
        index = 0
        while not stop.is_set():
            due = start + index / self.fps
            wait = due - time.monotonic()
            if wait > 0 and stop.wait(wait):
                return
            if base is None:
                base = max(0, clock.get_time() - source.get_base_time())
            with self.lock:
                number = self.number
                self.number += 1
            before, after = self.units[index % len(self.units)]
            buffer = Gst.Buffer.new_wrapped(before + sei(number, self.codec) + after)
            turn = index - index % len(self.units) + self.shown[index % len(self.units)]
            buffer.pts = base + int(turn * Gst.SECOND / self.fps)
            buffer.duration = int(Gst.SECOND / self.fps)
            if not self.config.get("bframes"):
                buffer.dts = buffer.pts
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
            index += 1


    def push_sound(self, source, stop):
        rate = 16000 if self.config["audio"] == "aac" else 8000
        samples = rate // 50
        tone = b"".join(
            int(8000 * math.sin(2 * math.pi * 440 * i / rate)).to_bytes(2, "little", signed=True)
            for i in range(rate)
        )
        clock = None
        while clock is None and not stop.is_set():
            clock = source.get_clock()
            stop.wait(0.01)
        start = time.monotonic()
        base = max(0, clock.get_time() - source.get_base_time())
        index = 0
        while not stop.wait(max(0, start + index / 50 - time.monotonic())):
            at = (index % 50) * samples * 2
            buffer = Gst.Buffer.new_wrapped(tone[at : at + samples * 2])
            buffer.pts = base + index * Gst.SECOND // 50
            buffer.duration = Gst.SECOND // 50
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
            index += 1


def say(message):
    print(json.dumps(message), flush=True)


def protect(server, factory_list, config):
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    if "tls" in config:
        gi.require_version("Gio", "2.0")
        from gi.repository import Gio

        pem = config["tls"]["certificate"] + config["tls"]["key"]
        auth.set_tls_certificate(Gio.TlsCertificate.new_from_pem(pem, -1))
    if not config.get("user"):
        auth.set_default_token(token)
    elif config.get("auth", "digest") == "digest":
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(config["user"], config["password"], token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(config["user"], config["password"]), token)
    for factory in factory_list:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    server.set_auth(auth)


def main():
    config = json.loads(sys.stdin.readline())
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(config.get("port", 0)))
    mounts = {}
    factories = []
    for mount_config in config["mounts"]:
        same = [m for m in mounts.values() if {**m.config, "path": ""} == {**mount_config, "path": ""}]
        if same:
            mount = Mount.__new__(Mount)
            mount.__dict__.update(same[0].__dict__, config=mount_config, lock=threading.Lock(),
                                  number=config.get("firstNumber", 0))
        else:
            mount = Mount(mount_config, config.get("firstNumber", 0))
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(mount.pipeline())
        factory.set_shared(True)
        if mount_config.get("transport"):
            is_udp = mount_config["transport"] == "udp"
            factory.set_protocols(GstRtsp.RTSPLowerTrans.UDP if is_udp else GstRtsp.RTSPLowerTrans.TCP)
        factory.connect("media-configure", mount.configure)
        server.get_mount_points().add_factory(mount_config["path"], factory)
        mounts[mount_config["path"]] = mount
        factories.append(factory)
    if config.get("user") or "tls" in config:
        protect(server, factories, config)
    loop = GLib.MainLoop()
    if server.attach(None) == 0:
        say({"event": "failed", "reason": "the port is taken"})
        sys.exit(1)
    GLib.timeout_add_seconds(2, lambda: server.get_session_pool().cleanup() >= 0)

    def commands():
        for line in sys.stdin:
            if line.strip() == "stats":
                say({"event": "stats", "sent": {path: mount.number for path, mount in mounts.items()}})
            if line.strip() == "quit":
                break
        GLib.idle_add(loop.quit)

    threading.Thread(target=commands, daemon=True).start()
    say({"event": "ready", "port": server.get_bound_port()})
    loop.run()


main()
