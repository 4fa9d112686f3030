# Sets JAVA_HOME to a JDK 25 or later: the caller's own, the one on the PATH, or one under /usr/lib/jvm. To be sourced.
jdk_version() { { "$1/bin/javac" -version 2>/dev/null || true; } | sed -n 's/^javac \([0-9]*\).*/\1/p'; }
jdk_candidates() {
  [ -n "${JAVA_HOME:-}" ] && printf '%s\n' "$JAVA_HOME"
  command -v javac >/dev/null && dirname "$(dirname "$(readlink -f "$(command -v javac)")")"
  printf '%s\n' /usr/lib/jvm/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*
}
jdk_found=
while read -r jdk; do
  version=$(jdk_version "$jdk" || true) # a JRE, or nothing, may be in its place
  if [ -n "$version" ] && [ "$version" -ge 25 ]; then jdk_found=$jdk; break; fi
done < <(jdk_candidates)
if [ -z "$jdk_found" ]; then
  echo "slipstream: needs JDK 25 or later: install one (Temurin, or Debian's openjdk-25-jdk), or set JAVA_HOME to it" >&2
  exit 1
fi
export JAVA_HOME=$jdk_found
# Keeps Maven 3.8 quiet on such a JDK.
export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
