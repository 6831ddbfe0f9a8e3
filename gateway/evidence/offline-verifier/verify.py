#!/usr/bin/env python3
"""核验证据文件夹。用法：python3 verify.py 文件夹 [--trust 信任文件] [--seen 另行取得的检查点]...
Checks evidence folders with nothing but Python's standard library and the openssl command. 退出码 exit codes:
0 完好 ok, 1 程序未能运行 not run, 2 不可信 invalid, 3 缺失 missing, 4 无法判定 cannot tell, 5 已释放 released,
6 已销毁 erased, 7 尚未移交 awaited. 每项发现一行 one line each: [结论] 名称 日志 #编号 说明"""
import argparse, base64, collections, hashlib, json, os, pathlib, re, subprocess, sys, tempfile
EXIT = dict(ok=0, invalid=2, missing=3, cannotTell=4, erased=6, released=5, awaited=7)  # the gravest first
WORDS = dict(ok="完好：未发现问题", invalid="不可信：有内容被改动或伪造", missing="缺失：有内容无故不在", awaited="尚未移交到此处",
             released="已移交档案后释放", cannotTell="无法判定：缺少判定所需的材料", erased="已依法销毁")
KINDS = dict.fromkeys("truncated missing removed gap".split(), "missing") | dict(erased="erased", awaited="awaited")
KINDS |= dict.fromkeys("none keyUnknown belowQuorum unsigned unusable".split(), "cannotTell") | dict(released="released")
SM2, SM2_HEAD = b"counter-gateway/sm2-sm3/v1", "3059301306072a8648ce3d020106082a811ccf5501822d034200"
FOOTAGE, PERSONAL = {"init", "fragment", "chunk"}, {"person", "document", "rendition", "print", "signature", "scan", "file", "orphan"}
Key, Head = collections.namedtuple("Key", "name id type bytes"), collections.namedtuple("Head", "place origin size root text lines good wrong")
BAD, found = (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError), {}
NAME, NUMBER = "[a-z0-9][a-z0-9.-]{0,63}", "(0|[1-9][0-9]{0,15})"
ORIGIN = "%s/%s/[0-9]{4}(?:\\.[1-9][0-9]{0,3})?" % (NAME, NAME)
NOTE = re.compile("((%s)\n%s\n(\\S{44})\n)\n((?:— \\S+ \\S+\n)+)" % (ORIGIN, NUMBER))
PACK = re.compile("counter-gateway/(pack|excerpt)/v1\n(%s)\n([0-9,-]+)\n" % ORIGIN)
ENTRY = re.compile('{"v":1,"seq":N,"type":"[a-z]+","stream":"[a-z0-9][a-z0-9./-]{0,127}","n":N,"t":-?N,"dur":-?N,"boot":T,"mono":-?N,'
                   '"ntp":"(synced|unsynced|unknown)"(,"cam":-?N)?,"len":N,"sha256":H(,"sm3":H)?(,"codec":T)?(,"cont":1)?(,"vkey":T)?}'
                   .replace("N", NUMBER).replace("T", '"[ -!#-~]*"').replace("H", '"[0-9a-f]{64}"').encode())
def find(code, log, seq=None, why=""):
    found["cannotTell" if code == "trust.malformed" else KINDS.get(code.split(".")[1], "invalid"), code, log, seq, why] = True
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def sm3(*parts):  # Python's own where it has it, or else that of the command
    try: return hashlib.new("sm3", b"".join(parts)).digest()
    except ValueError: return subprocess.run("openssl dgst -sm3 -binary".split(), input=b"".join(parts), stdout=-1, check=True).stdout
def root_of(hashes):  # RFC 6962 root over leaf hashes
    half = 1 << (len(hashes) - 1).bit_length() - 1 if len(hashes) > 1 else 0
    return sha(b"\1", root_of(hashes[:half]), root_of(hashes[half:])) if half else hashes[0] if hashes else sha()
def verified(key, text, sig):  # asks openssl about a line of Ed25519 (type 1), a cosignature (4), or SM2 with the SM3 root in it (255)
    head, command = "302a300506032b6570032100", "pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile sig"
    if key.type == 4: text, sig = b"cosignature/v1\ntime %d\n" % int.from_bytes(sig[:8], "big") + text, sig[8:]
    if key.type == 255:
        text, sig = b"%s\nroot %s\n" % (SM2, base64.b64encode(sig[:32])) + text, sig[32:]
        head, command = SM2_HEAD, "dgst -sm3 -verify key -keyform DER -sigopt distid:1234567812345678 -signature sig text"
    with tempfile.TemporaryDirectory() as folder:
        for name, data in ("key", bytes.fromhex(head) + key.bytes.removeprefix(SM2)), ("text", text), ("sig", sig):
            pathlib.Path(folder, name).write_bytes(data)
        return subprocess.run(["openssl", *command.split()], cwd=folder, capture_output=True).returncode == 0
def b64(text): return base64.b64decode(text) if base64.b64encode(base64.b64decode(text)).decode() == text else {}["no base64"]
def parse_key(text):
    name, key_id, data = text.split("+", 2)
    if sha(name.encode() + b"\n" + b64(data))[:4].hex() != key_id: raise ValueError("verifier key")
    return Key(name, bytes.fromhex(key_id), b64(data)[0], b64(data)[1:])
def parse_head(place, note):
    text, origin, size, root, tail = NOTE.fullmatch(note).groups()
    lines = {(name, b64(blob)[:4]): b64(blob)[4:] for _, name, blob in map(str.split, tail[:-1].split("\n")[::-1])}
    return Head(place, origin, int(size), b64(root), text.encode(), lines, [], [])
class Trust:
    def __init__(self, texts):
        rows = [line.split() for text in texts for line in text.split("\n") if line.strip() and line.lstrip()[0] != "#"]
        self.logs = [parse_key(row[1]) for row in rows if row[0] == "log"]
        self.witnesses = {row[1]: parse_key(row[2]) for row in rows if row[0] == "witness"}
        self.quorum = {row[1] for row in rows if row[0] == "quorum"}
        if texts and len(self.quorum) != 1 or {row[0] for row in rows} - {"log", "witness", "quorum"}: raise ValueError("groups")
    def judge(self, notes, told, witnessed, log):  # Leaves the notes that keys in force vouch for; `told`: where keys were announced
        trusted = [key for key in self.logs if key.name == notes[0].origin] if notes else []
        for note, key in [(note, key) for note in notes for key in dict.fromkeys([*trusted, *told] if trusted else ())]:
            if key[:2] in note.lines: (note.good if verified(key, note.text, note.lines[key[:2]]) else note.wrong).append(key)
        counting = {*trusted}
        for _ in told:  # A key follows one of its kind that signed a tree together with it, above its announcement
            counting |= {key for note in notes for key in note.good if note.size > told.get(key, (note.size,))[0]
                         and any(one in counting and one.type == key.type for one in note.good)}
        def fault(note):
            if note.wrong: return "wrongSignature" if any(key.type == 1 for key in note.wrong) else "wrongNational"
            for kind in dict.fromkeys(key.type for key in trusted):
                mine = [told.get(key, (-1,))[0] for key in note.good if key.type == kind and key in counting]
                over = [low for key, (low, high) in told.items() if key.type == kind and key in counting and key not in note.good and high < note.size]
                if not mine and (kind == 1 or note.place != "seen"): return "stripped" if kind == 255 else "otherKey"  # A paper has no SM2
                if mine and not any(max([-1, *over]) <= seq < note.size for seq in mine): return "staleNational" if kind == 255 else "staleKey"
        for note, code in [(note, fault(note)) for note in notes]:
            if code: find("seen.unusable" if note.place == "seen" else "checkpoint." + code, log, None, "size %d" % note.size)
            elif not trusted and self.quorum: find("checkpoint.keyUnknown", log, None, note.origin)
            for witness, key, sig in [(one, key, note.lines[key[:2]]) for one, key in self.witnesses.items() if key[:2] in note.lines and not code]:
                witnessed.add(witness) if verified(key, note.text, sig) else note.place == "seen" or find("cosignature.wrong", log, None, witness)
        return [note for note in notes if not fault(note)]
def ranges(pairs):  # Half-open ranges; ValueError unless they ascend without touching
    if any(not before < low < high for before, (low, high) in zip([-1, *[pair[1] for pair in pairs]], pairs)): raise ValueError("ranges")
    return [(low, high) for low, high in pairs]
def parse_ranges(text): return ranges([[*map(int, re.fullmatch("(0|[1-9]\\d*)-([1-9]\\d*)", part).groups())] for part in text.split(",")])
def holds(pairs, seq): return any(low <= seq < high for low, high in pairs)
def text(path): return open(path, encoding="utf-8", errors="replace").read() if os.path.isfile(path) else None
class Log:  # One evidence folder; nothing that lies in it is believed before a signed root says so
    def __init__(self, label, folder):
        self.label, self.folder, self.widths, self.packs, self.streams, self.boots = label, folder, {}, {}, {}, []
        self.told, self.absent, self.newest, self.cache, self.wanted, self.national = [], [], 0, {}, None, False
        names = sorted(os.path.relpath(os.path.join(at, one), folder) for at, _, files in os.walk(folder) for one in files)
        tiles = [tile for tile in [re.fullmatch("tile/(entries|\\d+)/((?:x\\d{3}/)*\\d{3})(?:\\.p/(\\d+))?", name) for name in names] if tile]
        for tile in sorted(tiles, key=lambda tile: int(tile[3] or 256)):  # The widest one of a place comes last and stays
            self.widths[tile[1], int(re.sub("[x/]", "", tile[2]))] = int(tile[3] or 256), tile[0]
        self.own, self.copy, self.excerpt = (text(os.path.join(folder, name)) for name in ("checkpoint", "copy", "excerpt"))
        self.bundles, self.origin = sorted(index for level, index in self.widths if level == "entries"), (self.own or "").split("\n")[0]
        last = self.bundles[-1] if self.bundles else 0
        self.places = last * 256 + max(self.widths.get(("entries", last), (0,))[0], len(self.tile("entries", last)))
        self.notes = [("kept", text(os.path.join(folder, name))) for name in names if re.match("cosigned/|checkpoints/", name)]
        for name in [name for name in names if re.fullmatch("packs/[0-9a-f]{64}\\.pack", name)]:
            try: self.walk(os.path.join(folder, name))
            except BAD as error: find("source.malformed", label, None, "%s: %s" % (name, error))
    def walk(self, path):  # Where the frames of a pack lie; of several packs with a number one with the body wins
        with open(path, "rb") as pack:
            head, size = pack.read(65536).partition(b"\n\n")[0], os.path.getsize(path)
            (magic, origin, spans), at = PACK.fullmatch(head.decode() + "\n").groups(), len(head) + 2
            if magic != "pack" or self.origin not in ("", origin): raise ValueError("not a pack of this log")
            for seq in (seq for low, high in parse_ranges(spans) for seq in range(low, high)):
                pack.seek(at)
                length = int.from_bytes(pack.read(4), "big")
                alone, at, length = length >> 31, at + 4, length & 0x7FFFFFFF
                if seq not in self.packs or self.packs[seq][3] > alone: self.packs[seq] = path, at, length, alone
                at += length
            if at != size: raise ValueError("torn, or goes on")
    def body(self, seq):  # The copy of the entry beside the body, and the body; None for what is not here
        path, at, length, alone = self.packs.get(seq, (os.devnull, 0, 0, 1))
        with open(path, "rb") as pack:
            pack.seek(at)
            data = pack.read(length)
        end = 2 + int.from_bytes(data[:2], "big")
        return data[2:end] if 2 < end <= length else b"", None if alone else data[end:] if 2 < end <= length else data
    def record(self, seq, digest):
        body = self.body(seq)[1]
        return json.loads(body[36:36 + int.from_bytes(body[32:36], "big")] if sha(body).hex() == digest else "")
    def tile(self, level, index):  # Hashes of a tile or entries of a bundle; none where it is not here or torn
        width, name = self.widths.get((str(level), index), (0, ""))
        if name and self.cache.get(level, ("",))[0] != name:
            with open(os.path.join(self.folder, name), "rb") as file:
                data, at, items, head = file.read(), 0, [], 2 if level == "entries" else 0
            while at < len(data):
                size = int.from_bytes(data[at:at + 2], "big") if head else 32
                items, at = items + [data[at + head:at + head + size]], at + head + size
            torn = at != len(data) or len(items) > 256 or not head and len(items) != width
            self.cache[level] = name, torn and find("source.malformed", self.label, None, name) or [] if torn else items
        return self.cache[level][1] if name else []
    def take(self, seq, data):  # One genuine entry in its place: its form, number and order, and its body
        try: entry = json.loads(data if ENTRY.fullmatch(data) else "")
        except BAD: return find("entry.malformed", self.label, seq)
        stream, n, boot, mono = (entry[key] for key in ("stream", "n", "boot", "mono"))
        if seq == 0: self.national = "sm3" in entry
        before, *clock = self.streams.get(stream, (-1 if self.wanted is None else n - 1, None, 0))
        for code, wrong in (("entry.misnumbered", entry["seq"] != seq), ("stream.gap", n > before + 1), ("stream.repeated", n <= before),
                            ("clock.backwards", boot == clock[0] and mono < clock[1] or boot in self.boots[:-1])):
            wrong and find(code, self.label, seq, stream)
        self.boots = self.boots if boot in self.boots[-1:] else self.boots + [boot]
        self.streams[stream], self.newest = (max(n, before), boot, mono), max(self.newest, entry["t"])
        if self.wanted is not None and not holds(self.wanted, seq): return
        copy, body = self.body(seq)
        if entry["type"] in ("pack", "release", "erase"): self.told.append((entry["type"], seq, entry["sha256"]))
        if body is None: return self.absent.append((seq, entry["type"], entry["t"]))
        if copy != data: find("body.otherEntry", self.label, seq)
        told = entry["sha256"], entry["len"], entry.get("sm3", "")
        if (sha(body).hex(), len(body), told[2] and sm3(body).hex()) != told: find("body.altered", self.label, seq, stream)
    def node(self, low, high, block, leaves):  # hash of a range of leaves by the tiles, with these leaves as one block's own
        size, half, level = high - low, 1 << (high - low - 1).bit_length() - 1 if high - low > 1 else 0, ((high - low).bit_length() - 1) // 8
        hashes = self.tile(level, low >> 8 * level + 8)[low >> 8 * level & 255:][:size >> 8 * level] if size == 2 * half else []
        if hashes and len(hashes) == size >> 8 * level and not low >> 8 <= block <= high - 1 >> 8: return root_of(hashes)
        if low >> 8 == high - 1 >> 8:
            tell, lie = self.tile(0, low >> 8), [sha(b"\0", data) for data in self.tile("entries", low >> 8)]
            part = (leaves if low >> 8 == block else tell + lie[len(tell):])[low & 255:(low & 255) + size]
            return root_of(part) if len(part) == size else {}["a leaf is not here"]
        return sha(b"\1", self.node(low, low + half, block, leaves), self.node(low + half, high, block, leaves))
    def kept(self, head, block=-1, leaves=()):  # Whether the tree has the head's root; None where that can't be told
        try: return self.node(0, head.size, block, leaves) == head.root
        except BAD: return None
    def block(self, block, own, end):  # Proves the entries of a block to be in the signed tree, or says whether entries or tiles are wrong
        start, entries, tell, name = block * 256, self.tile("entries", block), self.tile(0, block), self.label
        lie = [sha(b"\0", data) for data in entries]
        right = self.kept(own, block, lie) if own else lie == tell
        upper = self.tile(1, block >> 8)[block & 255:][:1] if own and start + 256 <= own.size and self.wanted is None else None
        if upper is not None and upper != [root_of(lie if right else tell)]: find("tile.altered" if upper else "tile.missing", name, start, "level 1")
        if own and self.wanted is None and start + len(tell) < min(own.size, start + len(lie)): find("tile.missing", name, start + len(tell))
        doubt = self.kept(own, block, tell) if lie and tell and own and not right else True
        if doubt is False or doubt is None and self.wanted is not None: find("block.altered", name, start)
        lost, foreign, pool = set(tell) - set(lie), set(lie) - set(tell), dict(zip(lie, entries))
        for i in range(max(len(lie), len(tell), min(256, end - start))):
            leaf, want, seq = (*lie[i:i + 1], None)[0], (*tell[i:i + 1], None)[0], start + i
            if right and want not in (None, leaf): find("tile.altered", name, seq)
            want = leaf if right else want or leaf
            if want is None or want in lost and leaf not in foreign and not right: find("entry.removed", name, seq)
            elif leaf != want and (leaf in foreign or not lost and not foreign): find("entry.altered", name, seq)
            if (data := pool.get(want) or want and self.body(seq)[0]) and sha(b"\0", data) == want: self.take(seq, data)
    def announced(self):  # Keys that entries announce, each with the numbers of its first and last announcement
        told, entries = {}, ((block * 256 + i, data) for block in self.bundles for i, data in enumerate(self.tile("entries", block)))
        for seq, data in entries:
            try: key = parse_key(json.loads(data)["vkey"]) if b'"type":"key"' in data[:64] and ENTRY.fullmatch(data) else None
            except BAD: continue
            if key and key.name == self.origin: told[key] = told.get(key, (seq,))[0], seq
        return told
    def judge(self, trust, seen):
        witnessed, name, sealed, gone = set(), self.label, [], {"release": [], "footage": [], "all": []}
        notes = []  # The log's own checkpoint first, then those kept beside it, then those from elsewhere
        for place, note in [("own", self.own)] * (self.own is not None) + self.notes + [("seen", note) for note in seen]:
            try: note = parse_head(place, note)
            except BAD: find("seen.unusable" if place == "seen" else "checkpoint.malformed", self.label)
            else: find("checkpoint.otherLog", self.label) if notes and note.origin != notes[0].origin else notes.append(note)
        heads = trust.judge(notes, self.announced(), witnessed, name)
        own = find("checkpoint.none", name) if self.own is None else next((head for head in heads if head.place == "own"), None)
        if trust.quorum - witnessed - {"none"}: find("cosignature.belowQuorum", name)
        size, blocks = max([head.size for head in heads], default=0), self.bundles
        head = "counter-gateway/excerpt/v1\n" + (own.origin + "\n" if own else "")
        try: self.wanted = None if self.excerpt is None else parse_ranges(PACK.fullmatch(self.excerpt)[3] if self.excerpt.startswith(head) else "")
        except BAD: return find("excerpt.malformed", name)
        for block in blocks if self.wanted is not None else range(-(-max(self.places, size) // 256)):
            if self.wanted is not None and block - 1 not in blocks: self.streams = {}
            if self.wanted is None and block * 256 >= self.places and not self.tile(0, block): break
            self.block(block, own, 0 if self.wanted is not None else max(self.places, size))
        if self.wanted is not None and own:
            for low in [low for low, high in self.wanted for seq in range(low, high) if seq >> 8 not in blocks][:1]: find("entry.removed", name, low)
            return [find("body.missing", name, seq) for seq, *_ in self.absent]
        if own and self.national and not any(key.type == 255 for key in own.good) and [name for name, _ in own.lines].count(own.origin) < 2:
            find("checkpoint.stripped", self.label, None, "size %d" % own.size)
        if size > self.places: find("log.truncated", name, self.places)
        if heads and self.places > size: find("log.unsigned", name, size)
        for head in [head for head in heads if head is not own and head.size and self.kept(head) is False]:
            find("log.forked", name, None, "size %d" % head.size)
        for kind, seq, digest in [told for told in self.told if own and told[1] < own.size]:
            try:
                record = self.record(seq, digest)
                if kind == "pack": sealed += ranges(record["ranges"])
                else:
                    absence, of = record["absence"], record["absence"]["basis"] and record["absence"]["of"]
                    spans = ranges(absence["ranges"]) if absence["logId"] == self.origin.split("/")[-1] else []
                    gone["release" if kind == "release" and of in gone else of] += spans
            except BAD: kind == "pack" or self.copy is not None and self.body(seq)[1] is None or find("absence.malformed", name, seq)
        for seq, kind, t in self.absent:
            erased = kind in FOOTAGE | PERSONAL and holds(gone["all"], seq) or kind in FOOTAGE and holds(gone["footage"], seq)
            released = kind in FOOTAGE and holds(gone["release"], seq)
            awaited = self.copy is not None and not holds(sealed, seq) and t > self.newest - 86_400_000
            find("body." + ("erased" if erased else "released" if released else "awaited" if awaited else "missing"), name, seq)
def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, more in ("folder", {}), ("--trust", {}), ("--seen", dict(action="append", default=[])): parser.add_argument(name, **more)
    options = parser.parse_args()
    folders = sorted(at for at, inside, files in os.walk(options.folder) if "checkpoint" in files or "tile" in inside)
    if not folders: sys.exit("这里没有证据 no evidence here: " + options.folder)
    places = [options.trust] if options.trust else {os.path.join(at, "trust"): 1 for at in [options.folder, *folders]}
    texts = [open(place, encoding="utf-8").read() for place in places if options.trust or os.path.isfile(place)]
    try: trust = Trust(texts)
    except BAD: trust = find("trust.malformed", "trust") or Trust([])
    texts or find("trust.none", "trust")
    seen = [open(place, encoding="utf-8").read() for place in options.seen]
    for log in [Log(os.path.relpath(folder, options.folder), folder) for folder in folders]:
        log.judge(trust, [note for note in seen if note.split("\n")[0] == log.origin])
        print("日志 log %s: 条目 entries %d, 信任文件 trust file: %s" % (log.origin, log.places, options.trust or "取自证据本身"))
    for kind, code, log, seq, why in list(found)[:1000]: print("[%s] %s %s %s %s" % (WORDS[kind], code, log, "" if seq is None else "#%d" % seq, why))
    result = next((kind for kind in list(EXIT)[1:] if kind in [one[0] for one in found]), "ok")
    print("共 %d 项 findings. 结论 RESULT %s · %s" % (len(found), WORDS[result], result))
    sys.exit(EXIT[result])
if __name__ == "__main__":
    try: main()
    except OSError as error: sys.exit("读取失败 can't read: %s" % error)
