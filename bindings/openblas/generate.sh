#!/usr/bin/env bash
# Makes the bindings again with jextract and fails when they differ from what is committed: generate.sh FOLDER_OF_CBLAS_H
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: generate.sh FOLDER_OF_CBLAS_H" >&2; exit 2; }
command -v jextract >/dev/null || { echo "generate.sh: jextract is not installed: https://jdk.java.net/jextract" >&2; exit 1; }
[ -r "$1/cblas.h" ] || { echo "generate.sh: there is no cblas.h in $1" >&2; exit 1; }
include=$(cd "$1" && pwd)
cd "$(dirname "$0")"
rm -rf java # what jextract no longer makes must not stay
jextract -I "$include" --output java --target-package io.lanewise.openblas --header-class-name OpenBlas @includes.txt "$include/cblas.h"
changes=$(git status --porcelain -- java)
if [ -n "$changes" ]; then
  echo "$changes"
  git --no-pager diff -- java
  echo "generate.sh: this jextract ($(jextract --version 2>&1 | head -n 1)) makes other bindings than those committed" >&2
  exit 1
fi
echo "the bindings are as committed"
