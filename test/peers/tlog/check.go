// Checks an evidence folder with the Go team's own note and tlog packages: signature, cosignature, every leaf,
// an inclusion proof of every entry and the consistency of an older cosigned tree. Knows nothing of the product.
//
// usage: check <folder> <log vkey> <witness vkey> <older size>
package main

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error) {
	if err != nil {
		fmt.Println("FAIL", err)
		os.Exit(1)
	}
}

// witness verifies cosignatures of type 0x04.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func newWitness(vkey string) *witness {
	parts := strings.SplitN(vkey, "+", 3)
	id, err := strconv.ParseUint(parts[1], 16, 32)
	must(err)
	key, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if key[0] != 4 {
		must(fmt.Errorf("not a witness key"))
	}
	return &witness{parts[0], uint32(id), key[1:]}
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

// files reads tiles by their C2SP paths, which leave the tile height out.
type files struct{ folder string }

func (f files) Height() int                         { return 8 }
func (f files) SaveTiles([]tlog.Tile, [][]byte)     {}
func (f files) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var out [][]byte
	for _, tile := range tiles {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(f.folder, path))
		if err != nil {
			return nil, err
		}
		out = append(out, data)
	}
	return out, nil
}

func tree(folder, path string, verifiers note.Verifiers) (tlog.Tree, int) {
	text, err := os.ReadFile(filepath.Join(folder, path))
	must(err)
	opened, err := note.Open(text, verifiers)
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}, len(opened.Sigs)
}

func main() {
	folder, older := os.Args[1], os.Args[4]
	log, err := note.NewVerifier(os.Args[2])
	must(err)
	verifiers := note.VerifierList(log, newWitness(os.Args[3]))
	now, _ := tree(folder, "checkpoint", verifiers)
	before, signatures := tree(folder, "cosigned/"+older, verifiers)
	if signatures != 2 {
		must(fmt.Errorf("the older checkpoint has %d good signatures", signatures))
	}
	reader := tlog.TileHashReader(now, files{folder})

	var index int64
	for bundle := int64(0); index < now.N; bundle++ {
		width := int64(256)
		if rest := now.N - index; rest < width {
			width = rest
		}
		tile := tlog.Tile{H: 8, L: -1, N: bundle, W: int(width)}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		data, err := os.ReadFile(filepath.Join(folder, path))
		must(err)
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entry := data[2 : 2+length]
			data = data[2+length:]
			proof, err := tlog.ProveRecord(now.N, index, reader)
			must(err)
			must(tlog.CheckRecord(proof, now.N, now.Hash, index, tlog.RecordHash(entry)))
			index++
		}
	}
	proof, err := tlog.ProveTree(now.N, before.N, reader)
	must(err)
	must(tlog.CheckTree(proof, now.N, now.Hash, before.N, before.Hash))
	fmt.Printf("OK %d entries, consistent with %d\n", index, before.N)
}
