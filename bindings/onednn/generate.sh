#!/usr/bin/env bash
# Makes the bindings with jextract and shows where they differ from what is committed: generate.sh FOLDER_OF_INCLUDE
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: generate.sh FOLDER_OF_INCLUDE (the one that holds oneapi/dnnl/dnnl.h)" >&2; exit 2; }
command -v jextract >/dev/null || { echo "generate.sh: jextract is not installed: https://jdk.java.net/jextract" >&2; exit 1; }
[ -r "$1/oneapi/dnnl/dnnl.h" ] || { echo "generate.sh: there is no oneapi/dnnl/dnnl.h in $1" >&2; exit 1; }
include=$(cd "$1" && pwd)
cd "$(dirname "$0")"
header=$(mktemp --suffix .h)
trap 'rm -f "$header"' EXIT
printf '#include "oneapi/dnnl/dnnl.h"\n#include "oneapi/dnnl/dnnl_debug.h"\n' > "$header"
rm -rf java # what jextract does not make must not stay
jextract -I "$include" --output java --target-package io.lanewise.onednn --header-class-name OneDnn @includes.txt "$header"
changes=$(git status --porcelain -- java)
if [ -n "$changes" ]; then
  echo "$changes"
  git --no-pager diff -- java
  echo "generate.sh: this jextract ($(jextract --version 2>&1 | head -n 1)) makes other bindings than those committed" >&2
  exit 1
fi
echo "the bindings are as committed"
