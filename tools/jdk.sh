# Sourced by the launchers beside it: where a JDK 25 is, and how the project's jar comes to be.
# Works with bash 3.2, as macOS has it. No JDK is started to ask for its version.
# shellcheck shell=bash

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

# Sets JDK to the home of a JDK 25: JAVA_HOME's if it is one, otherwise the newest 25.x of the usual places.
# Returns 1 after one line on standard error if there is none.
find_jdk() {
  local home version best=-1 minor patch score home_folder=${HOME:-/nonexistent}
  JDK=
  version=$(jdk_version "${JAVA_HOME:-}")
  if [[ $version == 25 || $version == 25.* ]]; then
    JDK=$JAVA_HOME
    return 0
  fi
  for home in \
    "${JDK_HOME:-}" "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" \
    /usr/lib/jvm/* /usr/java/* /usr/local/java/* /opt/* /opt/java/* /opt/jdk/* \
    "$home_folder"/.sdkman/candidates/java/* "$home_folder"/.jdks/* "$home_folder"/.asdf/installs/java/* \
    "$home_folder"/.local/share/mise/installs/java/* "$home_folder"/.gradle/jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$home_folder"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "$(jdk_on_path)"; do
    [[ -n $home && -r $home/release ]] || continue
    version=$(jdk_version "$home")
    [[ $version == 25 || $version == 25.* ]] || continue
    IFS=. read -r _ minor patch _ <<<"$version"
    score=$((10#${minor:-0} * 1000 + 10#${patch:-0}))
    if ((score > best)); then
      best=$score
      JDK=$home
    fi
  done
  if [[ -z $JDK ]]; then
    echo "lanewise: no JDK 25 found: install one (for example from https://adoptium.net) or set JAVA_HOME to it" >&2
    return 1
  fi
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

# Builds the jar of the project in folder $1 with the JDK of find_jdk, if it is missing or stale.
# Quiet unless it fails; everything it says is on standard error. Returns 1 after a failure.
build_jar() {
  local root=$1 log=$1/target/build.log start=$1/target/.build-start
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
    # -Dmaven.test.skip and -Dformat.skip: the tests and the formatter are for `mvn verify`.
    if ! (cd "$root" && JAVA_HOME=$JDK \
      MAVEN_OPTS="-XX:+UseSerialGC -XX:TieredStopAtLevel=1 --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
      mvn -q -Dmaven.test.skip=true -Dformat.skip=true package 9>&-) </dev/null >"$log" 2>&1; then
      cat "$log" >&2
      echo "lanewise: the build failed; the same again with \`mvn -DskipTests package\` says more" >&2
      release_build_lock "$root"
      return 1
    fi
    # A source that was edited during the build is newer than this.
    touch -r "$start" "$root/target/lanewise.jar"
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
