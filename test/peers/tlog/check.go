// Checks an evidence folder with the Go team's own note and tlog packages: every signature and cosignature, every
// entry and hash tile against the signed root, and every other signed head for consistency. Knows nothing of the
// product but the paths of the files and the form of an entry that announces a key; sees neither the meaning of the
// other entries nor their bodies.
//
// usage: check <folder> [--trust FILE] [--seen FILE]...
// exit codes: 0 ok, 1 not run, 2 invalid, 3 missing, 4 cannot tell
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

var codes = map[string]int{"ok": 0, "invalid": 2, "missing": 3, "cannotTell": 4}
var worst = "ok"

// find reports a finding; the gravest kind is the result.
func find(kind, what string, args ...interface{}) {
	fmt.Printf("[%s] %s\n", kind, fmt.Sprintf(what, args...))
	rank := map[string]int{"ok": 0, "cannotTell": 1, "missing": 2, "invalid": 3}
	if rank[kind] > rank[worst] {
		worst = kind
	}
}

// witness verifies cosignatures of type 0x04.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w *witness) Name() string    { return w.name }
func (w *witness) KeyHash() uint32 { return w.hash }
func (w *witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(w.key, append([]byte(head), msg...), sig[8:])
}

type trust struct {
	logs      []note.Verifier
	witnesses map[string]note.Verifier
	quorum    string
}

func readTrust(text string) (*trust, error) {
	t := &trust{witnesses: map[string]note.Verifier{}}
	for _, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case words[0] == "log" && len(words) > 1 && strings.Contains(words[1], "+/2Nvd"):
			// A key of type 0xff (base64 begins with /2Nvd for its identifier): note passes over what it does not know.
		case words[0] == "log" && len(words) > 1:
			verifier, err := note.NewVerifier(words[1])
			if err != nil {
				return nil, err
			}
			t.logs = append(t.logs, verifier)
		case words[0] == "witness" && len(words) > 2:
			parts := strings.SplitN(words[2], "+", 3)
			if len(parts) != 3 {
				return nil, errors.New("witness key")
			}
			id, err := strconv.ParseUint(parts[1], 16, 32)
			key, err2 := base64.StdEncoding.DecodeString(parts[2])
			if err != nil || err2 != nil || len(key) != 33 || key[0] != 4 {
				return nil, errors.New("witness key")
			}
			t.witnesses[words[1]] = &witness{parts[0], uint32(id), key[1:]}
		case words[0] == "quorum" && len(words) > 1:
			t.quorum = words[1]
		default:
			return nil, errors.New("a line that is not understood")
		}
	}
	if t.quorum == "" {
		return nil, errors.New("no quorum")
	}
	return t, nil
}

type head struct {
	origin string
	tree   tlog.Tree
}

// signed is a note that could be read, where it comes from, and the keys of the log whose lines in it are good.
type signed struct {
	text  []byte
	place string
	head  *head
	good  map[string]bool
}

var checkpoint = regexp.MustCompile(`^([^\n]+)\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n$`)

// readNote reads a note; nil after a finding.
func readNote(text []byte, place string) *signed {
	unusable := func() *signed {
		if place == "elsewhere" {
			find("cannotTell", "what somebody else saw can't be read")
		} else {
			find("invalid", "a checkpoint is malformed")
		}
		return nil
	}
	split := strings.LastIndex(string(text), "\n\n")
	if split < 0 {
		return unusable()
	}
	parts := checkpoint.FindStringSubmatch(string(text[:split+1]))
	if parts == nil {
		return unusable()
	}
	size, _ := strconv.ParseInt(parts[2], 10, 64)
	root, err := tlog.ParseHash(parts[3])
	if err != nil || base64.StdEncoding.EncodeToString(root[:]) != parts[3] {
		return unusable()
	}
	if _, err := note.Open(text, note.VerifierList()); err != nil && !isUnverified(err) {
		return unusable()
	}
	return &signed{text, place, &head{parts[1], tlog.Tree{N: size, Hash: root}}, map[string]bool{}}
}

func isUnverified(err error) bool {
	var unverified *note.UnverifiedNoteError
	return errors.As(err, &unverified)
}

func id(key note.Verifier) string { return fmt.Sprintf("%s+%08x", key.Name(), key.KeyHash()) }

// announced are the keys that entries of type key announce for this log, with the indexes of the first and the last
// announcement of each.
func announced(f *files, origin string) ([]note.Verifier, map[string][2]int64) {
	at := map[string][2]int64{}
	var keys []note.Verifier
	var bundles []int64
	for place := range f.paths {
		if place[0] == -1 {
			bundles = append(bundles, place[1])
		}
	}
	sort.Slice(bundles, func(i, j int) bool { return bundles[i] < bundles[j] })
	for _, bundle := range bundles {
		for i, data := range f.entries(bundle) {
			var entry struct{ Type, Vkey string }
			if json.Unmarshal(data, &entry) != nil || entry.Type != "key" {
				continue
			}
			key, err := note.NewVerifier(entry.Vkey)
			if err != nil || key.Name() != origin {
				continue
			}
			index := bundle*256 + int64(i)
			first := index
			if before, known := at[id(key)]; known {
				first = before[0]
			} else {
				keys = append(keys, key)
			}
			at[id(key)] = [2]int64{first, index}
		}
	}
	return keys, at
}

// judgeNotes returns the heads of the notes that a key in force signed, the log's own first if it is among them, and
// counts good cosignatures. A key is in force if the trust file lists it or if such a key signed a tree together with
// it; not for trees that lack its announcement, and not alone for trees that hold the one of its successor.
func judgeNotes(notes []*signed, f *files, t *trust, seen map[string]bool) (own *head, heads []*head) {
	if len(notes) == 0 {
		return nil, nil
	}
	origin := notes[0].head.origin
	counts := map[string]bool{}
	var keys []note.Verifier
	for _, key := range t.logs {
		if key.Name() == origin && !counts[id(key)] {
			keys, counts[id(key)] = append(keys, key), true
		}
	}
	trusted := len(keys)
	told, at := announced(f, origin)
	for _, key := range told {
		if trusted > 0 && !counts[id(key)] {
			keys = append(keys, key)
		}
	}
	wrong := map[*signed]error{}
	for _, one := range notes {
		for _, key := range keys {
			_, err := note.Open(one.text, note.VerifierList(key))
			if err == nil {
				one.good[id(key)] = true
			} else if !isUnverified(err) {
				wrong[one] = err
			}
		}
	}
	for range told {
		for _, one := range notes {
			vouched := false
			for key := range one.good {
				vouched = vouched || counts[key]
			}
			for key := range one.good {
				if place, ok := at[key]; ok && vouched && one.head.tree.N > place[0] {
					counts[key] = true
				}
			}
		}
	}
	since := func(key string) int64 {
		if place, ok := at[key]; ok {
			return place[0]
		}
		return -1
	}
	inForce := func(key string, one *signed) bool {
		size := one.head.tree.N
		for later, place := range at {
			if counts[later] && place[0] > since(key) && size > place[1] && !one.good[later] {
				return false
			}
		}
		return counts[key] && size > since(key)
	}
	for _, one := range notes {
		ok := trusted == 0
		for key := range one.good {
			ok = ok || inForce(key, one)
		}
		size := one.head.tree.N
		switch {
		case ok && wrong[one] == nil:
		case one.place == "elsewhere":
			find("cannotTell", "what somebody else saw, size %d, is not signed by a key in force", size)
			continue
		default:
			find("invalid", "checkpoint of size %d: no line of a key in force (%v)", size, wrong[one])
			continue
		}
		if trusted == 0 && t.quorum != "" {
			find("cannotTell", "no key for %s", origin)
		}
		for name, key := range t.witnesses {
			if _, err := note.Open(one.text, note.VerifierList(key)); err == nil {
				seen[name] = true
			} else if !isUnverified(err) && one.place != "elsewhere" {
				find("invalid", "cosignature of %s, size %d: %v", name, size, err)
			}
		}
		heads = append(heads, one.head)
		if one.place == "own" {
			own = one.head
		}
	}
	return own, heads
}

// files are the widest tiles of a folder, by level (-1: entry bundles) and index.
type files struct {
	folder string
	paths  map[[2]int64]string
	widths map[[2]int64]int
}

var tilePath = regexp.MustCompile(`^tile/(entries|[0-9]+)/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]+))?$`)

func list(folder string) *files {
	f := &files{folder, map[[2]int64]string{}, map[[2]int64]int{}}
	filepath.Walk(filepath.Join(folder, "tile"), func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() {
			return nil
		}
		rel, _ := filepath.Rel(folder, path)
		match := tilePath.FindStringSubmatch(rel)
		if match == nil {
			return nil
		}
		level := int64(-1)
		if match[1] != "entries" {
			level, _ = strconv.ParseInt(match[1], 10, 64)
		}
		index, _ := strconv.ParseInt(strings.NewReplacer("x", "", "/", "").Replace(match[2]), 10, 64)
		width := 256
		if match[3] != "" {
			width, _ = strconv.Atoi(match[3])
		}
		place := [2]int64{level, index}
		if width > f.widths[place] {
			f.paths[place], f.widths[place] = rel, width
		}
		return nil
	})
	return f
}

func (f *files) hashes(level, index int64) []tlog.Hash {
	place := [2]int64{level, index}
	data, err := os.ReadFile(filepath.Join(f.folder, f.paths[place]))
	if f.paths[place] == "" {
		return nil
	}
	if err != nil || len(data) != f.widths[place]*tlog.HashSize {
		find("invalid", "%s is torn", f.paths[place])
		delete(f.paths, place)
		return nil
	}
	out := make([]tlog.Hash, f.widths[place])
	for i := range out {
		copy(out[i][:], data[i*tlog.HashSize:])
	}
	return out
}

func (f *files) entries(index int64) [][]byte {
	place := [2]int64{-1, index}
	if f.paths[place] == "" {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(f.folder, f.paths[place]))
	var out [][]byte
	for err == nil && len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) || len(out) == 256 {
			err = errors.New("torn")
			break
		}
		end := 2 + int(binary.BigEndian.Uint16(data))
		out = append(out, data[2:end])
		data = data[end:]
	}
	if err != nil {
		find("invalid", "%s is torn", f.paths[place])
		delete(f.paths, place)
		return nil
	}
	return out
}

// Height, ReadTiles and SaveTiles make the folder a tlog.TileReader; C2SP paths leave the height out.
func (f *files) Height() int                     { return 8 }
func (f *files) SaveTiles([]tlog.Tile, [][]byte) {}
func (f *files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		hashes := f.hashes(int64(tile.L), tile.N)
		if len(hashes) < tile.W {
			return nil, errors.New("a tile is not here")
		}
		var data []byte
		for _, hash := range hashes[:tile.W] {
			data = append(data, hash[:]...)
		}
		out = append(out, data)
	}
	return out, nil
}

// stored is a tree that is built from leaf hashes, in tlog's own order of hashes.
type stored struct{ hashes []tlog.Hash }

func (s *stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s.hashes)) {
			return nil, errors.New("not so many hashes")
		}
		out[i] = s.hashes[index]
	}
	return out, nil
}

// append takes the next leaf hash of a tree that has n leaves.
func (s *stored) append(n int64, leaf tlog.Hash) {
	hashes, err := tlog.StoredHashesForRecordHash(n, leaf, s)
	if err != nil {
		panic(err)
	}
	s.hashes = append(s.hashes, hashes...)
}

// compare says what became of the entries of a block, if its tile is right.
func compare(start int64, lie, tell []tlog.Hash) {
	has := func(list []tlog.Hash, wanted tlog.Hash) bool {
		for _, one := range list {
			if one == wanted {
				return true
			}
		}
		return false
	}
	lost, foreign := 0, 0
	for _, hash := range tell {
		if !has(lie, hash) {
			lost++
		}
	}
	for i, hash := range lie {
		if i < len(tell) && !has(tell, hash) {
			foreign++
		}
	}
	switch {
	case foreign > 0:
		find("invalid", "entries of the block at %d were altered", start)
	case lost > 0:
		find("missing", "%d entries of the block at %d are gone", lost, start)
	default:
		for i, hash := range tell {
			if hash != lie[i] {
				find("invalid", "entries of the block at %d changed places", start)
				return
			}
		}
	}
}

func whole(f *files, own *head, heads []*head) {
	var end, claimed, held int64
	for place := range f.paths {
		if last := place[1]*256 + int64(f.widths[place]); place[0] == -1 && last > held {
			held = last
		}
	}
	for _, one := range heads {
		if one.tree.N > claimed {
			claimed = one.tree.N
		}
	}
	lies, tells, isWhole := &stored{}, &stored{}, true
	var odd [][3]interface{}
	for end < held || end < claimed {
		var lie []tlog.Hash
		for _, entry := range f.entries(end / 256) {
			lie = append(lie, tlog.RecordHash(entry))
		}
		tell := f.hashes(0, end/256)
		if len(lie) == 0 && len(tell) == 0 && end >= held {
			break
		}
		width := len(lie)
		if len(tell) > width {
			width = len(tell)
		}
		if rest := held - end; width < 256 && rest > 256 || width == 0 {
			find("missing", "entries of the block at %d are not here", end)
			isWhole = false
		}
		differs := len(tell) > len(lie)
		for i := 0; i < width && isWhole; i++ {
			a, b := tlog.Hash{}, tlog.Hash{}
			switch {
			case i >= len(lie):
				a, b = tell[i], tell[i]
			case i >= len(tell):
				a, b = lie[i], lie[i]
				if own != nil && end+int64(i) < own.tree.N && i == len(tell) {
					find("missing", "the tile at %d has no hash of entry %d", end, end+int64(i))
				}
			default:
				a, b = lie[i], tell[i]
			}
			differs = differs || a != b
			lies.append(end+int64(i), a)
			tells.append(end+int64(i), b)
		}
		if differs {
			odd = append(odd, [3]interface{}{end, lie, tell})
		}
		end += 256
	}
	root := func(tree *stored, size int64) (tlog.Hash, bool) {
		hash, err := tlog.TreeHash(size, tree)
		return hash, err == nil
	}
	tilesRight := true
	if own != nil {
		byTells, _ := root(tells, own.tree.N)
		byLies, ok := root(lies, own.tree.N)
		tilesRight = byTells == own.tree.Hash || !ok || byLies != own.tree.Hash
	}
	for _, one := range odd {
		start, lie, tell := one[0].(int64), one[1].([]tlog.Hash), one[2].([]tlog.Hash)
		if tilesRight {
			compare(start, lie, tell)
		} else {
			find("invalid", "the tile of the block at %d was altered", start)
		}
	}
	tree := tells
	if !tilesRight {
		tree = lies
	}
	for _, one := range heads {
		hash, ok := root(tree, one.tree.N)
		if ok && hash != one.tree.Hash {
			find("invalid", "the log is not the one of the head of size %d", one.tree.N)
		}
	}
	if claimed > held {
		find("missing", "a signed head has %d entries", claimed)
	}
	if len(heads) > 0 && held > claimed {
		find("cannotTell", "entries %d to %d are not signed", claimed, held-1)
	}
	if own == nil || !isWhole {
		return
	}
	for level, width := int64(1), int64(256); own.tree.N/width > 0; level, width = level+1, width*256 {
		for i := int64(0); i < own.tree.N/width; i++ {
			told := f.hashes(level, i/256)
			ours := func(tree *stored) tlog.Hash {
				index := tlog.StoredHashIndex(int(level)*8, i)
				if index >= int64(len(tree.hashes)) {
					return tlog.Hash{}
				}
				return tree.hashes[index]
			}
			if int64(len(told)) <= i%256 {
				find("missing", "hash %d of level %d", i, level)
			} else if told[i%256] != ours(tells) && told[i%256] != ours(lies) {
				find("invalid", "hash %d of level %d was altered", i, level)
			}
		}
	}
}

var excerptForm = regexp.MustCompile(`^counter-gateway/excerpt/v1\n([^\n]+)\n([0-9,-]+)\n$`)

func excerpt(f *files, text string, own *head) {
	match := excerptForm.FindStringSubmatch(text)
	if match == nil || own != nil && match[1] != own.origin {
		find("invalid", "the excerpt file is malformed")
		return
	}
	if own == nil {
		return
	}
	var bundles []int64
	for place := range f.paths {
		if place[0] == -1 {
			bundles = append(bundles, place[1])
		}
	}
	sort.Slice(bundles, func(i, j int) bool { return bundles[i] < bundles[j] })
	reader := tlog.TileHashReader(own.tree, f)
	proven := func(index int64, hash tlog.Hash) bool {
		proof, err := tlog.ProveRecord(own.tree.N, index, reader)
		return err == nil && tlog.CheckRecord(proof, own.tree.N, own.tree.Hash, index, hash) == nil
	}
	here := map[int64]bool{}
	for _, bundle := range bundles {
		here[bundle] = true
		start := bundle * 256
		entries, tell := f.entries(bundle), f.hashes(0, bundle)
		for int64(len(tell)) > own.tree.N-start && len(tell) > 0 {
			tell = tell[:len(tell)-1]
		}
		var lie []tlog.Hash
		same := len(entries) == len(tell)
		for i, entry := range entries {
			lie = append(lie, tlog.RecordHash(entry))
			same = same && lie[i] == tell[i]
		}
		for i, hash := range tell {
			if !proven(start+int64(i), hash) {
				find("invalid", "the block at %d was altered", start)
				return
			}
		}
		if !same {
			compare(start, lie, tell)
		}
	}
	for _, part := range strings.Split(match[2], ",") {
		var low, high int64
		if _, err := fmt.Sscanf(part, "%d-%d", &low, &high); err != nil {
			find("invalid", "the excerpt file is malformed")
			return
		}
		for index := low; index < high; index++ {
			if !here[index/256] {
				find("missing", "entry %d that the excerpt promises", index)
				break
			}
		}
	}
}

func main() {
	var folder, trustPath string
	var seen [][]byte
	for i := 1; i < len(os.Args); i++ {
		switch os.Args[i] {
		case "--trust":
			i++
			trustPath = os.Args[i]
		case "--seen":
			i++
			text, err := os.ReadFile(os.Args[i])
			if err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
			seen = append(seen, text)
		default:
			folder = os.Args[i]
		}
	}
	if trustPath == "" {
		trustPath = filepath.Join(folder, "trust")
	}
	trusted := &trust{witnesses: map[string]note.Verifier{}}
	if text, err := os.ReadFile(trustPath); err != nil {
		find("cannotTell", "there is no trust file")
	} else if read, err := readTrust(string(text)); err != nil {
		find("cannotTell", "the trust file: %v", err)
	} else {
		trusted = read
	}
	witnessed := map[string]bool{}
	var notes []*signed
	take := func(text []byte, place string) {
		if one := readNote(text, place); one == nil {
			return
		} else if len(notes) > 0 && one.head.origin != notes[0].head.origin {
			find("invalid", "a checkpoint of %s lies here", one.head.origin)
		} else {
			notes = append(notes, one)
		}
	}
	if text, err := os.ReadFile(filepath.Join(folder, "checkpoint")); err != nil {
		find("cannotTell", "there is no checkpoint")
	} else {
		take(text, "own")
	}
	cosigned, _ := filepath.Glob(filepath.Join(folder, "c[oh]*", "[0-9]*"))
	for _, path := range cosigned {
		text, err := os.ReadFile(path)
		if err != nil {
			find("cannotTell", "%v", err)
			continue
		}
		take(text, "kept")
	}
	for _, text := range seen {
		take(text, "elsewhere")
	}
	f := list(folder)
	own, heads := judgeNotes(notes, f, trusted, witnessed)
	if trusted.quorum != "" && trusted.quorum != "none" && !witnessed[trusted.quorum] {
		find("cannotTell", "fewer cosignatures than the trust file asks for")
	}
	if text, err := os.ReadFile(filepath.Join(folder, "excerpt")); err == nil {
		excerpt(f, string(text), own)
	} else {
		whole(f, own, heads)
	}
	fmt.Println("RESULT", worst)
	os.Exit(codes[worst])
}
