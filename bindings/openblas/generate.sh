#!/usr/bin/env bash
# Makes the bindings again with jextract and fails when they differ from what is committed: generate.sh FOLDER_OF_CBLAS_H
set -euo pipefail
[ $# -eq 1 ] || { echo "usage: generate.sh FOLDER_OF_CBLAS_H" >&2; exit 2; }
command -v jextract >/dev/null || { echo "jextract is not installed (https://jdk.java.net/jextract)" >&2; exit 1; }
include=$(cd "$1" && pwd)
cd "$(dirname "$0")"
jextract -I "$include" --output java --target-package io.lanewise.openblas --header-class-name OpenBlas @includes.txt "$include/cblas.h"
git diff --exit-code -- java
