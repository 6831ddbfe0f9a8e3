// Checks a C2SP tlog-proof with the Go team's own note and tlog packages. Reads the format by its specification and
// knows nothing of the product but that the extra data is JSON with the entry's bytes under "entry".
//
// usage: check <proof file> <log vkey>
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
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

func main() {
	text, err := os.ReadFile(os.Args[1])
	must(err)
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		must(fmt.Errorf("no checkpoint"))
	}
	lines := strings.Split(string(head), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		must(fmt.Errorf("not a tlog-proof: %q", lines[0]))
	}
	lines = lines[1:]
	var extra struct {
		Entry string `json:"entry"`
	}
	if strings.HasPrefix(lines[0], "extra ") {
		data, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[0], "extra "))
		must(err)
		must(json.Unmarshal(data, &extra))
		lines = lines[1:]
	}
	if !strings.HasPrefix(lines[0], "index ") {
		must(fmt.Errorf("no index"))
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	verifier, err := note.NewVerifier(os.Args[2])
	must(err)
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	must(err)
	body := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(body[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(body[2])
	must(err)
	must(tlog.CheckRecord(proof, size, root, index, tlog.RecordHash([]byte(extra.Entry))))
	fmt.Printf("OK %s %d of %d\n", body[0], index, size)
}
