# Sourced by the launchers beside it: where a JDK 25 or later is, and how the project's jar comes to be.
# Works with bash 3.2, as macOS has it. No JDK is started to ask for its version.
# shellcheck shell=bash

# shellcheck source=dist/launch.sh
source "${BASH_SOURCE[0]%/*}/dist/launch.sh"
use_utf8

# Prints the version that the release file of a JDK states, such as 25.0.3; nothing if it is no JDK.
jdk_version() {
  local home=$1 line
  [[ -x $home/bin/java && -x $home/bin/javac && -r $home/release ]] || return 0
  while IFS= read -r line; do
    if [[ $line == JAVA_VERSION=* ]]; then
      line=${line#JAVA_VERSION=}
      line=${line//[\"$'\r']/}
      printf '%s' "${line%%[-+]*}"
      return 0
    fi
  done <"$home/release"
}

# Prints the home of the `java` on the PATH.
jdk_on_path() {
  local java link
  java=$(command -v java) || return 0
  while [[ -L $java ]]; do
    link=$(readlink "$java")
    [[ $link == /* ]] && java=$link || java=${java%/*}/$link
  done
  printf '%s' "${java%/bin/java}"
}

# Sets JDK to the home of a JDK 25 or later: JAVA_HOME's if it is one, otherwise the newest 25.x of the usual places, otherwise the
# newest of all. Returns 1 after one line on standard error, which names the newest that was found, if there is none.
find_jdk() {
  local home version major minor patch score best=-1 older= found=
  JDK=
  while IFS= read -r home; do
    version=$(jdk_version "$home")
    [[ -n $version ]] || continue
    IFS=. read -r major minor patch _ <<<"$version"
    # Java 8 and before call themselves 1.8.
    [[ $major == 1 ]] && major=$minor minor=0
    [[ $major.${minor:-0}.${patch:-0} =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || continue
    score=$((10#$major * 1000000 + 10#${minor:-0} * 10000 + 10#${patch:-0}))
    if ((10#$major < 25)); then
      if ((score > ${older:-0})); then
        older=$score
        found="JDK $version at $home"
      fi
      continue
    fi
    if [[ $home == "${JAVA_HOME:-}" ]]; then
      JDK=$home
      return 0
    fi
    # The project is built and tested with 25: later ones come after it.
    ((10#$major == 25)) && score=$((score + 1000000000))
    if ((score > best)); then
      best=$score
      JDK=$home
    fi
  done < <(jdk_places)
  if [[ -z $JDK ]]; then
    echo "lanewise: ${found:+found $found; }JDK 25 or later is needed: install one (for example from https://adoptium.net) or set JAVA_HOME to it" >&2
    return 1
  fi
}

# Prints the folders in which a JDK may lie, one a line, JAVA_HOME first.
jdk_places() {
  local home=${HOME:-/nonexistent}
  printf '%s\n' \
    "${JAVA_HOME:-}" "${JDK_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    /usr/lib/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
    "$home"/.sdkman/candidates/java/* "$home"/.jdks/* "$home"/.asdf/installs/java/* \
    "$home"/.local/share/mise/installs/java/* "$home"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$home"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$(jdk_on_path)"
}

# Whether the jar of the project in folder $1 is missing or older than what it is made of.
jar_is_stale() {
  local root=$1 jar=$1/target/lanewise.jar
  [[ -f $jar && -d $root/target/lib ]] || return 0
  [[ -n $(find "$root/src/main" "$root/bindings" "$root/pom.xml" -newer "$jar" -print 2>/dev/null | head -n 1) ]]
}

# Takes the build lock of folder $1/target: held until release_build_lock or the end of this process.
take_build_lock() {
  local lock=$1/target/.build-lock holder
  mkdir -p "$1/target"
  if command -v flock >/dev/null; then
    exec 9>"$lock"
    flock 9
    return
  fi
  # Without flock: a symbolic link that names its holder; making it is atomic.
  until ln -s "$$" "$lock.pid" 2>/dev/null; do
    holder=$(readlink "$lock.pid" || true)
    if [[ -n $holder ]] && ! kill -0 "$holder" 2>/dev/null; then
      rm -f "$lock.pid"
    else
      sleep 0.2
    fi
  done
}

release_build_lock() {
  if command -v flock >/dev/null; then
    exec 9>&-
  else
    rm -f "$1/target/.build-lock.pid"
  fi
}

# Says on standard error what Maven is at, from its log $1, until it is killed or process $2 has ended: on a terminal in one line that
# changes each second, otherwise in a line every LANEWISE_PROGRESS seconds, which are 5.
show_progress() {
  local log=$1 process=$2 seconds=0 goal terminal= pause=${LANEWISE_PROGRESS:-5}
  [[ -t 2 ]] && terminal=yes pause=1
  # A sleep that outlives this must not keep a reader of standard error waiting.
  while sleep "$pause" >/dev/null 2>&1 && kill -0 "$process" 2>/dev/null; do
    seconds=$((seconds + pause))
    goal=$(sed -n 's/^\[INFO\] --- \([^ ]*\).*/\1/p' "$log" | tail -n 1)
    # compiler:3.14.1:compile, without the version
    goal=${goal%%:*}${goal:+ }${goal##*:}
    if [[ -n $terminal ]]; then
      printf '\r\033[Klanewise: building, %d s: %s' "$seconds" "${goal:-Maven starts}" >&2
    else
      echo "lanewise: building, $seconds s: ${goal:-Maven starts}" >&2
    fi
  done
}

# Builds the jar of the project in folder $1 with the JDK of find_jdk, if it is missing or stale, and says what it is at.
# Everything it says is on standard error. Returns 1 after a failure, with what Maven complained of.
build_jar() {
  local root=$1 log=$1/target/build.log start=$1/target/.build-start progress status=0
  jar_is_stale "$root" || return 0
  if ! command -v mvn >/dev/null; then
    echo "lanewise: target/lanewise.jar is missing or older than its sources, and building it needs Maven: install mvn 3.8 or later" >&2
    return 1
  fi
  take_build_lock "$root"
  # Somebody else may have built it while this launch waited.
  if jar_is_stale "$root"; then
    echo "lanewise: building target/lanewise.jar; the first time this also downloads its libraries" >&2
    : >"$start"
    : >"$log"
    # It must not hold the lock when this process is killed.
    show_progress "$log" "$$" 9>&- &
    progress=$!
    # -Dmaven.test.skip and -Dformat.skip: the tests and the formatter are for `mvn verify`.
    (cd "$root" && JAVA_HOME=$JDK \
      MAVEN_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
      mvn -B -Dmaven.test.skip=true -Dformat.skip=true package 9>&-) </dev/null >"$log" 2>&1 || status=1
    kill "$progress" 2>/dev/null
    wait "$progress" 2>/dev/null || true
    if [[ -t 2 ]]; then printf '\r\033[K' >&2; fi
    if ((status != 0)); then
      grep -v '^\[INFO\]' "$log" >&2 || true
      echo "lanewise: the build failed; the same again with \`mvn -DskipTests package\` says more" >&2
      release_build_lock "$root"
      return 1
    fi
    # A source that was edited during the build is newer than this.
    touch -r "$start" "$root/target/lanewise.jar"
    echo "lanewise: built" >&2
  fi
  release_build_lock "$root"
}

# Sets CLASS_PATH to the jar of the project in folder $1 and its libraries, in a fixed order.
find_class_path() {
  local jar
  CLASS_PATH=$1/target/lanewise.jar
  for jar in "$1"/target/lib/*.jar; do
    CLASS_PATH+=:$jar
  done
}
