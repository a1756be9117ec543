# Sourced by both launchers: what they do alike. Works with bash 3.2, as macOS has it.
# shellcheck shell=bash

# Without a locale, or with one that this system does not have, Java reads arguments and names of files as ASCII, and finds
# nothing in a folder whose name has other letters.
use_utf8() {
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    '' | C | POSIX) ;;
    *) [[ $(locale charmap 2>/dev/null) == ANSI_X3.4-1968 ]] || return 0 ;;
  esac
  export LC_ALL=C.UTF-8
}

# launch HOME FOLDER RUNTIME JAVA CLASS_PATH ARGUMENT...: ends as the command line of the installation in HOME, on the Java
# runtime whose command JAVA is. Its start-up cache lies in HOME's FOLDER, with RUNTIME in its name. The caller may have
# set EXTRA_FLAGS for the JVM.
launch() {
  local home=$1 folder=$2 runtime=$3 java=$4 class_path=$5 descriptor terminals=
  local flags=(
    --add-modules jdk.incubator.vector
    --enable-native-access=ALL-UNNAMED
    -XX:+UseSerialGC # it starts first
    "-Dlanewise.home=$home"
  )
  shift 5
  # A server has room for the arrays of its passes among the young objects: an array that does not fit there is garbage that
  # stays until the whole heap is full, gigabytes. G1, which would free it, lets the heap grow to hundreds of megabytes.
  if [[ ${1:-} == serve ]]; then
    flags+=(-Xms112m -Xmn80m)
  else
    flags+=(-Xms16m)
  fi

  use_utf8

  # Which of the three streams are a terminal: asked here in no time, in Java it takes 50 ms.
  for descriptor in 0 1 2; do
    if [[ -t $descriptor ]]; then terminals+=$descriptor; fi
  done
  # shellcheck disable=SC2206 # the flags are words
  flags+=("-Dlanewise.terminals=$terminals" ${EXTRA_FLAGS:-})

  # A JVM with the Vector API says so on standard error, and no flag stops it. So it starts without standard error, and the
  # command line takes it back from descriptor 3 when it has something to say. Not with flags of the user's own: what the
  # JVM says of those must be seen, and the start-up cache would not fit.
  if [[ -z ${LANEWISE_JAVA_OPTIONS:-}${JDK_JAVA_OPTIONS:-}${JAVA_TOOL_OPTIONS:-} ]]; then
    find_cache "$home" "$folder" "$runtime"
    if [[ -n $CACHE && -r $CACHE && $CACHE -nt ${class_path%%:*} ]] && is_intact "$CACHE"; then
      flags+=("-XX:SharedArchiveFile=$CACHE" -Xlog:disable)
    elif [[ -n $CACHE ]]; then
      # For the next time, beside this one.
      make_cache "$CACHE" "$java" "$class_path" "${flags[@]}" </dev/null >/dev/null 2>&1 &
    fi
    if [[ -e /dev/fd/2 ]]; then
      flags+=(-Dlanewise.stderr=3)
      exec 3>&2 2>/dev/null
    fi
  fi

  # shellcheck disable=SC2086 # the options are words
  exec "$java" "${flags[@]}" ${LANEWISE_JAVA_OPTIONS:-} -cp "$class_path" io.lanewise.cli.Main "$@"
}

# The start-up cache is a class data sharing archive of the JVM: the classes and lambdas of a run as they are after loading.
# JDK 25's AOT cache, its successor, holds no lambdas where an incubator module such as the Vector API's is used, and
# takes a tenth longer to the first answer.

# Sets CACHE to the cache's file for the folder $1: in its folder $2 if that may be written to, so that whoever installs it makes it
# for all, otherwise in the user's cache, and where that cannot be written to in a folder of the user's own for temporary
# files. Empty where there is no place. $3 tells Java runtimes apart.
find_cache() {
  local name=lanewise${1//\//-}${3:-}.jsa
  CACHE=$1/$2/$name
  case ${LANEWISE_CACHE:-} in
    off) CACHE= ;;
    ?*) CACHE=$LANEWISE_CACHE/$name ;;
    *)
      if [[ ! -r $CACHE && ! -w $1/$2 ]]; then
        CACHE=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
        CACHE=${CACHE:+$CACHE/lanewise}
        if [[ -z $CACHE ]] || ! is_writable "$CACHE"; then
          CACHE=$(temporary_folder)
        fi
        CACHE=${CACHE:+$CACHE/$name}
      fi
      ;;
  esac
}

# Whether the folder $1 is there or can be made, and be written to.
is_writable() {
  [[ -w $1 ]] || mkdir -p "$1" 2>/dev/null
}

# Prints the user's own folder for temporary files, which nobody else may enter. Everybody may write where it lies: one that is
# a link, or somebody else's, is not taken.
temporary_folder() {
  local folder=${TMPDIR:-/tmp}/lanewise-$UID
  mkdir -m 700 "$folder" 2>/dev/null || true
  if [[ -d $folder && ! -L $folder && -O $folder ]] && chmod 700 "$folder" 2>/dev/null; then
    printf '%s\n' "$folder"
  fi
}

# Whether the cache $1 is, to the last byte, what was written: the JVM trusts it, and ends where a page is damaged.
is_intact() {
  local sum=
  if [[ -r $1.sum ]]; then
    IFS= read -r sum <"$1.sum" || true
  fi
  [[ -n $sum && $sum == "$(cksum <"$1")" ]]
}

# make_cache FILE JAVA CLASS_PATH FLAG...: runs the demo once, the way that first calls of large models go, and keeps the
# classes that the JVM loaded. A folder beside it is the lock; the file appears as a whole. An older lock was left by a
# process that was killed.
make_cache() {
  local file=$1 java=$2 class_path=$3 lock=$1.lock
  shift 3
  mkdir -p "${file%/*}" || return 0
  if [[ -n $(find "$lock" -maxdepth 0 -mmin +10 2>/dev/null) ]]; then
    rm -rf "$lock"
  fi
  mkdir "$lock" || return 0
  # The name is put in now: the function's variables are gone when the shell ends.
  # shellcheck disable=SC2064
  trap "rm -rf $(printf %q "$lock")" EXIT
  if nice "$java" "-XX:DumpLoadedClassList=$lock/classes" -Dlanewise.first-calls=always "$@" -cp "$class_path" io.lanewise.cli.Main \
    fill-mask "The capital of [MASK] is Paris." &&
    nice "$java" -Xshare:dump "-XX:SharedClassListFile=$lock/classes" "-XX:SharedArchiveFile=$lock/archive" "$@" -cp "$class_path" &&
    [[ -s $lock/archive ]]; then
    cksum <"$lock/archive" >"$lock/sum"
    mv -f "$lock/sum" "$file.sum"
    mv -f "$lock/archive" "$file"
  fi
}
