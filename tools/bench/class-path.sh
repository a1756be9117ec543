# Sourced by what runs a class of the tests.
# shellcheck shell=bash

project=$(dirname "$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")")
# shellcheck source=../jdk.sh
source "$project/tools/jdk.sh"

# Sets JDK, and TESTS to the class path of the compiled tests; builds what is missing or stale.
find_tests() {
  local libraries=$project/target/bench/test-class-path newest=$project/target/test-classes/META-INF/BenchmarkList
  find_jdk
  build_jar "$project"
  mkdir -p "$project/target/bench"
  if [[ ! -f $libraries || $project/pom.xml -nt $libraries ]]; then
    (cd "$project" && JAVA_HOME=$JDK mvn -q dependency:build-classpath -DincludeScope=test "-Dmdep.outputFile=$libraries") >&2
  fi
  if [[ ! -f $newest || -n $(find "$project/src/test/java/io/lanewise/"{bench,fuzz,hostile} -name '*.java' -newer "$newest") ]]; then
    (cd "$project" && JAVA_HOME=$JDK mvn -q test-compile) >&2
  fi
  # shellcheck disable=SC2034 # for who sources this
  TESTS=$project/target/lanewise.jar:$project/target/test-classes:$(<"$libraries")
}
