// A verifier of a log's folder on golang.org/x/mod/sumdb alone: nothing of it is shared with Tamroi.
//
//	verifier FOLDER
//
// In the folder: checkpoint, tile/…, vkey (the log's), wvkey (a witness's), proofs/INDEX.tlog-proof, proofs/OLD.consistency.
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
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

// A witness's key: of type 4, whose signature has a time in it. x/mod knows type 1 only.
type witness struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.id }
func (w witness) Verify(msg, sig []byte) bool {
	if len(sig) != 72 {
		return false
	}
	seconds := binary.BigEndian.Uint64(sig)
	return ed25519.Verify(w.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, msg)), sig[8:])
}

func newWitness(vkey string) (witness, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return witness{}, fmt.Errorf("no key: %q", vkey)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 33 || key[0] != 4 {
		return witness{}, fmt.Errorf("no key of type 4: %q", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	if fmt.Sprintf("%x", sum[:4]) != parts[1] {
		return witness{}, fmt.Errorf("another id: %q", vkey)
	}
	return witness{parts[0], binary.BigEndian.Uint32(sum[:4]), ed25519.PublicKey(key[1:])}, nil
}

// The tiles of the folder, as sumdb's reader asks for them.
type tiles struct{ folder string }

func (t tiles) Height() int                             { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte)     {}
func (t tiles) ReadTiles(all []tlog.Tile) ([][]byte, error) {
	var read [][]byte
	for _, tile := range all {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(t.folder, path))
		if err != nil {
			return nil, err
		}
		read = append(read, bytes)
	}
	return read, nil
}

type checkpoint struct {
	origin string
	tlog.Tree
}

func open(folder string, message []byte) (checkpoint, error) {
	vkey, err := os.ReadFile(filepath.Join(folder, "vkey"))
	if err != nil {
		return checkpoint{}, err
	}
	wvkey, err := os.ReadFile(filepath.Join(folder, "wvkey"))
	if err != nil {
		return checkpoint{}, err
	}
	log, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return checkpoint{}, err
	}
	seen, err := newWitness(strings.TrimSpace(string(wvkey)))
	if err != nil {
		return checkpoint{}, err
	}
	opened, err := note.Open(message, note.VerifierList(log, seen))
	if err != nil {
		return checkpoint{}, err
	}
	// Open is content with any of the keys.
	signed := map[uint32]bool{}
	for _, signature := range opened.Sigs {
		signed[signature.Hash] = true
	}
	if !signed[log.KeyHash()] || !signed[seen.id] || len(opened.UnverifiedSigs) != 0 {
		return checkpoint{}, fmt.Errorf("the log or the witness did not sign, or somebody else did")
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != log.Name() {
		return checkpoint{}, fmt.Errorf("no checkpoint of %s: %q", log.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] {
		return checkpoint{}, fmt.Errorf("no size: %q", lines[1])
	}
	root, err := tlog.ParseHash(lines[2])
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, err
}

func entries(folder string, size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		path := strings.Replace(tlog.Tile{H: 8, L: 0, N: n, W: int(width)}.Path(), "tile/8/0/", "tile/entries/", 1)
		bundle, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return nil, err
		}
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle)-2 < int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("%s is cut off", path)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			all = append(all, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			return nil, fmt.Errorf("%s has more than its entries", path)
		}
	}
	return all, nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var all []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		all = append(all, hash)
	}
	return all, nil
}

func equal(a, b []tlog.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func checkInclusion(folder, path string, tree tlog.Tree, all [][]byte, reader tlog.HashReader) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	head, signed, found := strings.Cut(string(text), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" || !strings.HasPrefix(lines[1], "index ") {
		return fmt.Errorf("%s: no tlog-proof", path)
	}
	index, err := strconv.ParseInt(lines[1][6:], 10, 64)
	if err != nil || index >= int64(len(all)) {
		return fmt.Errorf("%s: no index", path)
	}
	proof, err := hashes(lines[2:])
	if err != nil {
		return err
	}
	at, err := open(folder, []byte(signed))
	if err != nil {
		return err
	}
	if at.Tree != tree {
		return fmt.Errorf("%s: of another checkpoint", path)
	}
	if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(all[index])); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	own, err := tlog.ProveRecord(tree.N, index, reader)
	if err != nil || !equal(own, proof) {
		return fmt.Errorf("%s: sumdb proves otherwise: %v", path, err)
	}
	return nil
}

func checkConsistency(path string, tree tlog.Tree, reader tlog.HashReader) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	old, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "old "), 10, 64)
	if err != nil {
		return err
	}
	proof, err := hashes(lines[1:])
	if err != nil {
		return err
	}
	root, err := tlog.TreeHash(old, reader)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, tree.N, tree.Hash, old, root); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func verify(folder string) error {
	message, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	at, err := open(folder, message)
	if err != nil {
		return err
	}
	all, err := entries(folder, at.N)
	if err != nil {
		return err
	}
	if at.N == 0 {
		if at.Hash != tlog.Hash(sha256.Sum256(nil)) {
			return fmt.Errorf("another root than that of no entries")
		}
		return nil
	}
	// The reader checks every tile against the root.
	reader := tlog.TileHashReader(at.Tree, tiles{folder})
	var indexes []int64
	for i := int64(0); i < at.N; i++ {
		indexes = append(indexes, tlog.StoredHashIndex(0, i))
	}
	leaves, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, leaf := range leaves {
		if leaf != tlog.RecordHash(all[i]) {
			return fmt.Errorf("entry %d is not its leaf", i)
		}
	}
	inclusions, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.tlog-proof"))
	for _, path := range inclusions {
		if err := checkInclusion(folder, path, at.Tree, all, reader); err != nil {
			return err
		}
	}
	consistencies, _ := filepath.Glob(filepath.Join(folder, "proofs", "*.consistency"))
	for _, path := range consistencies {
		if err := checkConsistency(path, at.Tree, reader); err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d entries, %d proofs\n", at.origin, at.N, len(inclusions)+len(consistencies))
	return nil
}

func main() {
	if err := verify(os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
