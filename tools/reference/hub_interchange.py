#!/usr/bin/env python3
"""Checks that huggingface_hub and `lanewise fetch` read each other's cache, against a server that answers as the Hub does.

    python3 tools/reference/hub_interchange.py [LAUNCHER]

LAUNCHER is tools/lanewise unless given.
"""

import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import common

MODEL = common.PROJECT / "weights/albert-tiny-sentiment"
NAME, COMMIT = "acme/mood", "0123456789abcdef0123456789abcdef01234567"
FILES = {str(f.relative_to(MODEL)): f.read_bytes() for f in MODEL.rglob("*") if f.is_file()}
FILES["1_Pooling/config.json"] = b"{}"
FILES["modules.json"] = b'[{"path":""},{"path":"1_Pooling"}]'
gets = []


class Hub(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, body, headers, code=200):
        self.send_response(code)
        for key, value in headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{NAME}/tree/"):
            tree = [{"type": "file", "path": f, "size": len(b), "oid": sha1(b)} for f, b in FILES.items()]
            return self.answer(json.dumps(tree).encode(), {"Content-Type": "application/json"})
        if path.startswith("/api/"):
            listed = {"id": NAME, "sha": COMMIT, "siblings": [{"rfilename": f} for f in FILES]}
            return self.answer(json.dumps(listed).encode(), {"Content-Type": "application/json"})
        if path.startswith("/storage/"):
            gets.append(path)
            return self.answer(FILES[path[len("/storage/"):]], {})
        file = path.split("/", 5)[5]
        body = FILES.get(file)
        if body is None:
            return self.answer(b"", {"X-Error-Code": "EntryNotFound"}, 404)
        headers = {"X-Repo-Commit": COMMIT}
        if file.endswith(".safetensors"):
            headers |= {"X-Linked-Etag": f'"{hashlib.sha256(body).hexdigest()}"', "X-Linked-Size": str(len(body)),
                        "Location": f"http://127.0.0.1:{self.server.server_port}/storage/{file}"}
            return self.answer(b"", headers, 302)
        if self.command == "GET":
            gets.append(path)
        self.answer(body, headers | {"ETag": f'"{sha1(body)}"'})

    do_HEAD = do_GET


def sha1(body):
    return hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()


def main():
    common.need(["huggingface_hub"])
    launcher = sys.argv[1:] or [str(common.PROJECT / "tools/lanewise")]
    server = http.server.ThreadingHTTPServer(("localhost", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HF_ENDPOINT": f"http://localhost:{server.server_port}", "HF_HOME": f"{folder}/home", "no_proxy": "*"}
        import huggingface_hub as hub

        def fetch(cache):
            run = subprocess.run([*launcher, "fetch", "--cache", cache, NAME], capture_output=True, text=True)
            assert run.returncode == 0, run.stderr
            return pathlib.Path(run.stdout.strip())

        ours = fetch(f"{folder}/ours")
        found = hub.snapshot_download(NAME, cache_dir=f"{folder}/ours", local_files_only=True)
        assert pathlib.Path(found) == ours, (found, ours)
        for file in ours.rglob("*.*"):
            if file.is_file():
                at = hub.try_to_load_from_cache(NAME, str(file.relative_to(ours)), cache_dir=f"{folder}/ours")
                assert at == str(file), (at, file)
                assert file.is_symlink() and not os.path.isabs(os.readlink(file))
        scan = hub.scan_cache_dir(f"{folder}/ours")
        assert not scan.warnings, scan.warnings
        (repository,) = scan.repos
        (revision,) = repository.revisions
        assert repository.repo_id == NAME and revision.commit_hash == COMMIT and revision.refs == {"main"}
        gets.clear()
        hub.snapshot_download(NAME, cache_dir=f"{folder}/ours", allow_patterns=["*.safetensors", "config.json", "1_Pooling/*"])
        assert not gets, gets

        theirs = pathlib.Path(hub.snapshot_download(NAME, cache_dir=f"{folder}/theirs"))
        gets.clear()
        assert fetch(f"{folder}/theirs") == theirs
        assert not gets, gets

        def layout(cache):
            root = pathlib.Path(cache)
            return {(str(p.relative_to(root)), os.readlink(p) if p.is_symlink() else None) for p in root.rglob("*") if not p.is_dir()}

        lacking = layout(f"{folder}/ours") - layout(f"{folder}/theirs")
        assert not lacking, lacking
    print(f"huggingface_hub {hub.__version__} and lanewise fetch read each other's cache")


if __name__ == "__main__":
    main()
